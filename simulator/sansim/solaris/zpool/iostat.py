"""`zpool iostat` (source: illumos zpool_main.c)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from attrs import define, field, frozen

from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.scans import allocated
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zfs.numbers import human
from sansim.solaris.zpool.command import PoolRun, not_simulated, open_pools, options
from sansim.solaris.zpool.list import name_width
from sansim.solaris.zpool.names import CLASSES, Naming, Node, class_trees, data_trees, disk_node
from sansim.solaris.zpool.repeat import read_repeat, stamp

__all__ = ["iostat"]

_NARROWEST_NAME = 10
_TOP = (("capacity", 2), ("operations", 2), ("bandwidth", 2))
_BOTTOM = (("alloc", 1), ("free", 1), ("read", 1), ("write", 1), ("read", 1), ("write", 1))
_WIDTH = 5
_EXACT_WIDTH = 15
_NOT_SIMULATED = "lqrwc"


@frozen
class _Counts:
    """What was written up to a moment: operations and bytes."""

    at: datetime
    operations: int
    size: int


@define
class _Request:
    letters: frozenset[str]
    naming: Naming
    stamp: str | None
    pools: tuple[str, ...]
    vdevs: tuple[str, ...] = ()
    titled: bool = False
    before: dict[str, _Counts] = field(factory=dict)

    @property
    def width(self) -> int:
        """Characters of a number."""
        return _EXACT_WIDTH if "p" in self.letters else _WIDTH


def iostat(run: PoolRun, arguments: Sequence[str]) -> None:
    """Tell how much is written to pools: since the host came up or the pool was imported, then since last time."""
    read = options(run, "iostat", arguments)
    found = dict(read)
    for letter in _NOT_SIMULATED:
        if letter in found:
            raise not_simulated(run, f"iostat -{letter}")
    if "h" in found:
        raise UsageError
    stamp(found.get("T"), run.pools.clock.now())
    operands, repeat = read_repeat(read.operands)
    request = _Request(
        frozenset(found), Naming("g" in found, "P" in found, run.zpool.iostat.numbered), found.get("T"), ()
    )
    _choose(run, request, operands)
    if not run.pools.pools:
        run.complain("no pools available")
        raise Failure("")
    if "y" in found:
        run.out.append(_nothing_yet(run, request))
    if repeat is None:
        run.out.append(_report(run, request))
    else:
        run.repeat(repeat, lambda: _report(run, request), late="y" in found)


def _nothing_yet(run: PoolRun, request: _Request) -> str:
    """Return what stands before the first report that does not count from the start."""
    _count(run, request)
    text = stamp(request.stamp, run.pools.clock.now())
    if "v" not in request.letters:
        text += _titles(run, request, _name_width(run, request))
        request.titled = True
    return text


def _choose(run: PoolRun, request: _Request, operands: Sequence[str]) -> None:
    """Tell pools from disks among the operands.

    Raises:
        Failure: One is neither.
    """
    names = [name for name in operands if name in run.pools.pools]
    if len(names) == len(operands):
        request.pools = tuple(names)
    elif not names and all(_has(run, request, name) for name in operands):
        request.vdevs = tuple(operands)
    elif operands[0] in names and all(_has(run, request, name, operands[0]) for name in operands[1:]):
        request.pools, request.vdevs = (operands[0],), tuple(operands[1:])
    elif operands[0] in names:
        unresolved = "".join(f"\t{name} ({_what(run, request, name)})\n" for name in operands[1:])
        raise UsageError(
            f'Expected either a list of pools, or list of vdevs in "{operands[0]}", but got:\n{unresolved}'
        )
    elif "g" not in run.zpool.options["iostat"]:
        open_pools(run, operands)
        raise Failure("")
    else:
        raise Failure("Unable to parse pools/vdevs list.\n")


def _has(run: PoolRun, request: _Request, name: str, pool: str | None = None) -> bool:
    pools = [run.pools.pools[pool]] if pool else run.pools.pools.values()
    return any(node.name == name for item in pools for node in _nodes(run, request, item))


def _what(run: PoolRun, request: _Request, name: str) -> str:
    if name in run.pools.pools:
        return "pool"
    return "vdev in another pool" if _has(run, request, name) else "unknown"


def _nodes(run: PoolRun, request: _Request, pool: Pool) -> Iterator[Node]:
    yield from data_trees(run.pools, pool, request.naming)
    for role in CLASSES:
        yield from class_trees(run.pools, pool, request.naming, role)
    for disk in pool.caches:
        yield disk_node(run.pools, disk, request.naming, 1)


def _shown(run: PoolRun, request: _Request) -> list[Pool]:
    return open_pools(run, [name for name in request.pools if name in run.pools.pools])[0]


def _name_width(run: PoolRun, request: _Request) -> int:
    widths = [_NARROWEST_NAME]
    for pool in _shown(run, request):
        widths.append(len(pool.name))
        if "v" in request.letters or request.vdevs:
            widths.append(name_width(run, pool, Naming(request.naming.guid, request.naming.path)))
    return max(widths)


def _count(run: PoolRun, request: _Request) -> None:
    now = run.pools.clock.now()
    for pool in _shown(run, request):
        written = run.pools.traffic.of(pool.name)
        request.before[pool.name] = _Counts(now, written.operations, written.size)


def _report(run: PoolRun, request: _Request) -> str:
    width = _name_width(run, request)
    text = stamp(request.stamp, run.pools.clock.now())
    if not request.titled or "v" in request.letters:
        text += _titles(run, request, width)
        request.titled = True
    pools = _shown(run, request)
    verbose = "v" in request.letters
    for pool in pools:
        rates = _rates(run, request, pool)
        rows = _tree(run, request, pool, rates) if verbose or request.vdevs else iter([_pool_row(run, pool, rates)])
        text += "".join(_line(request, row, width) for row in rows)
        if verbose and not request.vdevs:
            text += _dashes(request, width)
    if request.vdevs or (len(pools) > 1 and not verbose):
        text += _dashes(request, width)
    _count(run, request)
    return text


@frozen
class _Row:
    """A line: the name as indented, the space if it is told, operations and bytes written in a second."""

    name: str
    space: tuple[int, int] | None
    operations: int
    size: int
    heading: bool = False


def _rates(run: PoolRun, request: _Request, pool: Pool) -> tuple[float, float]:
    """Return operations and bytes in a second since the last report, or since the host came up."""
    written = run.pools.traffic.of(pool.name)
    before = request.before.get(pool.name) or _Counts(run.pools.traffic.since, 0, 0)
    seconds = max(1.0, (run.pools.clock.now() - before.at).total_seconds())
    return (written.operations - before.operations) / seconds, (written.size - before.size) / seconds


def _pool_row(run: PoolRun, pool: Pool, rates: tuple[float, float]) -> _Row:
    used = allocated(run.pools, pool)
    return _Row(pool.name, (used, pool.size - used), int(rates[0]), int(rates[1]))


def _tree(run: PoolRun, request: _Request, pool: Pool, rates: tuple[float, float]) -> Iterator[_Row]:
    used = allocated(run.pools, pool)
    rows: list[tuple[str, _Row]] = [(pool.name, _pool_row(run, pool, rates))]
    share = 0.0
    for node in data_trees(run.pools, pool, request.naming):
        if node.vdev is not None:
            share = node.vdev.size / pool.size
        space = None
        if node.vdev is not None:
            taken = used * node.vdev.size // pool.size
            space = (taken, node.vdev.size - taken)
        name = f"{'':{2 * node.depth}}{node.name}"
        rows.append((node.name, _Row(name, space, int(rates[0] * share), int(rates[1] * share))))
    rows += _idle_rows(run, request, pool)
    for plain, row in rows:
        if not request.vdevs:
            yield row
        elif plain in request.vdevs:
            yield _Row(plain, row.space, row.operations, row.size)


def _idle_rows(run: PoolRun, request: _Request, pool: Pool) -> Iterator[tuple[str, _Row]]:
    """Yield what no data are written to: logs, caches and the like."""
    for role in CLASSES:
        nodes = list(class_trees(run.pools, pool, request.naming, role))
        if nodes:
            yield "", _Row(role, None, 0, 0, heading=True)
        for node in nodes:
            yield _idle(node, None if node.vdev is None else node.vdev.size)
    if pool.caches:
        yield "", _Row("cache", None, 0, 0, heading=True)
    for disk in pool.caches:
        yield _idle(disk_node(run.pools, disk, request.naming, 1), disk.size)


def _idle(node: Node, size: int | None) -> tuple[str, _Row]:
    return node.name, _Row(f"{'':{2 * node.depth}}{node.name}", None if size is None else (0, size), 0, 0)


def _line(request: _Request, row: _Row, width: int) -> str:
    exact = "p" in request.letters
    show = str if exact else human
    if row.heading:
        return "" if "H" in request.letters else f"{row.name:<{width}}" + f"  {'-':>{request.width}}" * 6 + "\n"
    absent = "0" if exact else "-"
    space = [absent, absent] if row.space is None else [show(number) for number in row.space]
    cells = [*space, show(0), show(row.operations), show(0), show(row.size)]
    if "H" in request.letters:
        return "\t".join([row.name.strip(), *cells]) + "\n"
    return f"{row.name:<{width}}" + "".join(f"  {cell:>{request.width}}" for cell in cells) + "\n"


def _titles(run: PoolRun, request: _Request, width: int) -> str:
    if "H" in request.letters:
        return ""
    title = "vdev" if request.vdevs else "pool"
    if run.zpool.iostat.titles is not None:
        top, bottom = run.zpool.iostat.titles
        return f"{'':{width}}{top}\n{title:<{width}}{bottom}\n" + _dashes(request, width)
    top, bottom = _labels(_TOP, request.width), _labels(_BOTTOM, request.width)
    return f"{'':{width}}{top}\n{title:<{width}}{bottom}\n" + _dashes(request, width)


def _labels(labels: Sequence[tuple[str, int]], width: int) -> str:
    """Return titles, each over so many columns and about in their middle."""
    text = ""
    for label, columns in labels:
        whole = width * columns + 2 * (columns - 1)
        start = max(0, whole // columns - len(label) // columns)
        text += "  " + f"{'':{start}}{label}".ljust(whole)
    return text


def _dashes(request: _Request, width: int) -> str:
    if "H" in request.letters:
        return ""
    return "-" * width + ("  " + "-" * request.width) * 6 + "\n"
