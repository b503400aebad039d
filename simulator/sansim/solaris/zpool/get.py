"""`zpool get` and `zpool set` (source: illumos zpool_main.c)."""

from collections.abc import Sequence
from functools import partial

from sansim.solaris.pools.model import Pool
from sansim.solaris.zfs.columns import Column, read_columns
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zfs.get import FIELDS, Found, column_widths, scripted_line, titled_lines
from sansim.solaris.zpool.command import ERROR, PoolRun, open_pools, options, refused
from sansim.solaris.zpool.properties import every_property, find, render, value
from sansim.solaris.zpool.settings import set_property

__all__ = ["get", "set_pool"]


def get(run: PoolRun, arguments: Sequence[str]) -> None:
    """Print properties of pools, a row each."""
    scripted = exact = False
    fields: tuple[str, ...] = FIELDS
    read = options(run, "get", arguments)
    for letter, text in read:
        scripted |= letter == "H"
        exact |= letter == "p"
        fields = _read_fields(text) if letter == "o" else fields
    if not read.operands:
        raise UsageError("missing property argument")
    wanted, *operands = read.operands
    if wanted == "all":
        wanted = every_property(run.zpool)
    columns = read_columns(wanted, partial(find, run.zpool), lambda _: False)
    pools, complete = open_pools(run, operands)
    rows = [_found(run, pool, column, exact=exact) for pool in pools for column in columns]
    if scripted:
        run.out += (scripted_line(found, fields) for found in rows)
    else:
        run.out += titled_lines(
            [tuple(found.cells(fields)) for found in rows],
            fields,
            column_widths(columns, [pool.name for pool in pools]),
        )
    if not complete:
        raise Failure("")


def _read_fields(text: str) -> tuple[str, ...]:
    fields: list[str] = []
    for word in text.split(","):
        if len(fields) > len(FIELDS):
            raise UsageError("too many fields given to -o option")
        if word == "all":
            if fields:
                raise UsageError('"all" conflicts with specific fields given to -o option')
            return FIELDS
        if word not in FIELDS:
            raise UsageError(f"invalid column name '{word}'")
        fields.append(word)
    return tuple(fields)


def _found(run: PoolRun, pool: Pool, column: Column, *, exact: bool) -> Found:
    if column.prop is None:
        raise TypeError(f"pools have no user properties such as {column.name}")
    held = value(run.pools, pool, column.prop)
    text = render(run.zpool, column.prop, held.value, exact=exact)
    column.fit(text, exact=exact)
    return Found(pool.name, column.name, text, held.source)


def set_pool(run: PoolRun, arguments: Sequence[str]) -> None:
    """Set a property of a pool."""
    if arguments and arguments[0].startswith("-"):
        raise UsageError(f"invalid option '{arguments[0][1:2]}'")
    if not arguments:
        raise UsageError("missing property=value argument")
    if len(arguments) == 1:
        raise UsageError("missing pool name")
    if len(arguments) > 2:  # noqa: PLR2004 - a property and a pool
        raise UsageError("too many pool names")
    name, equals, text = arguments[0].partition("=")
    if not equals:
        raise UsageError("missing value in property=value argument")
    pools, _ = open_pools(run, arguments[1:])
    if not pools:
        raise Failure("")
    with refused(f"cannot set property for '{arguments[1]}'", ERROR):
        set_property(run, pools[0], name, text)
