"""`zfs get` (source: illumos zfs_main.c, libzfs_util.c)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import Factory, define, frozen

from sansim.portions import drained
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.columns import Column, read_columns
from sansim.solaris.zfs.command import ANY, Failure, Run, UsageError
from sansim.solaris.zfs.iterate import Item, Selection, select
from sansim.solaris.zfs.names import is_user_property
from sansim.solaris.zfs.properties import Property
from sansim.solaris.zfs.values import NONE, Value, received_value, render, user_properties, user_value, value

__all__ = ["FIELDS", "Found", "column_widths", "get"]

FIELDS = ("name", "property", "value", "source")
_SOURCES = ("local", "default", "inherited", "received", "temporary", "none")
_KINDS = ANY | {"bookmark"}
_ALL_FIELDS = ("name", "property", "value", "received", "source")


@define
class _Request(Selection):
    fields: tuple[str, ...] = FIELDS
    sources: frozenset[str] = frozenset(_SOURCES)


@frozen
class Found:
    """One row: a property of a dataset, or of a pool."""

    name: str
    property: str
    value: str
    source: str
    received: str = NONE

    def cells(self, fields: Iterable[str]) -> Iterator[str]:
        """Yield what stands in these fields."""
        for field in fields:
            yield getattr(self, field)

    def is_from(self, sources: frozenset[str]) -> bool:
        """Tell whether the source is one of the words that -s takes."""
        if self.source == NONE:
            return "none" in sources
        return self.source.split()[0] in sources


def get(run: Run, arguments: Sequence[str]) -> None:
    """Print properties, a row each."""
    options = run.options("get", arguments, "missing argument for '{}' option")
    request = _Request()
    for letter, text in options:
        _read_option(run, request, letter, text)
    if not options.operands:
        raise UsageError("missing property argument")
    wanted, *operands = options.operands
    everything = wanted == "all"
    if everything:
        columns = [Column.of(prop.name, prop) for prop in _everything(run)]
    else:
        columns = read_columns(wanted, run.release.properties.find, is_user_property)
    kinds = _KINDS if request.kinds is None else request.kinds
    scope = request.scope(kinds, operands, of_operand=run.release.lists.snapshots_of_operand)
    items, complete = select(run, operands, scope)
    listing = _Listing(run.pools, columns, everything, request.exact)
    run.pour((_scripted if request.scripted else _titled)(listing, request, items))
    if not complete:
        raise Failure("")


def _read_option(run: Run, request: _Request, letter: str, text: str) -> None:
    if request.read(letter, text, run.release.lists.types):
        return
    if letter == "o":
        request.fields = _read_fields(text, received=run.release.lists.received)
    else:
        request.sources = _read_sources(text, received=run.release.lists.received)


def _read_fields(text: str, *, received: bool = True) -> tuple[str, ...]:
    """Return the columns given to -o.

    Args:
        text: Their names.
        received: Whether there is one for what was received, and a word for all of them.

    Raises:
        UsageError: One is unknown.
    """
    known = _ALL_FIELDS if received else FIELDS
    fields: tuple[str, ...] = ()
    for word in text.split(","):
        if len(fields) == len(known):
            raise UsageError("too many fields given to -o option")
        if word == "all" and received:
            if fields:
                raise UsageError('"all" conflicts with specific fields given to -o option')
            fields = _ALL_FIELDS
            continue
        if word not in known:
            raise UsageError(f"invalid column name '{word}'")
        fields += (word,)
    return fields


def _read_sources(text: str, *, received: bool) -> frozenset[str]:
    for word in text.split(","):
        if word not in _SOURCES or (word == "received" and not received):
            raise UsageError(f"invalid source '{word}'")
    return frozenset(text.split(","))


def _everything(run: Run) -> Sequence[Property]:
    shown = run.release.properties.shown
    return sorted(shown, key=lambda prop: prop.name) if run.release.lists.all_by_name else shown


@define
class _Listing:
    """Reads properties, and knows how wide their columns have become.

    Attributes:
        columns: Those that every item is asked for.
        everything: Whether `all` was asked for: what an item has not is left out, user properties come last.
        exact: Whether numbers are exact.
    """

    pools: Pools
    columns: Sequence[Column]
    everything: bool
    exact: bool
    users: dict[str, Column] = Factory(dict)

    def read(self, item: Item) -> Iterator[Found]:
        """Yield the rows of an item."""
        for column in self.columns:
            yield from self._found(item, column)
        for name in user_properties(self.pools, item) if self.everything else ():
            yield from self._found(item, self.users.setdefault(name, Column.of(name, None)))

    def _found(self, item: Item, column: Column) -> Iterator[Found]:
        prop = column.prop
        held = value(self.pools, item, prop) if prop else user_value(self.pools, item, column.name)
        came = received_value(item, prop, column.name)
        received = self._text(prop, came) if came else NONE
        if held is not None:
            text = self._text(prop, held)
            column.fit(text, exact=self.exact)
            yield Found(item.name, column.name, text, held.source, received)
        elif not self.everything:
            yield Found(item.name, column.name, NONE, NONE, received)

    def _text(self, prop: Property | None, held: Value) -> str:
        return render(prop, held.value, exact=self.exact) if prop else str(held.value)


def _scripted(listing: _Listing, request: _Request, items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        for found in listing.read(item):
            if found.is_from(request.sources):
                yield scripted_line(found, request.fields)
        yield ""


def _titled(listing: _Listing, request: _Request, items: Iterable[Item]) -> Iterator[str]:
    """Yield the titles and the rows; each shows what was so when it was come to, and the widest decides on all."""
    rows = []
    names = []
    widest = len("VALUE")
    for item in items:
        names.append(item.name)
        for found in listing.read(item):
            if found.is_from(request.sources):
                rows.append(tuple(found.cells(request.fields)))
                widest = max(widest, len(found.value))
        yield ""
    widths = column_widths([*listing.columns, *listing.users.values()], names)
    if not listing.pools.release.lists.value_as_wide_as_title:
        widths["value"] = widest
    yield from titled_lines(rows, request.fields, widths)


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


def scripted_line(found: Found, fields: Iterable[str]) -> str:
    """Return a row whose cells are only parted by tabs."""
    return "\t".join(found.cells(fields)) + "\n"


def titled_lines(rows: list[tuple[str, ...]], fields: Sequence[str], widths: Mapping[str, int]) -> Iterator[str]:
    """Yield the line of titles, if there are any rows, and these, which are let go; a row has a cell for each field."""
    line = "  ".join([*(f"{{:<{widths[field]}}}" for field in fields[:-1]), "{}"]).format
    if rows:
        yield line(*(field.upper() for field in fields)) + "\n"
    for cells in drained(rows):
        yield line(*cells) + "\n"
