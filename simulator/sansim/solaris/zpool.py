"""The program `zpool`: `list`, `get`, `status` (source: illumos zpool_main.c, libzfs_pool.c)."""

from collections.abc import Mapping, Sequence

from sansim.program import Answer, Call, Program
from sansim.solaris.pool import Pools
from sansim.solaris.zfs_columns import Column, header_row, read_columns, row
from sansim.solaris.zfs_command import Command, Failure, Options, Run, Suite, UsageError, execute
from sansim.solaris.zfs_get import FIELDS, Found, column_widths, print_found, read_fields
from sansim.solaris.zfs_model import Pool
from sansim.solaris.zfs_usage import ZPOOL_SYNOPSES, zpool_usage
from sansim.solaris.zpool_operands import open_pools
from sansim.solaris.zpool_properties import FEATURES, LISTED, PROPERTIES, find, render, value
from sansim.solaris.zpool_status import status

__all__ = ["program"]


def program(pools: Pools) -> Program:
    """Return the program `zpool` of a host with these pools."""

    async def zpool(call: Call) -> Answer:
        return await execute(call, pools, _SUITE)

    return zpool


def _list(run: Run, arguments: Sequence[str]) -> None:
    options = Options(arguments, flags="Hpv", valued="o")
    scripted = exact = False
    fields = ",".join(LISTED)
    for letter, text in options:
        scripted |= letter == "H"
        exact |= letter == "p"
        fields = text if letter == "o" else fields
    columns = read_columns(fields, find, lambda _: False)
    pools, complete = open_pools(run, options.operands)
    rows = [[_cell(run, pool, column, exact=exact) for column in columns] for pool in pools]
    if rows and not scripted:
        for cells in rows:
            for column, cell in zip(columns, cells, strict=True):
                column.fit(cell, exact=exact)
        run.say(header_row(columns))
    for cells in rows:
        run.say(row(columns, cells, scripted=scripted))
    if not pools and complete and not scripted:
        run.say("no pools available")
    if not complete and not pools:
        raise Failure("")


def _cell(run: Run, pool: Pool, column: Column, *, exact: bool) -> str:
    if column.prop is None:
        raise TypeError(f"pools have no user properties such as {column.name}")
    return render(column.prop, value(run.pools, pool, column.prop).value, exact=exact)


def _get(run: Run, arguments: Sequence[str]) -> None:
    options = Options(arguments, flags="Hp", valued="o", missing="missing argument for '{}' option")
    scripted = exact = False
    fields: tuple[str, ...] = FIELDS
    for letter, text in options:
        scripted |= letter == "H"
        exact |= letter == "p"
        fields = read_fields(text) if letter == "o" else fields
    if not options.operands:
        raise UsageError("missing property argument")
    wanted, *operands = options.operands
    if wanted == "all":
        names = [prop.name for prop in PROPERTIES] + [f"feature@{feature}" for feature in FEATURES]
        wanted = ",".join(names)
    columns = read_columns(wanted, find, lambda _: False)
    pools, complete = open_pools(run, operands)
    rows = [_found(run, pool, column, exact=exact) for pool in pools for column in columns]
    print_found(run, rows, fields, column_widths(columns, (pool.name for pool in pools)), scripted=scripted)
    if not complete:
        raise Failure("")


def _found(run: Run, pool: Pool, column: Column, *, exact: bool) -> Found:
    text = _cell(run, pool, column, exact=exact)
    column.fit(text, exact=exact)
    source = value(run.pools, pool, column.prop).source if column.prop else ""
    return Found(pool.name, column.name, text, source)


_COMMANDS: Mapping[str, Command] = {"get": _get, "list": _list, "status": status}
_SUITE = Suite(_COMMANDS, frozenset(name for name, _ in ZPOOL_SYNOPSES if name), {}, zpool_usage)
