"""How much longer a create takes among many volumes than among few."""

import asyncio
from collections.abc import Iterable
from statistics import median
from time import perf_counter

import asyncssh

from benchmarks.client import hosts, run
from benchmarks.figure import Figure, at_most

__all__ = ["measure"]

_FEW = 100
_MOST = 1.5
_COMMANDS = {
    "zfs create": "zfs create -s -V 1G tank/new{:06}",
    "zfs list of one": "zfs list -H -o name tank/new{:06}",
    "stmfadm create-lu": "stmfadm create-lu /dev/zvol/rdsk/tank/new{:06}",
}


def measure(*, quick: bool) -> Iterable[Figure]:
    """Type the same on a host with few and on one with many volumes, in turns."""
    return asyncio.run(_measure(many=10_000 if quick else 100_000, times=60 if quick else 200))


async def _measure(many: int, times: int) -> list[Figure]:
    with hosts({"few": _FEW, "many": many}) as served:
        doors = served.doors
        async with await doors["few"].connect() as few, await doors["many"].connect() as crowd:
            figures = [await _compare(name, few, crowd, many, times) for name in _COMMANDS]
    return figures


async def _compare(
    name: str, few: asyncssh.SSHClientConnection, crowd: asyncssh.SSHClientConnection, many: int, times: int
) -> Figure:
    commands = [_COMMANDS[name].format(number) for number in range(times)]
    took = [(await _time(crowd, command), await _time(few, command)) for command in commands]
    ratio = median(long for long, _ in took) / median(short for _, short in took)
    return at_most(_MOST, f"{name}, {many:,} volumes against {_FEW}", ratio)


async def _time(connection: asyncssh.SSHClientConnection, command: str) -> float:
    begun = perf_counter()
    await run(connection, command)
    return perf_counter() - begun
