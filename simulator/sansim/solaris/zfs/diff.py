"""`zfs diff` (source: illumos zfs_main.c, libzfs_diff.c).

What a filesystem holds is not simulated, only how much. Where nothing was written between two moments there is
nothing to tell, as on a real host; where something was, the question is refused and said to be unsupported.
"""

from collections.abc import Sequence

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.model import Dataset, Snapshot
from sansim.solaris.pools.replication import is_before
from sansim.solaris.zfs.command import SNAPSHOT, Failure, Run, UsageError, open_item

__all__ = ["diff"]

_FAMILY = "\n   Not an earlier snapshot from the same fs"
_NO_RIGHT = "\n   The sys_mount privilege or diff delegated permission is needed\n   to execute the diff ioctl"


def diff(run: Run, arguments: Sequence[str]) -> None:
    """Tell what has changed in a filesystem since a snapshot, or between two."""
    options = run.options("diff", arguments)
    list(options)
    operands = options.operands
    if not operands:
        raise UsageError("must provide at least one snapshot name")
    if len(operands) > 2:  # noqa: PLR2004 - from and to
        raise UsageError("too many arguments")
    source, target = operands[0], operands[1] if len(operands) > 1 else None
    named = source if not source.startswith("@") else target
    if named is None:
        raise UsageError
    dataset = named.partition("@")[0]
    open_item(run.pools, dataset, frozenset({"filesystem"}))
    begin, end = _both(run, dataset, source, target)
    if not is_before(run.pools, begin, end.name):
        raise Failure(f"Unable to obtain diffs: {_FAMILY}")
    try:
        run.permit(dataset, "diff")
    except Refused as refused:
        raise Failure(f"Unable to obtain diffs: {_NO_RIGHT}") from refused
    if begin.extents != end.extents:
        raise run.cannot("zfs diff of what was written", "Unable to obtain diffs: Operation not supported")


def _both(run: Run, dataset: str, source: str, target: str | None) -> tuple[Snapshot, Snapshot | Dataset]:
    if target is None:
        if run.release.names.check(source, SNAPSHOT):
            raise Failure(f"Badly formed snapshot name {source}: invalid name")
        target = dataset
    short = source.partition("@")[2]
    if not short or target.endswith("@") or (source.startswith("@") and target.startswith("@")):
        raise Failure("Unable to determine which snapshots to compare: invalid name")
    begin = f"{source.partition('@')[0] or dataset}@{short}"
    end = dataset + target if target.startswith("@") else target
    try:
        return run.pools.snapshot(begin), run.pools.holder(end)
    except Refused as refused:
        raise Failure("Unable to obtain diffs: No such file or directory") from refused
