"""Commands per second at 8 connections, against a server that answers a constant."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
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
    with hosts({"host": 1}) as simulated:
        async with AsyncExitStack() as open_connections:
            host = await _log_in(simulated.doors["host"], open_connections)
            await run(host[0], f"stmfadm create-lu -p guid={_LU} /dev/zvol/rdsk/tank/v000000")
            return [await _compare(command, host, rounds, each) for command in _COMMANDS]


async def _compare(command: str, host: Sequence[asyncssh.SSHClientConnection], rounds: int, each: int) -> Figure:
    answer = _COMMANDS[command]
    with constant(answer) as fixed:
        async with AsyncExitStack() as open_connections:
            plain = await _log_in(fixed.doors["constant"], open_connections)
            await _rate(host, command, answer, each)
            await _rate(plain, command, answer, each)
            rates = [
                (await _rate(host, command, answer, each), await _rate(plain, command, answer, each))
                for _ in range(rounds)
            ]
    ratio = median(mine / theirs for mine, theirs in rates)
    name = " ".join(command.split()[:2])
    return at_least(_LEAST, f"{name}: commands per second, {_CONNECTIONS} connections", ratio)


async def _log_in(door: Door, open_connections: AsyncExitStack) -> list[asyncssh.SSHClientConnection]:
    return [await open_connections.enter_async_context(await door.connect()) for _ in range(_CONNECTIONS)]


async def _rate(connections: Sequence[asyncssh.SSHClientConnection], command: str, answer: str, each: int) -> float:
    async def repeat(connection: asyncssh.SSHClientConnection) -> None:
        for _ in range(each):
            await run(connection, command, answer)

    begun = perf_counter()
    await asyncio.gather(*(repeat(connection) for connection in connections))
    return len(connections) * each / (perf_counter() - begun)
