"""`zfs rename` (source: illumos zfs_main.c, libzfs_dataset.c)."""

from collections.abc import Sequence

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.lineage import rename as rename_dataset
from sansim.solaris.pools.lineage import rename_snapshots
from sansim.solaris.pools.model import dataset_of, parent_of, pool_of
from sansim.solaris.zfs.command import (
    ANY,
    OWN,
    SNAPSHOT,
    Failure,
    Run,
    UsageError,
    open_item,
    source_and_target,
)
from sansim.solaris.zfs.targets import check_parents, create_ancestors

__all__ = ["rename"]

_FILESYSTEM = frozenset({"filesystem"})


def rename(run: Run, arguments: Sequence[str]) -> None:
    """Rename a dataset or snapshot."""
    options = run.options("rename", arguments)
    letters = {letter for letter, _ in options}
    source, target = source_and_target(options.operands)
    if letters >= {"p", "r"}:
        raise UsageError("-p and -r options are mutually exclusive")
    if letters >= {"p", "u"}:
        raise UsageError("-u and -p options are mutually exclusive")
    if "r" in letters and "@" not in source:
        raise UsageError("source dataset for recursive rename must be a snapshot")
    open_item(run.pools, source, _FILESYSTEM if "u" in letters else OWN if "p" in letters else ANY)
    if "@" in source:
        _rename_snapshot(run, source, target, recursive="r" in letters)
        return
    if "p" in letters and run.release.names.check(target, OWN) is None:
        create_ancestors(run, target)
    if source != target:
        _rename_dataset(run, source, target)


def _rename_snapshot(run: Run, source: str, target: str, *, recursive: bool) -> None:
    if source == target:
        return
    dataset, at, name = target.rpartition("@")
    if at and dataset not in ("", dataset_of(source)):
        raise Failure(f"cannot rename to '{target}': snapshots must be part of same dataset")
    full = f"{dataset_of(source)}@{name}"
    if reason := run.release.names.check(full, SNAPSHOT, changing=True):
        raise Failure(f"cannot rename to '{full}': {reason}")
    try:
        run.permit(source, "rename", "mount")
        run.permit(source, "create", "mount")
        rename_snapshots(run.pools, source, full, recursive=recursive)
    except Refused as refused:
        reason = refused.reason
        if recursive and refused.reason is Reason.EXISTS:
            reason = "a child dataset already has a snapshot with the new name"
        raise Failure(f"cannot rename '{source}': {reason}") from refused


def _rename_dataset(run: Run, source: str, target: str) -> None:
    if reason := run.release.names.check(target, OWN, changing=True):
        raise Failure(f"cannot rename to '{target}': {reason}")
    check_parents(run, target)
    if pool_of(source) != pool_of(target):
        raise Failure(f"cannot rename to '{target}': datasets must be within same pool")
    if target.startswith(f"{source}/"):
        raise Failure(f"cannot rename to '{target}': New dataset name cannot be a descendant of current dataset name")
    try:
        run.permit(source, "rename", "mount")
        run.permit(parent_of(target) or target, "create", "mount")
        rename_dataset(run.pools, source, target)
    except Refused as refused:
        raise Failure(f"cannot rename '{source}': {refused.reason}") from refused
