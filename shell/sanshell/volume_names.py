"""Volume names for completion: what is known now, refreshed behind the scenes, so that Tab never waits."""

import logging
import time
from collections.abc import Callable, Iterable
from threading import Condition, Thread
from typing import Final

import sansdk

logger = logging.getLogger("sanshell")

_FRESH: Final = 5.0
_PATIENCE: Final = 0.03


class VolumeNames:
    """The names of one array's volumes.

    A refresh runs in a thread of its own. What we change ourselves is known at once, and a refresh that began
    before such a change is thrown away.

    Args:
        read: Reads the names from the array; may take long.
        fresh: Seconds for which names count as new.
        clock: Seconds that only grow.
    """

    def __init__(
        self, read: Callable[[], Iterable[str]], fresh: float = _FRESH, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._fresh = fresh
        self._clock = clock
        self._names: frozenset[str] = frozenset()
        self._read_at: float | None = None
        self._generation = 0
        self._refreshing = False
        self._changed = Condition()

    @property
    def refreshing(self) -> bool:
        """Whether a refresh is under way."""
        return self._refreshing

    def known(self) -> list[str]:
        """The names, at once: those of the last read; on the very first call perhaps none yet."""
        with self._changed:
            if self._read_at is None or self._clock() - self._read_at > self._fresh:
                self._refresh()
            if self._read_at is None:
                self._changed.wait(_PATIENCE)
            return sorted(self._names)

    def wait(self, seconds: float) -> bool:
        """Wait until no refresh is under way; whether that came about in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._refreshing, seconds)

    def learn(self, names: Iterable[str]) -> None:
        """Take the names from a read that was made anyway."""
        with self._changed:
            self._learn(names)

    def add(self, name: str) -> None:
        """We made this volume."""
        with self._changed:
            self._generation += 1
            self._names |= {name}

    def discard(self, name: str) -> None:
        """We deleted this volume."""
        with self._changed:
            self._generation += 1
            self._names -= {name}

    def _learn(self, names: Iterable[str]) -> None:
        self._generation += 1
        self._names = frozenset(names)
        self._read_at = self._clock()
        self._changed.notify_all()

    def _refresh(self) -> None:
        if not self._refreshing:
            self._refreshing = True
            Thread(target=self._run, args=(self._generation,), name="sanshell-names", daemon=True).start()

    def _run(self, generation: int) -> None:
        names: list[str] | None = None
        try:
            names = list(self._read())
        except sansdk.SanError as error:
            logger.debug("Volume names cannot be refreshed: %s", error)
        finally:
            with self._changed:
                self._refreshing = False
                if names is not None and generation == self._generation:
                    self._learn(names)
                self._changed.notify_all()
