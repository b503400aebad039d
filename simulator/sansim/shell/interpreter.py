"""Runs shell programs: one `Shell` is one process, and what it does with a syntax tree."""

from collections.abc import Awaitable, Callable

from sansim.shell.commands import Commands
from sansim.shell.compounds import Compounds
from sansim.shell.flow import BreakLoop, ExitShell, Interrupted, ReturnFunction
from sansim.shell.parser import Parser
from sansim.shell.pipelines import Pipelines
from sansim.shell.syntax import (
    AndOr,
    Background,
    Function,
    Node,
    Pipeline,
    Sequence,
    Simple,
    Subshell,
    SyntaxProblem,
)

__all__ = ["Builtin", "Shell"]

Builtin = Callable[["Shell", list[str]], Awaitable[int]]


class Shell(Compounds, Pipelines, Commands):
    """A shell process that runs syntax trees."""

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

    async def evaluate(self, text: str, *, whole: bool = False) -> int:
        """Run a text in this shell: `eval`, `.`, the action of a trap; or the whole of what it is there for."""
        begins = self.at_line
        parser = Parser(text, self.aliases, begins)
        status = 0
        while True:
            try:
                command = parser.next()
            except SyntaxProblem as problem:
                raise ExitShell(await self.refuse(problem, text, begins)) from None
            if command is None:
                return status
            if whole and parser.at >= len(parser.text):
                self._give_way(command)
            status = await self.run(command)

    def _give_way(self, last: Node) -> None:
        """A shell whose last command is a simple one is replaced by it."""
        running = self.system.processes.find(self.number)
        if running is not None and isinstance(last, Sequence) and len(last.commands) == 1:
            running.replaced = isinstance(last.commands[0], Simple) and not self.traps

    async def run(self, node: Node) -> int:
        """Run a syntax tree and return its status."""
        if self.interrupted:
            raise Interrupted
        self.files.next_command()
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
