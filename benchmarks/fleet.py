"""Very many arrays in one process: what an idle one takes, and whether all answer."""

import asyncio
from collections.abc import Iterable

from benchmarks.client import Door, hosts, run
from benchmarks.figure import Figure, at_least, at_most

__all__ = ["measure"]

_AT_ONCE = 16


def measure(*, quick: bool) -> Iterable[Figure]:
    """Start them all, then ask each for its name."""
    return asyncio.run(_measure(100 if quick else 1000))


async def _measure(many: int) -> list[Figure]:
    with hosts({f"host{number}": 0 for number in range(many)}) as served:
        fresh = served.ask("MiB taken") / many
        free = asyncio.Semaphore(_AT_ONCE)
        answered = await asyncio.gather(*(_answers(free, name, door) for name, door in served.doors.items()))
        used = served.ask("MiB taken") / many
    return [
        at_most(1, f"memory of an idle array among {many:,}", fresh, "MiB"),
        at_most(1, f"memory of one among {many:,} that has answered", used, "MiB"),
        at_least(many, f"arrays that answer of {many:,} in one process", sum(answered), ""),
    ]


async def _answers(free: asyncio.Semaphore, name: str, door: Door) -> bool:
    async with free, await door.connect() as connection:
        answer = await run(connection, "hostname")
    return answer == f"{name}\n"
