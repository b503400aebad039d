"""What running any command takes: redirections, expansion, and saying what is wrong."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from attrs import evolve

from sansim.shell.arithmetic import ArithmeticProblem, evaluate
from sansim.shell.dialect import no_arithmetic, no_syntax
from sansim.shell.expansion import ExpansionProblem, expand_fields, expand_text
from sansim.shell.flow import ExitShell
from sansim.shell.processes import Running
from sansim.shell.redirection import RedirectionProblem, redirected
from sansim.shell.state import ShellState
from sansim.shell.streams import Collector
from sansim.shell.syntax import (
    Node,
    Redirect,
    SyntaxProblem,
    Word,
)
from sansim.shell.system import Process, decode

__all__ = ["Runner"]


class Runner(ShellState, ABC):
    """A shell process that can run a syntax tree, however that is done."""

    def __init__(self, process: Process, name: str = "sh", positional: tuple[str, ...] = ()) -> None:
        super().__init__(process, name, positional)
        self._substituted = 0
        self._forgiving = 0

    @abstractmethod
    async def run(self, node: Node) -> int:
        """Run a syntax tree and return its status."""

    @abstractmethod
    async def live(self, body: Callable[[], Awaitable[int]]) -> int:
        """Run a body as the whole of this process."""

    async def live_node(self, node: Node) -> int:
        """Run a syntax tree as the whole of this process."""
        return await self.live(lambda: self.run(node))

    async def substitute(self, body: Node) -> str:
        """Run commands in a subshell and return their output without its last newlines."""
        child = self.fork()
        output = Collector()
        child.fds[1] = output
        self._substituted = await child.live_node(body)
        return decode(bytes(output.data)).rstrip("\n")

    async def as_process(self, body: Callable[[], Awaitable[int]]) -> int:
        """Run a body as the whole of the process that this shell was started as; its traps get the signals."""
        running = self.system.processes.find(self.number)
        if running is not None:
            running.handler = self.handle
            running.ignored = frozenset()
        return await self.live(body)

    async def refuse(self, problem: SyntaxProblem, source: str, begins: int = 1, *, piped: bool = False) -> int:
        """Say that a text is no program and return the status.

        Args:
            problem: What is wrong.
            source: The text.
            begins: The number of its first line.
            piped: Whether it comes from an input.
        """
        dialect = self.dialect
        if piped:
            dialect = evolve(dialect, syntax_first=dialect.first)
        if self.typed_at:
            dialect = evolve(dialect, syntax_first=dialect.typed, quotes_source=False)
        return await self.warn(
            no_syntax(dialect, problem, self.name, source.split("\n")[problem.line - begins :][:1]),
            dialect.syntax_status,
        )

    async def _with_redirects(self, redirects: tuple[Redirect, ...], body: Callable[[], Awaitable[int]]) -> int:
        if not redirects:
            return await body()
        saved = self.fds
        try:
            self.fds = await redirected(self, saved, redirects)
        except (RedirectionProblem, ExpansionProblem) as problem:
            return await self.complain(str(problem), self.dialect.failed_status)
        try:
            return await body()
        finally:
            self.fds = saved

    @contextmanager
    def _forgive(self) -> Iterator[None]:
        """Conditions may fail under `set -e`."""
        self._forgiving += 1
        try:
            yield
        finally:
            self._forgiving -= 1

    async def _fields(self, words: tuple[Word, ...]) -> list[str]:
        try:
            return await expand_fields(self, words)
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None

    async def _arithmetic(self, expression: Word) -> int:
        try:
            return evaluate(await expand_text(self, expression), lambda name: self.get(name) or "0", self.put)
        except ArithmeticProblem as problem:
            raise ExitShell(await self.complain(no_arithmetic(self.dialect, problem))) from None
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None

    def _check_errors(self) -> None:
        if self.status and "e" in self.options and not self._forgiving:
            raise ExitShell(self.status)

    def note_missing(self, name: str) -> None:
        """Record that a command was asked for that a real host has and this one has not."""
        if name.rpartition("/")[2] in self.system.missing:
            self.line.recording.unsupported.append(name)

    def _running(self, number: int, text: str) -> Running:
        """Return what the process table holds of a process that this shell starts."""
        console = self.process_of.console
        return Running(
            number=number,
            parent=self.number,
            user=self.process_of.credentials.user,
            text=text,
            started=self.system.clock.now(),
            terminal="?" if console is None else console.name,
            session=self.line,
            ignored=self.ignored(),
        )
