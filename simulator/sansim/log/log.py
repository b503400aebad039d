"""The log of one array: its last execs in the order they ended, those under way, and what was not simulated."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from threading import Condition
from time import monotonic
from typing import TextIO, overload

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.log.exec import Exec
from sansim.log.recording import Recording

__all__ = ["Log"]

_MOST_EXECS = 10_000
_MOST_BYTES = 64 << 20


@frozen
class _Begun:
    """An exec under way: when it began on the array's clock, and by the machine's."""

    recording: Recording
    at: datetime
    began: float


class Log(Sequence[Exec]):
    """The last execs of an array. Everything here is safe from any thread.

    Args:
        clock: The array's time.
        keep: How many are kept at most.
        size: How many bytes they may have sent and received; of more, only the last exec is kept whatever its size.
    """

    def __init__(self, clock: Clock | None = None, keep: int = _MOST_EXECS, size: int = _MOST_BYTES) -> None:
        self._clock = Clock() if clock is None else clock
        self._items: deque[Exec] = deque()
        self._keep = keep
        self._most = size
        self._size = 0
        self._number = 0
        self._running: dict[int, _Begun] = {}
        self._unsupported: dict[str, None] = {}
        self._closed = False
        self._changed = Condition()

    @overload
    def __getitem__(self, index: int) -> Exec: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Exec, ...]: ...
    def __getitem__(self, index: int | slice) -> Exec | tuple[Exec, ...]:
        with self._changed:
            return self._items[index] if isinstance(index, int) else tuple(self._items)[index]

    def __len__(self) -> int:
        with self._changed:
            return len(self._items)

    def __iter__(self) -> Iterator[Exec]:
        with self._changed:
            return iter(tuple(self._items))

    @property
    def number(self) -> int:
        """How many execs ended so far, which is the number of the last."""
        with self._changed:
            return self._number

    @property
    def running(self) -> tuple[Exec, ...]:
        """The execs under way as they are now, in the order they began; `holds` says what holds one up."""
        with self._changed:
            return tuple(self._exec(begun) for begun in self._running.values())

    @property
    def unsupported(self) -> tuple[str, ...]:
        """All that was ever asked for and is not simulated, each once; clearing the log does not forget it."""
        with self._changed:
            under_way = (text for begun in self._running.values() for text in tuple(begun.recording.unsupported))
            return tuple({**self._unsupported, **dict.fromkeys(under_way)})

    @property
    def closed(self) -> bool:
        """Whether the array has stopped."""
        with self._changed:
            return self._closed

    def clear(self) -> None:
        """Forget the execs that ended so far; numbers go on, and `unsupported` stays."""
        with self._changed:
            self._items.clear()
            self._size = 0

    def begin(self, recording: Recording) -> None:
        """Take in an exec that begins; `end` follows once."""
        with self._changed:
            recording.on_hold = self._notify
            self._running[id(recording)] = _Begun(recording, self._clock.now(), monotonic())
            self._changed.notify_all()

    def end(self, recording: Recording) -> None:
        """Add an exec that ended."""
        with self._changed:
            begun = self._running.pop(id(recording))
            self._number += 1
            item = evolve(self._exec(begun), number=self._number)
            self._unsupported.update(dict.fromkeys(item.unsupported))
            self._items.append(item)
            self._size += item.size
            while len(self._items) > self._keep or (self._size > self._most and len(self._items) > 1):
                self._size -= self._items.popleft().size
            self._changed.notify_all()

    def close(self) -> None:
        """Let go whoever waits for more: the array has stopped."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def quiet(self, timeout: float = 10.0) -> bool:
        """Wait until no exec runs, with or without a client; return False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout)

    def held(self, program: str = "*", timeout: float = 10.0) -> Exec:
        """Wait until a program is held up, by latency or a fault, and return the exec that it is part of.

        Args:
            program: A shell-style pattern on the program line.
            timeout: How many seconds to wait.

        Raises:
            TimeoutError: None was held up.
        """

        def found() -> Exec | None:
            execs = (self._exec(begun) for begun in self._running.values())
            return next((one for one in execs if any(fnmatchcase(hold.program, program) for hold in one.holds)), None)

        with self._changed:
            exec_ = self._changed.wait_for(found, timeout)
        if exec_ is None:
            raise TimeoutError(f"no program {program} was held up within {timeout} s")
        return exec_

    def since(self, number: int, timeout: float | None = 0.0) -> tuple[Exec, ...]:
        """Return the kept execs with greater numbers, once there are any.

        Args:
            number: Of the last exec that is known already; 0 for none.
            timeout: How many seconds to wait for the first, None for ever.

        Returns:
            The execs; none after the timeout, or when the array has stopped.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._closed or (len(self._items) > 0 and self._items[-1].number > number), timeout
            )
            return tuple(item for item in self._items if item.number > number)

    def follow(self, number: int | None = None) -> Iterator[Exec]:
        """Return an iterator over the execs that end from now on, which waits for them until the array stops.

        Args:
            number: Begin after the exec of this number instead; 0 begins with all that are kept.
        """
        return self._follow(self.number if number is None else number)

    def _follow(self, number: int) -> Iterator[Exec]:
        while items := self.since(number, timeout=None):
            yield from items
            number = items[-1].number

    def json_lines(self, file: TextIO) -> None:
        """Write the kept execs, each as `Exec.json` has it, on a line of its own."""
        file.writelines(f"{item.json()}\n" for item in self)

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _exec(self, begun: _Begun) -> Exec:
        """Return an exec as it is now."""
        recording = begun.recording
        return Exec(
            at=begun.at,
            user=recording.user,
            text=recording.text,
            stdin=bytes(recording.stdin.data),
            status=None if recording.lost else recording.status,
            stdout=bytes(recording.stdout.data),
            stderr=bytes(recording.stderr.data),
            programs=tuple(recording.programs),
            faults=tuple(recording.faults),
            unsupported=tuple(recording.unsupported),
            interactive=recording.interactive,
            signal=recording.signal,
            stdin_size=recording.stdin.size,
            stdout_size=recording.stdout.size,
            stderr_size=recording.stderr.size,
            latency=recording.latency,
            took=(self._clock.now() - begun.at).total_seconds(),
            elapsed=monotonic() - begun.began,
            holds=tuple(recording.holds),
        )
