"""The disks of a host, and the pool that it has when it comes up for the first time."""

from collections.abc import Iterable

from attrs import evolve

from sansim.solaris.pools.disks import Group, build
from sansim.solaris.pools.model import FIRST_TXG, Pool
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.vdevs import Device, device_size
from sansim.solaris.zpool.release import ZpoolRelease

__all__ = ["host_disks", "set_up"]

_KINDS = ("mirror", "raidz1", "raidz2", "raidz3")
_LAYOUTS = {"disk": 1, "mirror": 2}
"""How many disks a pool of each layout that can be asked for has."""


def host_disks(release: ZpoolRelease, size: int) -> Iterable[Device]:
    """Return the disks of a host, each large enough for a pool of `size` bytes."""
    return (Device(name, device_size(size)) for name in release.disks.names)


def set_up(pools: Pools, name: str, size: int, layout: str = "") -> None:
    """Make the first pool of a host that has never had one; its size is just what was asked for.

    Args:
        pools: All pools of the host.
        name: The pool's name.
        size: Its bytes.
        layout: `disk` or `mirror`; empty for what the release has.
    """
    if pools.pools or pools.labels or pools.history:
        return
    words = pools.zpool.disks.first_pool
    if layout:
        words = (*((layout,) if layout in _KINDS else ()), *pools.zpool.disks.names[: _LAYOUTS[layout]])
    kind = words[0] if words[0] in _KINDS else "disk"
    devices = tuple(pools.disks[word] for word in words if word in pools.disks)
    with pools.state.change():
        vdev = evolve(build(pools, Group(kind, devices), 0), size=size)
        pool = Pool(name, size, pools.new_guid(), FIRST_TXG, vdevs=(vdev,))
        pools.add_pool(pool)
        pools.history.add(pool.guid, "0 (root)", f"zpool create {name} {' '.join(words)}")
