"""A shell that somebody types at: prompt, line editing, history, and what ^C gives up."""

import asyncio

from sansim.console import Console
from sansim.shell.completion import complete
from sansim.shell.editing import Editor, Event
from sansim.shell.expansion import ExpansionProblem
from sansim.shell.flow import BreakLoop, Interrupted, ReturnFunction
from sansim.shell.interpreter import Shell
from sansim.shell.parser import Parser
from sansim.shell.processes import SIGNALED, SIGNALS
from sansim.shell.prompt import expanded
from sansim.shell.syntax import Incomplete, Node, SyntaxProblem
from sansim.shell.system import encode

__all__ = ["run_dialogue"]

_KEPT = 512


async def run_dialogue(shell: Shell, console: Console) -> int:
    """Run what somebody types, prompting for it; errors end a line, not the shell."""
    shell.interactive = shell.typed_at = True
    shell.variables = {"PS1": shell.system.prompt, "PS2": "> "} | shell.variables
    dialogue = _Dialogue(shell, console)
    console.on_signal = dialogue.signal
    return await shell.as_process(dialogue.run)


class _Dialogue:
    def __init__(self, shell: Shell, console: Console) -> None:
        self._shell = shell
        self._console = console
        self._waiting: asyncio.Future[bytes] | None = None
        self._command: asyncio.Future[int] | None = None

    def signal(self, name: str) -> None:
        """Send a key's signal to what runs in front, or give up the line being typed."""
        shell = self._shell
        if self._waiting is not None and name == "INT":
            self._waiting.cancel()
            return
        others = [
            running
            for running in shell.system.processes
            if running.session is shell.line and running.number != shell.number
        ]
        for running in others:
            running.signal(SIGNALS[name])
        if name == "HUP":
            own = shell.system.processes.find(shell.number)
            if own is not None:
                own.signal(SIGNALS[name])
        elif name == "INT" and self._command is not None:
            shell.interrupted = True
            if not any(running.killed or running.handler is not None for running in others):
                self._command.cancel()

    async def run(self) -> int:
        """Take commands until `exit` or the end of input."""
        text = ""
        while True:
            typed = await self._line("PS2" if text else "PS1")
            if typed is None and not text:
                await self._console.write(b"\n")
                return self._shell.status
            text += "" if typed is None else typed + "\n"
            try:
                command = Parser(text, self._shell.aliases).whole()
            except Incomplete as problem:
                if typed is not None:
                    continue
                await self._shell.refuse(problem, text)
                self._remember(text)
            except SyntaxProblem as problem:
                self._shell.status = await self._shell.refuse(problem, text)
                self._remember(text)
            else:
                self._remember(text)
                await self._run(command)
            text = ""

    def _remember(self, text: str) -> None:
        line = text.strip()
        if line:
            self._shell.history.append(line)
            del self._shell.history[:-_KEPT]

    async def _run(self, command: Node) -> None:
        shell = self._shell
        shell.interrupted = False
        self._command = asyncio.ensure_future(shell.run(command))
        try:
            await self._command
        except (BreakLoop, ReturnFunction):
            pass
        except ExpansionProblem as problem:
            shell.status = await shell.complain(str(problem), problem.status)
        except Interrupted:
            await self._give_up()
        except asyncio.CancelledError:
            if not shell.interrupted:
                self._command.cancel()
                raise
            await self._give_up()
        finally:
            self._command = None
            shell.interrupted = False

    async def _give_up(self) -> None:
        self._shell.status = SIGNALED + SIGNALS["INT"]
        await self._console.write(b"\n")

    async def _line(self, prompt: str) -> str | None:
        """Let a line be edited and return it; None at the end of input."""
        shell, console = self._shell, self._console
        editor = Editor(await expanded(shell, shell.get(prompt) or ""), tuple(shell.history))
        await self._show(editor.show())
        with console.editing():
            while True:
                keys = await self._keys()
                if keys is None:
                    await self._show("\r\n" if not editor.text else "^C\r\n")
                    editor = Editor(await expanded(shell, shell.get("PS1") or ""), tuple(shell.history))
                    await self._show(editor.show())
                    continue
                if not keys:
                    return None
                shown, event, left = editor.feed(keys)
                await self._show(shown)
                console.unread(left)
                if event is Event.COMPLETE:
                    await self._complete(editor)
                elif event is Event.LINE:
                    return editor.text
                elif event is Event.END:
                    return None

    async def _keys(self) -> bytes | None:
        """Return what was typed; None when ^C gave it up."""
        self._waiting = asyncio.ensure_future(self._console.keys())
        try:
            return await self._waiting
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            return None
        finally:
            self._waiting = None

    async def _complete(self, editor: Editor) -> None:
        completion = complete(self._shell, editor.text[: editor.at])
        if completion.added:
            await self._show(editor.insert(completion.added))
        elif completion.candidates:
            await self._show("\r\n" + "  ".join(completion.candidates) + "\r\n" + editor.show())
        else:
            await self._show("\a")

    async def _show(self, text: str) -> None:
        if text:
            await self._console.write(encode(text.replace("\r\n", "\n")))
