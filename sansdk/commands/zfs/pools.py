"""Pools. Source of forms and outputs: illumos zpool_main.c."""

from attrs import field, frozen

from sansdk.commands.base import Command, register
from sansdk.commands.zfs.refusals import POOL_REFUSALS
from sansdk.commands.zfs.rows import number, only_row, rows


@frozen
class ZfsPool:
    """A pool: raw bytes, parity and slop included, and its health as zpool says it (`ONLINE`)."""

    name: str
    size: int
    allocated: int = field(eq=False)
    free: int = field(eq=False)
    health: str


@register
@frozen
class ListPools(Command[tuple[ZfsPool, ...]]):
    """Every imported pool, or the one named. Releases before about 2013 have no `zpool list -p`."""

    template = "zfs/zpool-list.j2"
    refusals = POOL_REFUSALS

    name: str | None = None

    def parse(self, output: str) -> tuple[ZfsPool, ...]:
        """One pool a row."""
        return tuple(
            ZfsPool(
                name=name,
                size=number(self, output, size),
                allocated=number(self, output, allocated),
                free=number(self, output, free),
                health=health,
            )
            for name, size, allocated, free, health in rows(self, output, 5)
        )


@register
@frozen
class PoolGuid(Command[str]):
    """The GUID of a pool, decimal: unique in the world, and stays with the pool on any host."""

    template = "zfs/zpool-guid.j2"
    refusals = POOL_REFUSALS

    name: str

    def parse(self, output: str) -> str:
        """The GUID."""
        return str(number(self, output, only_row(self, output, 1)[0]))
