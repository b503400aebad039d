"""The checks that a name passes before something is made under it (source: illumos libzfs_dataset.c)."""

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import parent_of, pool_of
from sansim.solaris.zfs.command import OWN, Failure, Run
from sansim.solaris.zfs.names import check_nesting, check_pool_name

__all__ = ["check_parents", "check_target", "create_ancestors", "open_pool"]


def check_target(run: Run, name: str) -> None:
    """Check a new dataset's name and that its parent can take it.

    Raises:
        Failure: It cannot.
    """
    if reason := run.release.names.check(name, OWN, changing=True) or check_nesting(name):
        raise Failure(f"cannot create '{name}': {reason}")
    check_parents(run, name)


def check_parents(run: Run, name: str, *, ancestors: bool = False) -> None:
    """Check that a dataset's parent is a filesystem; with `ancestors` the nearest that exists.

    Raises:
        Failure: There is no pool or parent, or it is a volume.
    """
    parent = parent_of(name)
    if parent is None:
        raise Failure(f"cannot create '{name}': missing dataset name")
    datasets = run.pools.datasets
    if pool_of(name) not in datasets:
        raise Failure(f"cannot create '{name}': no such pool '{pool_of(name)}'")
    while ancestors and parent not in datasets:
        parent = parent_of(parent) or pool_of(name)
    if parent not in datasets:
        raise Failure(f"cannot create '{name}': parent does not exist")
    if datasets[parent].kind != "filesystem":
        raise Failure(f"cannot create '{name}': parent is not a filesystem")


def create_ancestors(run: Run, name: str) -> None:
    """Make the filesystems that are missing above a dataset, as -p does.

    Raises:
        Failure: One cannot be made.
    """
    check_parents(run, name, ancestors=True)
    parts = name.split("/")
    for depth in range(2, len(parts)):
        ancestor = "/".join(parts[:depth])
        if ancestor in run.pools.datasets:
            continue
        try:
            run.permit(parent_of(ancestor) or ancestor, "create", "mount")
            run.limit(parent_of(ancestor) or ancestor, "filesystem_limit")
            with run.pools.state.change():
                run.pools.create_filesystem(ancestor)
                run.made(ancestor)
        except Refused as refused:
            raise Failure(f"cannot create '{ancestor}': {refused.reason}") from refused


def open_pool(run: Run, name: str) -> None:
    """Check that a pool is there.

    Raises:
        Failure: It is not, or its name cannot be one's.
    """
    reason = check_pool_name(name)
    if reason is None and name not in run.pools.pools:
        reason = Reason.NO_POOL
    if reason:
        raise Failure(f"cannot open '{name}': {reason}")
