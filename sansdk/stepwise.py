"""Runs items on an array without a shell: one command after the other, undone from here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from attrs import evolve

from sansdk import byhand
from sansdk.commands.base import Command, hidden
from sansdk.errors import Cancelled, ConnectError, SanError, Timeout, Uncertain
from sansdk.executor import Executor, Outcome, values
from sansdk.secrets import Secret
from sansdk.steps import Item, Read, Step
from sansdk.transcript import Ended
from sansdk.transport.base import Answer, Within

_CANCELLED_WITHIN: Final = 0.8


class Stepwise(Executor):
    """For an array that takes one command an exec."""

    _under_way: Within | None = None

    def answers(self, reads: Sequence[Read]) -> Mapping[Command[Any], Answer]:
        """One exec a read."""
        return {read.command: self.repeatedly(partial(self._exec, read.command)) for read in reads}

    def outcomes(self, items: Sequence[Item], *, stop: bool, progress: Callable[[int], None]) -> Iterator[Outcome]:
        """One exec a step."""
        halted = False
        for number, item in enumerate(items):
            outcome = Outcome(Ended.STOPPED) if halted or self.cancelled else self._ran(item)
            progress(number)
            halted |= outcome.ended is not Ended.DONE and (stop or outcome.ended is Ended.UNDO_FAILED)
            yield outcome

    def undo(self, item: Item, outcome: Outcome) -> tuple[Step, ...]:
        """One exec a step, backwards."""
        return self._taken_back(step for n, step in enumerate(item.steps) if n not in outcome.tolerated).left

    def script(self, items: Sequence[Item]) -> str:
        """One CLIQ command a line, for a shell that expands `${…}` before it sends them."""
        return byhand.commands(items)

    def cancel(self) -> None:
        """Send no further command, and wait no longer for the one under way: CLIQ has no way to end that."""
        self.cancelled = True
        watch = self._under_way
        if watch is not None:
            watch.end_within(_CANCELLED_WITHIN)

    def close(self) -> None:
        """Nothing is left by commands."""

    def _ran(self, item: Item) -> Outcome:
        done: list[Step] = []
        tolerated: set[int] = set()
        for number, step in enumerate(item.steps):
            if self.cancelled:
                return self._given_up(done)
            try:
                answer = self._exec(step.command)
            except Cancelled as cancelled:
                return Outcome(Ended.STOPPED, error=cancelled)
            except Uncertain as uncertain:
                return self._looked_at(item, uncertain)
            except ConnectError as unsent:
                return evolve(self._given_up(done), error=unsent)
            if _refused(step, answer) is None:
                done.append(step)
            elif step.tolerates and step.tolerates in answer.stdout + answer.stderr:
                tolerated.add(number)
            else:
                outcome = self._given_up(done)
                return evolve(outcome, failed=(step, answer), readings=self.answers(item.diagnosis))
        return self._read_again(item, frozenset(tolerated))

    def _read_again(self, item: Item, tolerated: frozenset[int]) -> Outcome:
        """An item whose steps have all run."""
        try:
            readings = self.answers(item.proof)
        except SanError as unread:
            told = Uncertain(
                f"{item.intent}: done, but it could not be read again: {unread}", mend="Read the state again."
            )
            return Outcome(Ended.STOPPED, error=told)
        return Outcome(Ended.DONE, tolerated=tolerated, readings=readings)

    def _looked_at(self, item: Item, uncertain: Uncertain) -> Outcome:
        """An item whose step may or may not have had its effect: the array tells."""
        found = None
        try:
            readings = self.answers(item.proof)
            found = values(readings)
            item.confirm(found)
        except SanError:
            told = type(uncertain)(
                f"{uncertain} Read again, it is not as planned.",
                found=found,
                mend="Call the ensure_ verb, which completes what is half made.",
            )
            return Outcome(Ended.STOPPED, error=told)
        return Outcome(Ended.DONE, readings=readings)

    def _given_up(self, done: Sequence[Step]) -> Outcome:
        """What is left of an item that ended before its end."""
        outcome = self._taken_back(done)
        return evolve(outcome, left=(*outcome.left, *(s for s in done if s.irreversible and s not in outcome.left)))

    def _taken_back(self, steps: Iterable[Step]) -> Outcome:
        left: list[Step] = []
        for step in reversed(list(steps)):
            if step.undo is not None:
                try:
                    if step.guard is None or step.guard.holds(
                        self.read([Read(step.guard.command)])[step.guard.command]
                    ):
                        step.undo.read(self._exec(step.undo))
                except SanError:
                    left.append(step)
        return Outcome(Ended.UNDO_FAILED if left else Ended.UNDONE, left=tuple(left))

    def _exec(self, command: Command[Any]) -> Answer:
        def word(secret: Secret) -> str:
            return command.dialect.word(secret.reveal())

        answer: Answer | None = None
        self._under_way = watch = Within(self.seconds[command.pace])
        try:
            answer = self.transport.exec(command.render(word), watch=watch)
        except Timeout as late:
            raise (self._given_up_on(command) if self.cancelled else late) from None
        finally:
            self._under_way = None
            self.note(command, answer)
        return answer

    def _given_up_on(self, command: Command[Any]) -> Cancelled:
        return Cancelled(
            f"Cancelled: the array may still be busy with {command.render(hidden)}",
            mend="Read the state before trying again; the ensure_ verbs complete what is half made.",
        )


def _refused(step: Step, answer: Answer) -> SanError | None:
    try:
        step.command.read(answer)
    except SanError as refused:
        return refused
    return None
