"""The faults, latencies and conditions of one array. Every program of every array runs through `Faults.run`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from random import Random
from threading import Lock

from attrs import define, field

from sansim.faults.conditions import Condition, Intervention
from sansim.faults.fault import Fault, Latency
from sansim.faults.kinds import KINDS, Execution, Strike
from sansim.faults.line import Line
from sansim.program import Answer
from sansim.state import State

__all__ = ["Befall", "Faults", "Lift", "Standing"]

Lift = Callable[[], None]
"""Takes a condition away again."""

Befall = Callable[[Condition], Awaitable[Lift | None]]
"""Lets a condition befall the array and returns how to lift it; None when that is not possible.

Raises ValueError when this kind of array does not know the condition, or has not what it names.
"""


async def _untouched(condition: Condition) -> Lift | None:
    raise ValueError(f"nothing here can be in the condition {condition}")


@define(eq=False)
class Standing:
    """A condition that an array is in.

    Attributes:
        condition: Which.
        lift: Takes it away, None if nothing does.
        struck: How many programs ran under it.
    """

    condition: Condition
    lift: Lift | None
    struck: int = field(default=0, init=False)


class _Held:
    """A fault that may hold programs up, and how to let them go on."""

    def __init__(self) -> None:
        self.events: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def release(self) -> None:
        for loop, event in self.events:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
        self.events.clear()


class Faults:
    """What goes wrong on one array, safe to edit from any thread.

    Attributes:
        runs_on: Whether a command runs on when its line is lost: yes under a shell (Solaris), no under CLIQ,
            where a command whose line is lost before it begins never runs.
    """

    def __init__(
        self,
        *,
        runs_on: bool = True,
        state: State | None = None,
        random: Random | None = None,
        befall: Befall = _untouched,
    ) -> None:
        """Make an array's faults; there are none at first.

        Args:
            runs_on: See above.
            state: What its programs change.
            random: Decides whether faults strike that are not certain to, and how.
            befall: Lets a condition befall the array.
        """
        self.runs_on = runs_on
        self._state = State() if state is None else state
        self._random = Random() if random is None else random  # noqa: S311 - no cryptography
        self._befall = befall
        self._faults: dict[int, tuple[Fault, _Held]] = {}
        self._latencies: list[Latency] = []
        self._standing: list[Standing] = []
        self._lock = Lock()

    def __iter__(self) -> Iterator[Fault]:
        with self._lock:
            return iter([fault for fault, _ in self._faults.values()])

    def __len__(self) -> int:
        return len(self._faults)

    @property
    def latencies(self) -> tuple[Latency, ...]:
        """The latencies, in the order they were set."""
        with self._lock:
            return tuple(self._latencies)

    @property
    def standing(self) -> tuple[Standing, ...]:
        """The conditions that the array is in, in the order they befell it."""
        with self._lock:
            return tuple(self._standing)

    def add(self, fault: Fault) -> Fault:
        """Set a fault. Of several that match a program the first set strikes; every matching condition befalls."""
        with self._lock:
            self._faults[id(fault)] = fault, _Held()
        return fault

    def remove(self, fault: Fault) -> None:
        """Remove a fault and let go on what it holds up; one that is not set is no error."""
        with self._lock:
            _, held = self._faults.pop(id(fault), (None, _Held()))
            held.release()

    def slow(self, latency: Latency) -> Latency:
        """Set a latency."""
        with self._lock:
            self._latencies.append(latency)
        return latency

    def hasten(self, latency: Latency) -> None:
        """Remove a latency; one that is not set is no error."""
        with self._lock:
            self._latencies = [each for each in self._latencies if each is not latency]

    def clear(self) -> None:
        """Remove all faults and latencies and lift all conditions that can be lifted."""
        for fault in self:
            self.remove(fault)
        with self._lock:
            self._latencies.clear()
        for standing in self.standing:
            if standing.lift is not None:
                self.lift(standing)

    async def befall(self, condition: Condition) -> Standing:
        """Let a condition befall the array; on its loop.

        Raises:
            ValueError: This array cannot be in it.
        """
        standing = Standing(condition, await self._befall(condition))
        with self._lock:
            self._standing.append(standing)
        return standing

    def lift(self, standing: Standing) -> None:
        """Take a condition away again.

        Raises:
            ValueError: Nothing takes this one away.
        """
        if standing.lift is None:
            raise ValueError(f"nothing takes {standing.condition} back")
        with self._lock:
            if standing not in self._standing:
                return
            self._standing.remove(standing)
        standing.lift()

    async def run(self, program_line: str, execution: Execution, line: Line) -> Answer:
        """Run a program, noting it on the line, with the latency and the faults that concern it."""
        line.recording.programs.append(program_line)
        for standing in self.standing:
            standing.struck += 1
        await self._wait(program_line)
        for fault, held in self._striking(program_line):
            line.recording.faults.append(fault.kind)
            execution = self._spoiled(fault, held, program_line, execution, line)
        return await execution()

    async def _wait(self, program_line: str) -> None:
        latency = next((each for each in reversed(self.latencies) if each.concerns(program_line)), None)
        if latency is not None:
            latency.struck += 1
            await asyncio.sleep(latency.seconds + latency.spread * self._random.uniform(-1, 1))

    def _striking(self, program_line: str) -> list[tuple[Fault, _Held]]:
        """Return the conditions that befall, and the first of the other faults that strikes."""
        found: list[tuple[Fault, _Held]] = []
        with self._lock:
            for fault, held in self._faults.values():
                spoils = fault.kind != "condition"
                if spoils and any(other.kind != "condition" for other, _ in found):
                    continue
                if fault.strikes(program_line, self._random.random()):
                    found.append((fault, held))
        return found

    def _spoiled(self, fault: Fault, held: _Held, program_line: str, execution: Execution, line: Line) -> Execution:
        async def befall() -> None:
            if isinstance(fault.condition, Intervention):
                fault.condition.act(program_line)
            elif fault.condition is not None:
                await self.befall(fault.condition)

        async def spoiled() -> Answer:
            released = asyncio.Event()
            if fault.kind == "hang":
                held.events.append((asyncio.get_running_loop(), released))
            strike = Strike(fault, execution, line, self.runs_on, self._state, self._random, released, befall)
            return await KINDS[fault.kind](strike)

        return spoiled
