"""Runs items and reads, and judges what became of them.

Two ways, one contract: `scripted.Scripted` for an array with a shell, where the undo runs too; `stepwise.Stepwise`
for one without.
"""

import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from attrs import Factory, frozen

from sansdk.commands.base import Command, Pace, hidden
from sansdk.errors import Cancelled, Conflict, ConnectionLost, LeftBehind, NoEffect, NotFound, SanError, Uncertain, bare
from sansdk.history import History
from sansdk.model import Progress
from sansdk.steps import Item, Read, Readings, Result, Step
from sansdk.transcript import Ended
from sansdk.transport.base import Answer, Transport

SECONDS: Final[Mapping[Pace, float]] = {Pace.READ: 60.0, Pace.CHANGE: 120.0, Pace.LONG: 3600.0}
"""How long a command of each class may take, or a program be silent in it, by default."""

_ATTEMPTS: Final = 3
_BACK_OFF: Final = (0.5, 8.0)

T = TypeVar("T")


class Overtaken(Conflict):
    """Something was there already, and reading it shows that it is not as planned: plan again."""


@frozen
class Outcome:
    """What became of one item on the array.

    Attributes:
        ended: How it ended; None where nobody can tell.
        failed: The step that was refused, with its answer.
        left: Steps whose effect is still there: their undo failed, or there is none.
        tolerated: The numbers of steps that found things as they should be.
        readings: The answers of the proof, or of the diagnosis.
        trouble: Why, where no step says it.
        error: What to tell, where the array could not say how it ended.
    """

    ended: Ended
    failed: tuple[Step, Answer] | None = None
    left: tuple[Step, ...] = ()
    tolerated: frozenset[int] = frozenset()
    readings: Mapping[Command[Any], Answer] = Factory(dict)
    trouble: str = ""
    error: SanError | None = None


_AS_IT_IS: Final = Outcome(Ended.DONE)


class Executor(ABC):
    """Runs what a planner made. Not to be used by two threads at once: the session sees to that."""

    def __init__(self, transport: Transport, history: History, seconds: Mapping[Pace, float] = SECONDS) -> None:
        self.transport = transport
        self.history = history
        self.seconds = seconds
        self.cancelled = False

    def begin(self) -> None:
        """A new call: what was cancelled is over."""
        self.cancelled = False

    @abstractmethod
    def answers(self, reads: Sequence[Read]) -> Mapping[Command[Any], Answer]:
        """Run reads; the answer of each, by its command."""

    @abstractmethod
    def outcomes(self, items: Sequence[Item], *, stop: bool, progress: Callable[[int], None]) -> Iterator[Outcome]:
        """Run items in order; what became of each."""

    @abstractmethod
    def undo(self, item: Item, outcome: Outcome) -> tuple[Step, ...]:
        """Take back an item that ran whole; the steps whose undo failed."""

    @abstractmethod
    def script(self, items: Sequence[Item]) -> str:
        """Items as commands that a person can run by hand."""

    @abstractmethod
    def cancel(self) -> None:
        """Stop the call that is under way after its step, within a second for the caller; from another thread."""

    @abstractmethod
    def close(self) -> None:
        """Clear away what earlier programs left on the array."""

    def read(self, reads: Sequence[Read]) -> Readings:
        """Run reads; the value of each, by its command.

        Raises:
            ArrayError: The array refused one, other than by saying that the thing is not there.
        """
        return values(self.answers(reads))

    def run(self, items: Sequence[Item], *, stop: bool = False, progress: Progress | None = None) -> list[Result]:
        """Run items and judge each by its proof; one result an item."""
        running = [item for item in items if item.steps]
        ended = len(items) - len(running)

        def tell(_: int) -> None:
            nonlocal ended
            ended += 1
            if progress is not None:
                progress(ended, len(items))

        outcomes = self.outcomes(running, stop=stop, progress=tell)
        return [self._judged(item, next(outcomes) if item.steps else _AS_IT_IS) for item in items]

    def _judged(self, item: Item, outcome: Outcome) -> Result:
        if outcome.ended is not Ended.DONE:
            return Result(item.intent, error=_why(item, outcome))
        try:
            found = values(outcome.readings)
        except SanError as unread:
            return Result(item.intent, error=self._unproven(item, outcome, unread))
        try:
            return Result(item.intent, item.confirm(found))
        except NoEffect as error:
            # Something was there already, and it is not what was planned: others were faster.
            other = Overtaken(str(error)) if outcome.tolerated else error
            return Result(item.intent, error=self._undone(item, outcome, other))
        except SanError as error:
            return Result(item.intent, error=self._undone(item, outcome, error))

    def _unproven(self, item: Item, outcome: Outcome, unread: SanError) -> SanError:
        """The error of an item that ran whole, and whose proof was refused: what cannot be taken back stays done."""
        if any(step.irreversible for step in item.steps):
            return Uncertain(
                f"{item.intent}: done, but it could not be read again: {unread}", mend="Read the state again."
            )
        return self._undone(item, outcome, unread)

    def _undone(self, item: Item, outcome: Outcome, error: SanError) -> SanError:
        """The error of an item whose proof is wrong, once it has been taken back."""
        if not any(step.undo for step in item.steps):
            return error
        try:
            left = self.undo(item, outcome)
        except SanError:  # the array was not reached: nobody knows, and the cause is what began it
            left = tuple(step for n, step in enumerate(item.steps) if step.undo and n not in outcome.tolerated)
        return _left_behind(left, error) if left else error

    def repeatedly(self, send: Callable[[], T]) -> T:
        """Do what has no effect, or none twice, until the line holds: three attempts, with back-off and jitter."""
        for attempt in range(_ATTEMPTS - 1):
            try:
                return send()
            except ConnectionLost:
                time.sleep(random.uniform(0, min(_BACK_OFF[1], _BACK_OFF[0] * 2**attempt)))  # noqa: S311 - jitter
        return send()

    def note(self, command: Command[Any], answer: Answer | None) -> None:
        """Put a command and its answer into the history, redacted."""
        said = "" if answer is None else command.redacted(answer.stdout + answer.stderr)
        self.history.add(command.render(hidden), None if answer is None else answer.status, said)


def values(answers: Mapping[Command[Any], Answer]) -> Readings:
    """The value of each answer; None where the array says that the thing is not there."""
    read: dict[Command[Any], Any] = {}
    for command, answer in answers.items():
        try:
            read[command] = command.read(answer)
        except NotFound:
            read[command] = None
        except SanError as error:
            raise bare(error) from None
    return read


def _why(item: Item, outcome: Outcome) -> SanError:
    error = outcome.error or _refusal(item, outcome)
    return _left_behind(outcome.left, error) if outcome.left else error


def _refusal(item: Item, outcome: Outcome) -> SanError:
    if outcome.failed is None:
        begun = "before it began" if outcome.ended is Ended.STOPPED else "on the way, and undone"
        return Cancelled(f"{item.intent}: not done, {outcome.trouble or f'it was stopped {begun}'}.")
    step, answer = outcome.failed
    refused = step.command.refused(answer)
    return item.explain(refused, values(outcome.readings)) if outcome.readings else refused


def _left_behind(left: Sequence[Step], cause: SanError) -> LeftBehind:
    what = tuple(f"the effect of: {step.command.render(hidden)}" for step in left)
    return LeftBehind(
        f"{cause} It could not be taken back whole; left on the array: {'; '.join(what)}.", what=what, cause=cause
    )
