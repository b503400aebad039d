"""`zpool list` (source: illumos zpool_main.c)."""

from collections.abc import Iterator, Sequence
from functools import partial

from attrs import define, frozen

from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.scans import allocated
from sansim.solaris.pools.vdevs import ONLINE
from sansim.solaris.zfs.columns import Column, header_row, read_columns, row
from sansim.solaris.zfs.command import Failure
from sansim.solaris.zfs.numbers import human
from sansim.solaris.zfs.values import NONE
from sansim.solaris.zpool.command import PoolRun, open_pools, options
from sansim.solaris.zpool.names import CLASSES, Naming, Node, class_trees, data_trees, disk_node
from sansim.solaris.zpool.properties import every_property, find, render, value
from sansim.solaris.zpool.repeat import read_repeat, stamp

__all__ = ["list_pools", "name_width"]

_NARROWEST = 9
_WIDTHS = (5, 5, 5, 7, 8, 5, 5, 5, 8)


@define
class _Request:
    fields: str
    scripted: bool = False
    exact: bool = False
    verbose: bool = False
    guid: bool = False
    path: bool = False
    stamp: str | None = None
    titled: bool = False


@frozen
class _Sizes:
    """The cells of a group or disk; what it does not have is 0."""

    size: int
    allocated: int
    top: bool


def list_pools(run: PoolRun, arguments: Sequence[str]) -> None:
    """List pools, a row each; with -v their groups and disks too."""
    request = _Request(",".join(run.zpool.list.columns))
    read = options(run, "list", arguments)
    for letter, text in read:
        _read_option(request, letter, text)
    stamp(request.stamp, run.pools.clock.now())
    operands, repeat = read_repeat(read.operands)
    if request.fields == "all":
        request.fields = f"name,{every_property(run.zpool)}"
    columns = read_columns(request.fields, partial(find, run.zpool), lambda _: False)
    pools, complete = open_pools(run, operands)
    if not pools:
        if not operands and not request.scripted:
            run.say("no pools available")
        if not complete:
            raise Failure("")
        return
    if repeat is None:
        run.out.append(_report(run, request, columns, pools))
    else:
        run.repeat(repeat, lambda: _report(run, request, columns, open_pools(run, operands)[0]))


def _read_option(request: _Request, letter: str, text: str) -> None:
    if letter == "o":
        request.fields = text
    elif letter == "T":
        request.stamp = text
    else:
        request.scripted |= letter == "H"
        request.exact |= letter == "p"
        request.verbose |= letter == "v"
        request.guid |= letter == "g"
        request.path |= letter == "P"


def _report(run: PoolRun, request: _Request, columns: Sequence[Column], pools: Sequence[Pool]) -> str:
    rows = [[_cell(run, pool, column, exact=request.exact) for column in columns] for pool in pools]
    for cells in rows:
        for column, cell in zip(columns, cells, strict=True):
            column.fit(cell, exact=request.exact)
    width = max([_NARROWEST, *(name_width(run, pool, _naming(run, request, numbered=True)) for pool in pools)])
    if request.verbose:
        columns[0].width = width
    text = stamp(request.stamp, run.pools.clock.now())
    if not request.scripted and (request.verbose or not request.titled):
        text += f"{header_row(columns)}\n"
        request.titled = True
    for pool, cells in zip(pools, rows, strict=True):
        text += f"{row(columns, cells, scripted=request.scripted)}\n"
        if request.verbose:
            text += "".join(f"{line}\n" for line in _tree(run, request, pool, width))
    return text


def _naming(run: PoolRun, request: _Request, *, numbered: bool = False) -> Naming:
    return Naming(request.guid, request.path, numbered or run.zpool.list.numbered)


def name_width(run: PoolRun, pool: Pool, naming: Naming) -> int:
    """Return how wide the longest name of a pool's tree is, each level two blanks further in."""
    nodes = list(data_trees(run.pools, pool, naming))
    for role in CLASSES:
        nodes += class_trees(run.pools, pool, naming, role)
    nodes += (disk_node(run.pools, disk, naming, 1) for disk in (*pool.caches, *pool.spares))
    return max([len(pool.name), *(len(node.name) + 2 * node.depth for node in nodes)])


def _cell(run: PoolRun, pool: Pool, column: Column, *, exact: bool) -> str:
    if column.prop is None:
        raise TypeError(f"pools have no user properties such as {column.name}")
    return render(run.zpool, column.prop, value(run.pools, pool, column.prop).value, exact=exact)


def _tree(run: PoolRun, request: _Request, pool: Pool, width: int) -> Iterator[str]:
    pools, naming, layout = run.pools, _naming(run, request), run.zpool.list
    used = allocated(pools, pool)
    for node in data_trees(pools, pool, naming):
        depth = layout.indent + layout.depths * (node.depth - 1)
        yield _line(request, node, _sizes(node, pool, used), depth, width)
    for role in CLASSES:
        nodes = list(class_trees(pools, pool, naming, role))
        if nodes:
            yield layout.class_row.format(name=role, width=width)
        for node in nodes:
            yield _line(request, node, _sizes(node, pool, 0), 2 * node.depth, width)
    for title, disks in (("cache", pool.caches), ("spare", pool.spares)):
        if disks:
            yield layout.class_row.format(name=title, width=width)
        for disk in disks:
            node = disk_node(pools, disk, naming, 1)
            state = "AVAIL" if title == "spare" and disk.state == ONLINE else node.state
            sizes = _Sizes(disk.size, 0, top=title == "cache")
            yield _line(request, Node(node.name, 1, state), sizes, 2, width)


def _sizes(node: Node, pool: Pool, used: int) -> _Sizes:
    if node.vdev is None:
        return _Sizes(0, 0, top=False)
    return _Sizes(node.vdev.size, used * node.vdev.size // pool.size, top=True)


def _line(request: _Request, node: Node, sizes: _Sizes, depth: int, width: int) -> str:
    show = str if request.exact else human
    share = sizes.allocated * 10000 // sizes.size if sizes.size else 0
    cells = [NONE] * 8
    if sizes.top:
        cells = [
            *(show(number) for number in (sizes.size, sizes.allocated, sizes.size - sizes.allocated)),
            *(NONE, NONE, "0" if request.exact else "0%"),
            str(share // 100) if request.exact else _percent(share),
            NONE,
        ]
    cells.append(node.state)
    if request.scripted:
        return "\t".join(["", node.name, *cells])
    padded = (f"{cell:>{wide}}" for cell, wide in zip(cells, _WIDTHS, strict=True))
    return "  ".join([f"{'':{depth}}{node.name}".ljust(width), *padded])


def _percent(hundredths: int) -> str:
    """Return a share with as many decimals as fit."""
    decimals = 2 if hundredths < 1000 else 1 if hundredths < 10000 else 0  # noqa: PLR2004 - 10 and 100 percent
    return f"{hundredths / 100:.{decimals}f}%"
