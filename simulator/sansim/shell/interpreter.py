"""Runs shell programs: one `Shell` is one process, and what it does with a syntax tree."""

import asyncio
import shlex
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import ClassVar

from attrs import evolve

from sansim.shell.arithmetic import ArithmeticProblem, evaluate
from sansim.shell.conditional import holds
from sansim.shell.conditions import ConditionProblem
from sansim.shell.dialect import no_arithmetic, no_syntax
from sansim.shell.expansion import ExpansionProblem, expand_fields, expand_pattern, expand_text
from sansim.shell.files import absolute
from sansim.shell.flow import BreakLoop, ExitShell, Interrupted, ReturnFunction
from sansim.shell.parser import Parser
from sansim.shell.patterns import compile_pattern
from sansim.shell.processes import SIGNALED, SIGNALS, Running
from sansim.shell.redirection import RedirectionProblem, redirected
from sansim.shell.state import ShellState
from sansim.shell.streams import NULL, Collector, Pipe, Sink
from sansim.shell.syntax import (
    AndOr,
    ArithmeticCommand,
    Background,
    Case,
    Conditional,
    CountedFor,
    For,
    Function,
    Group,
    If,
    Node,
    Pipeline,
    Redirect,
    Sequence,
    Simple,
    Subshell,
    SyntaxProblem,
    While,
    Word,
)
from sansim.shell.system import Process, decode

__all__ = ["Builtin", "Shell"]

_BROKEN_PIPE = SIGNALED + SIGNALS["PIPE"]
_INTERRUPTED = SIGNALED + SIGNALS["INT"]
_TURNS = 64

Builtin = Callable[["Shell", list[str]], Awaitable[int]]


class Shell(ShellState):
    """A shell process that runs syntax trees."""

    builtins: ClassVar[dict[str, Builtin]] = {}
    special: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, process: Process, name: str = "sh", positional: tuple[str, ...] = ()) -> None:
        super().__init__(process, name, positional)
        self._substituted = 0
        self._forgiving = 0

    async def live(self, body: Callable[[], Awaitable[int]]) -> int:
        """Run a body as the whole of this process: to its `exit`, its EXIT trap, its jobs in the background."""
        try:
            self.status = await body()
        except (ExitShell, ReturnFunction) as end:
            self.status = end.status
        except BreakLoop:
            pass
        action = self.traps.pop("EXIT", "")
        if action:
            status = self.status
            try:
                await self.evaluate(action)
                self.status = status
            except ExitShell as end:
                self.status = end.status
        return self.status

    async def as_process(self, body: Callable[[], Awaitable[int]]) -> int:
        """Run a body as the whole of the process that this shell was started as; its traps get the signals."""
        running = self.system.processes.find(self.number)
        if running is not None:
            running.handler = self.handle
            running.ignored = frozenset()
        return await self.live(body)

    async def live_node(self, node: Node) -> int:
        """Run a syntax tree as the whole of this process."""
        return await self.live(lambda: self.run(node))

    async def evaluate(self, text: str, *, whole: bool = False) -> int:
        """Run a text in this shell: `eval`, `.`, the action of a trap; or the whole of what it is there for."""
        parser = Parser(text, self.aliases, self.at_line)
        status = 0
        while True:
            try:
                command = parser.next()
            except SyntaxProblem as problem:
                raise ExitShell(await self.refuse(problem, text)) from None
            if command is None:
                return status
            if whole and parser.at >= len(parser.text):
                self._give_way(command)
            status = await self.run(command)

    async def refuse(self, problem: SyntaxProblem, source: str) -> int:
        """Say that a text is no program and return the status."""
        dialect = self.dialect if not self.typed_at else evolve(self.dialect, syntax_first=self.dialect.typed)
        return await self.warn(no_syntax(dialect, problem, self.name, source), dialect.syntax_status)

    def _give_way(self, last: Node) -> None:
        """A shell whose last command is a simple one is replaced by it."""
        running = self.system.processes.find(self.number)
        if running is not None and isinstance(last, Sequence) and len(last.commands) == 1:
            running.replaced = isinstance(last.commands[0], Simple) and not self.traps

    async def substitute(self, body: Node) -> str:
        """Run commands in a subshell and return their output without its last newlines."""
        child = self.fork()
        output = Collector()
        child.fds[1] = output
        self._substituted = await child.live_node(body)
        return decode(bytes(output.data)).rstrip("\n")

    async def run(self, node: Node) -> int:
        """Run a syntax tree and return its status."""
        if self.interrupted:
            raise Interrupted
        match node:
            case Simple():
                self.at_line = node.line
                self.status = await self._simple(node)
                await self._act()
                self._check_errors()
            case Sequence():
                for command in node.commands:
                    await self.run(command)
            case AndOr():
                await self._and_or(node)
            case Pipeline():
                await self._pipeline(node)
            case Function():
                self.functions[node.name] = node.body
                self.status = 0
            case Background():
                self._background(node)
            case _:
                self.status = await self._with_redirects(node.redirects, lambda: self._compound(node))
                if isinstance(node, Subshell):
                    self._check_errors()
        return self.status

    async def _act(self) -> None:
        """Run the traps of the signals that came, between two commands; `$?` stays as it was."""
        if not self.pending:
            return
        status = self.status
        while self.pending:
            await self.evaluate(self.traps.get(self.pending.pop(0), ""))
        self.signalled.clear()
        self.status = status

    def _check_errors(self) -> None:
        if self.status and "e" in self.options and not self._forgiving:
            raise ExitShell(self.status)

    @contextmanager
    def _forgive(self) -> Iterator[None]:
        """Conditions may fail under `set -e`."""
        self._forgiving += 1
        try:
            yield
        finally:
            self._forgiving -= 1

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

    async def _compound(self, node: Node) -> int:
        match node:
            case Group():
                return await self.run(node.body)
            case Subshell():
                return await self.fork().live_node(node.body)
            case If():
                return await self._if(node)
            case While():
                return await self._while(node)
            case Case():
                return await self._case(node)
        return await self._other_compound(node)

    async def _other_compound(self, node: Node) -> int:
        match node:
            case For():
                return await self._for(node)
            case CountedFor():
                return await self._counted_for(node)
            case ArithmeticCommand():
                return int(await self._arithmetic(node.expression) == 0)
            case Conditional():
                return await self._conditional(node)
        raise TypeError(f"{node} is no compound command")

    async def _and_or(self, node: AndOr) -> None:
        with self._forgive():
            await self.run(node.first)
        for number, (operator, command) in enumerate(node.rest, 1):
            if (self.status == 0) != (operator == "&&"):
                continue
            if number == len(node.rest):
                await self.run(command)
            else:
                with self._forgive():
                    await self.run(command)

    async def _if(self, node: If) -> int:
        for condition, body in node.branches:
            if condition is None:
                return await self.run(body)
            with self._forgive():
                status = await self.run(condition)
            if status == 0:
                return await self.run(body)
        return 0

    async def _while(self, node: While) -> int:
        status = 0
        for turn in count(1):
            if turn % _TURNS == 0:
                # A loop of commands that wait for nothing must not keep every other login waiting.
                await asyncio.sleep(0)
            with self._forgive():
                condition = await self.run(node.condition)
            if (condition == 0) == node.until:
                return status
            try:
                status = await self.run(node.body)
            except BreakLoop as loop:
                if self._leave(loop):
                    return 0
        raise AssertionError("count has no end")

    async def _for(self, node: For) -> int:
        status = 0
        values = list(self.positional) if node.words is None else await self._fields(node.words)
        for value in values:
            self.put(node.name, value)
            try:
                status = await self.run(node.body)
            except BreakLoop as loop:
                if self._leave(loop):
                    return 0
        return status

    async def _counted_for(self, node: CountedFor) -> int:
        status = 0
        await self._arithmetic(node.first)
        for turn in count(1):
            if turn % _TURNS == 0:
                await asyncio.sleep(0)
            if node.condition.parts and await self._arithmetic(node.condition) == 0:
                return status
            try:
                status = await self.run(node.body)
            except BreakLoop as loop:
                if self._leave(loop):
                    return 0
            await self._arithmetic(node.step)
        raise AssertionError("count has no end")

    async def _arithmetic(self, expression: Word) -> int:
        try:
            return evaluate(await expand_text(self, expression), lambda name: self.get(name) or "0", self.put)
        except ArithmeticProblem as problem:
            raise ExitShell(await self.complain(no_arithmetic(self.dialect, problem))) from None
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None

    async def _conditional(self, node: Conditional) -> int:
        try:
            return int(not await holds(self, node.condition))
        except ConditionProblem as problem:
            return await self.complain(f"[[: {problem}", 2)
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None

    @staticmethod
    def _leave(loop: BreakLoop) -> bool:
        """Tell whether `break` or `continue` ends this loop; pass it on to the next one out."""
        if loop.levels > 1:
            raise BreakLoop(loop.levels - 1, again=loop.again)
        return not loop.again

    async def _case(self, node: Case) -> int:
        subject = await expand_text(self, node.word)
        for patterns, body in node.arms:
            for pattern in patterns:
                if compile_pattern(await expand_pattern(self, pattern)).fullmatch(subject):
                    self.status = 0
                    return await self.run(body)
        return 0

    async def _pipeline(self, node: Pipeline) -> None:
        begun = self.system.clock.now()
        with self._forgive():
            self.status = await self._stages(node.stages) if len(node.stages) > 1 else await self.run(node.stages[0])
        if node.timed:
            minutes, seconds = divmod((self.system.clock.now() - begun).total_seconds(), 60)
            await self.warn(self.dialect.time.format(minutes=int(minutes), seconds=seconds))
        if node.negated:
            self.status = int(self.status == 0)
        else:
            self._check_errors()

    async def _stages(self, stages: tuple[Node, ...]) -> int:
        """Run the stages at once; the last one, where the dialect says so, in this very shell."""
        source: Pipe | None = None
        running = []
        for stage in stages[:-1]:
            pipe = Pipe()
            child = self.fork()
            if source is not None:
                child.fds[0] = source
            child.fds[1] = pipe
            running.append(asyncio.ensure_future(_stage(child, stage, source, pipe)))
            source = pipe
        saved = self.fds
        self.fds = saved | ({} if source is None else {0: source})
        try:
            return await (self.run(stages[-1]) if self.dialect.last_stage_here else self.fork().live_node(stages[-1]))
        except asyncio.CancelledError:
            for stage_before in running:
                stage_before.cancel()
            raise
        finally:
            self.fds = saved
            if source is not None:
                source.end_reading()
            for end in await asyncio.gather(*running, return_exceptions=True):
                if isinstance(end, Exception):
                    raise end

    def _background(self, node: Background) -> None:
        child = self.fork()
        child.fds[0] = NULL
        job = self._running(self.system.processes.next_number(), shlex.join(self.process_of.argv))
        # As without job control: the terminal's keys do not reach what runs in the background.
        job.ignored |= {"INT", "QUIT"}
        child.traps |= dict.fromkeys(("INT", "QUIT"), "")
        job.handler = child.handle
        # Where its own redirections lead elsewhere it holds the login's streams no more.
        job.attached = lambda: any(isinstance(stream, Sink) for stream in child.fds.values())
        self.system.processes.enter(job)
        self.last_job = job.number
        job.task = asyncio.ensure_future(child.live_node(node.body))
        self.jobs[job.number] = asyncio.ensure_future(self._job(job, job.task))
        self.status = 0

    async def _job(self, job: Running, body: asyncio.Task[int]) -> int:
        with self.system.processes.entered(job):
            return await job.run(body)

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

    async def _fields(self, words: tuple[Word, ...]) -> list[str]:
        try:
            return await expand_fields(self, words)
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem), problem.status)) from None

    async def _simple(self, node: Simple) -> int:
        self._substituted = 0
        fields = await self._fields(node.words)
        try:
            values = {item.name: await expand_text(self, item.value) for item in node.assignments}
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

    def note_missing(self, name: str) -> None:
        """Record that a command was asked for that a real host has and this one has not."""
        if name.rpartition("/")[2] in self.system.missing:
            self.line.recording.unsupported.append(name)

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
            return await (_script(process, path) if executable is None else executable(process))
        except BrokenPipeError:
            # As the signal would, unless it is ignored.
            return 1 if "PIPE" in process.ignored else _BROKEN_PIPE


async def _script(process: Process, path: str) -> int:
    shell = Shell(process, process.argv[0], process.argv[1:])
    text = decode(process.system.files.read(path))
    first = text.partition("\n")[0].removeprefix("#!").split() if text.startswith("#!") else []
    shell.dialect = process.system.dialect(first[0] if first else "sh")
    return await shell.as_process(lambda: shell.evaluate(text))


async def _stage(child: Shell, node: Node, source: Pipe | None, sink: Pipe) -> int:
    try:
        return await child.live_node(node)
    finally:
        sink.end_writing()
        if source is not None:
            source.end_reading()
