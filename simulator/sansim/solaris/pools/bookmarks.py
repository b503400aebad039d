"""Bookmarks: what is left of a snapshot for increments to start from (source: illumos dsl_bookmark.c)."""

from collections.abc import Sequence

from attrs import evolve

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import Bookmark, dataset_of, pool_of, total
from sansim.solaris.pools.pool import Pools

__all__ = ["destroy_bookmarks", "make_bookmark", "newer_bookmarks"]


def make_bookmark(pools: Pools, source: str, name: str) -> None:
    """Make a bookmark of a snapshot, or copy one where the release can.

    Raises:
        Refused: The source or the dataset is not there, they lie in different pools or the source is not of
            the dataset's past, or the name is taken.
    """
    if pool_of(source) != pool_of(name):
        raise Refused(Reason.OTHER_POOL, name)
    dataset = pools.dataset(dataset_of(name))
    if name in pools.bookmarks:
        raise Refused(Reason.EXISTS, name)
    if dataset_of(source) != dataset.name and not _is_ancestor(pools, source, dataset.name):
        raise Refused(Reason.NOT_ANCESTOR, name)
    if "#" in source:
        bookmark = evolve(pools.bookmark(source), name=name)
    else:
        snapshot = pools.snapshot(source)
        bookmark = Bookmark(name, snapshot.guid, snapshot.createtxg, snapshot.creation, total(snapshot.extents))
    with pools.state.change():
        pools.next_txg(pool_of(name))
        pools.bookmarks[name] = bookmark


def _is_ancestor(pools: Pools, source: str, dataset: str) -> bool:
    """Tell whether a release that allows it sees the source in the line of a clone's origins."""
    if not pools.release.streams.bookmarks_of_ancestors:
        return False
    moment = pools.bookmark(source) if "#" in source else pools.snapshot(source)
    origin = pools.dataset(dataset).origin
    while origin is not None:
        if dataset_of(origin) == dataset_of(source):
            return moment.createtxg <= pools.snapshot(origin).createtxg
        origin = pools.dataset(dataset_of(origin)).origin
    return False


def destroy_bookmarks(pools: Pools, names: Sequence[str]) -> None:
    """Destroy bookmarks.

    Raises:
        Refused: One is not there.
    """
    for name in names:
        pools.bookmark(name)
    with pools.state.change():
        for name in names:
            pools.next_txg(pool_of(name))
            del pools.bookmarks[name]


def newer_bookmarks(pools: Pools, dataset: str, txg: int) -> list[str]:
    """Return a dataset's bookmarks of snapshots younger than a transaction group."""
    return [name for name in pools.space.bookmarks(dataset) if pools.bookmark(name).createtxg > txg]
