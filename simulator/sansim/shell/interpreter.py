"""Runs shell programs: one `Shell` is one process, a fork is a copy of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

from sansim.shell.expansion import ExpansionProblem, expand_fields, expand_pattern, expand_text
from sansim.shell.files import Files, absolute
from sansim.shell.parser import Parser
from sansim.shell.patterns import compile_pattern
from sansim.shell.redirection import RedirectionProblem, redirected
from sansim.shell.streams import NULL, Collector, Pipe, Reader
from sansim.shell.syntax import (
    AndOr,
    Background,
    Case,
    For,
    Function,
    Group,
    If,
    Incomplete,
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
from sansim.shell.system import Process, decode, encode

__all__ = ["BreakLoop", "ExitShell", "ReturnFunction", "Shell"]

_BROKEN_PIPE = 141
_MORE_INPUT_WAIT = 0.02


class ExitShell(Exception):
    """`exit`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class ReturnFunction(Exception):
    """`return`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class BreakLoop(Exception):
    """`break` and `continue`, through that many loops."""

    def __init__(self, levels: int, *, again: bool) -> None:
        super().__init__(levels)
        self.levels = levels
        self.again = again


Builtin = Callable[["Shell", list[str]], Awaitable[int]]


class Shell:
    """A shell process: variables, functions, descriptors, and the running of syntax trees."""

    builtins: ClassVar[dict[str, Builtin]] = {}
    special: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, process: Process, name: str = "sh", positional: tuple[str, ...] = ()) -> None:
        self.system = process.system
        self.line = process.line
        self.name = name
        self.positional = positional
        self.variables = dict(process.env)
        self.exported = set(process.env)
        self.readonly: set[str] = set()
        self.functions: dict[str, Node] = {}
        self.options: set[str] = set()
        self.traps: dict[str, str] = {}
        self.fds = dict(process.fds)
        self.cwd = process.cwd
        self.umask = process.umask
        self.status = 0
        self.number = process.system.next_number()
        self.last_job: int | None = None
        self.jobs: dict[int, asyncio.Task[int]] = {}
        self._substituted = 0
        self._forgiving = 0

    # The whole of a process.

    async def run_text(self, text: str) -> int:
        """Run a text to its end, as `sh -c` does, and return the exit status."""
        return await self._main(lambda: self._text(text))

    async def run_input(self, source: Reader) -> int:
        """Run commands as they come from an input; what they leave of it is theirs to read."""
        return await self._main(lambda: self._input(source))

    async def run_dialogue(self, source: Reader, prompt: str) -> int:
        """Run what somebody types, prompting for it; errors end a line, not the shell."""
        return await self._main(lambda: self._dialogue(source, prompt))

    async def run_node(self, node: Node) -> int:
        """Run a syntax tree as the whole of this process."""
        return await self._main(lambda: self.run(node))

    async def _main(self, body: Callable[[], Awaitable[int]]) -> int:
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
                await self._text(action)
                self.status = status
            except ExitShell as end:
                self.status = end.status
        for job in self.jobs.values():
            await job
        return self.status

    async def _text(self, text: str) -> int:
        parser = Parser(text)
        while True:
            try:
                command = parser.next()
            except SyntaxProblem as problem:
                raise ExitShell(await self.complain(str(problem), 3)) from None
            if command is None:
                return self.status
            await self.run(command)

    async def evaluate(self, text: str) -> int:
        """Run a text in this shell: `eval`, `.`."""
        self.status = 0
        return await self._text(text)

    async def _dialogue(self, source: Reader, prompt: str) -> int:
        text = ""
        while True:
            await self.process(()).stderr.write(encode(prompt if not text else "> "))
            typed = decode(await source.line())
            text += typed
            try:
                command = Parser(text).whole()
            except Incomplete as problem:
                if typed:
                    continue
                await self.complain(str(problem))
            except SyntaxProblem as problem:
                self.status = await self.complain(str(problem), 3)
            else:
                await self._typed(command)
            if not typed:
                return self.status
            text = ""

    async def _typed(self, command: Node) -> None:
        try:
            await self.run(command)
        except (BreakLoop, ReturnFunction):
            pass
        except ExpansionProblem as problem:
            self.status = await self.complain(str(problem))

    async def _input(self, source: Reader) -> int:
        text = decode(await source.line())
        while text:
            parser = Parser(text)
            try:
                command = parser.next()
            except Incomplete as problem:
                # Parsing again at every line of a long command costs: what has arrived is taken whole.
                more = decode(await self._arrived(source))
                if not more:
                    raise ExitShell(await self.complain(str(problem), 3)) from None
                text += more
                continue
            except SyntaxProblem as problem:
                raise ExitShell(await self.complain(str(problem), 3)) from None
            if command is not None:
                source.unread(encode(text[parser.at :]))
                await self.run(command)
            text = decode(await source.line())
        return self.status

    @staticmethod
    async def _arrived(source: Reader) -> bytes:
        """Return at least one line, and all that follows it without a pause."""
        chunks = [await source.line()]
        while chunks[-1]:
            try:
                chunks.append(await asyncio.wait_for(source.read(), _MORE_INPUT_WAIT))
            except TimeoutError:
                break
        return b"".join(chunks)

    def fork(self) -> "Shell":
        """Return a copy: a subshell."""
        child = Shell.__new__(Shell)
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
        return child

    # What expansion asks.

    @property
    def files(self) -> Files:
        """The files of the host."""
        return self.system.files

    def get(self, name: str) -> str | None:
        """Return a variable or special parameter."""
        if name.isdigit() and name != "0":
            return self.positional[int(name) - 1] if int(name) <= len(self.positional) else None
        if name in self.variables:
            return self.variables[name]
        match name:
            case "?":
                return str(self.status)
            case "#":
                return str(len(self.positional))
            case "$":
                return str(self.number)
            case "0":
                return self.name
            case "!":
                return None if self.last_job is None else str(self.last_job)
            case "-":
                return "".join(sorted(self.options))
            case "@" | "*":
                return " ".join(self.positional) if self.positional else None
        return None

    def put(self, name: str, value: str) -> None:
        """Set a variable."""
        if name in self.readonly:
            raise ExpansionProblem(f"{name}: is read only")
        self.variables[name] = value
        if "a" in self.options:
            self.exported.add(name)

    def option(self, letter: str) -> bool:
        """Tell whether an option of `set` is on."""
        return letter in self.options

    async def substitute(self, body: Node) -> str:
        """Run commands in a subshell and return their output without its last newlines."""
        child = self.fork()
        output = Collector()
        child.fds[1] = output
        self._substituted = await child.run_node(body)
        return decode(bytes(output.data)).rstrip("\n")

    # Talking.

    async def say(self, text: str, status: int = 0) -> int:
        """Write to standard output and return the status."""
        await self.process(()).stdout.write(encode(text))
        return status

    async def complain(self, text: str, status: int = 1) -> int:
        """Write a message to standard error and return the status."""
        await self.process(()).stderr.write(encode(f"{self.name}: {text}\n"))
        return status

    # Running.

    def process(self, argv: tuple[str, ...], extra: dict[str, str] | None = None) -> Process:
        """Return what an executable started from here gets."""
        env = {name: self.variables[name] for name in self.exported if name in self.variables}
        return Process(self.system, self.line, argv, env | (extra or {}), self.cwd, self.umask, dict(self.fds))

    async def run(self, node: Node) -> int:
        """Run a syntax tree and return its status."""
        match node:
            case Simple():
                self.status = await self._simple(node)
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
            return await self.complain(str(problem))
        try:
            return await body()
        finally:
            self.fds = saved

    async def _compound(self, node: Node) -> int:
        match node:
            case Group():
                return await self.run(node.body)
            case Subshell():
                return await self.fork().run_node(node.body)
            case If():
                return await self._if(node)
            case While():
                return await self._while(node)
            case For():
                return await self._for(node)
            case Case():
                return await self._case(node)
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
        while True:
            with self._forgive():
                condition = await self.run(node.condition)
            if (condition == 0) == node.until:
                return status
            try:
                status = await self.run(node.body)
            except BreakLoop as loop:
                if self._leave(loop):
                    return 0

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
        with self._forgive():
            self.status = await self._stages(node.stages) if len(node.stages) > 1 else await self.run(node.stages[0])
        if node.negated:
            self.status = int(self.status == 0)
        else:
            self._check_errors()

    async def _stages(self, stages: tuple[Node, ...]) -> int:
        """Run the stages at once; the last one, as in ksh93, in this very shell."""
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
            return await self.run(stages[-1])
        finally:
            self.fds = saved
            if source is not None:
                source.end_reading()
            await asyncio.gather(*running)

    def _background(self, node: Background) -> None:
        child = self.fork()
        child.fds[0] = NULL
        child.number = self.last_job = self.system.next_number()
        self.jobs[child.number] = asyncio.ensure_future(child.run_node(node.body))
        self.status = 0

    async def _fields(self, words: tuple[Word, ...]) -> list[str]:
        try:
            return await expand_fields(self, words)
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem))) from None

    async def _simple(self, node: Simple) -> int:
        self._substituted = 0
        fields = await self._fields(node.words)
        try:
            values = {item.name: await expand_text(self, item.value) for item in node.assignments}
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem))) from None
        if fields and fields[0] == "exec" and len(fields) == 1:
            return await self._redirect_shell(node.redirects)
        try:
            return await self._with_redirects(node.redirects, lambda: self._dispatch(fields, values))
        except ExpansionProblem as problem:
            raise ExitShell(await self.complain(str(problem))) from None
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
            raise ExitShell(await self.complain(str(problem))) from None
        return 0

    async def _dispatch(self, fields: list[str], values: dict[str, str]) -> int:
        if not fields:
            self._assign(values)
            return self._substituted
        name = fields[0]
        if name in self.special:
            self._assign(values)
            return await self.builtins[name](self, fields)
        if name in self.functions:
            self._assign(values)
            return await self.call(name, tuple(fields[1:]))
        if name in self.builtins:
            saved = {key: self.variables.get(key) for key in values}
            self._assign(values)
            try:
                return await self.builtins[name](self, fields)
            finally:
                for key, value in saved.items():
                    if value is None:
                        self.variables.pop(key, None)
                    else:
                        self.variables[key] = value
        return await self.execute(fields, values)

    def _assign(self, values: dict[str, str]) -> None:
        for name, value in values.items():
            self.put(name, value)

    async def call(self, name: str, arguments: tuple[str, ...]) -> int:
        """Call a function."""
        saved, self.positional = self.positional, arguments
        try:
            return await self.run(self.functions[name])
        except ReturnFunction as end:
            return end.status
        finally:
            self.positional = saved

    async def execute(self, fields: list[str], extra: dict[str, str] | None = None) -> int:
        """Run an executable in a process of its own."""
        path = find(self, fields[0])
        if path is None:
            if fields[0].rpartition("/")[2] in self.system.missing:
                self.line.recording.unsupported.append(fields[0])
            return await self.complain(f"{fields[0]}: not found", 127)
        executable = self.system.executables.get(path)
        process = self.process(tuple(fields), extra)
        if executable is not None:
            return await executable(process)
        return await self._script(process, path)

    async def _script(self, process: Process, path: str) -> int:
        if not (self.files.mode(path) & 0o111):
            return await self.complain(f"{process.argv[0]}: cannot execute [Permission denied]", 126)
        text = decode(self.files.read(path))
        return await Shell(process, process.argv[0], process.argv[1:]).run_text(text)


async def _stage(child: Shell, node: Node, source: Pipe | None, sink: Pipe) -> int:
    try:
        return await child.run_node(node)
    finally:
        sink.end_writing()
        if source is not None:
            source.end_reading()


def find(shell: Shell, name: str) -> str | None:
    """Return the path of an executable, looking through PATH for a bare name."""
    if "/" in name:
        path = absolute(shell.cwd, name)
        return path if path in shell.system.executables or shell.files.is_file(path) else None
    for directory in (shell.get("PATH") or "").split(":"):
        path = absolute(shell.cwd, f"{directory or '.'}/{name}")
        if path in shell.system.executables:
            return path
        if shell.files.is_file(path) and shell.files.mode(path) & 0o111:
            return path
    return None
