"""`zpool history` (source: illumos zpool_main.c)."""

from collections.abc import Sequence

from sansim.solaris.zfs.command import Failure
from sansim.solaris.zpool.command import ERROR, PoolRun, not_simulated, open_pools, options

__all__ = ["history"]


def history(run: PoolRun, arguments: Sequence[str]) -> None:
    """Print the commands that changed pools, with their times; with -l who typed them and where."""
    read = options(run, "history", arguments)
    letters = {letter for letter, _ in read}
    if "i" in letters:
        raise not_simulated(run, "history -i")
    pools, complete = open_pools(run, read.operands)
    if not pools and not read.operands:
        if run.zpool.status.nothing_on_stderr:
            run.complain("no pools available")
        else:
            run.say("no pools available")
    for pool in pools:
        run.say(f"History for '{pool.name}':")
        if not run.may_configure:
            run.complain(f"cannot show history for pool '{pool.name}': permission denied")
            continue
        for record in run.pools.history.of(pool.guid):
            line = f"{record.time:%Y-%m-%d.%H:%M:%S} {record.command}"
            if "l" in letters:
                line += f" [user {record.user} on {record.host}{run.zpool.zone}]"
            run.say(line)
        run.say("")
    if not run.may_configure and pools:
        raise Failure("", ERROR)
    if not complete:
        raise Failure("")
