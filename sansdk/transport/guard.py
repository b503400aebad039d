"""The thread that cuts a connection which outlives a deadline, or answers no more.

Waiting for output is bounded where it is done; but paramiko's writes, and its waits for an answer to a
request, know no time limit. When the socket is shut down they all return.
"""

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from attrs import define
from paramiko import Transport

_MISSES = 2


@define(eq=False)
class Bound:
    """One deadline that a guard watches.

    Attributes:
        deadline: The `time.monotonic()` at which the connection is cut.
    """

    deadline: float


class Guard:
    """Watches one socket until it is cut.

    Attributes:
        expired: It was cut because a deadline passed.
        silent: It was cut because the peer answered no sign of life.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.expired = False
        self.silent = False
        self._sock = sock
        self._bounds: set[Bound] = set()
        self._pulse: _Pulse | None = None
        self._over = False
        self._wakes_at = math.inf
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._watch, name="sansdk-guard", daemon=True)
        self._thread.start()

    @contextmanager
    def bound(self, deadline: float) -> Iterator[Bound]:
        """Cut the connection if the block is not over at the deadline."""
        bound = Bound(deadline)
        with self._changed:
            self._bounds.add(bound)
            if deadline < self._wakes_at:
                self._changed.notify()
        try:
            yield bound
        finally:
            with self._changed:
                self._bounds.discard(bound)

    def move(self, bound: Bound, deadline: float) -> None:
        """Give `bound` another deadline, later or earlier."""
        with self._changed:
            bound.deadline = deadline
            if deadline < self._wakes_at:
                self._changed.notify()

    def keep_alive(self, transport: Transport, interval: float) -> None:
        """Ask for a sign of life every so many seconds; cut when the peer misses two in a row."""
        with self._changed:
            self._pulse = _Pulse(transport, interval)
            self._changed.notify()

    def cut(self) -> None:
        """End the connection now."""
        with self._changed:
            self._shut()
            self._changed.notify()
        self._thread.join()

    def _watch(self) -> None:
        with self._changed:
            while not self._over:
                now = time.monotonic()
                self.expired = any(bound.deadline <= now for bound in self._bounds)
                self.silent = self._pulse is not None and not self._pulse.beats(now)
                if self.expired or self.silent:
                    self._shut()
                    return
                due = [bound.deadline for bound in self._bounds] + ([self._pulse.due] if self._pulse else [])
                self._wakes_at = min(due, default=math.inf)
                self._changed.wait(self._wakes_at - now if due else None)

    def _shut(self) -> None:
        self._over = True
        with suppress(OSError):  # closed already, at either end
            self._sock.shutdown(socket.SHUT_RDWR)


class _Pulse:
    """Asks the peer for signs of life, and counts those that it owes."""

    def __init__(self, transport: Transport, interval: float) -> None:
        self.due = time.monotonic() + interval
        self._transport = transport
        self._interval = interval
        self._missed = 0
        self._question = threading.Thread()  # never started: nothing is owed

    def beats(self, now: float) -> bool:
        """Ask when it is time; False when too much is owed."""
        if now >= self.due:
            self.due = now + self._interval
            if self._question.is_alive():
                self._missed += 1
            else:
                self._missed = 0
                self._ask()
        return self._missed < _MISSES

    def _ask(self) -> None:
        # Waits for the answer, even a refusal, without limit: hence the thread. (paramiko's own keep-alive asks
        # for no answer, and so never notices a dead peer.)
        self._question = threading.Thread(
            target=self._transport.global_request,
            args=("keepalive@openssh.com",),
            name="sansdk-keepalive",
            daemon=True,
        )
        self._question.start()
