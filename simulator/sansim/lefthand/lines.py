"""The lines of an interactive login. Echo and editing are the terminal's; what is added here is what a shell adds.

Lines end in CRLF with a terminal and without one (seen). Input that arrives as several lines at once was typed
ahead: the terminal has shown it already, and each of its lines is shown again behind a prompt of its own when
its turn comes.
"""

from collections import deque

from sansim.channel import Channel

__all__ = ["Lines"]


class Lines:
    """Reads lines from a shell channel and writes text to it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._rest = b""
        self._ahead: deque[str] = deque()

    async def write(self, text: str) -> None:
        """Write text whose lines end in a bare newline here."""
        # A terminal adds the carriage returns itself.
        ends = "\n" if self._channel.term is not None else "\r\n"
        await self._channel.write(text.replace("\n", ends).encode())

    async def read(self, prompt: str, *, shown: bool = True) -> str | None:
        """Show a prompt and return the next line, None at the end of the input.

        Args:
            prompt: What stands before the line.
            shown: Whether a line that was typed ahead is shown again.
        """
        await self.write(prompt)
        if not self._ahead:
            await self._fill()
            if len(self._ahead) > 1 and shown:
                await self._show(prompt + self._ahead[0])
        elif shown:
            await self._show(self._ahead[0])
        return self._ahead.popleft() if self._ahead else None

    async def _show(self, text: str) -> None:
        if self._channel.term is not None:
            await self.write(f"{text}\n")

    async def _fill(self) -> None:
        """Wait for at least one line; what stands at the end of the input without a newline is one too."""
        while not self._ahead:
            chunk = await self._channel.read()
            data = (self._rest + chunk).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
            *lines, self._rest = data.split(b"\n")
            if not chunk and self._rest:
                lines, self._rest = [self._rest], b""
            self._ahead.extend(line.decode(errors="replace") for line in lines)
            if not chunk:
                return
