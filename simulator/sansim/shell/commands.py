"""Runs simple commands: assignments, functions, built-in commands, executables."""

import asyncio
import shlex
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from attrs import evolve

from sansim.shell.expansion import ExpansionProblem, expand_text
from sansim.shell.files import absolute
from sansim.shell.flow import ExitShell, Interrupted, ReturnFunction
from sansim.shell.processes import SIGNALED, SIGNALS
from sansim.shell.redirection import RedirectionProblem, redirected
from sansim.shell.runner import Runner
from sansim.shell.syntax import (
    Redirect,
    Simple,
)
from sansim.shell.system import Process, decode

__all__ = ["Commands"]

_BROKEN_PIPE = SIGNALED + SIGNALS["PIPE"]
_INTERRUPTED = SIGNALED + SIGNALS["INT"]


class Commands(Runner):
    """A shell that runs simple commands."""

    builtins: ClassVar[Mapping[str, Callable[[Any, list[str]], Awaitable[int]]]] = {}
    special: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    async def evaluate(self, text: str, *, whole: bool = False) -> int:
        """Run a text in this shell."""

    async def _simple(self, node: Simple) -> int:
        self._substituted = 0
        fields = await self._fields(node.words)
        try:
            values: dict[str, str] = {}
            for item in node.assignments:
                before = values.get(item.name) or self.get(item.name) or "" if item.appended else ""
                values[item.name] = before + await expand_text(self, item.value)
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None
        if fields and fields[0] == "exec" and len(fields) == 1:
            return await self._redirect_shell(node.redirects)
        try:
            return await self._with_redirects(node.redirects, lambda: self._dispatch(fields, values))
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None
        except BrokenPipeError:
            # As a signal would: unless it is ignored, the process ends.
            if self.traps.get("PIPE") == "":
                return 1
            raise ExitShell(_BROKEN_PIPE) from None

    async def _redirect_shell(self, redirects: tuple[Redirect, ...]) -> int:
        """`exec 5>>file`: the redirections stay."""
        try:
            self.fds = await redirected(self, self.fds, redirects)
        except (RedirectionProblem, ExpansionProblem) as problem:
            raise ExitShell(await self.complain(str(problem), self.dialect.failed_status)) from None
        return 0

    async def _dispatch(self, fields: list[str], values: dict[str, str]) -> int:
        if not fields:
            self._assign(values)
            return self._substituted
        name = fields[0]
        if name in self.special and name not in self.dialect.without:
            self._assign(values)
            return await self.builtins[name](self, fields)
        if name in self.functions:
            self._assign(values)
            return await self.call(name, tuple(fields[1:]))
        if name in self.builtins and name not in self.dialect.without:
            saved = {key: self.variables.get(key) for key in values}
            self._assign(values)
            try:
                return await self.builtins[name](self, fields)
            finally:
                self._restore(saved)
        return await self.execute(fields, values)

    def _assign(self, values: dict[str, str]) -> None:
        for name, value in values.items():
            self.put(name, value)

    def _restore(self, saved: dict[str, str | None]) -> None:
        """Give variables the values that they had, none where they had none."""
        for name, value in saved.items():
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value

    async def call(self, name: str, arguments: tuple[str, ...]) -> int:
        """Call a function."""
        saved, self.positional = self.positional, arguments
        self.locals.append({})
        try:
            return await self.run(self.functions[name])
        except ReturnFunction as end:
            return end.status
        finally:
            self.positional = saved
            self._restore(self.locals.pop())

    async def execute(self, fields: list[str], extra: dict[str, str] | None = None) -> int:
        """Run an executable in a process of its own."""
        path = self.find(fields[0])
        if path is None:
            self.note_missing(fields[0])
            return await self._missing(fields[0])
        if path not in self.system.executables and not self.files.mode(path) & 0o111:
            said = self.dialect.not_executable.format(name=fields[0], reason="Permission denied")
            return await self.complain(said, 126)
        process = self.process(tuple(fields), extra)
        credentials = process.credentials
        if self.profile:
            credentials = self.system.raised(credentials, process.user.profiles, self.files.real(path))
        running = self._running(self.system.processes.next_number(), shlex.join(fields))
        running.user = credentials.user
        process = evolve(process, number=running.number, credentials=credentials)
        with self.system.processes.entered(running):
            status = await running.run(asyncio.ensure_future(self._started(process, path)))
        if self.interrupted:
            raise Interrupted
        if status == _INTERRUPTED and running.killed and "INT" not in self.traps:
            # What ends its command at the terminal ends the shell that waits for it, too.
            raise ExitShell(status)
        return status

    async def _missing(self, name: str) -> int:
        """Say that there is no such command, or that it is a directory."""
        dialect = self.dialect
        if "/" not in name:
            return await self.complain(dialect.not_found.format(name=name), 127)
        if self.files.is_directory(absolute(self.cwd, name)):
            return await self.complain(dialect.not_executable.format(name=name, reason="Is a directory"), 126)
        return await self.complain(dialect.no_program.format(name=name), 127)

    async def _started(self, process: Process, path: str) -> int:
        executable = self.system.executables.get(path)
        try:
            return await (self._script(process, path) if executable is None else executable(process))
        except BrokenPipeError:
            # As the signal would, unless it is ignored.
            return 1 if "PIPE" in process.ignored else _BROKEN_PIPE

    async def _script(self, process: Process, path: str) -> int:
        """Run a file in a shell of its own."""
        shell = type(self)(process, process.argv[0], process.argv[1:])
        text = decode(process.system.files.read(path))
        first = text.partition("\n")[0].removeprefix("#!").split() if text.startswith("#!") else []
        shell.dialect = process.system.dialect(first[0] if first else "sh")
        return await shell.as_process(lambda: shell.evaluate(text))
