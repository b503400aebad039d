"""How many channels one connection may have open, as far as is known."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sansdk.errors import Unreachable

_RETRY = 0.1


class Channels:
    """A bound on concurrent commands that a server's refusals lower.

    Attributes:
        limit: How many may be open at once.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._open = 0
        self._changed = threading.Condition()

    @contextmanager
    def one(self, deadline: float) -> Iterator[None]:
        """Hold one of the places.

        Raises:
            Unreachable: None came free in time.
        """
        with self._changed:
            self._await_place(deadline)
            self._open += 1
        try:
            yield
        finally:
            with self._changed:
                self._open -= 1
                self._changed.notify()

    def refused(self, deadline: float) -> None:
        """The server would not open the channel that the caller holds a place for: lower the bound and queue.

        Raises:
            Unreachable: No place came free in time.
        """
        with self._changed:
            self._open -= 1
            try:
                self.limit = max(1, min(self.limit, self._open))
                if not self._open:
                    # Nobody here is in the way: the server still clears away what ended, or serves others.
                    self._changed.wait(min(_RETRY, _left(deadline)))
                self._await_place(deadline)
            finally:
                self._open += 1

    def _await_place(self, deadline: float) -> None:
        free = self._changed.wait_for(lambda: self._open < self.limit, _left(deadline))
        if not free or not _left(deadline):
            raise Unreachable(
                "The connection had no free channel in the time allowed; nothing was sent.",
                mend="Too many commands run at once, or the server's limit is low (MaxSessions).",
            )


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
