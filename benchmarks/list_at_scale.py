"""How a list of very many volumes comes: in time proportional to its length, bit by bit, in others' company."""

import asyncio
from collections.abc import Iterable
from statistics import median
from time import perf_counter

import asyncssh

from benchmarks.client import Served, hosts, run
from benchmarks.figure import Figure, at_most

__all__ = ["measure"]

_LISTS = ("zfs list -H -o name", "zfs list")
_PIECE = 1 << 16


def measure(*, quick: bool) -> Iterable[Figure]:
    """List a tenth and the whole in turns."""
    return asyncio.run(_measure(many=20_000 if quick else 100_000, times=3 if quick else 5))


async def _measure(many: int, times: int) -> list[Figure]:
    with hosts({"tenth": many // 10, "whole": many}) as served:
        doors = served.doors
        async with await doors["tenth"].connect() as tenth, await doors["whole"].connect() as whole:
            figures = [await _proportional(tenth, whole, command, many, times) for command in _LISTS]
            before = served.ask("MiB")
            figures.append(await _streamed(whole, many, times))
            figures.append(await _shared(served, whole, many))
            grown = served.ask("MiB at most") - before
            figures.append(at_most(64, f"memory that lists of {many:,} volumes take beside them", grown, "MiB"))
    return figures


async def _proportional(
    tenth: asyncssh.SSHClientConnection, whole: asyncssh.SSHClientConnection, command: str, many: int, times: int
) -> Figure:
    ratios = []
    for _ in range(times):
        # Ten short lists for one long take as long, and meet as much of what else the machine does.
        short = sum([(await _read(tenth, command, many // 10))[1] for _ in range(10)])
        _, long = await _read(whole, command, many)
        ratios.append(long / short)
    return at_most(1.5, f"{command}: time for each of {many:,} rows against {many // 10:,}", median(ratios))


async def _streamed(whole: asyncssh.SSHClientConnection, many: int, times: int) -> Figure:
    took = [await _read(whole, _LISTS[0], many) for _ in range(times)]
    part = median(first / last for first, last in took)
    return at_most(0.1, f"{_LISTS[0]}: time to the first of {many:,} rows against all", part)


async def _shared(served: Served, whole: asyncssh.SSHClientConnection, many: int) -> Figure:
    served.ask("watch")
    for command in (*_LISTS, "zfs list -H -o name -S used", "zfs get -rHp volsize,used tank"):
        await run(whole, command)
    longest = served.ask("longest slice") * 1000
    return at_most(20, f"longest that a list of {many:,} volumes keeps others from their turn", longest, "ms")


async def _read(connection: asyncssh.SSHClientConnection, command: str, rows: int) -> tuple[float, float]:
    """Return the seconds until the first bytes and until the end."""
    begun = perf_counter()
    first = 0.0
    seen = 0
    async with connection.create_process(command) as process:
        while piece := await process.stdout.read(_PIECE):
            first = first or perf_counter() - begun
            seen += piece.count("\n")
    if seen < rows:
        raise RuntimeError(f"{command}: {seen} lines, of {rows} volumes")
    return first, perf_counter() - begun
