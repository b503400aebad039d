"""The lines of an interactive login, and what a client sees of them.

Lines end in CRLF with a terminal and without one (seen). A terminal shows what is typed. Input that arrives as
several lines at once was typed ahead: it is shown as it comes, and each of its lines again behind a prompt of
its own when its turn comes.
"""

from collections import deque

from sansim.channel import Channel
from sansim.terminal import Terminal

__all__ = ["Lines"]

_INTERRUPT = b"\x03"
"""The key that gives a line up: the prompt sees an empty one and comes again."""


class Lines:
    """Reads lines from a shell channel and writes text to it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._terminal = None if channel.term is None else Terminal()
        self._rest = b""
        self._ahead: deque[str] = deque()

    async def write(self, text: str) -> None:
        """Write text whose lines end in a bare newline here."""
        await self._channel.write(text.replace("\n", "\r\n").encode())

    async def read(self, prompt: str, *, shown: bool = True) -> str | None:
        """Show a prompt and return the next line, None at the end of the input.

        Args:
            prompt: What stands before the line.
            shown: Whether a terminal shows what is typed.
        """
        await self.write(prompt)
        if not self._ahead:
            await self._fill(shown=shown)
            if len(self._ahead) > 1 and shown:
                await self._show(prompt + self._ahead[0])
        elif shown:
            await self._show(self._ahead[0])
        return self._ahead.popleft() if self._ahead else None

    async def _show(self, text: str) -> None:
        if self._terminal is not None:
            await self.write(f"{text}\n")

    async def _fill(self, *, shown: bool) -> None:
        """Wait for at least one line, or the end of the input."""
        while not self._ahead:
            chunk = await self._channel.read()
            if not chunk:
                # What stands there without a newline is a line too.
                self._take(self._rest and b"\n")
                return
            if self._terminal is None:
                self._take(chunk)
                continue
            *given_up, typed = chunk.split(_INTERRUPT)
            for part in given_up:
                await self._cook(self._terminal, part, shown=shown)
                self._terminal.taken()
                await self.write("^C\n")
                self._take(b"\n")
            if await self._cook(self._terminal, typed, shown=shown):
                return

    async def _cook(self, terminal: Terminal, typed: bytes, *, shown: bool) -> bool:
        """Take typed bytes and show them; tell whether they end the input."""
        cooked = terminal.typed(typed)
        if shown:
            await self._channel.write(cooked.echo)
        self._take(cooked.lines)
        return cooked.end

    def _take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).replace(b"\r\n", b"\n").split(b"\n")
        self._ahead.extend(line.decode(errors="replace") for line in lines)
