"""How a Solaris host comes into its conditions, and out of them again.

What the host keeps of a condition lies in its state, so that a restart or an image brings it along; to come into a
condition that holds already changes nothing, and whoever lifts it finds what there is then.
"""

from functools import partial
from typing import TYPE_CHECKING

from sansim.faults import (
    ClockJump,
    Condition,
    ConnectedInitiator,
    DegradedPool,
    FullStorage,
    LateDevices,
    Lift,
    OtherAdmin,
    ServiceInMaintenance,
    unattended,
)
from sansim.solaris.initiators import connect
from sansim.solaris.pools.claims import find
from sansim.solaris.pools.disk_errors import PoolRefused
from sansim.solaris.pools.disks import fail
from sansim.solaris.pools.filling import drain, fill
from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.vdevs import ONLINE, Disk
from sansim.solaris.smf.patterns import matching
from sansim.solaris.smf.smf import Smf

if TYPE_CHECKING:
    from sansim.solaris.host import SolarisHost

__all__ = ["COMSTAR_CONDITIONS", "CONDITIONS", "befall"]

CONDITIONS = (ClockJump, DegradedPool, FullStorage, LateDevices, OtherAdmin)
"""What every host can be in."""
COMSTAR_CONDITIONS = (ConnectedInitiator, ServiceInMaintenance)
"""What one with COMSTAR and SMF can be in besides."""
_FAULTED = "FAULTED"
_ERRORS = (3, 12, 0)
"""The errors that a faulted disk shows: enough of them within a few minutes for the fault manager."""


async def befall(host: "SolarisHost", condition: Condition) -> Lift | None:
    """Let a condition befall a host, and return how to lift it; None when nothing can.

    Raises:
        ValueError: This kind of array does not know the condition, or has not what it names.
    """
    lift: Lift | None = None
    match condition:
        case ClockJump(seconds=seconds):
            host.clock.jump(seconds)
        case OtherAdmin(command=command):
            with unattended(host.log, command) as line:
                await host.carry_out(command, line)
        case DegradedPool(pool=pool, disk=disk):
            lift = _degraded(host.pools, _pool(host, pool), disk)
        case FullStorage(storage=storage, free=free):
            name = _pool(host, storage).name
            fill(host.pools, name, free)
            lift = partial(drain, host.pools, name)
        case LateDevices(volumes=volumes, looks=looks):
            host.pools.volumes.late.begin(volumes, looks)
            lift = partial(host.pools.volumes.late.end, volumes, looks)
        case ServiceInMaintenance(service=service):
            lift = _in_maintenance(host.comstar.smf, service)
        case ConnectedInitiator(volume=volume, initiator=initiator):
            lift = connect(host, volume, initiator)
        case _:
            raise ValueError(f"a Solaris host knows no condition {type(condition).__name__}")
    return lift


def _pool(host: "SolarisHost", name: str) -> Pool:
    """Return a pool; without a name the one that the host was made with, or the only one.

    Raises:
        ValueError: There is no such pool.
    """
    pools = host.pools.pools
    wanted = name or (next(iter(pools)) if len(pools) == 1 else host.first_pool)
    if wanted not in pools:
        there = f"there is {', '.join(pools)}" if pools else "there is none at all"
        raise ValueError(f"array {host.name} has no pool {wanted!r}; {there}")
    return pools[wanted]


def _degraded(pools: Pools, pool: Pool, name: str) -> Lift:
    disk = _disk(pools, pool, name) if name else _dispensable(pool)
    if disk.state == ONLINE:
        with pools.state.change():
            fail(pools, disk.name, _FAULTED, _ERRORS)
            if pools.pools[pool.name].state not in (ONLINE, "DEGRADED"):
                # A refusal takes the change back.
                raise ValueError(f"pool {pool.name} has no disk that stands in for {disk.name}: {_ADVICE}")
    return partial(_mend, pools, disk.name)


_ADVICE = "it would be lost rather than degraded; make the array with layout = 'mirror', or add disks with zpool"


def _disk(pools: Pools, pool: Pool, name: str) -> Disk:
    disks = [disk.name for vdev in pool.vdevs for disk in vdev.disks]
    try:
        vdev, disk = find(pools, pool, name)
    except PoolRefused:
        vdev, disk = None, None
    if vdev is None or disk is None:
        raise ValueError(f"pool {pool.name} keeps no data on a disk {name!r}; it does on {', '.join(disks)}")
    return disk


def _dispensable(pool: Pool) -> Disk:
    """Return a disk of a pool that is faulted already, or else the first one that the others can do without.

    Raises:
        ValueError: There is none.
    """
    disks = [(vdev, disk) for vdev in pool.data for disk in vdev.disks]
    for _, disk in disks:
        if disk.state == _FAULTED:
            return disk
    for vdev, disk in disks:
        if disk.works and sum(not other.works for other in vdev.disks) < vdev.tolerance:
            return disk
    raise ValueError(f"pool {pool.name} can do without none of its disks: {_ADVICE}")


def _mend(pools: Pools, name: str) -> None:
    """Let a faulted disk work again; one that was replaced meanwhile, or mended, is no error."""
    for pool in pools.pools.values():
        for vdev in pool.vdevs:
            for disk in vdev.disks:
                if disk.name == name and disk.state == _FAULTED:
                    fail(pools, name, ONLINE)
                    return


def _in_maintenance(smf: Smf, name: str) -> Lift:
    found = matching(smf, name)
    if len(found) != 1:
        raise ValueError(
            f"{name!r} names {'several services' if found else 'no service'}; "
            "write one that svcs lists, such as svc:/system/stmf:default"
        )
    fmri = found[0].fmri
    if found[0].state != "maintenance":
        smf.mark(fmri, "maintenance")
    return partial(_clear, smf, fmri)


def _clear(smf: Smf, fmri: str) -> None:
    if smf[fmri].state == "maintenance":
        smf.clear(fmri)
