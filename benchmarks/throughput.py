"""Commands per second at 8 connections, against a server that answers a constant."""

import asyncio
from collections.abc import Iterable, Sequence
from statistics import median
from time import perf_counter

import asyncssh

from benchmarks.client import Door, constant, hosts, run
from benchmarks.figure import Figure, at_least

__all__ = ["measure"]

_CONNECTIONS = 8
_LU = "600144F00000000000000000000A0001"
_COMMANDS = {
    "zfs list -H -o name tank/v000000": "tank/v000000\n",
    "stmfadm list-lu": f"LU Name: {_LU}\n",
}
_LEAST = 0.5


def measure(*, quick: bool) -> Iterable[Figure]:
    """Run each command over and over on both servers, in turns."""
    return asyncio.run(_measure(rounds=5 if quick else 15, each=10 if quick else 40))


async def _measure(rounds: int, each: int) -> list[Figure]:
    figures = []
    with hosts({"host": 1}) as simulated:
        host = await _log_in(simulated.doors["host"])
        await run(host[0], f"stmfadm create-lu -p guid={_LU} /dev/zvol/rdsk/tank/v000000")
        for command, answer in _COMMANDS.items():
            with constant(answer) as fixed:
                plain = await _log_in(fixed.doors["constant"])
                await _rate(host, command, answer, each)
                await _rate(plain, command, answer, each)
                rates = [
                    (await _rate(host, command, answer, each), await _rate(plain, command, answer, each))
                    for _ in range(rounds)
                ]
                _log_out(plain)
            ratio = median(mine / theirs for mine, theirs in rates)
            name = " ".join(command.split()[:2])
            figures.append(at_least(_LEAST, f"{name}: commands per second, {_CONNECTIONS} connections", ratio))
        _log_out(host)
    return figures


async def _log_in(door: Door) -> list[asyncssh.SSHClientConnection]:
    return [await door.connect() for _ in range(_CONNECTIONS)]


def _log_out(connections: Sequence[asyncssh.SSHClientConnection]) -> None:
    for connection in connections:
        connection.abort()


async def _rate(connections: Sequence[asyncssh.SSHClientConnection], command: str, answer: str, each: int) -> float:
    async def repeat(connection: asyncssh.SSHClientConnection) -> None:
        for _ in range(each):
            await run(connection, command, answer)

    begun = perf_counter()
    await asyncio.gather(*(repeat(connection) for connection in connections))
    return len(connections) * each / (perf_counter() - begun)
