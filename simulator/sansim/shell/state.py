"""What a shell process holds: variables, options, descriptors, its place in the system."""

import asyncio
from collections.abc import Callable, Mapping
from random import Random
from typing import Self

from attrs import evolve

from sansim.shell.expansion import ExpansionProblem
from sansim.shell.files import Files, absolute
from sansim.shell.syntax import Node
from sansim.shell.system import Process, encode

__all__ = ["PIPEFAIL", "ShellState"]

PIPEFAIL = "P"
"""The option that makes a pipeline fail where any of its stages does; it has no letter of its own in `$-`."""


class ShellState:
    """The state of a shell process. A fork is a copy of it.

    Attributes:
        process_of: The process that it runs as.
        system: Where it runs.
        line: The SSH line of its login.
        name: `$0`, and what its messages begin with.
        dialect: How it talks.
        positional: `$1` and the following.
        variables, exported, readonly, functions, options, traps: What their names say.
        fds: File descriptors.
        cwd: Working directory.
        umask: File creation mask.
        status: `$?`.
        number: `$$`.
        jobs: Commands in the background, by process number.
        started: When it began.
        random: What `$RANDOM` draws from.
        profile: Whether what it starts gets the rights of the user's profiles.
        aliases: The texts that stand for command names.
        history: What was typed at it.
        option_index, option_place: The word, and the letter in it, at which `getopts` stands.
        interactive: Whether somebody types its commands.
        interrupted: Whether they typed ^C.
        typed_at: Whether it, or the shell that it is a copy of, has somebody who types.
        at_line: The line of the program that it is in.
        locals: The values that variables had before the functions that run made them their own.
        pending: Signals that its traps have still to act on.
        signalled: Set when a signal comes that a trap acts on.
    """

    def __init__(self, process: Process, name: str = "sh", positional: tuple[str, ...] = ()) -> None:
        self.process_of = process
        self.system = process.system
        self.line = process.line
        self.name = name
        self.dialect = process.system.dialect(process.argv[0] if process.argv else "")
        self.positional = positional
        self.variables = dict(process.env)
        self.exported = set(process.env)
        self.readonly: set[str] = set()
        self.functions: dict[str, Node] = {}
        self.options: set[str] = set()
        # What its parent ignores it ignores.
        self.traps: dict[str, str] = dict.fromkeys(process.ignored, "")
        self.fds = dict(process.fds)
        self.cwd = process.cwd
        self.umask = process.umask
        self.status = 0
        self.number = process.number
        self.last_job: int | None = None
        self.jobs: dict[int, asyncio.Task[int]] = {}
        self.profile = process.profile
        self.started = process.system.clock.now()
        self.random = Random(process.number)  # noqa: S311 - what `$RANDOM` gives is no secret
        self.aliases: dict[str, str] = {}
        self.history: list[str] = []
        self.option_index = self.option_place = 1
        self.interactive = False
        self.interrupted = False
        self.typed_at = False
        self.at_line = 1
        self.locals: list[dict[str, str | None]] = []
        self.pending: list[str] = []
        self.signalled = asyncio.Event()

    def fork(self) -> Self:
        """Return a copy: a subshell."""
        child = type(self).__new__(type(self))
        child.__dict__.update(self.__dict__)
        child.variables = dict(self.variables)
        child.exported = set(self.exported)
        child.readonly = set(self.readonly)
        child.functions = dict(self.functions)
        child.options = set(self.options)
        child.fds = dict(self.fds)
        # Ignored signals stay ignored in a subshell, other traps do not.
        child.traps = {signal: action for signal, action in self.traps.items() if not action}
        child.jobs = {}
        child.locals = []
        child.pending = []
        child.interactive = child.interrupted = False
        return child

    # What expansion asks.

    @property
    def files(self) -> Files:
        """The files of the host."""
        return self.system.files

    def get(self, name: str) -> str | None:
        """Return a variable or special parameter."""
        if name.isdecimal() and name != "0":
            return self.positional[int(name) - 1] if int(name) <= len(self.positional) else None
        if name in self.variables:
            return self.variables[name]
        special = _SPECIAL_PARAMETERS.get(name)
        return None if special is None else special(self)

    def put(self, name: str, value: str) -> None:
        """Set a variable."""
        if name in self.readonly:
            raise ExpansionProblem(self.dialect.read_only.format(name=name), self.dialect.failed_status)
        self.variables[name] = value
        if "a" in self.options:
            self.exported.add(name)

    def option(self, letter: str) -> bool:
        """Tell whether an option of `set` is on."""
        return letter in self.options

    # Talking.

    async def say(self, text: str, status: int = 0) -> int:
        """Write to standard output and return the status."""
        await self.process(()).stdout.write(encode(text))
        return status

    async def complain(self, text: str, status: int = 1) -> int:
        """Write a message to standard error and return the status."""
        dialect = self.dialect
        first = dialect.typed if self.typed_at else dialect.first if self.at_line == 1 else dialect.later
        return await self.warn(f"{first.format(shell=self.name, line=self.at_line)}{text}\n", status)

    async def warn(self, text: str, status: int = 1) -> int:
        """Write a text as it is to standard error and return the status."""
        await self.process(()).stderr.write(encode(text))
        return status

    def process(self, argv: tuple[str, ...], extra: dict[str, str] | None = None) -> Process:
        """Return what an executable started from here gets."""
        env = {name: value for name, value in self.variables.items() if name in self.exported}
        return evolve(
            self.process_of,
            argv=argv,
            env=env | (extra or {}),
            cwd=self.cwd,
            umask=self.umask,
            fds=dict(self.fds),
            profile=self.profile,
            ignored=self.ignored(),
        )

    def ignored(self) -> frozenset[str]:
        """Return the signals that it, and what it starts, ignores."""
        return frozenset(name for name, action in self.traps.items() if not action)

    # Signals.

    def handle(self, signal: str) -> bool:
        """Take a signal that comes to this process; tell whether it lives on."""
        action = self.traps.get(signal)
        if action:
            self.pending.append(signal)
            self.signalled.set()
        return action is not None or (self.interactive and signal in _IGNORED_AT_A_TERMINAL)

    def find(self, name: str) -> str | None:
        """Return the path of an executable, looking through PATH for a bare name."""
        if "/" in name:
            path = absolute(self.cwd, name)
            return path if path in self.system.executables or self.files.is_file(path) else None
        for directory in (self.get("PATH") or "").split(":"):
            path = absolute(self.cwd, f"{directory or '.'}/{name}")
            if path in self.system.executables or (self.files.is_file(path) and self.files.mode(path) & 0o111):
                return path
        return None


_IGNORED_AT_A_TERMINAL = frozenset(("INT", "QUIT", "TERM", "TSTP"))
"""What an interactive shell does not die of (source: ksh93)."""

_SPECIAL_PARAMETERS: Mapping[str, Callable[[ShellState], str | None]] = {
    "LINENO": lambda shell: str(shell.at_line),
    "?": lambda shell: str(shell.status),
    "#": lambda shell: str(len(shell.positional)),
    "$": lambda shell: str(shell.number),
    "0": lambda shell: shell.name,
    "!": lambda shell: None if shell.last_job is None else str(shell.last_job),
    "-": lambda shell: "".join(sorted(shell.options - {PIPEFAIL})),
    "RANDOM": lambda shell: str(shell.random.randrange(1 << 15)),
    "SECONDS": lambda shell: str(int((shell.system.clock.now() - shell.started).total_seconds())),
    "PPID": lambda shell: str(getattr(shell.system.processes.find(shell.number), "parent", 1)),
    "@": lambda shell: " ".join(shell.positional) if shell.positional else None,
    "*": lambda shell: " ".join(shell.positional) if shell.positional else None,
}
