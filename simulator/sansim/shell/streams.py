"""What file descriptors point to: pipes, files, the SSH channel, nothing."""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from sansim.shell.files import Files

__all__ = ["NULL", "BytesReader", "Collector", "FileWriter", "Pipe", "Reader", "Sink", "Source", "Stream", "Writer"]

_PIPE_SIZE = 1 << 16


class Reader(ABC):
    """Bytes that processes share: what one has read, another does not get."""

    def __init__(self) -> None:
        self._rest = b""

    @abstractmethod
    async def more(self) -> bytes:
        """Return some bytes, b"" at the end of input."""

    async def read(self) -> bytes:
        """Return some bytes, b"" at the end of input."""
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        return await self.more()

    async def line(self) -> bytes:
        """Return one line with its newline; less only at the end of input."""
        while b"\n" not in self._rest:
            data = await self.more()
            if not data:
                line, self._rest = self._rest, b""
                return line
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line + b"\n"

    def unread(self, data: bytes) -> None:
        """Put back what belongs to the next reader."""
        self._rest = data + self._rest

    async def all(self) -> bytes:
        """Return everything up to the end of input."""
        chunks = []
        while data := await self.read():
            chunks.append(data)
        return b"".join(chunks)


class Writer(ABC):
    """Where bytes go."""

    @property
    def lost(self) -> bool:
        """Whether nobody will ever read what is written."""
        return False

    @abstractmethod
    async def write(self, data: bytes) -> None:
        """Write all of it.

        Raises:
            BrokenPipeError: Nobody will ever read it.
        """


Stream: TypeAlias = Reader | Writer


class BytesReader(Reader):
    """Bytes that are there already."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._rest = data

    async def more(self) -> bytes:
        """Return the end of input."""
        return b""


class Source(Reader):
    """Bytes that a function brings, such as an SSH channel's."""

    def __init__(self, read: Callable[[], Awaitable[bytes]]) -> None:
        super().__init__()
        self._read = read

    async def more(self) -> bytes:
        """Return what the function brings."""
        return await self._read()


class Sink(Writer):
    """A function that takes bytes, such as an SSH channel's."""

    def __init__(self, write: Callable[[bytes], Awaitable[None]], lost: Callable[[], bool]) -> None:
        self._write = write
        self._lost = lost

    @property
    def lost(self) -> bool:
        """Whether nobody is at the other end any more; writing is harmless then."""
        return self._lost()

    async def write(self, data: bytes) -> None:
        """Hand it to the function."""
        await self._write(data)


class Pipe(Reader, Writer):
    """A bounded pipe between two stages; each side learns when the other is gone."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._changed = asyncio.Event()
        self._written = self._unread = False

    async def more(self) -> bytes:
        """Return the next bytes."""
        while not self._chunks:
            if self._written:
                return b""
            await self._wait()
        data = self._chunks.popleft()
        self._size -= len(data)
        self._changed.set()
        return data

    async def write(self, data: bytes) -> None:
        """Write, waiting while the pipe is full."""
        while self._size >= _PIPE_SIZE and not self._unread:
            await self._wait()
        if self._unread:
            raise BrokenPipeError
        if data:
            self._chunks.append(data)
            self._size += len(data)
            self._changed.set()

    def end_writing(self) -> None:
        """Say that nothing more comes."""
        self._written = True
        self._changed.set()

    def end_reading(self) -> None:
        """Say that nobody reads any more."""
        self._unread = True
        self._changed.set()

    async def _wait(self) -> None:
        self._changed.clear()
        await self._changed.wait()


class Collector(Writer):
    """Keeps what is written: the output of `$(…)`."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def write(self, data: bytes) -> None:
        """Keep it."""
        self.data += data


class FileWriter(Writer):
    """A file open for writing; every write is at its end, and seen by others at once."""

    def __init__(self, files: Files, path: str) -> None:
        self._files = files
        self._path = path

    async def write(self, data: bytes) -> None:
        """Append it to the file; a file that was removed meanwhile takes it to its grave."""
        if self._files.is_file(self._path):
            self._files.append(self._path, data)


class _Null(BytesReader, Writer):
    """`/dev/null`."""

    async def write(self, data: bytes) -> None:
        """Forget it."""


NULL = _Null(b"")
"""`/dev/null`, to read from and to write to."""
