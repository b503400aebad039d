"""Snapshots on their way from one pool to another: what is sent of them, and how a pool takes them in.

Source of the rules: illumos dmu_send.c, dmu_recv.c.
"""

from attrs import evolve

from sansim.solaris.pools.errors import Busy, Reason, Refusals, Refused
from sansim.solaris.pools.extents import without_oldest
from sansim.solaris.pools.lineage import destroy_snapshots
from sansim.solaris.pools.model import (
    Bookmark,
    Dataset,
    Extent,
    Snapshot,
    dataset_of,
    parent_of,
    pool_of,
    total,
)
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.stream import Increment

__all__ = ["estimate", "find_by_guid", "increment_of", "is_before", "take_in", "take_in_new"]

_RECORD = 312
_BLOCK_POINTER = 128
_RECORD_SIZE = 128 << 10
_HEAD = "--head--"


def increment_of(pools: Pools, name: str, base: Snapshot | Bookmark | None = None) -> Increment:
    """Return what stands for a snapshot, whole or since an earlier moment; a dataset stands for its present state."""
    if "@" in name:
        snapshot = pools.snapshot(name)
    else:
        dataset = pools.dataset(name)
        snapshot = Snapshot(
            name=f"{name}@{_HEAD}",
            kind=dataset.kind,
            guid=dataset.guid,
            createtxg=dataset.createtxg,
            creation=pools.clock.now(),
            volsize=dataset.volsize,
            volblocksize=dataset.volblocksize,
            extents=dataset.extents,
        )
    since = base.createtxg if base else 0
    return Increment(
        name=snapshot.name,
        kind=snapshot.kind,
        guid=snapshot.guid,
        base=base.guid if base else 0,
        clone=base is not None and dataset_of(base.name) != dataset_of(name),
        creation=snapshot.creation,
        volsize=snapshot.volsize,
        volblocksize=snapshot.volblocksize,
        written=total(extent for extent in snapshot.extents if extent.birth > since),
        referenced=total(snapshot.extents),
    )


def estimate(increment: Increment) -> int:
    """Return the bytes that a real stream of this increment is estimated to have: data, and a record for each block.

    Blocks count by the volume's block size, those of filesystems as 128 KiB.
    """
    blocks = increment.written // (increment.volblocksize or _RECORD_SIZE)
    return increment.written + blocks * (_RECORD - _BLOCK_POINTER) + 2 * _RECORD


def is_before(pools: Pools, base: Snapshot | Bookmark, name: str) -> bool:
    """Tell whether a moment lies in a snapshot's or dataset's past, which for a clone goes on in its origin's."""
    dataset = dataset_of(name)
    end = pools.snapshot(name).createtxg if "@" in name else None
    while True:
        if dataset_of(base.name) == dataset:
            return end is None or base.createtxg < end or (base.createtxg == end and dataset != dataset_of(name))
        origin = pools.dataset(dataset).origin
        if origin is None:
            return False
        dataset, end = dataset_of(origin), pools.snapshot(origin).createtxg


def find_by_guid(pools: Pools, guid: int, near: str) -> Snapshot | None:
    """Return the snapshot of a guid in a dataset's pool; the datasets nearest to it are looked through first."""
    at: str | None = near
    while at is not None:
        for dataset in (at, *pools.space.below(at)) if at in pools.datasets else ():
            for name in pools.space.snapshots(dataset):
                if (snapshot := pools.snapshot(name)).guid == guid:
                    return snapshot
        at = parent_of(at)
    return None


def take_in_new(pools: Pools, target: str, increment: Increment, origin: str | None = None) -> None:
    """Make a dataset of a whole snapshot, or of what a clone has beyond its origin, with that snapshot.

    Raises:
        Refused: The name is taken, its parent missing or no filesystem, the origin not the stream's, or the pool
            full.
    """
    name = dataset_of(target)
    pools.check_new(name)
    base = pools.snapshot(origin) if origin else None
    if base is not None and increment.base and base.guid != increment.base:
        raise Refused(Reason.NO_BASE, name)
    if increment.written > pools.space.free(parent_of(name) or name):
        raise Refused(Reason.NO_SPACE, name)
    with pools.state.change():
        txg = pools.next_txg(pool_of(name))
        pools.datasets[name] = Dataset(
            name=name,
            kind=increment.kind,
            guid=pools.new_guid(),
            createtxg=txg,
            creation=pools.clock.now(),
            origin=origin,
            volsize=increment.volsize,
            volblocksize=increment.volblocksize,
            extents=_extents(increment, base, txg),
        )
        _enter_snapshot(pools, target, increment)


def take_in(pools: Pools, target: str, increment: Increment, *, force: bool = False) -> None:
    """Put a snapshot upon the one it starts from, or with `force` in the place of all that a dataset holds.

    With `force` newer snapshots go, and changes since are given up.

    Raises:
        Refused: The dataset has not the base, has changed since, holds a snapshot of that name, is held open, or
            the pool is full.
    """
    dataset = pools.dataset(dataset_of(target))
    if target in pools.snapshots:
        raise Refused(Reason.EXISTS, target)
    if increment.kind == "volume" and pools.space.children(dataset.name):
        raise Refused(Reason.WRONG_PARENT, dataset.name)
    base = _base_in(pools, dataset, increment)
    if base is not None and not force and _is_modified(dataset, base):
        raise Refused(Reason.MODIFIED, dataset.name)
    if base is None and not force:
        raise Refused(Reason.EXISTS, dataset.name)
    if pools.volumes.is_open(dataset.name):
        raise Busy(dataset.name)
    with pools.state.change():
        since = base.createtxg if base else 0
        newer = [name for name in pools.space.snapshots(dataset.name) if pools.snapshot(name).createtxg > since]
        if newer and force:
            _destroy_newer(pools, newer)
        if increment.written > pools.space.available(dataset.name) + total(dataset.extents) * (base is None):
            raise Refused(Reason.NO_SPACE, dataset.name)
        txg = pools.next_txg(pool_of(target))
        pools.datasets[dataset.name] = evolve(
            pools.dataset(dataset.name),
            kind=increment.kind,
            mounted=dataset.mounted and increment.kind == "filesystem",
            volsize=increment.volsize,
            volblocksize=increment.volblocksize,
            extents=_extents(increment, base, txg),
        )
        _enter_snapshot(pools, target, increment)


def _base_in(pools: Pools, dataset: Dataset, increment: Increment) -> Snapshot | None:
    if not increment.base:
        return None
    for name in pools.space.snapshots(dataset.name):
        if (snapshot := pools.snapshot(name)).guid == increment.base:
            return snapshot
    raise Refused(Reason.NO_BASE, dataset.name)


def _is_modified(dataset: Dataset, base: Snapshot) -> bool:
    return dataset.extents != base.extents or dataset.volsize != base.volsize


def _destroy_newer(pools: Pools, names: list[str]) -> None:
    try:
        destroy_snapshots(pools, names)
    except Refusals as refusals:
        raise refusals.refusals[0] from refusals


def _extents(increment: Increment, base: Snapshot | None, txg: int) -> tuple[Extent, ...]:
    """Return what the snapshot references: of the base all that was not written over, and the new data."""
    before = base.extents if base else ()
    kept = without_oldest(before, total(before) - (increment.referenced - increment.written))
    return (*kept, Extent(txg, increment.written)) if increment.written else kept


def _enter_snapshot(pools: Pools, name: str, increment: Increment) -> None:
    dataset = pools.dataset(dataset_of(name))
    pools.snapshots[name] = Snapshot(
        name=name,
        kind=increment.kind,
        guid=increment.guid,
        createtxg=pools.next_txg(pool_of(name)),
        creation=increment.creation,
        volsize=increment.volsize,
        volblocksize=increment.volblocksize,
        extents=dataset.extents,
    )
