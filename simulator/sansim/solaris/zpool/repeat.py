"""Reports that are given again and again: the interval and the count at the end of the operands.

Source: illumos zpool_main.c, timestamp.c.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from attrs import frozen

from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.scans import settle
from sansim.solaris.zfs.command import UsageError

__all__ = ["Repeat", "again", "read_repeat", "stamp"]


@frozen
class Repeat:
    """How often a report is given.

    Attributes:
        interval: Seconds between two.
        count: How many, 0 for ever on.
    """

    interval: float
    count: int


def read_repeat(operands: Sequence[str]) -> tuple[list[str], Repeat | None]:
    """Return the operands without the interval and count at their end, and these.

    Raises:
        UsageError: One of them is zero.
    """
    rest = list(operands)
    numbers: list[float] = []
    while rest and len(numbers) < 2 and (number := _number(rest[-1])) is not None:  # noqa: PLR2004 - interval and count
        if number == 0:
            raise UsageError("interval cannot be zero")
        numbers.insert(0, number)
        rest.pop()
    if not numbers:
        return rest, None
    return rest, Repeat(numbers[0], int(numbers[1]) if numbers[1:] else 0)


def _number(text: str) -> float | None:
    plain = text.replace(".", "", 1)
    return float(text) if plain.isdigit() and plain.isascii() else None


def stamp(form: str | None, now: datetime) -> str:
    """Return the line before a report that -T asks for, nothing without it.

    Raises:
        UsageError: There is no such form.
    """
    if form is None:
        return ""
    if form.startswith("u"):
        return f"{int(now.timestamp())}\n"
    if form.startswith("d"):
        return now.strftime("%a %b %e %H:%M:%S UTC %Y\n")
    raise UsageError


async def again(pools: Pools, first: str, repeat: Repeat, report: Callable[[], str]) -> AsyncIterator[str]:
    """Yield the first report, and each other when it is due."""
    yield first
    given = 1
    while repeat.count == 0 or given < repeat.count:
        await asyncio.sleep(repeat.interval)
        settle(pools)
        yield report()
        given += 1
