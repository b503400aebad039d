"""How a shell gets its commands: from a text, or from an input as it comes. `dialogue.py` has who types."""

import asyncio

from sansim.shell.flow import ExitShell
from sansim.shell.interpreter import Shell
from sansim.shell.parser import Parser
from sansim.shell.streams import Reader
from sansim.shell.syntax import Incomplete, SyntaxProblem
from sansim.shell.system import decode, encode

__all__ = ["run_input", "run_text"]

_MORE_INPUT_WAIT = 0.02


async def run_text(shell: Shell, text: str) -> int:
    """Run a text to its end, as `sh -c` does, and return the exit status."""
    return await shell.as_process(lambda: shell.evaluate(text, whole=True))


async def run_input(shell: Shell, source: Reader) -> int:
    """Run commands as they come from an input; what follows a command is there for it to read."""
    return await shell.as_process(lambda: _input(shell, source))


async def _input(shell: Shell, source: Reader) -> int:
    text, line = decode(await source.line()), 1
    while text:
        parser = Parser(text, shell.aliases, line)
        try:
            command = parser.next()
        except Incomplete as problem:
            # Parsing again at every line of a long command costs: what has arrived is taken whole.
            more = decode(await _arrived(source))
            if not more:
                raise ExitShell(await shell.refuse(problem, text, line, piped=True)) from None
            text += more
            continue
        except SyntaxProblem as problem:
            raise ExitShell(await shell.refuse(problem, text, line, piped=True)) from None
        if command is not None:
            source.unread(encode(parser.text[parser.at :]))
            line += parser.text.count("\n", 0, parser.at)
            await shell.run(command)
        else:
            line += text.count("\n")
        text = decode(await source.line())
    return shell.status


async def _arrived(source: Reader) -> bytes:
    """Return at least one line, and all that follows it without a pause."""
    chunks = [await source.line()]
    while chunks[-1]:
        try:
            chunks.append(await asyncio.wait_for(source.read(), _MORE_INPUT_WAIT))
        except TimeoutError:
            break
    return b"".join(chunks)
