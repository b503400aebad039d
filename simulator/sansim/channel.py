"""One SSH channel as an array sees it: a command or a login, its input, its two output streams, its end.

Bytes are pumped by hand. When the client is gone, reading gives end of input and writing is swallowed, so
that what runs on the array runs to its end, as on a real host.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import cast

import asyncssh

from sansim.log import Recording

__all__ = ["Channel"]

_MUCH_INPUT = 1 << 20


class Channel(asyncssh.SSHServerSession[bytes]):
    """What `Array.serve` talks to.

    Attributes:
        user: Who logged in.
        command: The exec's text, None for an interactive login.
        term: The terminal's name when the client asked for a pseudo-terminal, else None.
        lost: Whether the client is gone.
        recording: What is noted about the exec while it runs.
        size: The columns and rows of the client's window.
        environment: What the client asks to find in the environment.
        address: Where the client is.
        on_signal: Called with the name of a signal that the client sends.
        on_resize: Called with the new size of the client's window.
        on_close: Called once when the channel is gone.
    """

    def __init__(self, connection: asyncssh.SSHServerConnection, begin: Callable[["Channel"], None]) -> None:
        self.user = cast("str", connection.get_extra_info("username"))
        self.command: str | None = None
        self.term: str | None = None
        self.lost = False
        self.recording = Recording(user=self.user)
        self.size = (80, 24)
        self.environment: Mapping[str, str] = {}
        self.address = str((connection.get_extra_info("peername") or ("",))[0])
        self.on_signal: Callable[[str], None] = lambda _name: None
        self.on_resize: Callable[[int, int], None] = lambda _columns, _rows: None
        self.on_close: Callable[[], None] = lambda: None
        self._closed = False
        self._connection = connection
        self._begin = begin
        self._input: deque[bytes] = deque()
        self._waiting = 0
        self._ended = False
        self._arrived = asyncio.Event()
        self._left = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()

    async def read(self) -> bytes:
        """Return some input as it was sent, b"" at its end."""
        while not self._input and not self._ended:
            self._arrived.clear()
            await self._arrived.wait()
        if not self._input:
            return b""
        data = self._input.popleft()
        self._waiting -= len(data)
        if self._waiting < _MUCH_INPUT and not self.lost:
            self._chan.resume_reading()
        self.recording.stdin.add(data)
        return data

    async def write(self, data: bytes, *, stderr: bool = False) -> None:
        """Write to the client; it never raises, a client that is gone reads nothing.

        With a pseudo-terminal there is one stream only.
        """
        (self.recording.stderr if stderr else self.recording.stdout).add(data)
        await self._writable.wait()
        if self.lost or not data:
            return
        if stderr and self.term is None:
            self._chan.write_stderr(data)
        else:
            self._chan.write(data)

    def cut(self) -> None:
        """Lose the whole connection at once, with what was not yet sent; the client finds its end and closes it.

        To close it from here would take along what was sent, where the client is just saying something.
        """
        self._gone()
        with suppress(OSError):
            self._connection.get_extra_info("socket").shutdown(socket.SHUT_WR)

    async def left(self) -> None:
        """Return when the client is gone."""
        await self._left.wait()

    def exit(self, status: int) -> None:
        """Set the exit status; the server tells it once what ran is in the log."""
        self.recording.status, self.recording.signal = status, None

    def killed(self, signal: str) -> None:
        """Note the name of the signal that ended what ran, in the place of a status."""
        self.recording.signal = signal

    def close(self) -> None:
        """Tell how it ended and close the channel, once."""
        if self.lost or self._closed:
            return
        self._closed = True
        if self.recording.signal is not None:
            self._chan.exit_with_signal(self.recording.signal)
        else:
            self._chan.exit(self.recording.status or 0)

    # What follows is called by asyncssh.

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._chan = chan

    def pty_requested(self, term_type: str, size: tuple[int, int, int, int], _modes: Mapping[int, int]) -> bool:
        """Grant a pseudo-terminal."""
        self.term = term_type
        self.size = size[:2]
        return True

    def terminal_size_changed(self, width: int, height: int, _pixwidth: int, _pixheight: int) -> None:
        """Note the new size of the client's window."""
        self.size = width, height
        self.on_resize(width, height)

    def signal_received(self, signal: str) -> None:
        """Pass a signal on."""
        self.on_signal(signal)

    def break_received(self, _msec: int) -> bool:
        """Take a break for what ^C sends."""
        self.on_signal("INT")
        return True

    def shell_requested(self) -> bool:
        """Grant a login."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Grant a command."""
        self.command = command
        return True

    def session_started(self) -> None:
        """Let the array serve the channel."""
        self.environment = dict(self._chan.get_environment())
        self.recording.text = self.command or ""
        self.recording.interactive = self.command is None
        self._begin(self)

    def data_received(self, data: bytes, _datatype: asyncssh.DataType) -> None:
        """Take input."""
        self._input.append(data)
        self._waiting += len(data)
        if self._waiting >= _MUCH_INPUT:
            self._chan.pause_reading()
        self._arrived.set()

    def eof_received(self) -> bool:
        """Note the end of input; output may still go the other way."""
        self._ended = True
        self._arrived.set()
        return True

    def connection_lost(self, _exc: Exception | None) -> None:
        """Note that the client is gone."""
        self._gone()
        self.on_close()

    def pause_writing(self) -> None:
        """Let writers wait: the client does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let writers go on."""
        self._writable.set()

    def _gone(self) -> None:
        self.lost = self._ended = True
        self.recording.lost = not self._closed
        self._left.set()
        self._arrived.set()
        self._writable.set()
