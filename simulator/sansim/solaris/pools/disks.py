"""The disks of pools, and how they come and go (source of the rules: illumos spa.c, vdev.c)."""

from collections.abc import Iterator

from attrs import evolve, frozen

from sansim.solaris.pools.claims import claim, find, short_name, wipe
from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.model import Pool, setting
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.scans import allocated, resilver
from sansim.solaris.pools.vdevs import LOG, ONLINE, Device, Disk, Removal, Vdev, space_of, vdev_space

__all__ = [
    "Group",
    "Layout",
    "add",
    "attach",
    "build",
    "clear",
    "detach",
    "fail",
    "offline",
    "online",
    "remove",
    "replace",
    "with_layout",
]

_SMALLEST = 64 << 20
"""Bytes that a disk has at least."""

_MAPPING = 144
"""Bytes of memory that a removed group of disks costs for each piece of data that was moved."""
_PIECE = 16 << 20


@frozen
class Group:
    """A group of disks that is to be made.

    Attributes:
        kind: As a `Vdev` has it.
        role: As a `Vdev` has it.
    """

    kind: str
    devices: tuple[Device, ...]
    role: str = ""


@frozen
class Layout:
    """What a pool is to be made of, or to have added."""

    groups: tuple[Group, ...] = ()
    caches: tuple[Device, ...] = ()
    spares: tuple[Device, ...] = ()

    def devices(self) -> Iterator[Device]:
        """Yield all disks."""
        for group in self.groups:
            yield from group.devices
        yield from self.caches
        yield from self.spares


def _new_disk(pools: Pools, device: Device) -> Disk:
    """Return a disk that is to become a member of a pool; what it belonged to before is lost."""
    wipe(pools, device.name)
    return Disk(device.name, pools.new_guid(), device.size)


def build(pools: Pools, group: Group, number: int, ashift: int = 0) -> Vdev:
    """Return a new group of disks, with sectors of this size (its binary logarithm) or, for 0, their own.

    Raises:
        PoolRefused: A disk is too small.
    """
    if min(device.size for device in group.devices) < _SMALLEST:
        raise PoolRefused(Trouble.MINIMUM)
    disks = tuple(_new_disk(pools, device) for device in group.devices)
    vdev = Vdev(group.kind, number, disks, vdev_space(group.kind, group.devices), pools.new_guid(), group.role)
    return evolve(vdev, ashift=ashift) if ashift else vdev


def with_layout(pools: Pools, pool: Pool, layout: Layout) -> Pool:
    """Return a pool with more groups of disks, caches and spares.

    Raises:
        PoolRefused: A disk is too small.
    """
    first = max((vdev.number for vdev in pool.vdevs), default=-1) + 1
    ashift = int(setting(pool.settings, "ashift") or 0)
    vdevs = tuple(build(pools, group, first + place, ashift) for place, group in enumerate(layout.groups))
    return evolve(
        pool,
        vdevs=(*pool.vdevs, *vdevs),
        size=pool.size + sum(vdev.size for vdev in vdevs if not vdev.role),
        caches=(*pool.caches, *(_new_disk(pools, device) for device in layout.caches)),
        spares=(*pool.spares, *(_new_disk(pools, device) for device in layout.spares)),
    )


def add(pools: Pools, name: str, layout: Layout) -> None:
    """Add groups of disks, caches and spares.

    Raises:
        PoolRefused: A disk is too small.
    """
    with pools.state.change():
        pool = with_layout(pools, pools.pools[name], layout)
        pools.pools[name] = evolve(pool, txg=pool.txg + 1)


def attach(pools: Pools, name: str, old: str, device: Device) -> None:
    """Make a disk the mirror of another, the last of its group (source: spa.c).

    Raises:
        PoolRefused: The disk is not there, cannot be mirrored, or the new one is smaller.
    """
    pool, vdev, disk = _member(pools, name, old)
    if vdev.kind not in ("disk", "mirror") or disk not in vdev.disks:
        raise PoolRefused(Trouble.NOT_ATTACHABLE)
    if vdev_space("disk", [device]) < vdev.size:
        raise PoolRefused(Trouble.TOO_SMALL)
    with pools.state.change():
        disks = (*vdev.disks, evolve(_new_disk(pools, device), fresh=True))
        _copy_to(pools, pool, vdev, evolve(vdev, kind="mirror", disks=disks))


def replace(pools: Pools, name: str, old: str, device: Device) -> None:
    """Put a disk in the place of another; a hot spare stands in for it until it is detached.

    Raises:
        PoolRefused: The disk is not there or is being replaced already, or the new one is smaller.
    """
    pool, vdev, disk = _member(pools, name, old)
    if disk.successor is not None or disk not in vdev.disks:
        raise PoolRefused(Trouble.REPLACING)
    if space_of(device) < min(vdev.size, space_of(Device(disk.name, disk.size))):
        raise PoolRefused(Trouble.TOO_SMALL)
    with pools.state.change():
        spare = next((item for item in pool.spares if item.name == device.name), None)
        new = evolve(spare or _new_disk(pools, device), fresh=True)
        stands_in = evolve(disk, successor=new, spare=spare is not None)
        _copy_to(pools, pool, vdev, vdev.with_disk(disk.name, stands_in))


def detach(pools: Pools, name: str, old: str) -> None:
    """Take a disk out of a mirror, or end a replacement.

    Raises:
        PoolRefused: The disk is not there, belongs to no mirror, or is the last that has the data.
    """
    pool, vdev, disk = _member(pools, name, old)
    for member in vdev.disks:
        if member.successor is not None and disk in (member, member.successor):
            kept = evolve(member, successor=None, spare=False) if disk is member.successor else member.successor
            spares = tuple(item for item in pool.spares if disk is member.successor or item.name != kept.name)
            if not kept.works:
                raise PoolRefused(Trouble.NO_REPLICAS)
            _put(pools, evolve(pool, spares=spares), vdev, vdev.with_disk(member.name, kept))
            return
    if vdev.kind != "mirror":
        raise PoolRefused(Trouble.NOT_MIRRORED)
    rest = tuple(other for other in vdev.disks if other is not disk)
    if not any(other.works for other in rest):
        raise PoolRefused(Trouble.NO_REPLICAS)
    _put(pools, pool, vdev, evolve(vdev, kind="disk" if len(rest) == 1 else "mirror", disks=rest))


def offline(pools: Pools, name: str, old: str, *, temporary: bool) -> None:
    """Take a disk out of use.

    Raises:
        PoolRefused: The disk is not there, or data would be missed without it.
    """
    pool, vdev, disk = _member(pools, name, old)
    new = _with_leaf(vdev, disk, evolve(disk, state="OFFLINE", temporary=temporary))
    if vdev.role != LOG and new.state not in (ONLINE, "DEGRADED"):
        raise PoolRefused(Trouble.NO_REPLICAS)
    _put(pools, pool, vdev, new)


def online(pools: Pools, name: str, old: str) -> str:
    """Bring a disk back into use, and what it missed onto it; return its state then.

    Raises:
        PoolRefused: The disk is not there.
    """
    pool, vdev, disk = _member(pools, name, old)
    if disk.state == "OFFLINE":
        _copy_to(pools, pool, vdev, _with_leaf(vdev, disk, evolve(disk, state=ONLINE, temporary=False)), missed=0)
        return ONLINE
    return disk.state


def clear(pools: Pools, name: str, old: str | None) -> None:
    """Forget the errors of a disk, or of all.

    Raises:
        PoolRefused: The disk is not there.
    """
    pool = pools.pools[name]
    chosen = None if old is None else find(pools, pool, old)[1]
    vdevs = tuple(
        evolve(vdev, disks=tuple(_cleared(disk) if chosen in (None, disk) else disk for disk in vdev.disks))
        for vdev in pool.vdevs
    )
    with pools.state.change():
        pools.pools[name] = evolve(pool, vdevs=vdevs, txg=pool.txg + 1)


def fail(pools: Pools, name: str, state: str, errors: tuple[int, int, int] = (0, 0, 0)) -> None:
    """Let a disk fail, or work again, as its hardware or the fault manager would have it.

    Args:
        pools: All pools.
        name: The disk.
        state: `UNAVAIL` (it does not answer), `FAULTED` (too many errors), `REMOVED` (pulled out), or `ONLINE`.
        errors: Counts of read, write and checksum errors that it shows from now on.

    Raises:
        PoolRefused: No pool has the disk.
    """
    held = claim(pools, name)
    if held is None or held.pool not in pools.pools:
        raise PoolRefused(Trouble.NO_DEVICE)
    pool, vdev, disk = _member(pools, held.pool, name)
    _put(pools, pool, vdev, _with_leaf(vdev, disk, evolve(disk, state=state, errors=errors)))


def remove(pools: Pools, name: str, old: str) -> None:
    """Remove a hot spare, cache or log, or a group of disks, whose data move to the others.

    Raises:
        PoolRefused: There is no such disk or group, the pool has raidz, or the others have no room.
    """
    pool = pools.pools[name]
    short = short_name(pools, old)
    vdev = next((item for item in pool.vdevs if short in (item.name, str(item.guid))), None)
    caches = tuple(disk for disk in pool.caches if disk.name != short)
    spares = tuple(disk for disk in pool.spares if disk.name != short)
    if vdev is None and (caches, spares) == (pool.caches, pool.spares):
        raise PoolRefused(Trouble.NO_DEVICE)
    with pools.state.change():
        rest = tuple(item for item in pool.vdevs if item is not vdev)
        if vdev is None or vdev.role == LOG:
            pools.pools[name] = evolve(pool, vdevs=rest, caches=caches, spares=spares, txg=pool.txg + 1)
        else:
            pools.pools[name] = _evacuated(pools, pool, vdev, rest)


def _evacuated(pools: Pools, pool: Pool, vdev: Vdev, rest: tuple[Vdev, ...]) -> Pool:
    kept_back = pool.usable - pools.space.usable(pool.name)
    if vdev in pool.data and pools.space.free(pool.name) < vdev.usable + kept_back:
        raise PoolRefused(Trouble.OUT_OF_SPACE)
    if any(item.parity for item in pool.data):
        raise PoolRefused(Trouble.NOT_REMOVABLE)
    used = allocated(pools, pool)
    size = pool.size - vdev.size
    now = pools.clock.now()
    copied = used * vdev.size // pool.size
    removal = Removal(vdev.number, copied, now, now, _MAPPING * -(-copied // _PIECE))
    return evolve(pool, vdevs=rest, size=size, removal=removal, txg=pool.txg + 1)


def _member(pools: Pools, name: str, old: str) -> tuple[Pool, Vdev, Disk]:
    pool = pools.pools[name]
    vdev, disk = find(pools, pool, old)
    if vdev is None:
        raise PoolRefused(Trouble.IS_SPARE if disk in pool.spares else Trouble.IS_CACHE)
    return pool, vdev, disk


def _with_leaf(vdev: Vdev, old: Disk, new: Disk) -> Vdev:
    """Return a group with one disk, or what stands in for one, replaced."""
    disks = (
        evolve(disk, successor=new) if disk.successor is not None and disk.successor == old else disk
        for disk in vdev.disks
    )
    return evolve(vdev, disks=tuple(new if disk == old else disk for disk in disks))


def _put(pools: Pools, pool: Pool, old: Vdev, new: Vdev) -> None:
    vdevs = tuple(new if vdev is old else vdev for vdev in pool.vdevs)
    with pools.state.change():
        pools.pools[pool.name] = evolve(pool, vdevs=vdevs, txg=pool.txg + 1)


def _copy_to(pools: Pools, pool: Pool, old: Vdev, new: Vdev, missed: int | None = None) -> None:
    """Put a group in the place of another and copy to its new disk what it lacks, the group's data by default."""
    if missed is None:
        missed = allocated(pools, pool) * old.size // pool.size // max(1, len(old.disks) if old.parity else 1)
    vdevs = tuple(new if vdev is old else vdev for vdev in pool.vdevs)
    resilver(pools, evolve(pool, vdevs=vdevs), 0 if old.role else missed)


def _cleared(disk: Disk) -> Disk:
    return evolve(disk, errors=(0, 0, 0), state=ONLINE if disk.state == "FAULTED" else disk.state)
