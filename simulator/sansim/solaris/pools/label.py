"""What the disks of a pool that is not imported say: the pool, and all that lies in it."""

from attrs import frozen

from sansim.solaris.pools.model import Bookmark, Dataset, Pool, Snapshot

__all__ = ["Label"]


@frozen
class Label:
    """A pool that was exported or destroyed, as it was then.

    Attributes:
        destroyed: Whether it was destroyed; `zpool import -D` finds it until its disks are used for something else.
    """

    pool: Pool
    datasets: tuple[Dataset, ...]
    snapshots: tuple[Snapshot, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    destroyed: bool = False
