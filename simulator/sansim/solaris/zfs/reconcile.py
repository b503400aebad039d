"""What incremental replication changes before anything is received: names, and with -F what the sender no longer has.

Source: illumos libzfs_sendrecv.c, `recv_incremental_replication`. A promotion on the sender is not followed.
"""

from sansim.solaris.pools.errors import Refusals, Refused
from sansim.solaris.pools.lineage import destroy_snapshots, rename, rename_snapshots
from sansim.solaris.pools.model import dataset_of
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.replication import find_by_guid
from sansim.solaris.zfs.command import Run
from sansim.solaris.zfs.stream import Package, Sent

__all__ = ["reconcile"]


def reconcile(run: Run, package: Package, top: str, *, force: bool, verbose: bool) -> bool:
    """Bring a dataset and all below it to the names that the sender has now; False if something could not be done."""
    pools = run.pools
    if top not in pools.datasets:
        return True
    done = True
    for name in reversed([top, *pools.space.below(top)]):
        sent = _sent(pools, package, name)
        for snapshot in pools.space.snapshots(name):
            done &= _snapshot(run, package, snapshot, force=force, verbose=verbose)
        if sent is None:
            if force and name != top:
                done &= _destroy(run, name, verbose=verbose)
        elif name != top:
            done &= _rename(run, sent, name, verbose=verbose)
    return done


def _sent(pools: Pools, package: Package, name: str) -> Sent | None:
    """Return the sender's dataset that a local one is a copy of."""
    for snapshot in pools.space.snapshots(name):
        if (found := package.sent(pools.snapshot(snapshot).guid)) is not None:
            return found[0]
    return None


def _snapshot(run: Run, package: Package, name: str, *, force: bool, verbose: bool) -> bool:
    found = package.sent(run.pools.snapshot(name).guid)
    if found is None:
        return _destroy(run, name, verbose=verbose) if force else True
    target = f"{dataset_of(name)}@{found[1].name}"
    return target == name or _move(run, name, target, verbose=verbose)


def _destroy(run: Run, name: str, *, verbose: bool) -> bool:
    if verbose:
        run.say(f"attempting destroy {name}")
    try:
        run.permit(name, "mount", "destroy")
        if "@" in name:
            destroy_snapshots(run.pools, [name], defer=True)
        else:
            run.pools.destroy(name)
    except (Refused, Refusals):
        if verbose:
            run.say("failed - will try again on next pass")
        return False
    if verbose:
        run.say("success")
    return True


def _rename(run: Run, sent: Sent, name: str, *, verbose: bool) -> bool:
    """Move a dataset under the parent that it has on the sender, with the name that it has there."""
    parent = find_by_guid(run.pools, sent.parent, name)
    if parent is None:
        return True
    target = f"{dataset_of(parent.name)}/{sent.name.rpartition('/')[2]}"
    return target == name or _move(run, name, target, verbose=verbose)


def _move(run: Run, name: str, target: str, *, verbose: bool) -> bool:
    if verbose:
        run.say(f"attempting rename {name} to {target}")
    try:
        run.permit(name, "rename", "mount")
        if "@" in name:
            rename_snapshots(run.pools, name, target, recursive=False)
        else:
            rename(run.pools, name, target)
    except Refused:
        if verbose:
            run.say("failed")
        return False
    if verbose:
        run.say("success")
    return True
