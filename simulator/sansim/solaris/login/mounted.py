"""The filesystems that a host has mounted, with their sizes: its own, which are made up, and those of its pools."""

from collections.abc import Iterator

from attrs import frozen

from sansim.solaris.pools.model import total
from sansim.solaris.pools.mounts import mountpoint
from sansim.solaris.pools.pool import Pools

__all__ = ["Mounted", "pool_filesystems"]


@frozen
class Mounted:
    """A filesystem in use.

    Attributes:
        special: What is mounted.
        directory: Where.
        size, used: Its bytes.
        kind: What `mount` calls it.
        options: How it is mounted.
    """

    special: str
    directory: str
    size: int
    used: int
    kind: str = "zfs"
    options: str = "rw,xattr,noacl"

    @property
    def capacity(self) -> int:
        """The used part in whole per cent, rounded up."""
        return -(-self.used * 100 // self.size) if self.size else 0


def pool_filesystems(pools: Pools) -> Iterator[Mounted]:
    """Yield the mounted filesystems of the pools."""
    for dataset in pools.datasets.values():
        if dataset.kind == "filesystem" and dataset.mounted:
            used = total(dataset.extents)
            size = used + pools.space.available(dataset.name)
            yield Mounted(dataset.name, mountpoint(pools.datasets, dataset.name), size, used)
