"""`zfs get` (source: illumos zfs_main.c, libzfs_util.c)."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import define, frozen

from sansim.solaris.pool import Pools
from sansim.solaris.zfs_columns import Column, read_columns
from sansim.solaris.zfs_command import ANY, Failure, Options, Run, UsageError
from sansim.solaris.zfs_iterate import Item, Scope, Selection, select
from sansim.solaris.zfs_names import is_user_property
from sansim.solaris.zfs_values import NONE, render, user_properties, user_value, value

__all__ = ["FIELDS", "SOURCES", "Found", "column_widths", "get", "print_found", "read_fields"]

FIELDS = ("name", "property", "value", "source")
SOURCES = ("local", "default", "inherited", "received", "temporary", "none")
_KINDS = ANY | {"bookmark"}
_ALL_FIELDS = ("name", "property", "value", "received", "source")


@define
class _Request(Selection):
    fields: tuple[str, ...] = FIELDS
    sources: frozenset[str] = frozenset(SOURCES)


@frozen
class Found:
    """One row: a property of a dataset, or of a pool."""

    name: str
    property: str
    value: str
    source: str
    received: str = NONE

    def is_from(self, sources: frozenset[str]) -> bool:
        """Tell whether the source is one of the words that -s takes."""
        if self.source == NONE:
            return "none" in sources
        return self.source.split()[0] in sources


def get(run: Run, arguments: Sequence[str]) -> None:
    """Print properties, a row each."""
    options = Options(arguments, flags="rHp", valued="dost", missing="missing argument for '{}' option")
    request = _Request()
    for letter, text in options:
        _read_option(request, letter, text)
    if not options.operands:
        raise UsageError("missing property argument")
    wanted, *operands = options.operands
    everything = wanted == "all"
    if everything:
        columns = [Column.of(prop.name, prop) for prop in run.release.properties.shown]
    else:
        columns = read_columns(wanted, run.release.properties.find, is_user_property)
    items, complete = select(run, operands, Scope(request.kinds or _KINDS, request.recurse, request.depth))
    if everything:
        columns += _user_columns(run.pools, items)
    rows = [
        found
        for item in items
        for column in columns
        if (found := _found(run.pools, item, column, exact=request.exact, everything=everything))
    ]
    widths = column_widths(columns, (item.name for item in items))
    shown = [found for found in rows if found.is_from(request.sources)]
    print_found(run, shown, request.fields, widths, scripted=request.scripted)
    if not complete:
        raise Failure("")


def _read_option(request: _Request, letter: str, text: str) -> None:
    if request.read(letter, text):
        return
    if letter == "o":
        request.fields = read_fields(text)
    else:
        request.sources = _read_sources(text)


def read_fields(text: str) -> tuple[str, ...]:
    """Return the columns given to -o.

    Raises:
        UsageError: One is unknown.
    """
    fields: tuple[str, ...] = ()
    for word in text.split(","):
        if word == "all":
            return _ALL_FIELDS
        if word not in _ALL_FIELDS:
            raise UsageError(f"invalid column name '{word}'")
        fields += (word,)
        if len(fields) > len(_ALL_FIELDS):
            raise UsageError("too many fields given to -o option")
    return fields


def _read_sources(text: str) -> frozenset[str]:
    for word in text.split(","):
        if word not in SOURCES:
            raise UsageError(f"invalid source '{word}'")
    return frozenset(text.split(","))


def _user_columns(pools: Pools, items: Iterable[Item]) -> list[Column]:
    names = dict.fromkeys(name for item in items for name in user_properties(pools, item))
    return [Column.of(name, None) for name in names]


def _found(pools: Pools, item: Item, column: Column, *, exact: bool, everything: bool) -> Found | None:
    """Return the row of a property, widening its column; None where `all` leaves it out."""
    prop = column.prop
    held = value(pools, item, prop) if prop else user_value(pools, item, column.name)
    if held is None:
        return None if everything else Found(item.name, column.name, NONE, NONE)
    text = render(prop, held.value, exact=exact) if prop else str(held.value)
    column.fit(text, exact=exact)
    return Found(item.name, column.name, text, held.source)


def column_widths(columns: Iterable[Column], names: Iterable[str]) -> dict[str, int]:
    """Return how wide each field of a listing of properties is."""
    columns = list(columns)
    return {
        "name": max([len("NAME"), *map(len, names)]),
        "property": max([len("PROPERTY"), *(len(column.name) for column in columns)]),
        "value": max([len("VALUE"), *(column.width for column in columns)]),
        "received": len("RECEIVED"),
        "source": len("SOURCE"),
    }


def print_found(
    run: Run, rows: Sequence[Found], fields: Sequence[str], widths: Mapping[str, int], *, scripted: bool
) -> None:
    """Print properties, under a line of titles unless scripted or there are none."""
    if scripted:
        for found in rows:
            run.say("\t".join(getattr(found, field) for field in fields))
        return
    lines = [[getattr(found, field) for field in fields] for found in rows]
    if lines:
        lines.insert(0, [field.upper() for field in fields])
    for cells in lines:
        padded = [cell.ljust(widths[field]) for field, cell in zip(fields[:-1], cells[:-1], strict=True)]
        run.say("  ".join([*padded, cells[-1]]))
