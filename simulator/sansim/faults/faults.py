"""The faults, latencies and conditions of one array. Every program of every array runs through `Faults.run`."""

from collections.abc import Collection, Iterable, Iterator
from random import Random
from threading import Lock
from typing import Generic, TypeVar

from attrs import Factory, frozen

from sansim.faults.conditions import Condition, Intervention
from sansim.faults.fault import Fault, Latency
from sansim.faults.gate import Gate
from sansim.faults.kinds import KINDS, Execution, Strike
from sansim.faults.line import Line
from sansim.faults.standing import Befall, Lift, Standing
from sansim.faults.unattended import Unattended
from sansim.program import Answer
from sansim.state import State

__all__ = ["Faults"]

V = TypeVar("V")


async def _untouched(condition: Condition) -> Lift | None:
    raise ValueError(f"nothing here can be in the condition {condition}")


@frozen(eq=False)
class _Set(Generic[V]):
    """A fault or latency as it is set.

    Attributes:
        value: It.
        random: What it leaves to chance, whatever the others do.
        removed: Opened when it is removed.
    """

    value: V
    random: Random
    removed: Gate = Factory(Gate)


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
        conditions: Collection[type[Condition]] = (),
    ) -> None:
        """Make an array's faults; there are none at first.

        Args:
            runs_on: See above.
            state: What its programs change.
            random: Decides whether faults strike that are not certain to, and how.
            befall: Lets a condition befall the array.
            conditions: What it knows of these; faults with others are refused.
        """
        self.runs_on = runs_on
        self._state = State() if state is None else state
        self._random = Random() if random is None else random  # noqa: S311 - no cryptography
        self._befall = befall
        self._conditions: tuple[type[Condition], ...] = (Intervention, *conditions)
        self._faults: dict[int, _Set[Fault]] = {}
        self._latencies: dict[int, _Set[Latency]] = {}
        self._standing: list[Standing] = []
        self._lock = Lock()

    def __iter__(self) -> Iterator[Fault]:
        with self._lock:
            return iter([one.value for one in self._faults.values()])

    def __len__(self) -> int:
        return len(self._faults)

    @property
    def latencies(self) -> tuple[Latency, ...]:
        """The latencies, in the order they were set."""
        with self._lock:
            return tuple(one.value for one in self._latencies.values())

    @property
    def standing(self) -> tuple[Standing, ...]:
        """The conditions that the array is in, in the order they befell it."""
        with self._lock:
            return tuple(self._standing)

    def add(self, fault: Fault) -> Fault:
        """Set a fault; one that is set already stays as it is.

        Of several that match a program the first set strikes; every matching condition befalls.

        Raises:
            TypeError: It is no fault.
            ValueError: Its condition is none that this array knows.
        """
        if not isinstance(fault, Fault):
            raise TypeError(f"{fault!r} is no fault; set a latency with slow(), let a condition befall() the array")
        self._check(fault.condition)
        with self._lock:
            if id(fault) not in self._faults:
                self._faults[id(fault)] = _Set(fault, self._chance())
        return fault

    def remove(self, fault: Fault) -> None:
        """Remove a fault and let go on what it holds up; one that is not set is no error."""
        with self._lock:
            found = self._faults.pop(id(fault), None)
        if found is not None:
            found.removed.open()

    def slow(self, latency: Latency) -> Latency:
        """Set a latency; one that is set already becomes the last set.

        Raises:
            TypeError: It is no latency.
        """
        if not isinstance(latency, Latency):
            raise TypeError(f"{latency!r} is no latency; set a fault, of kind slow too, with add()")
        with self._lock:
            found = self._latencies.pop(id(latency), None)
            self._latencies[id(latency)] = found or _Set(latency, self._chance())
        return latency

    def hasten(self, latency: Latency) -> None:
        """Remove a latency and let go on what it holds up; one that is not set is no error."""
        with self._lock:
            found = self._latencies.pop(id(latency), None)
        if found is not None:
            found.removed.open()

    def clear(self) -> None:
        """Remove all faults and latencies, let go on what they hold up, and lift what conditions can be lifted."""
        for fault in self:
            self.remove(fault)
        for latency in self.latencies:
            self.hasten(latency)
        for standing in reversed(self.standing):
            if standing.lift is not None:
                self.lift(standing)

    def put_back(self, standing: Iterable[Standing]) -> None:
        """Let these be the conditions: the array is what it was when it was in them. Nothing else befalls it."""
        with self._lock:
            self._standing = list(standing)

    async def befall(self, condition: Condition) -> Standing:
        """Let a condition befall the array; on its loop.

        Raises:
            ValueError: This array cannot be in it.
        """
        self._check(condition)
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
        standing.take_away()

    async def run(self, program_line: str, execution: Execution, line: Line) -> Answer:
        """Run a program, noting it on the line, with the latency and the faults that concern it.

        None concerns what another administrator runs.
        """
        line.recording.programs.append(program_line)
        if isinstance(line, Unattended):
            return await execution()
        for standing in self.standing:
            standing.struck += 1
        return await self._spoiled(program_line, execution, line, runs_on=self.runs_on)

    async def at(self, stage: str, line: Line, answer: Answer | None = None) -> Answer:
        """Pass a stage of a connection, with the latency and the faults that concern it; it ends with its client.

        Args:
            stage: One of `STAGES`, and who or what: `@login admin`.
            line: The connection, or the channel.
            answer: What comes of it without a fault.

        Returns:
            What came of it.
        """

        async def passed() -> Answer:
            return answer or Answer()

        return await self._spoiled(stage, passed, line, runs_on=False)

    async def _spoiled(self, program_line: str, execution: Execution, line: Line, *, runs_on: bool) -> Answer:
        await self._wait(program_line, line)
        for struck in self._striking(program_line):
            line.recording.faults.append(struck.value.kind)
            execution = self._struck(struck, program_line, execution, line, runs_on=runs_on)
        return await execution()

    async def _wait(self, program_line: str, line: Line) -> None:
        with self._lock:
            concerned = [one for one in self._latencies.values() if one.value.concerns(program_line)]
            if not concerned:
                return
            latency = concerned[-1].value
            latency.struck += 1
            seconds = latency.seconds + latency.spread * concerned[-1].random.uniform(-1, 1)
        line.recording.latency += seconds
        with line.recording.held(program_line, "latency"):
            await concerned[-1].removed.wait(seconds)

    def _striking(self, program_line: str) -> list[_Set[Fault]]:
        """Return the first fault that strikes, and the conditions that befall.

        Those come last, and so outside of it: what befalls the array is nothing that a `noop` takes back.
        """
        spoiling: list[_Set[Fault]] = []
        befalling: list[_Set[Fault]] = []
        with self._lock:
            for one in self._faults.values():
                among = befalling if one.value.kind == "condition" else spoiling
                if among is spoiling and spoiling:
                    continue
                if one.value.strikes(program_line, one.random.random):
                    among.append(one)
        return [*spoiling, *befalling]

    def _struck(
        self, struck: _Set[Fault], program_line: str, execution: Execution, line: Line, *, runs_on: bool
    ) -> Execution:
        fault = struck.value

        async def befall() -> None:
            if isinstance(fault.condition, Intervention):
                fault.condition.act(program_line)
            elif fault.condition is not None:
                await self.befall(fault.condition)

        # Each time for itself: what is drawn while an answer is read does not depend on who reads when.
        random = Random(struck.random.getrandbits(64))  # noqa: S311 - no cryptography
        strike = Strike(
            fault, program_line, execution, line, runs_on, self._state, random, struck.removed, befall
        )  # fmt: skip

        async def spoiled() -> Answer:
            return await KINDS[fault.kind](strike)

        return spoiled

    def _check(self, condition: Condition | None) -> None:
        if condition is not None and not isinstance(condition, self._conditions):
            known = ", ".join(sorted(kind.__name__ for kind in self._conditions if kind is not Intervention))
            raise ValueError(f"this array knows no condition {type(condition).__name__}; it knows {known or 'none'}")

    def _chance(self) -> Random:
        return Random(self._random.getrandbits(64))  # noqa: S311 - no cryptography
