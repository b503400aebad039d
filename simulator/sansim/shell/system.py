"""What a shell runs on: files, executables, processes. The host gives it to every login."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

from attrs import Factory, define, evolve, frozen

from sansim.clock import Clock
from sansim.console import Console
from sansim.faults import Line
from sansim.program import Credentials
from sansim.shell.accounts import Accounts, User
from sansim.shell.dialect import KSH93, Dialect
from sansim.shell.files import Files, Owner
from sansim.shell.processes import Processes
from sansim.shell.streams import Reader, Stream, Writer
from sansim.shell.tool_style import SUN, ToolStyle

__all__ = ["ABSENT", "Executable", "Process", "System", "decode", "encode", "styled"]


ABSENT = "No such file or directory"
"""The usual reason for an error of the system."""


def _as_before(credentials: Credentials, _profiles: Iterable[str], _path: str) -> Credentials:
    return credentials


@define
class System:
    """The part of a host that its shells share.

    Attributes:
        hostname: The node name.
        accounts: Who has an account.
        clock: The host's time.
        files: The files; they outlive logins.
        executables: What runs, by absolute path.
        processes: What runs now.
        missing: Commands that a real host of this kind has and this one has not.
        prompt: What interactive shells prompt with, as bash writes it.
        raised: Returns the rights that an executable gets in a profile shell.
        dialects: How its shells talk, by name.
    """

    hostname: str
    accounts: Accounts
    clock: Clock
    files: Files = Factory(Files)
    executables: dict[str, "Executable"] = Factory(dict)
    processes: Processes = Factory(Processes)
    missing: frozenset[str] = frozenset()
    prompt: str = r"\u@\h:\w\$ "
    raised: Callable[[Credentials, Iterable[str], str], Credentials] = _as_before
    dialects: Mapping[str, Dialect] = {}

    def dialect(self, shell: str) -> Dialect:
        """Return how a shell talks, by its path or its name; a profile shell as the one that it is made of."""
        name = shell.rpartition("/")[2].lstrip("-")
        return self.dialects.get(name) or self.dialects.get(name.removeprefix("pf"), KSH93)


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
        credentials: Who it runs as.
        number: Its process number.
        login: The name of the user who logged in, whoever it runs as.
        profile: Whether what it starts gets the rights of the user's profiles, as under `pfexec`.
        ignored: The signals that it ignores.
        console: The controlling terminal.
        style: The tradition that the executable comes from.
    """

    system: System
    line: Line
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    umask: int
    fds: dict[int, Stream]
    credentials: Credentials
    number: int
    login: str
    profile: bool = False
    ignored: frozenset[str] = frozenset()
    console: Console | None = None
    style: ToolStyle = SUN

    @property
    def user(self) -> User:
        """The account it runs as."""
        return self.system.accounts[self.credentials.user]

    @property
    def owner(self) -> Owner:
        """Whose a file is that it makes."""
        return Owner(self.user.name, self.user.groups[0].name)

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

    def is_terminal(self, number: int) -> bool:
        """Tell whether a file descriptor is the terminal."""
        return self.console is not None and self.fds.get(number) in (self.console.input, self.console.output)

    async def ask(self, prompt: str) -> str | None:
        """Read a secret from the controlling terminal, without echo; None when there is none."""
        return None if self.console is None else await self.console.ask(prompt)

    async def say(self, text: str, status: int = 0) -> int:
        """Write to standard output and return the status."""
        await self.stdout.write(encode(text))
        return status

    async def complain(self, text: str, status: int = 1) -> int:
        """Write to standard error and return the status."""
        await self.stderr.write(encode(text))
        return status

    async def refuse(self, what: str, name: str = "", reason: str = ABSENT) -> int:
        """Say what its style says of something that is wrong, and return the status then."""
        complaint = self.style.complaints[what]
        tool = self.argv[0].rpartition("/")[2]
        return await self.complain(complaint.text.format(tool=tool, name=name, reason=reason), complaint.status)


Executable = Callable[[Process], Awaitable[int]]


def styled(tool: Executable, style: ToolStyle) -> Executable:
    """Return a tool as one tradition has it."""

    def run(process: Process) -> Awaitable[int]:
        return tool(process if process.style is style else evolve(process, style=style))

    return run


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
