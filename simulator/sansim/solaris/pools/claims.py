"""Who holds which disk of a host, and what the labels on disks say (source of the rules: illumos vdev_label.c)."""

from collections.abc import Iterator

from attrs import evolve, frozen

from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.vdevs import Disk, Vdev, leaves

__all__ = ["Claim", "claim", "find", "short_name", "wipe"]


@frozen
class Claim:
    """Who holds a disk: which pool, and as what: `active`, `exported`, `destroyed`, `spare`, `cache`."""

    pool: str
    state: str


def claim(pools: Pools, name: str) -> Claim | None:
    """Tell who holds a disk, None for nobody."""
    for pool in pools.pools.values():
        if any(disk.name == name for vdev in pool.vdevs for disk in leaves(vdev.disks)):
            return Claim(pool.name, "active")
        if any(disk.name == name for disk in pool.spares):
            return Claim(pool.name, "spare")
        if any(disk.name == name for disk in pool.caches):
            return Claim(pool.name, "cache")
    for label in pools.labels.values():
        if any(disk.name == name and disk.state != "UNAVAIL" for disk in _members(label.pool)):
            return Claim(label.pool.name, "destroyed" if label.destroyed else "exported")
    return None


def _members(pool: Pool) -> Iterator[Disk]:
    """Yield all disks of a pool."""
    for vdev in pool.vdevs:
        yield from leaves(vdev.disks)
    yield from pool.caches
    yield from pool.spares


def short_name(pools: Pools, text: str) -> str:
    """Return the name by which the pool knows a disk that was typed in one way or another."""
    texts = pools.zpool.disks
    name = text.removeprefix(f"{texts.root}/")
    if name not in pools.disks and name.removesuffix(texts.slice) in pools.disks:
        return name.removesuffix(texts.slice)
    return name


def find(pools: Pools, pool: Pool, text: str) -> tuple[Vdev | None, Disk]:
    """Return a disk of a pool and the group it belongs to; caches and spares belong to none.

    Args:
        pools: All pools.
        pool: Where to look.
        text: The disk's name, path or guid.

    Raises:
        PoolRefused: There is no such disk.
    """
    name = short_name(pools, text)
    for vdev in pool.vdevs:
        for disk in leaves(vdev.disks):
            if name == disk.name or text == str(disk.guid):
                return vdev, disk
    for disk in (*pool.caches, *pool.spares):
        if name == disk.name or text == str(disk.guid):
            return None, disk
    raise PoolRefused(Trouble.NO_DEVICE)


def wipe(pools: Pools, name: str) -> None:
    """Take the labels of pools that are not imported off a disk."""
    for key, label in list(pools.labels.items()):
        if any(disk.name == name for disk in _members(label.pool)):
            pools.labels[key] = evolve(label, pool=_without_label(label.pool, name))


def _without_label(pool: Pool, name: str) -> Pool:
    """Return a pool, as its other disks know it, of which one disk was used for something else."""
    return evolve(
        pool,
        vdevs=tuple(evolve(vdev, disks=tuple(_overwritten(disk, name) for disk in vdev.disks)) for vdev in pool.vdevs),
        caches=tuple(disk for disk in pool.caches if disk.name != name),
        spares=tuple(disk for disk in pool.spares if disk.name != name),
    )


def _overwritten(disk: Disk, name: str) -> Disk:
    successor = disk.successor and _overwritten(disk.successor, name)
    return evolve(disk, state="UNAVAIL" if disk.name == name else disk.state, successor=successor)
