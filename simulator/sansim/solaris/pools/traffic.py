"""What was written to each pool since the host came up, for `zpool iostat`."""

from attrs import define

from sansim.clock import Clock
from sansim.solaris.pools.model import Dataset, pool_of
from sansim.state import Table

__all__ = ["Traffic", "Written"]

_LARGEST_WRITE = 128 << 10
"""Bytes that go to the disks in one operation; consecutive blocks are joined up to this."""


@define
class Written:
    """Bytes and operations, of data and of the metadata that came with them."""

    size: int = 0
    operations: int = 0


class Traffic:
    """Counters of writes, kept as datasets change; nothing reads data in the simulator."""

    def __init__(self, clock: Clock, datasets: Table[Dataset]) -> None:
        self._clock = clock
        self.since = clock.now()
        self._pools: dict[str, Written] = {}
        self._up = False
        datasets.observe(self._changed)
        self._up = True

    def of(self, pool: str) -> Written:
        """Return what was written to a pool."""
        return self._pools.setdefault(pool, Written())

    def forget(self, pool: str) -> None:
        """Begin anew, as an import does."""
        self._pools.pop(pool, None)

    def restart(self) -> None:
        """Begin anew for all pools, as a boot does."""
        self.since = self._clock.now()
        self._pools.clear()

    def _changed(self, old: Dataset | None, new: Dataset | None) -> None:
        if not self._up or new is None or not new.extents:
            return
        newest = new.extents[-1]
        if old is not None and old.extents and old.extents[-1].birth >= newest.birth:
            return
        written = self.of(pool_of(new.name))
        written.size += newest.size
        written.operations += -(-newest.size // _LARGEST_WRITE)
