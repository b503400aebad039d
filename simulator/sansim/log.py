"""What was asked of an array: one item for each SSH exec, in the order they ended."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import Condition
from typing import overload

from attrs import Factory, define, frozen

__all__ = ["Exec", "Log", "Recording"]

_MOST_EXECS = 10_000
_MOST_BYTES = 64 << 20


@frozen
class Exec:
    """One SSH exec, or one interactive login.

    Attributes:
        at: When it began, on the array's clock.
        user: Who was logged in.
        text: The command's text; empty for an interactive login.
        stdin: What the client sent.
        status: The exit status, None when the line was lost before it could be told.
        stdout: What the command wrote to its standard output, whether or not the client still took it.
        stderr: The same for standard error.
        programs: The program lines that ran, in the order they began.
        faults: The kinds of the faults that struck.
        unsupported: What was asked for and is not simulated.
    """

    at: datetime
    user: str
    text: str
    stdin: bytes
    status: int | None
    stdout: bytes
    stderr: bytes
    programs: tuple[str, ...]
    faults: tuple[str, ...]
    unsupported: tuple[str, ...]

    @property
    def size(self) -> int:
        """The bytes of what was sent either way."""
        return len(self.text) + len(self.stdin) + len(self.stdout) + len(self.stderr)


@define
class Recording:
    """What is noted while an exec runs; the server makes an `Exec` of it at the end."""

    programs: list[str] = Factory(list)
    faults: list[str] = Factory(list)
    unsupported: list[str] = Factory(list)


class Log(Sequence[Exec]):
    """The last execs of an array. Reading and adding are safe from any thread.

    Args:
        keep: How many are kept at most.
        size: How many bytes they may have sent and received; of more, only the last exec is kept whatever its size.
    """

    def __init__(self, keep: int = _MOST_EXECS, size: int = _MOST_BYTES) -> None:
        self._items: deque[Exec] = deque()
        self._keep = keep
        self._most = size
        self._size = 0
        self._changed = Condition()
        self._running = 0

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

    def clear(self) -> None:
        """Forget what ended so far."""
        with self._changed:
            self._items.clear()
            self._size = 0

    def begin(self) -> None:
        """Note that an exec began; `end` follows once."""
        with self._changed:
            self._running += 1

    def end(self, item: Exec) -> None:
        """Add an exec that ended."""
        with self._changed:
            self._items.append(item)
            self._size += item.size
            while len(self._items) > self._keep or (self._size > self._most and len(self._items) > 1):
                self._size -= self._items.popleft().size
            self._running -= 1
            self._changed.notify_all()

    def quiet(self, timeout: float = 10.0) -> bool:
        """Wait until no exec runs, with or without a client; return False after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._running == 0, timeout)
