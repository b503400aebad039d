"""Scrubs and resilvers: they take time by the host's clock, and are over when somebody looks again.

Source of the rules: illumos dsl_scan.c, spa.c. How fast disks are read is an assumption.
"""

from datetime import timedelta

from attrs import evolve

from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.vdevs import ONLINE, Disk, Scan, Vdev

__all__ = ["RATE", "allocated", "pause_scrub", "resilver", "scrub", "settle", "stop_scrub"]

RATE = 256 << 20
"""Bytes that are examined in a second."""

_RUNNING = "scanning"


def allocated(pools: Pools, pool: Pool) -> int:
    """Return the raw bytes of a pool that hold data, parity included."""
    used = pools.space.allocated(pool.name)
    return used * pool.size // pool.usable if pool.usable else used


def settle(pools: Pools) -> None:
    """Bring to their end the scans that are over by now."""
    now = pools.clock.now()
    for pool in list(pools.pools.values()):
        scan = pool.scan
        if scan is None or scan.state != _RUNNING or scan.paused is not None:
            continue
        if scan.end <= now:
            with pools.state.change():
                pools.pools[pool.name] = _finished(pool, scan)
        elif scan.start > now:
            # The clock was set back; how long the disks take has nothing to do with that.
            with pools.state.change():
                pools.pools[pool.name] = evolve(pool, scan=evolve(scan, start=now, end=now + (scan.end - scan.start)))


def scrub(pools: Pools, name: str) -> None:
    """Begin a scrub, or go on with one that rests.

    Raises:
        PoolRefused: Another scan is running.
    """
    pool = pools.pools[name]
    now = pools.clock.now()
    scan = _running(pool)
    if scan is not None and scan.paused is None:
        raise PoolRefused(Trouble.SCRUBBING if scan.function == "scrub" else Trouble.RESILVERING)
    if scan is not None and scan.paused is not None:
        rested = now - scan.paused
        scan = evolve(scan, start=scan.start + rested, end=scan.end + rested, paused=None)
    _begin(pools, pool, scan or _new(pools, pool, "scrub", 0))


def pause_scrub(pools: Pools, name: str) -> None:
    """Let a scrub rest.

    Raises:
        PoolRefused: None is running, or it rests already.
    """
    pool = pools.pools[name]
    scan = _running(pool)
    if scan is None or scan.function != "scrub":
        raise PoolRefused(Trouble.NO_SCRUB)
    if scan.paused is not None:
        raise PoolRefused(Trouble.SCRUB_PAUSED)
    _begin(pools, pool, evolve(scan, paused=pools.clock.now()))


def stop_scrub(pools: Pools, name: str) -> None:
    """End a scrub before its time.

    Raises:
        PoolRefused: None is running.
    """
    pool = pools.pools[name]
    scan = _running(pool)
    if scan is None or scan.function != "scrub":
        raise PoolRefused(Trouble.NO_SCRUB)
    _begin(pools, pool, evolve(scan, state="canceled", end=pools.clock.now(), paused=None))


def resilver(pools: Pools, pool: Pool, size: int) -> None:
    """Put a changed pool in place and copy `size` bytes to the disks that lack them."""
    _begin(pools, pool, _new(pools, pool, "resilver", size))


def _running(pool: Pool) -> Scan | None:
    return pool.scan if pool.scan is not None and pool.scan.state == _RUNNING else None


def _new(pools: Pools, pool: Pool, function: str, repaired: int) -> Scan:
    now = pools.clock.now()
    total = allocated(pools, pool)
    copied = repaired if function == "resilver" else total
    return Scan(function, now, now + timedelta(seconds=copied // RATE), total, repaired)


def _begin(pools: Pools, pool: Pool, scan: Scan) -> None:
    with pools.state.change():
        pools.pools[pool.name] = evolve(pool, scan=scan, txg=pool.txg + 1)
    settle(pools)


def _finished(pool: Pool, scan: Scan) -> Pool:
    done = evolve(pool, scan=evolve(scan, state="finished"))
    if scan.function == "scrub":
        return done
    return evolve(done, vdevs=tuple(_replaced(vdev) for vdev in pool.vdevs))


def _replaced(vdev: Vdev) -> Vdev:
    """Let new disks take the places of those they replace; hot spares only stand in."""
    return evolve(vdev, disks=tuple(_successor(disk) for disk in vdev.disks))


def _successor(disk: Disk) -> Disk:
    if disk.successor is None:
        return evolve(disk, fresh=False)
    new = evolve(disk.successor, fresh=False)
    return evolve(disk, successor=new) if disk.spare or new.state != ONLINE else new
