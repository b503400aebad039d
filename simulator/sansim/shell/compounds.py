"""Runs compound commands: conditions, loops, `case`, groups and subshells."""

import asyncio
from itertools import count

from sansim.shell.conditional import holds
from sansim.shell.conditions import ConditionProblem
from sansim.shell.expansion import ExpansionProblem, expand_pattern, expand_text
from sansim.shell.flow import BreakLoop, ExitShell
from sansim.shell.patterns import compile_pattern
from sansim.shell.runner import Runner
from sansim.shell.syntax import (
    ArithmeticCommand,
    Case,
    Conditional,
    CountedFor,
    For,
    Group,
    If,
    Node,
    Subshell,
    While,
)

__all__ = ["Compounds"]

_TURNS = 64


class Compounds(Runner):
    """A shell that runs compound commands."""

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
