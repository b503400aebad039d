"""A controlling terminal: what a client types reaches programs, the line editor, or becomes a signal."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from sansim.shell.streams import Reader, Writer
from sansim.terminal import SIGNAL_KEYS, Terminal

__all__ = ["Console"]


class _Line(Protocol):
    """What a console needs of an SSH channel."""

    @property
    def lost(self) -> bool: ...

    async def read(self) -> bytes: ...

    async def write(self, data: bytes) -> None: ...


class Console:
    """One pseudo-terminal in use.

    Attributes:
        name: Its name under `/dev`, such as `pts/1`.
        columns, rows: The size of the client's window.
        terminal: Its modes and its line discipline.
        input: What programs read from it.
        output: What programs write to it.
        on_signal: Called with a signal's name when its key is typed; `HUP` when the client is gone.
    """

    def __init__(self, line: _Line, name: str, size: tuple[int, int]) -> None:
        self.name = name
        self.columns, self.rows = size
        self.terminal = Terminal()
        self.input: Reader = _Input(self)
        self.output: Writer = _Output(self)
        self.on_signal: Callable[[str], None] = lambda _name: None
        self._line = line
        self._keys = bytearray()
        self._lines = bytearray()
        self._ends = 0
        self._editing = False
        self._over = False
        self._arrived = asyncio.Event()

    @property
    def lost(self) -> bool:
        """Whether the client is gone."""
        return self._line.lost

    def resize(self, columns: int, rows: int) -> None:
        """Note a new size of the client's window, and tell what runs there."""
        self.columns, self.rows = columns, rows
        self.on_signal("WINCH")

    async def attend(self) -> None:
        """Take what the client types until it types no more."""
        while data := await self._line.read():
            await self._typed(data)
            self._arrived.set()
        self._over = True
        self._arrived.set()
        if self._line.lost:
            self.on_signal("HUP")

    async def write(self, data: bytes) -> None:
        """Write as a program does."""
        await self._line.write(self.terminal.written(data))

    async def keys(self) -> bytes:
        """Return what was typed, as it was typed, while `editing`; b"" at the end."""
        await self._wait(lambda: bool(self._keys))
        keys = bytes(self._keys)
        self._keys.clear()
        return keys

    def unread(self, keys: bytes) -> None:
        """Put back keys that belong to whoever reads next."""
        self._keys[:0] = keys

    @contextmanager
    def editing(self) -> Iterator[None]:
        """Hand every key to `keys` while the block runs; what was typed ahead comes first."""
        self._keys[:0] = self._lines + self.terminal.taken()
        self._lines.clear()
        if self._ends:
            self._keys += b"\x04"
            self._ends = 0
        self._editing = True
        try:
            yield
        finally:
            self._editing = False

    async def ask(self, prompt: str) -> str | None:
        """Print a prompt and return the line typed, which is not shown; None at the end of input."""
        await self.write(prompt.encode())
        shown, self.terminal.echo = self.terminal.echo, False
        try:
            line = await self.input.line()
        finally:
            self.terminal.echo = shown
        await self.write(b"\n")
        return line.decode("utf-8", "surrogateescape").removesuffix("\n") if line else None

    async def more(self) -> bytes:
        """Return complete lines for a program; b"" once for each ^D on an empty line, and at the end."""
        if self._keys:
            # Typed while a line editor had the terminal, which showed none of it.
            cooked = self.terminal.typed(bytes(self._keys))
            self._keys.clear()
            self._lines += cooked.lines
            self._ends += cooked.end
        await self._wait(lambda: bool(self._lines or self._ends))
        if not self._lines and self._ends:
            self._ends -= 1
            return b""
        lines = bytes(self._lines)
        self._lines.clear()
        return lines

    async def _wait(self, ready: Callable[[], bool]) -> None:
        while not ready() and not self._over:
            self._arrived.clear()
            await self._arrived.wait()

    async def _typed(self, data: bytes) -> None:
        if self.terminal.signals:
            while found := [at for at, byte in enumerate(data) if byte in SIGNAL_KEYS]:
                await self._take(data[: found[0]])
                await self._interrupt(data[found[0]])
                data = data[found[0] + 1 :]
        await self._take(data)

    async def _interrupt(self, key: int) -> None:
        """Send a key's signal; what was typed before it is forgotten."""
        if SIGNAL_KEYS[key] != "TSTP":
            self._keys.clear()
            self._lines.clear()
            self.terminal.taken()
        if not self._editing and self.terminal.echo:
            await self._line.write(b"^" + bytes((key + 0x40,)))
        self.on_signal(SIGNAL_KEYS[key])

    async def _take(self, data: bytes) -> None:
        if self._editing or self._keys:
            self._keys += data
            return
        cooked = self.terminal.typed(data)
        self._lines += cooked.lines
        self._ends += cooked.end
        if cooked.echo:
            await self._line.write(cooked.echo)


class _Input(Reader):
    """The terminal as a program reads it."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    async def more(self) -> bytes:
        return await self._console.more()


class _Output(Writer):
    """The terminal as a program writes to it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def lost(self) -> bool:
        return self._console.lost

    async def write(self, data: bytes) -> None:
        await self._console.write(data)
