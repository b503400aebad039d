"""Pools as a whole: made, destroyed, exported, imported, split (source of the rules: illumos spa.c)."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from attrs import evolve

from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.disks import Layout, with_layout
from sansim.solaris.pools.label import Label
from sansim.solaris.pools.model import (
    FIRST_TXG,
    Bookmark,
    Dataset,
    Pool,
    Setting,
    Snapshot,
    pool_of,
    without_setting,
)
from sansim.solaris.pools.mounts import at_once
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.vdevs import ONLINE, Disk, Vdev

__all__ = ["create", "destroy", "export", "import_pool", "reguid", "split", "split_disks"]

_Item = TypeVar("_Item", Dataset, Snapshot, Bookmark)
_TEMPORARY = ("altroot", "readonly", "cachefile")


def create(pools: Pools, blank: Pool, layout: Layout, settings: Iterable[Setting] = ()) -> None:
    """Make a pool.

    Args:
        pools: Where.
        blank: The pool without its disks; its guid is chosen here.
        layout: Its disks.
        settings: Properties of its root filesystem.

    Raises:
        PoolRefused: A disk is too small, or there is a pool of that name.
    """
    if blank.name in pools.pools:
        raise PoolRefused(Trouble.EXISTS)
    with pools.state.change():
        pool = with_layout(pools, evolve(blank, guid=pools.new_guid(), txg=FIRST_TXG), layout)
        pools.add_pool(pool, settings)
    pools.traffic.forget(blank.name)


def export(pools: Pools, name: str) -> None:
    """Let go of a pool, so that it can be imported elsewhere or again.

    Raises:
        PoolRefused: One of its volumes is open.
    """
    _leave(pools, name, destroyed=False)


def destroy(pools: Pools, name: str) -> None:
    """Destroy a pool; its disks keep their labels until they are used again.

    Raises:
        PoolRefused: One of its volumes is open.
    """
    _leave(pools, name, destroyed=True)


def import_pool(
    pools: Pools,
    label: Label,
    name: str,
    settings: Iterable[Setting] = (),
    *,
    mount: bool = True,
    temporary: bool = False,
) -> None:
    """Bring back a pool that was exported or destroyed, under a name that may be new.

    Args:
        pools: Where.
        label: The pool.
        name: What it is to be called.
        settings: Properties that it gets.
        mount: Whether its filesystems are mounted.
        temporary: Whether the name is for this time only.

    Raises:
        PoolRefused: There is a pool of that name, or too many of its disks are missing.
    """
    old = label.pool
    if name in pools.pools:
        raise PoolRefused(Trouble.EXISTS)
    if old.state == "UNAVAIL":
        raise PoolRefused(Trouble.UNAVAILABLE)
    kept = old.settings
    for item in settings:
        kept = (*without_setting(kept, item.name), item)
    vdevs = tuple(evolve(vdev, disks=tuple(_back(disk) for disk in vdev.disks)) for vdev in old.vdevs)
    with pools.state.change():
        del pools.labels[str(old.guid)]
        pools.pools[name] = evolve(
            old,
            name=name,
            lasting_name=old.name if temporary else None,
            settings=kept,
            vdevs=vdevs,
            txg=old.txg + 1,
            loaded=old.txg + 1,
        )
        for dataset in label.datasets:
            new = _renamed_dataset(dataset, old.name, name)
            pools.datasets[new.name] = evolve(new, mounted=False)
        for snapshot in label.snapshots:
            pools.snapshots[_renamed(snapshot.name, old.name, name)] = evolve(
                snapshot, name=_renamed(snapshot.name, old.name, name)
            )
        for bookmark in label.bookmarks:
            pools.bookmarks[_renamed(bookmark.name, old.name, name)] = evolve(
                bookmark, name=_renamed(bookmark.name, old.name, name)
            )
        for new_name in [item for item in pools.datasets if pool_of(item) == name] if mount else ():
            if at_once(pools.datasets, new_name):
                pools.datasets[new_name] = evolve(pools.datasets[new_name], mounted=True)
    pools.traffic.forget(name)


def reguid(pools: Pools, name: str) -> None:
    """Give a pool another guid."""
    with pools.state.change():
        pool = pools.pools[name]
        new = evolve(pool, guid=pools.new_guid(), txg=pool.txg + 1)
        pools.history.moved(pool.guid, new.guid)
        pools.pools[name] = new


def split(pools: Pools, name: str, new_name: str, chosen: Sequence[str] = ()) -> Label:
    """Make a pool of one disk of each mirror; it is left exported.

    Args:
        pools: Where.
        name: The pool to split.
        new_name: What the new one is called.
        chosen: The disks to split off; where none is named, the last of the mirror.

    Raises:
        PoolRefused: Not all is mirrored, or the disks chosen are not one of each mirror.
    """
    pool = pools.pools[name]
    taken = split_disks(pool, chosen)
    gone = {disk.name for disk in taken}
    lone = [
        Vdev("disk", number, (disk,), vdev.size, disk.guid, ashift=vdev.ashift)
        for number, (vdev, disk) in enumerate(zip(pool.data, taken, strict=True))
    ]
    new = Pool(
        new_name, pool.size, pools.new_guid(), pool.txg + 1, pool.settings, tuple(lone),
        version=pool.version, disabled=pool.disabled,
    )  # fmt: skip
    label = _label(pools, pool, new, destroyed=False)
    with pools.state.change():
        pools.labels[str(new.guid)] = label
        vdevs = tuple(vdev if vdev.role else _without(vdev, gone) for vdev in pool.vdevs)
        pools.pools[name] = evolve(pool, vdevs=vdevs, txg=pool.txg + 1)
        pools.history.copied(pool.guid, new.guid)
    return label


def split_disks(pool: Pool, chosen: Sequence[str] = ()) -> list[Disk]:
    """Return the disks that a split takes.

    Raises:
        PoolRefused: As for the split.
    """
    if any(vdev.kind != "mirror" for vdev in pool.data):
        raise PoolRefused(Trouble.ONLY_MIRRORS)
    taken = [_taken(vdev, chosen) for vdev in pool.data]
    if sum(disk.name in chosen for disk in taken) != len(chosen):
        raise PoolRefused(Trouble.ONE_EACH)
    return taken


def _taken(vdev: Vdev, chosen: Sequence[str]) -> Disk:
    return next((disk for disk in vdev.disks if disk.name in chosen), vdev.disks[-1])


def _without(vdev: Vdev, gone: set[str]) -> Vdev:
    disks = tuple(disk for disk in vdev.disks if disk.name not in gone)
    return evolve(vdev, kind="disk" if len(disks) == 1 else vdev.kind, disks=disks)


def _leave(pools: Pools, name: str, *, destroyed: bool) -> None:
    pool = pools.pools[name]
    label = _label(pools, pool, _without_temporary(pool), destroyed=destroyed)
    datasets = _of(pools.datasets.values(), name)
    if any(pools.volumes.is_open(dataset.name) for dataset in datasets):
        raise PoolRefused(Trouble.BUSY)
    with pools.state.change():
        for snapshot in _of(pools.snapshots.values(), name):
            del pools.snapshots[snapshot.name]
        for bookmark in _of(pools.bookmarks.values(), name):
            del pools.bookmarks[bookmark.name]
        for dataset in reversed(datasets):
            del pools.datasets[dataset.name]
        pools.labels[str(pool.guid)] = label
        del pools.pools[name]


def _label(pools: Pools, pool: Pool, named: Pool, *, destroyed: bool) -> Label:
    """Return a label that holds all that lies in a pool, under the name that the label gives it."""
    return Label(
        named,
        tuple(_renamed_dataset(item, pool.name, named.name) for item in _of(pools.datasets.values(), pool.name)),
        tuple(
            evolve(item, name=_renamed(item.name, pool.name, named.name))
            for item in _of(pools.snapshots.values(), pool.name)
        ),
        tuple(
            evolve(item, name=_renamed(item.name, pool.name, named.name))
            for item in _of(pools.bookmarks.values(), pool.name)
        ),
        destroyed,
    )


def _of(items: Iterable[_Item], pool: str) -> list[_Item]:
    return [item for item in items if pool_of(item.name) == pool]


def _without_temporary(pool: Pool) -> Pool:
    settings = pool.settings
    for name in _TEMPORARY:
        settings = without_setting(settings, name)
    return evolve(pool, name=pool.lasting_name or pool.name, lasting_name=None, settings=settings)


def _back(disk: Disk) -> Disk:
    return evolve(disk, state=ONLINE, temporary=False) if disk.temporary else disk


def _renamed(name: str, old: str, new: str) -> str:
    return new + name.removeprefix(old)


def _renamed_dataset(dataset: Dataset, old: str, new: str) -> Dataset:
    origin = dataset.origin and _renamed(dataset.origin, old, new)
    return evolve(dataset, name=_renamed(dataset.name, old, new), origin=origin)
