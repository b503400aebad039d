"""The processes of a host: who runs what, and how signals reach them."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from attrs import define, field

__all__ = ["SIGNALED", "SIGNALS", "Processes", "Running", "signal_number"]

SIGNALS: Mapping[str, int] = {
    "EXIT": 0, "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "EMT": 7, "FPE": 8, "KILL": 9, "BUS": 10,
    "SEGV": 11, "SYS": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "USR1": 16, "USR2": 17, "CHLD": 18, "PWR": 19,
    "WINCH": 20, "URG": 21, "POLL": 22, "STOP": 23, "TSTP": 24, "CONT": 25, "TTIN": 26, "TTOU": 27, "VTALRM": 28,
    "PROF": 29, "XCPU": 30, "XFSZ": 31,
}  # fmt: skip
"""Signals by name (source: illumos sys/iso/signal_iso.h)."""
SIGNALED = 256
"""What ksh93 adds to a signal's number for the status of a process that it ended."""

_HARMLESS = frozenset(("CHLD", "PWR", "WINCH", "URG", "CONT"))
_STOPPING = frozenset(("STOP", "TSTP", "TTIN", "TTOU"))
_NAMES = {number: name for name, number in SIGNALS.items()}
_FIRST_NUMBER = 1201


def signal_number(word: str) -> int | None:
    """Return the number of a signal given by name, with or without SIG, or by number; None for no signal."""
    if word.isdecimal():
        return int(word) if int(word) in _NAMES else None
    return SIGNALS.get(word.upper().removeprefix("SIG"))


@define(eq=False)
class Running:
    """One process.

    Attributes:
        number: Its process number.
        parent: The number of the process that started it.
        user: Who it runs as.
        text: Its arguments, as `ps` prints them.
        started: When it began.
        terminal: The name of its controlling terminal, `?` for none.
        session: The SSH line of its login.
        attached: Tells whether it runs in the background and may still write to that line.
        ignored: The signals that it ignores.
        handler: Takes a signal that the process handles itself, and tells whether it does.
        task: What runs it.
        replaced: Whether it has given way to the command that it was there for, which is listed in its place.
        killed: The number of the signal that ends it, 0 for none yet.
    """

    number: int
    parent: int
    user: str
    text: str
    started: datetime
    terminal: str = "?"
    session: object = None
    attached: Callable[[], bool] = lambda: False
    ignored: frozenset[str] = frozenset()
    handler: Callable[[str], bool] | None = None
    task: "asyncio.Task[int] | None" = None
    replaced: bool = False
    killed: int = 0

    def signal(self, number: int) -> None:
        """Deliver a signal: it is ignored, handled, or ends the process. Stopping is not simulated."""
        name = _NAMES[number]
        if name != "KILL" and (name in self.ignored or (self.handler is not None and self.handler(name))):
            return
        if number and name not in _HARMLESS | _STOPPING and self.task is not None:
            self.killed = number
            self.task.cancel()

    async def run(self, body: "asyncio.Task[int]") -> int:
        """Wait for the process's end and return its status; a signal's is `SIGNALED` and its number."""
        self.task = body
        try:
            return await body
        except asyncio.CancelledError:
            waiting = asyncio.current_task()
            if self.killed and not (waiting is not None and waiting.cancelling()):
                return SIGNALED + self.killed
            raise


@define
class Processes:
    """All processes of a host, by number."""

    _running: dict[int, Running] = field(factory=dict)
    _numbers: "count[int]" = field(factory=lambda: count(_FIRST_NUMBER))

    def __iter__(self) -> Iterator[Running]:
        return iter(tuple(self._running.values()))

    def find(self, number: int) -> Running | None:
        """Return a running process."""
        return self._running.get(number)

    def next_number(self) -> int:
        """Return a number for a new process."""
        return next(self._numbers)

    def enter(self, process: Running) -> None:
        """Take a process into the table."""
        self._running[process.number] = process

    @contextmanager
    def entered(self, process: Running) -> Iterator[Running]:
        """Keep a process in the table to the end of the block."""
        self.enter(process)
        try:
            yield process
        finally:
            del self._running[process.number]
