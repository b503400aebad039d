"""`zfs list` (source: illumos and OpenZFS zfs_main.c)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from attrs import Factory, define

from sansim.solaris.zfs_columns import Column, header_row, layout, read_columns
from sansim.solaris.zfs_command import ANY, BOOKMARK, OWN, SNAPSHOT, Failure, Run
from sansim.solaris.zfs_iterate import Item, Scope, Selection, SortKey, ordered, read_sort_key, select
from sansim.solaris.zfs_names import is_user_property
from sansim.solaris.zfs_properties import LISTED, SPACE_COLUMNS
from sansim.solaris.zfs_values import NONE, render, user_properties, user_value, value

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
        run.pour(_lines(run, request, columns, ordered(run.pools, chain((first,), items), request.keys)))
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
    rules = run.release.lists
    if request.kinds is None:
        kinds = OWN if request.fields == "space" else ANY
        return Scope(kinds, request.recurse, request.depth, by_listsnapshots=True)
    if rules.snapshots_of_operand and operands and not request.recurse and request.kinds in (SNAPSHOT, BOOKMARK):
        return Scope(request.kinds, recurse=True, depth=1)
    return Scope(request.kinds, request.recurse, request.depth)


def _columns(run: Run, fields: str) -> list[Column]:
    properties = run.release.properties
    if fields == "all":
        return [Column.of(prop.name, prop) for prop in (properties["name"], *properties.shown)]
    return read_columns(fields, properties.find, is_user_property)


def _lines(run: Run, request: _Request, columns: list[Column], items: Iterable[Item | None]) -> Iterator[str]:
    """Yield the lines of a list, and "" while there is none yet."""
    if request.fields == "all":
        held = []
        names: dict[str, None] = {}
        for item in items:
            if item is not None:
                held.append(item)
                names.update(dict.fromkeys(user_properties(run.pools, item)))
            yield ""
        columns += [Column.of(name, None) for name in names]
        items = held
    yield from (_scripted if request.scripted else _titled)(run, request, columns, items)


def _scripted(run: Run, request: _Request, columns: Sequence[Column], items: Iterable[Item | None]) -> Iterator[str]:
    for item in items:
        yield "" if item is None else "\t".join(_cells(run, request, columns, item)) + "\n"


def _titled(run: Run, request: _Request, columns: Sequence[Column], items: Iterable[Item | None]) -> Iterator[str]:
    """Yield the titles and the rows; each shows what was so when it was come to, and the widest decides on all."""
    rows = []
    for item in items:
        if item is not None:
            cells = _cells(run, request, columns, item)
            for column, cell in zip(columns, cells, strict=True):
                column.fit(cell, exact=request.exact)
            rows.append(cells)
        yield ""
    line = layout(columns)
    yield header_row(columns) + "\n"
    for cells in rows:
        yield line(*cells) + "\n"


def _cells(run: Run, request: _Request, columns: Sequence[Column], item: Item) -> tuple[str, ...]:
    return tuple(_cell(run, item, column, exact=request.exact) for column in columns)


def _cell(run: Run, item: Item, column: Column, *, exact: bool) -> str:
    if column.prop is None:
        held = user_value(run.pools, item, column.name)
        return NONE if held is None else str(held.value)
    held = value(run.pools, item, column.prop)
    return NONE if held is None else render(column.prop, held.value, exact=exact)
