"""Snapshots and clones: making, rolling back, promoting, renaming, destroying them.

Source of the rules: illumos dsl_dataset.c, dsl_destroy.c, zfs_ioctl.c.
"""

from collections.abc import Iterable, Sequence

from attrs import evolve

from sansim.solaris.pools.errors import Busy, Reason, Refusals, Refused
from sansim.solaris.pools.model import Dataset, Hold, Setting, Snapshot, dataset_of, parent_of, pool_of
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.names import MAX_NAME

__all__ = [
    "clone",
    "destroy_snapshots",
    "hold",
    "promote",
    "release",
    "rename",
    "rename_snapshots",
    "rollback",
    "take_snapshots",
]

_SNAPSHOT_NEEDS = 3 * 3 * 16 << 10
"""Bytes that must be left in a pool for a snapshot: three blocks, thrice (source: illumos dsl_sync_task.c)."""


def take_snapshots(pools: Pools, names: Sequence[str], settings: Iterable[Setting] = ()) -> None:
    """Take snapshots, all at one moment or none.

    Raises:
        Refused: Two are of one dataset, or they lie in different pools.
        Refusals: Some exist, or the space to keep what they hold is not there.
    """
    if len({dataset_of(name) for name in names}) < len(names) or len({pool_of(name) for name in names}) > 1:
        raise Refused(Reason.SAME_FILESYSTEM, names[0])
    room = pools.space.usable(pool_of(names[0])) - pools.space.used(pool_of(names[0]))
    if room < len(names) * _SNAPSHOT_NEEDS:
        raise Refusals([Refused(Reason.NO_SPACE, name) for name in names])
    refusals = [refusal for name in names if (refusal := _check_snapshot(pools, name))]
    if refusals:
        raise Refusals(refusals)
    with pools.state.change():
        txg = pools.next_txg(pool_of(names[0]))
        for name in names:
            dataset = pools.dataset(dataset_of(name))
            pools.snapshots[name] = Snapshot(
                name=name,
                kind=dataset.kind,
                guid=pools.new_guid(),
                createtxg=txg,
                creation=pools.clock.now(),
                volsize=dataset.volsize,
                volblocksize=dataset.volblocksize,
                extents=dataset.extents,
                settings=tuple(settings),
            )


def _check_snapshot(pools: Pools, name: str) -> Refused | None:
    if name in pools.snapshots:
        return Refused(Reason.EXISTS, name)
    if _kept_again(pools, pools.dataset(dataset_of(name))) > pools.space.free(dataset_of(name)):
        return Refused(Reason.NO_SPACE, name)
    return None


def _kept_again(pools: Pools, dataset: Dataset) -> int:
    """Return what a refreservation has to set aside again once nothing is unique to the dataset."""
    return min(pools.space.usage(dataset.name).unique, dataset.refreservation or 0)


def rollback(pools: Pools, name: str) -> None:
    """Bring a dataset back to its newest snapshot: data and, for a volume, size.

    Raises:
        Refused: There is no snapshot, it is held open, or its reservation has no room.
    """
    dataset = pools.dataset(name)
    snapshot = pools.space.newest_snapshot(name)
    if snapshot is None:
        raise Refused(Reason.NOT_FOUND, name)
    if pools.volumes.is_open(name):
        raise Busy(name)
    if _kept_again(pools, dataset) > pools.space.free(name):
        raise Refused(Reason.NO_SPACE, name)
    with pools.state.change():
        pools.next_txg(pool_of(name))
        pools.datasets[name] = evolve(dataset, extents=snapshot.extents, volsize=snapshot.volsize)


def clone(pools: Pools, source: str, name: str, settings: Iterable[Setting] = ()) -> None:
    """Make a dataset that starts with a snapshot's data and reserves nothing.

    Raises:
        Refused: The snapshot is not there, the name is taken or its parent missing, or lies in another pool.
    """
    snapshot = pools.snapshot(source)
    if pool_of(source) != pool_of(name):
        raise Refused(Reason.OTHER_POOL, name)
    pools.check_new(name)
    with pools.state.change():
        pools.datasets[name] = Dataset(
            name=name,
            kind=snapshot.kind,
            guid=pools.new_guid(),
            createtxg=pools.next_txg(pool_of(name)),
            creation=pools.clock.now(),
            origin=source,
            volsize=snapshot.volsize,
            volblocksize=snapshot.volblocksize,
            extents=snapshot.extents,
            settings=tuple(settings),
        )
        pools.settle_mount(name)


def promote(pools: Pools, name: str) -> None:
    """Turn a clone and its origin's dataset round: the snapshots up to the origin move to the clone.

    Raises:
        Refused: It is no clone, or has a snapshot of the same name as one that would move
            (`subject` is then that snapshot's last part), or what moves has no room there.
    """
    dataset = pools.dataset(name)
    if dataset.origin is None:
        raise Refused(Reason.NOT_A_CLONE, name)
    origin = pools.snapshot(dataset.origin)
    former = pools.dataset(dataset_of(origin.name))
    moving = [
        snapshot
        for snapshot in map(pools.snapshot, pools.space.snapshots(former.name))
        if snapshot.createtxg <= origin.createtxg
    ]
    for snapshot in moving:
        if (taken := _moved(snapshot.name, name)) in pools.snapshots:
            raise Refused(Reason.CONFLICTING_SNAPSHOT, taken)
    with pools.state.change():
        pools.next_txg(pool_of(name))
        for snapshot in moving:
            _move_snapshot(pools, snapshot.name, _moved(snapshot.name, name))
        pools.datasets[former.name] = evolve(former, origin=_moved(origin.name, name))
        pools.datasets[name] = evolve(dataset, origin=former.origin)
        _check_room(pools, name, name)


def _moved(snapshot: str, dataset: str) -> str:
    return f"{dataset}@{snapshot.partition('@')[2]}"


def _move_snapshot(pools: Pools, old: str, new: str) -> None:
    """Give a snapshot another name, its clones following."""
    snapshot = pools.snapshot(old)
    clones = pools.space.clones(old)
    del pools.snapshots[old]
    pools.snapshots[new] = evolve(snapshot, name=new)
    for name in clones:
        pools.datasets[name] = evolve(pools.dataset(name), origin=new)


def rename(pools: Pools, old: str, new: str) -> None:
    """Rename a dataset with all that lies below it.

    A volume that is held open stays so, under its new name.

    Raises:
        Refused: The new name is taken, its parent is missing or no filesystem, a name gets too long, or there is no
            room below the new parent.
        Busy: A volume is held open, on a release that renames none such.
    """
    pools.check_new(new)
    names = [old, *pools.space.below(old)]
    longest = max(
        len(new) - len(old) + len(name) for dataset in names for name in (dataset, *pools.space.snapshots(dataset))
    )
    if longest >= MAX_NAME:
        raise Refused(Reason.NAME_TOO_LONG, old)
    if not pools.release.volumes.renames_open and any(pools.volumes.is_open(name) for name in names):
        raise Busy(old)
    with pools.state.change():
        pools.next_txg(pool_of(old))
        for name in names:
            snapshots = pools.space.snapshots(name)
            target = new + name[len(old) :]
            dataset = pools.dataset(name)
            del pools.datasets[name]
            pools.datasets[target] = evolve(dataset, name=target)
            for bookmark in pools.space.bookmarks(name):
                kept = pools.bookmark(bookmark)
                del pools.bookmarks[bookmark]
                moved = target + bookmark[len(name) :]
                pools.bookmarks[moved] = evolve(kept, name=moved)
            for snapshot in snapshots:
                _move_snapshot(pools, snapshot, _moved(snapshot, target))
        if parent_of(new) != parent_of(old):
            _check_room(pools, old, new)


def _check_room(pools: Pools, subject: str, where: str) -> None:
    """Check that what has moved to a place keeps within the quotas over it, and within the pool.

    Raises:
        Refused: It does not.
    """
    at: str | None = where
    while at is not None:
        quota = pools.dataset(at).quota
        if quota and pools.space.used(at) > quota:
            raise Refused(Reason.NO_SPACE, subject)
        at = parent_of(at)
    pool = pool_of(where)
    if pools.space.used(pool) > pools.space.usable(pool):
        raise Refused(Reason.NO_SPACE, subject)


def rename_snapshots(pools: Pools, old: str, new: str, *, recursive: bool) -> None:
    """Rename a snapshot, with `recursive` the same-named ones of all datasets below too.

    Raises:
        Refused: The new name is taken.
    """
    dataset, _, before = old.partition("@")
    after = new.partition("@")[2]
    datasets = [dataset, *pools.space.below(dataset)] if recursive else [dataset]
    moving = [name for name in datasets if f"{name}@{before}" in pools.snapshots]
    for name in moving:
        if f"{name}@{after}" in pools.snapshots:
            raise Refused(Reason.EXISTS, f"{name}@{after}")
    with pools.state.change():
        pools.next_txg(pool_of(old))
        for name in moving:
            _move_snapshot(pools, f"{name}@{before}", f"{name}@{after}")


def destroy_snapshots(pools: Pools, names: Sequence[str], *, defer: bool = False) -> None:
    """Destroy snapshots, all or none; with `defer` those in use only once they no longer are.

    Raises:
        Refusals: Some have clones or holds.
    """
    refusals: list[Refused] = []
    waiting: list[str] = []
    for name in names:
        snapshot = pools.snapshot(name)
        if defer and (snapshot.holds or pools.space.clones(name)):
            waiting.append(name)
        elif snapshot.holds:
            refusals.append(Busy(name))
        elif pools.space.clones(name):
            refusals.append(Refused(Reason.CLONED, name))
    if refusals:
        raise Refusals(refusals)
    if not names:
        return
    with pools.state.change():
        pools.next_txg(pool_of(names[0]))
        for name in names:
            if name in waiting:
                pools.snapshots[name] = evolve(pools.snapshot(name), defer_destroy=True)
            else:
                del pools.snapshots[name]


def hold(pools: Pools, names: Sequence[str], tag: str) -> None:
    """Put a hold on snapshots, all or none.

    Raises:
        Refusals: Some are not there, or have one of that tag.
    """
    refusals: list[Refused] = []
    for name in names:
        if name not in pools.snapshots:
            refusals.append(Refused(Reason.NOT_FOUND, name))
        elif any(held.tag == tag for held in pools.snapshots[name].holds):
            refusals.append(Refused(Reason.TAG_EXISTS, name))
    if refusals:
        raise Refusals(refusals)
    with pools.state.change():
        for name in names:
            snapshot = pools.snapshot(name)
            pools.snapshots[name] = evolve(snapshot, holds=(*snapshot.holds, Hold(tag, pools.clock.now())))


def release(pools: Pools, names: Sequence[str], tag: str) -> None:
    """Take a hold from snapshots, all or none; one that waited for its last hold to go is destroyed.

    Raises:
        Refusals: Some are not there, or have none of that tag.
    """
    refusals: list[Refused] = []
    for name in names:
        if name not in pools.snapshots:
            refusals.append(Refused(Reason.NOT_FOUND, name))
        elif all(held.tag != tag for held in pools.snapshots[name].holds):
            refusals.append(Refused(Reason.NO_TAG, name))
    if refusals:
        raise Refusals(refusals)
    with pools.state.change():
        for name in names:
            snapshot = pools.snapshot(name)
            left = tuple(held for held in snapshot.holds if held.tag != tag)
            if not left and snapshot.defer_destroy and not pools.space.clones(name):
                del pools.snapshots[name]
            else:
                pools.snapshots[name] = evolve(snapshot, holds=left)
