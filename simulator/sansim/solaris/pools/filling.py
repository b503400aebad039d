"""Somebody fills a pool up, with files in its root filesystem, and takes them away again."""

from typing import TypeVar

from attrs import evolve

from sansim.solaris.pools.model import Dataset, Extent, Snapshot, pool_of
from sansim.solaris.pools.pool import Pools

__all__ = ["drain", "fill"]

I = TypeVar("I", Dataset, Snapshot)  # noqa: E741 - items


def fill(pools: Pools, name: str, free: int) -> None:
    """Let somebody write so much to a pool's root filesystem that `free` bytes are available; less may be already."""
    with pools.state.change():
        size = pools.space.available(name) - free
        if size > 0:
            pools.write(name, size)
            pool = pools.pools[name]
            pools.pools[name] = evolve(pool, filled=(*pool.filled, pool.txg))


def drain(pools: Pools, name: str) -> None:
    """Take away what filled a pool up, from the snapshots that hold it too; a pool that is gone is no error."""
    pool = pools.pools.get(name)
    if pool is None or not pool.filled:
        return
    births = frozenset(pool.filled)
    with pools.state.change():
        for dataset in [item for item in pools.datasets.values() if _holds(item, name, births)]:
            pools.replace(_without(dataset, births))
        for snapshot in [item for item in pools.snapshots.values() if _holds(item, name, births)]:
            pools.replace(_without(snapshot, births))
        pools.pools[name] = evolve(pools.pools[name], filled=())


def _holds(item: Dataset | Snapshot, pool: str, births: frozenset[int]) -> bool:
    return pool_of(item.name) == pool and any(extent.birth in births for extent in item.extents)


def _without(item: I, births: frozenset[int]) -> I:
    kept: tuple[Extent, ...] = tuple(extent for extent in item.extents if extent.birth not in births)
    return evolve(item, extents=kept)
