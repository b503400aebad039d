"""The pools that operands of zpool name."""

from collections.abc import Sequence

from sansim.solaris.zfs_command import Failure, Run
from sansim.solaris.zfs_model import Pool
from sansim.solaris.zfs_targets import open_pool

__all__ = ["open_pools"]


def open_pools(run: Run, operands: Sequence[str]) -> tuple[list[Pool], bool]:
    """Return the pools that are meant, by name, and whether every operand was there.

    An operand that is no pool is complained about and left out; none at all means every pool.
    """
    names: set[str] = set(operands or run.pools.pools)
    complete = True
    for name in dict.fromkeys(operands):
        try:
            open_pool(run, name)
        except Failure as failure:
            run.complain(failure.text)
            names.discard(name)
            complete = False
    return [run.pools.pools[name] for name in sorted(names)], complete
