"""Which datasets and snapshots a command is about, and their order (source: illumos zfs_iter.c)."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby

from attrs import define, evolve, frozen

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.index import Item, Key, key_of
from sansim.solaris.pools.model import Bookmark, Dataset, Snapshot, kind_of, pool_of, setting
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.command import ANY, BOOKMARK, SNAPSHOT, Failure, Run, UsageError, open_any, parse_depth
from sansim.solaris.zfs.values import value

__all__ = ["Item", "Scope", "Selection", "reopened", "select", "select_holders"]

_TYPES = {
    "filesystem": frozenset({"filesystem"}),
    "volume": frozenset({"volume"}),
    "snapshot": SNAPSHOT,
    "snap": SNAPSHOT,
    "bookmark": BOOKMARK,
    "all": ANY | BOOKMARK,
}


@frozen
class Scope:
    """What is to be listed.

    Attributes:
        kinds: Which kinds.
        recurse: Whether what lies below the operands is meant too.
        depth: How deep, None for all the way down; 0 is the operand itself.
        by_listsnapshots: Whether snapshots are listed only where the pool says so (`listsnapshots`).
        paths: Whether an operand may be a mount path.
    """

    kinds: frozenset[str]
    recurse: bool = False
    depth: int | None = None
    by_listsnapshots: bool = False
    paths: bool = True


def _read_types(text: str, known: frozenset[str]) -> frozenset[str]:
    """Return the kinds given to -t, in words that are known; a comma at the end is no matter, as for getsubopt(3C).

    Raises:
        UsageError: One is unknown.
    """
    kinds: frozenset[str] = frozenset()
    for word in text.removesuffix(",").split(",") if text else ():
        if word not in known:
            raise UsageError(f"invalid type '{word}'")
        kinds |= _TYPES[word]
    return kinds


@define
class Selection:
    """What `zfs list` and `zfs get` both are told about which datasets to show, and how; kinds None is the default."""

    scripted: bool = False
    exact: bool = False
    recurse: bool = False
    depth: int | None = None
    kinds: frozenset[str] | None = None

    def read(self, letter: str, text: str, types: frozenset[str]) -> bool:
        """Take one of the options that they share, -t with these words; False for any other.

        Raises:
            UsageError: Its value is none.
        """
        if letter == "H":
            self.scripted = True
        elif letter == "p":
            self.exact = True
        elif letter == "r":
            self.recurse = True
        elif letter == "d":
            self.recurse, self.depth = True, parse_depth(text)
        elif letter == "t":
            self.kinds = _read_types(text, types)
        else:
            return False
        return True

    def scope(self, kinds: frozenset[str], operands: Sequence[str], *, of_operand: bool) -> Scope:
        """Return what is meant by these kinds.

        Args:
            kinds: Those that -t names.
            operands: What the command is about.
            of_operand: Whether snapshots alone, or bookmarks alone, mean those of the operands.
        """
        if of_operand and operands and not self.recurse and kinds in (SNAPSHOT, BOOKMARK):
            return Scope(kinds, recurse=True, depth=1)
        return Scope(kinds, self.recurse, self.depth)


def select(run: Run, operands: Sequence[str], scope: Scope) -> tuple[Iterator[Item], bool]:
    """Return what a command is about, by name and each once, and whether every operand was there.

    Operands that cannot be opened are complained about and left out. Without operands everything is meant. What is
    gone when its turn comes is left out too.
    """
    pools = run.pools
    if not operands:
        everything = evolve(scope, recurse=True)
        return _each(pools, merge(*(_below(pools, pools.dataset(pool), everything) for pool in pools.pools))), True
    walks = []
    complete = True
    for operand in operands:
        try:
            walks.append(_below(pools, _open(run, operand, scope), scope))
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    return _each(pools, merge(*walks)), complete


def reopened(pools: Pools, names: Iterable[str]) -> Iterator[Item]:
    """Yield what is still there of the datasets, snapshots and bookmarks of these names."""
    for name in names:
        try:
            yield pools.item(name)
        except Refused:
            continue


def select_holders(run: Run, operands: Sequence[str], scope: Scope) -> tuple[Iterator[Dataset | Snapshot], bool]:
    """Return the same without bookmarks, which hold no properties of their own."""
    items, complete = select(run, operands, scope)
    return (item for item in items if not isinstance(item, Bookmark)), complete


def _each(pools: Pools, keys: Iterable[Key]) -> Iterator[Item]:
    """Yield what stands at these places, which are in order and may come twice."""
    return reopened(pools, (key[2] for key, _ in groupby(keys)))


def _open(run: Run, operand: str, scope: Scope) -> Item:
    kinds = scope.kinds
    if scope.recurse:
        kinds |= {"filesystem"}
        if kinds & (SNAPSHOT | BOOKMARK if run.release.lists.snapshots_of_operand else SNAPSHOT):
            kinds |= {"volume"}
    if scope.paths and operand.startswith(("/", "./")):
        return _mounted_at(run.pools, operand)
    return open_any(run.pools, operand, kinds)


def _mounted_at(pools: Pools, path: str) -> Dataset:
    mountpoint = pools.release.properties["mountpoint"]
    for _, _, name in merge(*(pools.index.walk(pool, {"filesystem"}, None) for pool in pools.pools)):
        dataset = pools.dataset(name)
        held = value(pools, dataset, mountpoint) if dataset.mounted else None
        if held and held.value == path:
            return dataset
    raise Failure(f"{path}: No such file or directory")


def _below(pools: Pools, item: Item, scope: Scope) -> Iterator[Key]:
    """Return the places of an item and of what is meant with it."""
    kinds = scope.kinds
    if isinstance(item, Dataset) and scope.recurse:
        if scope.by_listsnapshots and not _lists_snapshots(pools, item):
            kinds -= SNAPSHOT
        return pools.index.walk(item.name, kinds, scope.depth)
    return iter((key_of(item),) if kind_of(item) in kinds else ())


def _lists_snapshots(pools: Pools, item: Item) -> bool:
    return setting(pools.pools[pool_of(item.name)].settings, "listsnapshots") == "on"
