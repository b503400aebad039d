"""What each kind of fault does to a program and its answer."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from random import Random

from attrs import evolve, frozen

from sansim.faults.fault import Fault, Kind
from sansim.faults.gate import Gate
from sansim.faults.line import Line
from sansim.program import Answer, pieces
from sansim.state import State

__all__ = ["KINDS", "Execution", "Strike"]

Execution = Callable[[], Awaitable[Answer]]

_GARBLED = 20
"""One character of so many is another in garbled output, and at least one."""
_NOISE = "?#~^@\x1b\x00\x7f\udcff"
"""What stands in their places: the last is a byte that is no UTF-8."""


@frozen
class Strike:
    """A fault in the moment it strikes.

    Attributes:
        fault: Which.
        program_line: What it strikes.
        execution: The program.
        line: Whose program it is.
        runs_on: Whether a program runs on when its line is lost before it begins.
        state: What the program changes.
        random: Decides what is left to chance.
        removed: Opened when the fault is removed.
        befall: Lets the fault's condition befall the array.
    """

    fault: Fault
    program_line: str
    execution: Execution
    line: Line
    runs_on: bool
    state: State
    random: Random
    removed: Gate
    befall: Callable[[], Awaitable[None]]

    async def at_its_moment(self, act: Callable[[], Awaitable[None]]) -> Answer:
        """Run the program, with `act` before its effect, after it, or midway in its output."""
        if self.fault.when == "before":
            await act()
            return await self.execution()
        answer = await self.execution()
        if self.fault.when == "midway":
            return evolve(answer, stdout=_midway(answer, act))
        await act()
        return answer


async def _condition(strike: Strike) -> Answer:
    if strike.fault.when != "before":
        return await strike.at_its_moment(strike.befall)
    await strike.befall()
    # The line may be lost with what befell the array.
    return Answer() if strike.line.lost and not strike.runs_on else await strike.execution()


async def _cut(strike: Strike) -> Answer:
    async def act() -> None:
        strike.line.cut()

    if strike.fault.when == "before" and not strike.runs_on:
        await act()
        return Answer()
    return await strike.at_its_moment(act)


async def _error(strike: Strike) -> Answer:
    fault = strike.fault
    answer = await strike.execution() if fault.when == "after" else Answer()
    return evolve(answer, stdout=fault.stdout, stderr=fault.stderr, status=fault.status)


async def _status(strike: Strike) -> Answer:
    return evolve(await strike.execution(), status=strike.fault.status)


async def _noop(strike: Strike) -> Answer:
    with strike.state.discarded():
        answer = await strike.execution()
        if isinstance(answer.stdout, AsyncIterable):
            return answer
        # What is made as it is read is read here: it shows what is taken back.
        return evolve(answer, stdout=answer.printed)


async def _hang(strike: Strike) -> Answer:
    async def act() -> None:
        with strike.line.recording.held(strike.program_line, "hang"):
            await _first_of(strike.removed.wait(), *(() if strike.runs_on else (strike.line.left(),)))

    if strike.fault.when != "before" or strike.runs_on:
        return await strike.at_its_moment(act)
    await act()
    return Answer() if strike.line.lost else await strike.execution()


async def _slow(strike: Strike) -> Answer:
    async def act() -> None:
        with strike.line.recording.held(strike.program_line, "slow"):
            await strike.removed.wait(strike.fault.seconds)

    return await strike.at_its_moment(act)


async def _garble(strike: Strike) -> Answer:
    answer = await strike.execution()

    async def garbled() -> AsyncIterator[str]:
        async for piece in pieces(answer.stdout):
            characters = list(piece)
            for place in strike.random.sample(range(len(piece)), k=-(-len(piece) // _GARBLED)):
                characters[place] = strike.random.choice(_NOISE.replace(piece[place], ""))
            yield "".join(characters)

    return evolve(answer, stdout=garbled())


async def _truncate(strike: Strike) -> Answer:
    answer = await strike.execution()
    if isinstance(answer.stdout, AsyncIterable):
        return evolve(answer, stdout=_first(answer.stdout))
    text = answer.printed
    return evolve(answer, stdout=text[: int(len(text) * strike.fault.keep)])


async def _midway(answer: Answer, act: Callable[[], Awaitable[None]]) -> AsyncIterator[str]:
    """Yield half of what a program printed, or its first piece if it never ends; act; yield the rest."""
    if isinstance(answer.stdout, AsyncIterable):
        rest = answer.stdout.__aiter__()
        first = await anext(rest, "")
        yield first
        await act()
        async for piece in rest:
            yield piece
        return
    text = answer.printed
    yield text[: len(text) // 2]
    await act()
    yield text[len(text) // 2 :]


async def _first(stdout: AsyncIterable[str]) -> AsyncIterator[str]:
    async for piece in stdout:
        yield piece
        return


async def _first_of(*waits: Awaitable[None]) -> None:
    """Return when the first of several ends, and give the others up."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


KINDS: Mapping[Kind, Callable[[Strike], Awaitable[Answer]]] = {
    "condition": _condition,
    "cut": _cut,
    "error": _error,
    "garble": _garble,
    "hang": _hang,
    "noop": _noop,
    "slow": _slow,
    "status": _status,
    "truncate": _truncate,
}
