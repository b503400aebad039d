"""The lines of an interactive login, and what a client sees of them.

Lines end in CRLF with a terminal and without one (seen). A terminal shows what is typed. Input that arrives as
several lines at once was typed ahead: it is shown as it comes, and each of its lines again behind a prompt of
its own when its turn comes.
"""

import re
from collections import deque
from collections.abc import Callable

from sansim.channel import Channel
from sansim.lefthand.completion import Completion
from sansim.terminal import Terminal

__all__ = ["Complete", "Lines"]

Complete = Callable[[str], Completion]
"""Completes an unfinished line."""

_INTERRUPT = b"\x03"
"""The key that gives a line up: the prompt sees an empty one and comes again."""
_TAB = b"\t"
_ESCAPE = b"\x1b"
_KEYS = re.compile(rb"([\x03\t]|\x1b(?:\[[0-9;]*[@-~]|O[@-~]))")


def _nothing(_line: str) -> Completion:
    return Completion()


class Lines:
    """Reads lines from a shell channel and writes text to it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._terminal = None if channel.term is None else Terminal()
        self._rest = b""
        self._ahead: deque[str] = deque()
        self._ended = False

    async def write(self, text: str) -> None:
        """Write text whose lines end in a bare newline here."""
        await self._channel.write(text.replace("\n", "\r\n").encode("utf-8", "surrogateescape"))

    async def read(self, prompt: str, *, shown: bool = True, complete: Complete = _nothing) -> str | None:
        """Show a prompt and return the next line, None at the end of the input.

        Args:
            prompt: What stands before the line.
            shown: Whether a terminal shows what is typed.
            complete: What the Tab key of a terminal adds.
        """
        await self.write(prompt)
        if not self._ahead:
            await self._fill(prompt, complete, shown=shown)
            if len(self._ahead) > 1 and shown:
                await self._show(prompt + self._ahead[0])
        elif shown:
            await self._show(self._ahead[0])
        return self._ahead.popleft() if self._ahead else None

    async def _show(self, text: str) -> None:
        if self._terminal is not None:
            await self.write(f"{text}\n")

    async def _fill(self, prompt: str, complete: Complete, *, shown: bool) -> None:
        """Wait for at least one line, or the end of the input."""
        while not self._ahead and not self._ended:
            chunk = await self._channel.read()
            if not chunk:
                # What stands there without a newline is a line too, unless the line to the client broke in it.
                self._ended = True
                self._take(b"\n" if self._rest and not self._channel.lost else b"")
            elif self._terminal is None:
                self._take(chunk)
            else:
                for typed in _KEYS.split(chunk):
                    await self._type(self._terminal, typed, prompt, complete, shown=shown)

    async def _type(self, terminal: Terminal, typed: bytes, prompt: str, complete: Complete, *, shown: bool) -> None:
        """Take what was typed at a terminal: one of the keys that mean something here, or anything else."""
        if typed == _INTERRUPT:
            terminal.taken()
            await self.write("^C\n")
            self._take(b"\n")
        elif typed == _TAB:
            line = terminal.taken().decode(errors="replace")
            completion = complete(line)
            terminal.typed((line + completion.added).encode())
            await self.write(completion.added)
            if completion.offered:
                await self.write(f"\n{'  '.join(completion.offered)}\n{prompt}{line}")
        elif not typed.startswith(_ESCAPE):
            # Keys that move the cursor move nothing here (inferred).
            cooked = terminal.typed(typed)
            if shown:
                await self._channel.write(cooked.echo)
            self._take(cooked.lines)
            if cooked.end:
                # What was typed before the end and without a newline is a line too.
                self._ended = True
                self._take(self._rest and b"\n")

    def _take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).replace(b"\r\n", b"\n").split(b"\n")
        self._ahead.extend(line.decode(errors="replace") for line in lines)
