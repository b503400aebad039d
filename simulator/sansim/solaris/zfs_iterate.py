"""Which datasets and snapshots a command is about, and their order (source: illumos zfs_iter.c)."""

from collections.abc import Iterator, Sequence

from attrs import define, evolve, frozen

from sansim.solaris.pool import Pools
from sansim.solaris.zfs_command import ANY, SNAPSHOT, Failure, Run, UsageError, open_item, parse_depth
from sansim.solaris.zfs_model import Dataset, Snapshot, setting
from sansim.solaris.zfs_names import is_user_property
from sansim.solaris.zfs_properties import Catalogue, Property, Shape
from sansim.solaris.zfs_values import user_value, value

__all__ = ["Scope", "Selection", "SortKey", "read_sort_key", "read_types", "select"]

Item = Dataset | Snapshot

_TYPES = {
    "filesystem": frozenset({"filesystem"}),
    "volume": frozenset({"volume"}),
    "snapshot": SNAPSHOT,
    "snap": SNAPSHOT,
    "bookmark": frozenset({"bookmark"}),
    "all": ANY | {"bookmark"},
}


@frozen
class SortKey:
    """A property to sort by; `prop` is None for a user property."""

    name: str
    prop: Property | None
    reverse: bool


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


def read_types(text: str) -> frozenset[str]:
    """Return the kinds given to -t.

    Raises:
        UsageError: One is unknown.
    """
    kinds: frozenset[str] = frozenset()
    for word in text.split(","):
        if word not in _TYPES:
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

    def read(self, letter: str, text: str) -> bool:
        """Take one of the options that they share; False for any other.

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
            self.kinds = read_types(text)
        else:
            return False
        return True


def read_sort_key(properties: Catalogue, text: str, *, reverse: bool) -> SortKey:
    """Return what -s or -S asks for.

    Raises:
        UsageError: There is no such property.
    """
    prop = properties.find(text)
    if prop is None and not is_user_property(text):
        raise UsageError(f"invalid property '{text}'")
    return SortKey(text, prop, reverse)


def select(run: Run, operands: Sequence[str], scope: Scope, keys: Sequence[SortKey] = ()) -> tuple[list[Item], bool]:
    """Return what a command is about, sorted, each once, and whether every operand was there.

    Operands that cannot be opened are complained about and left out. Without operands everything is meant.
    """
    chosen: dict[str, Item] = {}
    complete = True
    if not operands:
        everything = evolve(scope, recurse=True)
        for pool in sorted(run.pools.pools):
            _visit(run.pools, run.pools.dataset(pool), everything, chosen)
    for operand in operands:
        try:
            item = _open(run, operand, scope)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
            continue
        _visit(run.pools, item, scope, chosen)
    return _sorted(run.pools, list(chosen.values()), keys), complete


def _open(run: Run, operand: str, scope: Scope) -> Item:
    kinds = scope.kinds
    if scope.recurse:
        kinds |= {"filesystem"}
        if "snapshot" in kinds:
            kinds |= {"volume"}
    if scope.paths and operand.startswith(("/", "./")):
        return _mounted_at(run.pools, operand)
    return open_item(run.pools, operand, kinds)


def _mounted_at(pools: Pools, path: str) -> Dataset:
    mountpoint = pools.release.properties["mountpoint"]
    for dataset in pools.datasets.values():
        held = value(pools, dataset, mountpoint) if dataset.mounted else None
        if held and held.value == path:
            return dataset
    raise Failure(f"{path}: No such file or directory")


def _visit(pools: Pools, item: Item, scope: Scope, chosen: dict[str, Item]) -> None:
    for name, found in _walk(pools, item, scope, 0):
        chosen.setdefault(name, found)


def _walk(pools: Pools, item: Item, scope: Scope, depth: int) -> Iterator[tuple[str, Item]]:
    kind = "snapshot" if isinstance(item, Snapshot) else item.kind
    if kind in scope.kinds:
        yield item.name, item
    if isinstance(item, Snapshot) or not scope.recurse or (scope.depth is not None and depth >= scope.depth):
        return
    for child in pools.space.children(item.name):
        yield from _walk(pools, pools.dataset(child), scope, depth + 1)
    if _with_snapshots(pools, item, scope):
        for snapshot in pools.space.snapshots(item.name):
            yield snapshot, pools.snapshot(snapshot)


def _with_snapshots(pools: Pools, item: Dataset, scope: Scope) -> bool:
    if not scope.by_listsnapshots:
        return "snapshot" in scope.kinds
    pool = pools.pools[item.name.partition("/")[0]]
    return setting(pool.settings, "listsnapshots") == "on"


def _sorted(pools: Pools, items: list[Item], keys: Sequence[SortKey]) -> list[Item]:
    """Sort by name, then stably by each key from the last to the first; what lacks it comes last."""
    items.sort(key=_by_name)
    for key in reversed(keys):
        numbers: list[tuple[int, int, Item]] = []
        texts: list[tuple[str, int, Item]] = []
        lacking: list[Item] = []
        for place, item in enumerate(items):
            held = _sort_value(pools, item, key)
            order = -place if key.reverse else place
            if held is None:
                lacking.append(item)
            elif isinstance(held, int):
                numbers.append((held, order, item))
            else:
                texts.append((held, order, item))
        numbers.sort(key=lambda entry: entry[:2], reverse=key.reverse)
        texts.sort(key=lambda entry: entry[:2], reverse=key.reverse)
        items = [item for _, _, item in numbers] + [item for _, _, item in texts] + lacking
    return items


def _sort_value(pools: Pools, item: Item, key: SortKey) -> int | str | None:
    held = value(pools, item, key.prop) if key.prop else user_value(pools, item, key.name)
    if held is None or key.prop is None or key.prop.shape is Shape.NUMBER:
        return None if held is None else held.value
    return str(held.value)


def _by_name(item: Item) -> tuple[str, int]:
    return item.name.partition("@")[0], item.createtxg if isinstance(item, Snapshot) else 0
