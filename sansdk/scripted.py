"""Runs items on an array with a shell: a batch is one program, sent by one exec, with its undo."""

import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from sansdk import byhand, script
from sansdk.commands.base import Command, Pace
from sansdk.errors import Cancelled, ConnectError, ConnectionLost, Timeout, Uncertain
from sansdk.executor import SECONDS, Executor, Outcome
from sansdk.history import History
from sansdk.script import Dialect, Program, Run
from sansdk.steps import Item, Read, Step
from sansdk.transcript import Ended, ScriptWatch, Transcript
from sansdk.transport.base import Answer, Transport, Within

_BATCH: Final = 1000
_POLL: Final = 0.2
_STARTS: Final = 3
_CANCELLED_WITHIN: Final = 0.8


class Scripted(Executor):
    """For an array with a shell."""

    def __init__(
        self, transport: Transport, history: History, dialect: Dialect, seconds: Mapping[Pace, float] = SECONDS
    ) -> None:
        super().__init__(transport, history, seconds)
        self.dialect = dialect
        self._seen: list[Run] = []
        self._fences: list[Run] = []
        self._under_way: tuple[Run, Program, ScriptWatch] | None = None

    def answers(self, reads: Sequence[Read]) -> Mapping[Command[Any], Answer]:
        """One exec, sent again when the line was lost: it has no effect."""
        if not reads:
            return {}
        transcript = self.repeatedly(lambda: self._read(reads))
        return self._found(transcript, "r", reads)

    def outcomes(self, items: Sequence[Item], *, stop: bool, progress: Callable[[int], None]) -> Iterator[Outcome]:
        """One exec a batch; none after one that was stopped."""
        halted = False
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            if halted:
                yield from (Outcome(Ended.STOPPED) for _ in batch)
                continue
            transcript = self._changed(batch, stop=stop, progress=progress)
            ends = {transcript.items.get(number, Ended.STOPPED) for number in range(len(batch))}
            halted = self.cancelled or not ends <= {Ended.DONE, Ended.UNDONE} or (stop and ends != {Ended.DONE})
            for number, item in enumerate(batch):
                yield self._outcome(transcript, number, item)

    def undo(self, item: Item, outcome: Outcome) -> tuple[Step, ...]:
        """Another exec; each undo is an item of its own, so that one that fails keeps no other from running."""
        ran = [(n, s, s.undo) for n, s in enumerate(item.steps) if s.undo is not None and n not in outcome.tolerated]
        ran.reverse()
        outcomes = self.outcomes(
            [Item(item.intent, (Step(undo),)) for _, _, undo in ran], stop=False, progress=lambda _: None
        )
        return tuple(s for (_, s, _), o in zip(ran, outcomes, strict=True) if o.ended is not Ended.DONE)

    def script(self, items: Sequence[Item]) -> str:
        """A sh program that stops at the first failure; the undo of each step stands in a comment."""
        return byhand.program(items, self.dialect)

    def cancel(self) -> None:
        """Make the stop file; between two programs, let no further one leave."""
        self.cancelled = True
        under_way = self._under_way
        if under_way is not None:
            run, program, watch = under_way
            self._stop(run, program)
            watch.end_within(_CANCELLED_WITHIN)

    def close(self) -> None:
        """Run an empty program, which clears away the files of those before it; an array that is gone keeps them."""
        self._seen += self._fences
        if self._seen:
            with suppress(ConnectError, Uncertain):
                self._read(())

    def _read(self, reads: Sequence[Read]) -> Transcript:
        run = _new_run()
        transcript = self._sent(run, script.reading(reads, run, self.dialect, seen=self._seen))
        self._seen = []
        return transcript

    def _sent(self, run: Run, program: Program, progress: Callable[[int], None] = lambda _: None) -> Transcript:
        transcript = Transcript(run.nonce, progress)
        watch = ScriptWatch(transcript, program.paces, self.seconds)
        self._under_way = (run, program, watch)
        try:
            if self.cancelled:  # asked after it is said what is under way: a cancel meanwhile finds one or the other
                raise Cancelled("Cancelled before anything more was sent.")
            self.transport.exec(program.text, program.stdin, watch=watch)
        except Timeout as late:
            raise self._silent(run, program, transcript, late) from None
        finally:
            self._under_way = None
        if not transcript.complete:
            raise Uncertain(
                "The program that was sent did not run to its end.",
                mend="Log in by hand and see whether /bin/sh runs, and what the login prints.",
            )
        return transcript

    def _changed(self, items: Sequence[Item], *, stop: bool, progress: Callable[[int], None]) -> Transcript:
        for _ in range(_STARTS):
            run = _new_run()
            program = script.changing(items, run, self.dialect, seen=self._seen, stop=stop)
            transcript: Transcript | None
            try:
                transcript = self._sent(run, program, progress)
            except ConnectionLost as lost:
                transcript = self._recovered(run, program, lost)
            if transcript is not None:
                self._seen = [run]
                return transcript
            self._fences.append(run)
        raise ConnectionLost("The connection broke three times before the program could begin; nothing was done.")

    def _stop(self, run: Run, program: Program) -> None:
        """Have a program stop after its step; one that only reads looks for no stop file, and nobody removes it."""
        if program.text != script.PLAIN:
            self.transport.exec(script.cancelling(run), watch=Within(self.seconds[Pace.READ]))

    def _silent(self, run: Run, program: Program, transcript: Transcript, late: Timeout) -> Uncertain:
        """What to tell of a program that was given up on: it has been told to stop after its step."""
        if program.text == script.PLAIN:
            return Cancelled("Cancelled while reading; nothing was changed.") if self.cancelled else late
        step = program.title(transcript.running)
        if self.cancelled:
            return Cancelled(
                f"Cancelled: the array is still busy with: {step}. It stops, and undoes its item, after that."
            )
        try:
            self._stop(run, program)
        except (ConnectError, Uncertain) as unheard:
            return Timeout(f"{late} The array is still busy with: {step}, and could not be told to stop: {unheard}")
        return Timeout(f"{late} The array is still busy with: {step}. It was told to stop, and to undo, after that.")

    def _recovered(self, lost: Run, program: Program, error: ConnectionLost) -> Transcript | None:
        """The transcript of a run whose connection broke; None if it never ran, and never will.

        Raises:
            ConnectionLost: Nobody can tell what became of it.
        """
        patience = max(self.seconds[pace] for pace in (*program.paces.values(), Pace.READ))
        until = time.monotonic() + patience
        while time.monotonic() < until:
            try:
                answers = self.repeatedly(lambda: self._asked(lost))
            except (ConnectError, ConnectionLost, Timeout) as unheard:
                error = ConnectionLost(f"{error} Asked for it, the array did not answer: {unheard}")
                break
            was = answers.answer("was")
            word = was.stdout.split()[-1] if was is not None and was.stdout.split() else ""
            if word == "never":
                return None
            if word == "over":
                return _replayed(lost, answers)
            if word == "crashed":
                self._seen.append(lost)
                break
            time.sleep(random.uniform(_POLL / 2, _POLL))  # noqa: S311 - jitter
        raise ConnectionLost(
            f"{error} What became of the program on the array cannot be told.",
            mend="Read the state again; ensure_* completes what is half made.",
        )

    def _asked(self, lost: Run) -> Transcript:
        run = _new_run()
        return self._sent(run, script.recovering(lost, run))

    def _outcome(self, transcript: Transcript, number: int, item: Item) -> Outcome:
        ended = transcript.items.get(number, Ended.STOPPED)
        failed: tuple[Step, Answer] | None = None
        left: list[Step] = []
        tolerated: set[int] = set()
        for n, step in enumerate(item.steps):
            name = f"{number}.{n}"
            answer = transcript.answer(name)
            if answer is None:
                break
            self.note(step.command, answer)
            if name in transcript.tolerated:
                tolerated.add(n)
            elif answer.status != 0:
                failed = (step, answer)
            elif step.irreversible and ended is not Ended.DONE:
                left.append(step)
        for n, step in reversed(list(enumerate(item.steps))):
            undone = transcript.answer(f"u{number}.{n}")
            if undone is not None and step.undo is not None:
                self.note(step.undo, undone)
                if undone.status != 0 and step not in left:
                    left.append(step)
        proven = ended is Ended.DONE
        readings = self._found(transcript, *((f"p{number}", item.proof) if proven else (f"d{number}", item.diagnosis)))
        return Outcome(ended, failed, tuple(left), frozenset(tolerated), readings, "; ".join(transcript.trouble))

    def _found(self, transcript: Transcript, prefix: str, reads: Sequence[Read]) -> dict[Command[Any], Answer]:
        found: dict[Command[Any], Answer] = {}
        for n, read in enumerate(reads):
            name = script.key(prefix, n)
            inner = {} if read.each is None else {read.each(t): a for t, a in transcript.inside(name).items()}
            answer = transcript.answer(name)
            if answer is not None:
                found[read.command] = answer
            found |= inner
        for command, answer in found.items():
            self.note(command, answer)
        return found


def _new_run() -> Run:
    # Not from a planner's randomness: one plan may run twice, and each run has an identity of its own.
    return Run(secrets.token_hex(8), secrets.token_hex(16))


def _replayed(run: Run, kept: Transcript) -> Transcript:
    """The transcript of a run from the streams that the array kept."""
    transcript = Transcript(run.nonce)
    for stream in ("stdout", "stderr"):
        answer = kept.answer(stream)
        text = "" if answer is None else answer.stdout
        transcript.feed(stream, text.encode("utf-8", "surrogateescape"))
    return transcript
