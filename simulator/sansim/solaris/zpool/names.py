"""How the groups and disks of pools are called, and in which order they are shown (source: illumos zpool_main.c)."""

from collections.abc import Iterator

from attrs import frozen

from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.vdevs import ONLINE, Disk, Vdev

__all__ = ["CLASSES", "Naming", "Node", "class_trees", "data_trees", "disk_node", "pool_node"]

CLASSES = ("dedup", "special", "logs")
"""The classes of groups that are shown apart, in their order."""


@frozen
class Naming:
    """How groups and disks are to be called.

    Attributes:
        guid: By guid.
        path: As -P has it.
        numbered: Whether groups have their number: `mirror-0`.
    """

    guid: bool = False
    path: bool = False
    numbered: bool = True

    def disk(self, pools: Pools, disk: Disk) -> str:
        """Return what a disk is called."""
        if self.guid:
            return str(disk.guid)
        if self.path and disk.name in pools.disks:
            return pools.zpool.disks.whole.format(disk.name)
        return disk.name

    def group(self, vdev: Vdev) -> str:
        """Return what a group of several disks is called."""
        if self.guid:
            return str(vdev.guid)
        return vdev.name if self.numbered else vdev.kind


@frozen
class Node:
    """A group or disk as it is shown.

    Attributes:
        depth: How far below the pool: 1 for a group.
        state: As `zpool status` prints it.
        errors: Counts of read, write and checksum errors.
        remark: What stands behind them.
        vdev: The group, for the node that stands for one.
        disk: The disk, for the node that stands for one.
    """

    name: str
    depth: int
    state: str
    errors: tuple[int, int, int] = (0, 0, 0)
    remark: str = ""
    vdev: Vdev | None = None
    disk: Disk | None = None


_REMARKS = {"UNAVAIL": "cannot open", "FAULTED": "too many errors"}
_WITHOUT_COPIES = "insufficient replicas"


def pool_node(pool: Pool) -> Node:
    """Return the node of the pool itself."""
    return Node(pool.name, 0, pool.state, remark=_WITHOUT_COPIES if pool.state == "UNAVAIL" else "")


def data_trees(pools: Pools, pool: Pool, naming: Naming) -> Iterator[Node]:
    """Yield the groups of common data and their disks."""
    for vdev in pool.data:
        yield from _tree(pools, vdev, naming)


def class_trees(pools: Pools, pool: Pool, naming: Naming, role: str) -> Iterator[Node]:
    """Yield the groups of one class and their disks."""
    for vdev in pool.vdevs:
        if vdev.role == role:
            yield from _tree(pools, vdev, naming)


def disk_node(pools: Pools, disk: Disk, naming: Naming, depth: int, vdev: Vdev | None = None) -> Node:
    """Return the node of a disk."""
    return Node(
        naming.disk(pools, disk), depth, disk.state, disk.errors, _REMARKS.get(disk.state, ""), vdev, disk
    )  # fmt: skip


def _tree(pools: Pools, vdev: Vdev, naming: Naming) -> Iterator[Node]:
    depth = 1
    if vdev.kind != "disk":
        remark = _WITHOUT_COPIES if vdev.state == "UNAVAIL" else ""
        yield Node(naming.group(vdev), depth, vdev.state, remark=remark, vdev=vdev)
        depth = 2
    elif vdev.disks[0].successor is None:
        yield disk_node(pools, vdev.disks[0], naming, depth, vdev)
        return
    for place, disk in enumerate(vdev.disks):
        yield from _places(pools, disk, naming, depth=depth, place=place)


def _places(pools: Pools, disk: Disk, naming: Naming, *, depth: int, place: int) -> Iterator[Node]:
    """Yield a disk; with what replaces it both, under a heading."""
    if disk.successor is None:
        yield disk_node(pools, disk, naming, depth)
        return
    state = ONLINE if disk.whole else "DEGRADED"
    word = "spare" if disk.spare else "replacing"
    yield Node(f"{word}-{place}" if naming.numbered else word, depth, state)
    yield disk_node(pools, disk, naming, depth + 1)
    yield from _places(pools, disk.successor, naming, depth=depth + 1, place=0)
