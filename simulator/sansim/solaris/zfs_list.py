"""`zfs list` (source: illumos zfs_main.c)."""

from collections.abc import Sequence

from attrs import Factory, define

from sansim.solaris.zfs_columns import Column, header_row, read_columns, row
from sansim.solaris.zfs_command import ANY, Failure, Options, Run
from sansim.solaris.zfs_iterate import Item, Scope, Selection, SortKey, read_sort_key, select
from sansim.solaris.zfs_names import is_user_property
from sansim.solaris.zfs_properties import LISTED, SPACE_COLUMNS
from sansim.solaris.zfs_values import NONE, render, user_value, value

__all__ = ["list_datasets"]


@define
class _Request(Selection):
    fields: str = ",".join(LISTED)
    keys: list[SortKey] = Factory(list)


def list_datasets(run: Run, arguments: Sequence[str]) -> None:
    """List datasets and snapshots, a row each."""
    options = Options(arguments, flags="Hpr", valued="Sdost")
    request = _Request()
    for letter, text in options:
        _read_option(run, request, letter, text)
    if request.fields == "space":
        request.fields = ",".join(SPACE_COLUMNS)
    columns = read_columns(request.fields, run.release.properties.find, is_user_property)
    scope = Scope(
        ANY if request.kinds is None else request.kinds,
        request.recurse,
        request.depth,
        by_listsnapshots=request.kinds is None,
    )
    items, complete = select(run, options.operands, scope, request.keys)
    _print(run, request, columns, items)
    if not items and complete and not request.scripted:
        run.say("no datasets available")
    if not complete:
        raise Failure("")


def _read_option(run: Run, request: _Request, letter: str, text: str) -> None:
    if request.read(letter, text):
        return
    if letter == "o":
        request.fields = text
    else:
        request.keys.append(read_sort_key(run.release.properties, text, reverse=letter == "S"))


def _print(run: Run, request: _Request, columns: Sequence[Column], items: Sequence[Item]) -> None:
    rows = [[_cell(run, item, column, exact=request.exact) for column in columns] for item in items]
    if not request.scripted and rows:
        for cells in rows:
            for column, cell in zip(columns, cells, strict=True):
                column.fit(cell, exact=request.exact)
        run.say(header_row(columns))
    for cells in rows:
        run.say(row(columns, cells, scripted=request.scripted))


def _cell(run: Run, item: Item, column: Column, *, exact: bool) -> str:
    if column.prop is None:
        held = user_value(run.pools, item, column.name)
        return NONE if held is None else str(held.value)
    held = value(run.pools, item, column.prop)
    return NONE if held is None else render(column.prop, held.value, exact=exact)
