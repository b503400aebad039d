"""All names of a host in the order in which they are listed, kept as the tables change.

A dataset comes before its snapshots, these by age, then its bookmarks, then what lies below; names compare byte
by byte (source: illumos zfs_iter.c, `zfs_compare`). A walk is a cursor into that order, not a copy of it: it can
be left and taken up again while names come and go, and costs what it yields.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from typing import TypeAlias, TypeVar

from sansim.solaris.pools.model import Bookmark, Dataset, Snapshot, dataset_of, kind_of
from sansim.state import Table

__all__ = ["Index", "Item", "Key", "key_of"]

Item: TypeAlias = Dataset | Snapshot | Bookmark
Key: TypeAlias = tuple[str, int, str]
"""What names sort by: the dataset's name, the age of a snapshot (0 for others), the whole name."""

ItemT = TypeVar("ItemT", Dataset, Snapshot, Bookmark)

_CHUNK = 64


def key_of(item: Item) -> Key:
    """Return what an item sorts by."""
    if isinstance(item, Snapshot):
        return dataset_of(item.name), item.createtxg, item.name
    return item.name, 0, item.name


class Index:
    """The names of all datasets, snapshots and bookmarks of a host, in order."""

    def __init__(self) -> None:
        self._keys: defaultdict[str, list[Key]] = defaultdict(list)

    def follow(self, table: Table[ItemT]) -> None:
        """Take in all that a table holds, now and later."""
        table.observe(self._changed)

    def _changed(self, old: Item | None, new: Item | None) -> None:
        gone = None if old is None else (kind_of(old), key_of(old))
        come = None if new is None else (kind_of(new), key_of(new))
        if gone == come:
            return
        if gone is not None:
            keys = self._keys[gone[0]]
            del keys[bisect_left(keys, gone[1])]
        if come is not None:
            insort(self._keys[come[0]], come[1])

    def walk(self, name: str, kinds: Iterable[str], depth: int | None) -> Iterator[Key]:
        """Yield a dataset and what lies below it, of some kinds, in order.

        Args:
            name: The dataset.
            kinds: What to yield.
            depth: How deep, None for all the way down; 0 is the dataset itself. Snapshots and bookmarks lie one
                deeper than their dataset.
        """
        return merge(*(self._of_kind(kind, name, depth) for kind in sorted(kinds)))

    def _of_kind(self, kind: str, name: str, depth: int | None) -> Iterator[Key]:
        keys = self._keys[kind]
        if kind in ("snapshot", "bookmark"):
            depth = None if depth is None else depth - 1
        if depth is not None and depth < 0:
            return
        # "#" and "$", "/" and "0" are neighbours: what starts with `name#` or `name/` lies between them.
        yield from _between(keys, (name,), (f"{name}\0",))
        if kind == "bookmark":
            yield from _between(keys, (f"{name}#",), (f"{name}$",))
        if depth is None:
            yield from _between(keys, (f"{name}/",), (f"{name}0",))
        elif depth > 0:
            yield from _not_deeper(keys, name, depth)


def _between(keys: list[Key], first: tuple[str, ...], end: tuple[str, ...]) -> Iterator[Key]:
    """Yield the keys from `first` to before `end`, though others come and go meanwhile."""
    at = bisect_left(keys, first)
    while chunk := keys[at : min(at + _CHUNK, bisect_left(keys, end))]:
        yield from chunk
        at = bisect_right(keys, chunk[-1])


def _not_deeper(keys: list[Key], name: str, depth: int) -> Iterator[Key]:
    """Yield the keys below a name down to a depth, leaping over what is deeper."""
    first: tuple[str, ...] = (f"{name}/",)
    end = (f"{name}0",)
    while first < end:
        leap = end
        for key in _between(keys, first, end):
            parts = key[0][len(name) + 1 :].split("/", depth)
            if len(parts) > depth:
                leap = ("/".join((name, *parts[:depth])) + "0",)
                break
            yield key
        first = leap
