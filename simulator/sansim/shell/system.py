"""What a shell runs on: files, executables, processes. The host gives it to every login."""

from collections.abc import Awaitable, Callable
from itertools import count

from attrs import Factory, define, field, frozen

from sansim.clock import Clock
from sansim.faults import Line
from sansim.shell.files import Files
from sansim.shell.streams import Reader, Stream, Writer

__all__ = ["Executable", "Process", "System", "decode", "encode"]


@define
class System:
    """The part of a host that its shells share.

    Attributes:
        hostname: The node name.
        user: The name of the one user who logs in.
        root: Whether that user may do everything.
        files: The files; they outlive logins.
        clock: The host's time.
        executables: What runs, by absolute path.
        processes: The arguments of every running shell, by process number.
        missing: Commands that a real host of this kind has and this one has not.
    """

    hostname: str
    user: str
    root: bool
    clock: Clock
    files: Files = Factory(Files)
    executables: dict[str, "Executable"] = Factory(dict)
    processes: dict[int, str] = Factory(dict)
    missing: frozenset[str] = frozenset()
    _numbers: "count[int]" = field(factory=lambda: count(1201), init=False)

    def next_number(self) -> int:
        """Return a number for a new process."""
        return next(self._numbers)


@frozen
class Process:
    """One running executable: what it was called with and what it is connected to.

    Attributes:
        system: Where it runs.
        line: The SSH line of the login that it belongs to.
        argv: Its arguments; the first is the name it was called by.
        env: Its environment.
        cwd: Its working directory.
        umask: Its file creation mask.
        fds: Its file descriptors.
    """

    system: System
    line: Line
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    umask: int
    fds: dict[int, Stream]

    @property
    def stdin(self) -> Reader:
        """Its standard input; at its end when there is none."""
        stream = self.fds.get(0)
        return stream if isinstance(stream, Reader) else _Closed()

    @property
    def stdout(self) -> Writer:
        """Its standard output."""
        return self._writer(1)

    @property
    def stderr(self) -> Writer:
        """Its standard error."""
        return self._writer(2)

    def _writer(self, number: int) -> Writer:
        stream = self.fds.get(number)
        return stream if isinstance(stream, Writer) else _Closed()

    async def say(self, text: str, status: int = 0) -> int:
        """Write to standard output and return the status."""
        await self.stdout.write(encode(text))
        return status

    async def complain(self, text: str, status: int = 1) -> int:
        """Write to standard error and return the status."""
        await self.stderr.write(encode(text))
        return status


Executable = Callable[[Process], Awaitable[int]]


class _Closed(Reader, Writer):
    """A file descriptor that is closed: nothing to read, and writing fails."""

    async def more(self) -> bytes:
        return b""

    async def write(self, data: bytes) -> None:
        if data:
            raise BrokenPipeError


def encode(text: str) -> bytes:
    """Return the bytes of a text; what was no UTF-8 when it was read comes back as it was."""
    return text.encode("utf-8", "surrogateescape")


def decode(data: bytes) -> str:
    """Return the text of bytes, whatever they are."""
    return data.decode("utf-8", "surrogateescape")
