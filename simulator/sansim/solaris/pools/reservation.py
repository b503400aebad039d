"""How much a volume reserves, and what quotas and reservations demand of the pool."""

from collections.abc import Iterable

from attrs import evolve

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import Dataset, parent_of, total
from sansim.solaris.pools.space import Space
from sansim.solaris.pools.vdevs import Vdev
from sansim.solaris.zfs.release import BlockTree

__all__ = ["limited", "reserved", "thick_reservation"]

_TREE_TOPS = 7
_LARGE_BLOCK = 128 << 10
_MOST_COPIES = 3


def thick_reservation(
    tree: BlockTree | None, volsize: int, volblocksize: int, copies: int = 1, vdevs: Iterable[Vdev] = ()
) -> int:
    """Return the refreservation that lets a volume be written in full: its data and their block pointers.

    Without a tree it is the data alone.

    Args:
        tree: What the block pointers are reckoned by.
        volsize: The volume's bytes.
        volblocksize: Those of one of its blocks.
        copies: How often all is written.
        vdevs: What the pool stripes over; the one on which the data take most counts.

    Source: illumos libzfs_dataset.c, `zvol_volsize_to_reservation`, `volsize_from_vdevs`.
    """
    if tree is None:
        return volsize
    data = max([volsize, *(_on(vdev, volsize, volblocksize) for vdev in vdevs if tree.raidz and vdev.parity)])
    blocks = volsize // volblocksize
    indirect = _TREE_TOPS
    while blocks > 1:
        blocks = -(-blocks // tree.pointers)
        indirect += blocks
    return data * copies + indirect * min(_MOST_COPIES, copies + 1) * tree.block


def _on(vdev: Vdev, volsize: int, volblocksize: int) -> int:
    """Return the bytes that a volume's data count as on a raidz, where blocks of 128 KiB count as what they are."""
    blocks = volsize // volblocksize
    return blocks * vdev.allocated(volblocksize) * _LARGE_BLOCK // vdev.allocated(_LARGE_BLOCK)


def reserved(space: Space, dataset: Dataset, name: str, size: int) -> Dataset:
    """Return the dataset with its `reservation` or `refreservation` set, 0 for none.

    Raises:
        Refused: The pool, or the dataset's quota, has not that much left.
    """
    if name == "refreservation":
        unique = space.usage(dataset.name).unique
        growth = max(unique, size) - max(unique, dataset.refreservation or 0)
        if growth > 0 and growth > space.free(dataset.name):
            raise Refused(Reason.NO_SPACE, dataset.name)
        if dataset.refquota and size > dataset.refquota:
            raise Refused(Reason.NO_SPACE, dataset.name)
        return evolve(dataset, refreservation=size)
    used = space.used(dataset.name)
    growth = max(used, size) - max(used, dataset.reservation or 0)
    parent = parent_of(dataset.name)
    free = space.free(parent) if parent else space.usable(dataset.name) - used
    if (growth > 0 and growth > free) or (dataset.quota and size > dataset.quota):
        raise Refused(Reason.NO_SPACE, dataset.name)
    return evolve(dataset, reservation=size)


def limited(space: Space, dataset: Dataset, name: str, size: int) -> Dataset:
    """Return the dataset with its `quota` or `refquota` set, 0 for none.

    Raises:
        Refused: It uses or reserves more already.
    """
    if name == "refquota":
        if size and size < max(total(dataset.extents), dataset.refreservation or 0):
            raise Refused(Reason.NO_SPACE, dataset.name)
        return evolve(dataset, refquota=size)
    if size and size < max(space.used(dataset.name), dataset.reservation or 0):
        raise Refused(Reason.NO_SPACE, dataset.name)
    return evolve(dataset, quota=size)
