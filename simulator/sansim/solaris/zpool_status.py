"""`zpool status` (source: illumos zpool_main.c)."""

from collections.abc import Iterator, Sequence

from sansim.solaris.zfs_command import Failure, Options, Run
from sansim.solaris.zfs_model import Pool
from sansim.solaris.zpool_operands import open_pools

__all__ = ["status"]

_NARROWEST_NAME = 10


def status(run: Run, arguments: Sequence[str]) -> None:
    """Show what pools consist of and how they are; with -x only those in trouble, of which there are none."""
    options = Options(arguments, flags="vx")
    letters = {letter for letter, _ in options}
    pools, complete = open_pools(run, options.operands)
    if "x" not in letters:
        run.out.append("\n".join(_text(pool) for pool in pools))
    elif not options.operands and pools:
        run.say("all pools are healthy")
    elif options.operands:
        for pool in pools:
            run.say(f"pool '{pool.name}' is healthy")
    if not pools and complete:
        run.say("no pools available")
    if not complete:
        raise Failure("")


def _text(pool: Pool) -> str:
    rows = list(_tree(pool))
    width = max(_NARROWEST_NAME, *(len(name) for name in rows))
    config = [_row("NAME", width, "STATE", ("READ", "WRITE", "CKSUM"))]
    config += [_row(name, width, "ONLINE", ("0", "0", "0")) for name in rows]
    return "\n".join(
        [
            f"  pool: {pool.name}",
            " state: ONLINE",
            "  scan: none requested",
            "config:",
            "",
            *config,
            "",
            "errors: No known data errors",
            "",
        ]
    )


def _tree(pool: Pool) -> Iterator[str]:
    """Yield the pool, its groups and disks, each indented as it is printed."""
    yield pool.name
    for vdev in pool.vdevs:
        if vdev.name:
            yield f"  {vdev.name}"
        for disk in vdev.disks:
            yield f"{'    ' if vdev.name else '  '}{disk}"


def _row(name: str, width: int, state: str, counts: tuple[str, str, str]) -> str:
    read, write, checksum = counts
    return f"\t{name:<{width}}  {state:<8} {read:>5} {write:>5} {checksum:>5}"
