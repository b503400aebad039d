"""`zfs list` (source: illumos and OpenZFS zfs_main.c)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from attrs import Factory, define

from sansim.portions import drained
from sansim.solaris.zfs.columns import Column, header_row, layout, read_columns
from sansim.solaris.zfs.command import ANY, OWN, Failure, Run
from sansim.solaris.zfs.iterate import Item, Scope, Selection, reopened, select
from sansim.solaris.zfs.names import is_user_property
from sansim.solaris.zfs.properties import LISTED, SPACE_COLUMNS
from sansim.solaris.zfs.sort import Row, SortKey, ordered, rank, read_sort_key
from sansim.solaris.zfs.values import NONE, render, user_properties, user_value, value

__all__ = ["list_datasets"]

_NOTHING = "no datasets available"


@define
class _Request(Selection):
    fields: str = ",".join(LISTED)
    keys: list[SortKey] = Factory(list)


def list_datasets(run: Run, arguments: Sequence[str]) -> None:
    """List datasets and snapshots, a row each."""
    options = run.options("list", arguments, run.release.lists.missing)
    request = _Request()
    for letter, text in options:
        _read_option(run, request, letter, text)
    scope = _scope(run, request, options.operands)
    if request.fields == "space":
        request.fields = ",".join(SPACE_COLUMNS)
    columns = _columns(run, request.fields)
    items, complete = select(run, options.operands, scope)
    first = next(items, None)
    if first is not None:
        run.pour(_lines(run, request, columns, chain((first,), items)))
    elif complete and not request.scripted:
        (run.complain if run.release.lists.nothing_on_stderr else run.say)(_NOTHING)
    if not complete:
        raise Failure("")


def _read_option(run: Run, request: _Request, letter: str, text: str) -> None:
    if request.read(letter, text, run.release.lists.types):
        return
    if letter == "o":
        request.fields = text
    else:
        request.keys.append(read_sort_key(run.release.properties, text, reverse=letter == "S"))


def _scope(run: Run, request: _Request, operands: Sequence[str]) -> Scope:
    if request.kinds is None:
        kinds = OWN if request.fields == "space" else ANY
        return Scope(kinds, request.recurse, request.depth, by_listsnapshots=True)
    return request.scope(request.kinds, operands, of_operand=run.release.lists.snapshots_of_operand)


def _columns(run: Run, fields: str) -> list[Column]:
    properties = run.release.properties
    if fields == "all":
        return [Column.of(prop.name, prop) for prop in (properties["name"], *properties.shown)]
    return read_columns(fields, properties.find, is_user_property)


def _lines(run: Run, request: _Request, columns: list[Column], items: Iterable[Item]) -> Iterator[str]:
    """Yield the lines of a list, and "" while there is none yet."""
    if request.fields == "all":
        opened = []
        users: dict[str, None] = {}
        for item in items:
            opened.append(item.name)
            users.update(dict.fromkeys(user_properties(run.pools, item)))
            yield ""
        columns += [Column.of(name, None) for name in users]
        items = reopened(run.pools, opened)
    rows = _rows(run, request, columns, items)
    yield from _scripted(rows) if request.scripted else _titled(request, columns, rows)


def _rows(run: Run, request: _Request, columns: Sequence[Column], items: Iterable[Item]) -> Iterator[Row | None]:
    """Yield the rows in their order, each as it was when it was come to; None while there is none yet."""
    if not request.keys:
        return (_row(run, request, columns, item) for item in items)
    return ordered((rank(run.pools, item, request.keys), _row(run, request, columns, item)) for item in items)


def _scripted(rows: Iterable[Row | None]) -> Iterator[str]:
    for row in rows:
        yield "" if row is None else "\t".join(row) + "\n"


def _titled(request: _Request, columns: Sequence[Column], rows: Iterable[Row | None]) -> Iterator[str]:
    """Yield the titles and the rows; the widest cell decides on all, so that none can be told before the last."""
    held = []
    for row in rows:
        if row is not None:
            for column, cell in zip(columns, row, strict=True):
                column.fit(cell, exact=request.exact)
            held.append(row)
        yield ""
    line = layout(columns)
    yield header_row(columns) + "\n"
    for row in drained(held):
        yield line(*row) + "\n"


def _row(run: Run, request: _Request, columns: Sequence[Column], item: Item) -> Row:
    return tuple(_cell(run, item, column, exact=request.exact) for column in columns)


def _cell(run: Run, item: Item, column: Column, *, exact: bool) -> str:
    if column.prop is None:
        held = user_value(run.pools, item, column.name)
        return NONE if held is None else str(held.value)
    held = value(run.pools, item, column.prop)
    return NONE if held is None else render(column.prop, held.value, exact=exact)
