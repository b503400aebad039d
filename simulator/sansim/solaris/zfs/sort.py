"""The order that -s and -S ask of `zfs list` (source: illumos zfs_iter.c, `zfs_sort`)."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from typing import TypeAlias

from attrs import frozen

from sansim.portions import drained
from sansim.solaris.pools.index import Item
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.command import UsageError
from sansim.solaris.zfs.names import is_user_property
from sansim.solaris.zfs.properties import Catalogue, Property, Shape
from sansim.solaris.zfs.values import user_value, value

__all__ = ["Rank", "Row", "SortKey", "ordered", "rank", "read_sort_key"]

Row: TypeAlias = tuple[str, ...]
"""The cells of a line."""

Rank: TypeAlias = tuple[int | str, ...]
"""Where something stands: for each key whether it has a number, a text or nothing, and then that."""

_NUMBERED = {
    ("on", "off"): ("off", "on"),
    ("yes", "no"): ("no", "yes"),
    ("on", "off", "noauto"): ("off", "on", "noauto"),
    ("all", "none", "metadata"): ("none", "metadata", "all"),
}
"""The words of a property by their numbers, where the usage names them in another order (source: zfs_prop.c)."""

_AT_ONCE = 2000
_LAST = 0x10FFFF


@frozen
class SortKey:
    """A property to sort by; `prop` is None for a user property."""

    name: str
    prop: Property | None
    reverse: bool


def read_sort_key(properties: Catalogue, text: str, *, reverse: bool) -> SortKey:
    """Return what -s or -S asks for.

    Raises:
        UsageError: There is no such property.
    """
    prop = properties.find(text)
    if prop is None and not is_user_property(text):
        raise UsageError(f"invalid property '{text}'")
    return SortKey(text, prop, reverse)


def rank(pools: Pools, item: Item, keys: Sequence[SortKey]) -> Rank:
    """Return where an item stands: by the first key, then the next; what lacks a property comes last either way."""
    return tuple(part for key in keys for part in _place(pools, item, key))


def ordered(ranked: Iterable[tuple[Rank, Row]]) -> Iterator[Row | None]:
    """Sort rows by rank, leaving those of one rank as they come.

    None only means that there is nothing yet, and time to let others run.
    """
    # A row is held behind its rank in one flat tuple of plain values: no garbage collector looks through those.
    sorted_runs: list[list[tuple[int | str, ...]]] = []
    at_hand: list[tuple[int | str, ...]] = []
    start = 0
    for place, (where, row) in enumerate(ranked):
        start = len(where) + 1
        at_hand.append((*where, place, *row))
        if len(at_hand) == _AT_ONCE:
            sorted_runs.append(sorted(at_hand))
            at_hand.clear()
        yield None
    for held in merge(*map(drained, (*sorted_runs, sorted(at_hand)))):
        yield tuple(map(str, held[start:]))


def _place(pools: Pools, item: Item, key: SortKey) -> tuple[int, int | str]:
    held = value(pools, item, key.prop) if key.prop else user_value(pools, item, key.name)
    if held is None:
        return 2, 0
    found = held.value
    if key.prop and key.prop.shape is Shape.INDEX and found in key.prop.choices:
        found = _NUMBERED.get(key.prop.choices, key.prop.choices).index(str(found))
    if isinstance(found, int):
        return 0, -found if key.reverse else found
    return 1, _reversed(found) if key.reverse else found


def _reversed(text: str) -> str:
    """Return a text that sorts before others where this one sorts after them."""
    return "".join(chr(_LAST - ord(letter)) for letter in text) + chr(_LAST)
