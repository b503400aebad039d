"""The output of a program, back into one answer a step. Also the watch that tells how patient to be meanwhile."""

import time
from collections.abc import Callable, Mapping
from enum import Enum

from attrs import Factory, define, field

from sansdk.commands.base import Pace
from sansdk.transport.base import Answer, Stream


class Ended(Enum):
    """How an item ended on the array."""

    DONE = "done"
    UNDONE = "undone"
    UNDO_FAILED = "undo-failed"
    STOPPED = "stopped"


@define
class _Half:
    """One stream: bytes not yet looked at, and what each step wrote, innermost step last."""

    rest: bytearray = Factory(bytearray)
    open: list[str] = Factory(list)
    written: dict[str, bytearray] = Factory(dict)
    ended: bool = False


@define
class Transcript:
    """Takes both streams of a program as they arrive and tells its steps apart.

    Attributes:
        nonce: What the program's marks begin with.
        progress: Called with the number of an item that has ended.
        statuses: Exit status by step.
        tolerated: Steps whose refusal counted as done.
        items: How each item ended.
        trouble: What the program itself had to say (`X`).
        started: Whether the program ran at all.
    """

    nonce: str = field(repr=False)
    progress: Callable[[int], None] = field(default=lambda _: None, repr=False)
    statuses: dict[str, int] = Factory(dict)
    tolerated: set[str] = Factory(set)
    items: dict[int, Ended] = Factory(dict)
    trouble: list[str] = Factory(list)
    started: bool = False
    running: str = ""
    _halves: dict[Stream, _Half] = Factory(lambda: {"stdout": _Half(), "stderr": _Half()})

    @property
    def complete(self) -> bool:
        """Whether both streams have come to the program's end."""
        return all(half.ended for half in self._halves.values())

    def feed(self, stream: Stream, data: bytes) -> int:
        """Take the next bytes of a stream; how many marks were in them."""
        half = self._halves[stream]
        half.rest += data
        mark = b"@@" + self.nonce.encode() + b" "
        marks = 0
        while (start := half.rest.find(mark)) >= 0 and (end := half.rest.find(b"\n", start)) >= 0:
            self._keep(half, half.rest[:start])
            kind, _, rest = half.rest[start + len(mark) : end].decode().partition(" ")
            del half.rest[: end + 1]
            self._mark(half, kind, rest, first=stream == "stdout")
            marks += 1
        if start < 0:
            settled = max(len(half.rest) - len(mark), 0)
            self._keep(half, half.rest[:settled])
            del half.rest[:settled]
        return marks

    def answer(self, step: str) -> Answer | None:
        """What a step printed and how it ended; None if it did not run to its end."""
        if step not in self.statuses:
            return None
        out, err = (bytes(self._halves[s].written.get(step, b"")) for s in ("stdout", "stderr"))
        return Answer.of(self.statuses[step], out, err)

    def inside(self, step: str) -> Mapping[str, Answer]:
        """The answers of what a step ran on its own account, by the name it gave each."""
        prefix = f"{step}:"
        answers = {name[len(prefix) :]: self.answer(name) for name in self.statuses if name.startswith(prefix)}
        return {name: answer for name, answer in answers.items() if answer is not None}

    def _keep(self, half: _Half, data: bytes | bytearray) -> None:
        if half.open and data:
            half.written.setdefault(half.open[-1], bytearray()).extend(data)

    def _mark(self, half: _Half, kind: str, rest: str, *, first: bool) -> None:
        word, _, more = rest.partition(" ")
        if kind == "B":
            half.open.append(word)
            self.running = word
        elif kind == "E":
            if half.open:
                half.open.pop()
            self.statuses[word] = int(more)
        elif kind == "Z":
            half.ended = True
        elif first:
            self._fact(kind, word, more, rest)

    def _fact(self, kind: str, word: str, more: str, rest: str) -> None:
        if kind == "P":
            self.started = True
        elif kind == "T":
            self.tolerated.add(word)
        elif kind == "R":
            self.items[int(word)] = Ended(more)
            self.progress(int(word))
        elif kind == "X":
            self.trouble.append(rest)


@define
class ScriptWatch:
    """Patience for a program: as long as the class of the running step allows without a mark.

    Attributes:
        transcript: Where the output goes.
        paces: The class of each step.
        seconds: How long each class may be silent.
    """

    transcript: Transcript
    paces: Mapping[str, Pace]
    seconds: Mapping[Pace, float]
    _heard: float = Factory(time.monotonic)
    _end: float = float("inf")

    def end_within(self, seconds: float) -> None:
        """Be patient for so long at most, whatever is heard."""
        self._end = time.monotonic() + seconds

    def saw(self, stream: Stream, data: bytes) -> bool:
        """Complete once both streams have shown the program's end."""
        if self.transcript.feed(stream, data):
            self._heard = time.monotonic()
        return self.transcript.complete

    def deadline(self) -> float:
        """So many seconds after the last mark."""
        name = self.transcript.running.partition(":")[0]
        return min(self._end, self._heard + self.seconds[self.paces.get(name, Pace.READ)])
