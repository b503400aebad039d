"""`zfs snapshot`, `rollback`, `clone`, `promote` (source: illumos zfs_main.c, libzfs_dataset.c)."""

from collections.abc import Sequence

from sansim.solaris.pools.bookmarks import destroy_bookmarks, newer_bookmarks
from sansim.solaris.pools.errors import Reason, Refusals, Refused
from sansim.solaris.pools.lineage import clone as make_clone
from sansim.solaris.pools.lineage import destroy_snapshots, take_snapshots
from sansim.solaris.pools.lineage import promote as promote_clone
from sansim.solaris.pools.lineage import rollback as roll_back
from sansim.solaris.pools.model import dataset_of, parent_of
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.command import OWN, SNAPSHOT, Failure, Run, UsageError, open_item, source_and_target
from sansim.solaris.zfs.destroy import dependents
from sansim.solaris.zfs.encryption import check_clone
from sansim.solaris.zfs.settings import apply, as_settings, parse_pair, read_changes
from sansim.solaris.zfs.targets import check_target, create_ancestors

__all__ = ["clone", "promote", "rollback", "snapshot"]

_ENGINE_SIZES = ("reservation", "refreservation", "quota", "refquota", "volsize")


def snapshot(run: Run, arguments: Sequence[str]) -> None:
    """Take snapshots."""
    options = run.options("snapshot", arguments)
    pairs: dict[str, int | str] = {}
    recurse = False
    for letter, text in options:
        recurse |= letter == "r"
        if letter == "o":
            parse_pair(run.release, pairs, text)
    if not options.operands:
        raise UsageError("missing snapshot argument")
    if len(options.operands) > 1 and not run.release.many_snapshots:
        raise UsageError("too many arguments")
    several = recurse or len(options.operands) > 1
    names = (_named_together if run.release.many_snapshots else _named_alone)(run, options.operands, recurse=recurse)
    for name in names:
        if reason := run.release.names.check(name, SNAPSHOT, changing=True):
            raise _not_taken(f"cannot create snapshot '{name}': {reason}", several=several)
    action = "cannot create snapshots " if run.release.many_snapshots else f"cannot snapshot '{names[0]}'"
    changes = read_changes(run.release, action, "snapshot", pairs)
    try:
        for name in names:
            run.permit(name, "snapshot")
        run.limit(dataset_of(names[0]), "snapshot_limit", len(names))
        take_snapshots(run.pools, names, as_settings(changes))
    except Refused as refused:
        raise _not_taken(f"cannot create snapshots : {refused.reason}", several=several) from refused
    except Refusals as refusals:
        lines = [f"cannot create snapshot '{item.subject}': {item.reason}" for item in refusals.refusals]
        raise _not_taken("\n".join(lines), several=several) from refusals


def _named_together(run: Run, operands: Sequence[str], *, recurse: bool) -> list[str]:
    """Return the snapshots that are to be taken; an operand that cannot be meant is a mistake in the usage."""
    names: list[str] = []
    for operand in operands:
        dataset, at, _ = operand.partition("@")
        if not at:
            raise UsageError
        try:
            open_item(run.pools, dataset, OWN)
        except Failure as failure:
            raise UsageError(failure.text) from failure
        names += _with_those_below(run, operand, recurse=recurse)
    return names


def _named_alone(run: Run, operands: Sequence[str], *, recurse: bool) -> list[str]:
    """Return the snapshots that are to be taken where a release knows one operand only, and judges it first."""
    (operand,) = operands
    if reason := run.release.names.check(operand, SNAPSHOT, changing=True):
        raise _not_taken(f"cannot snapshot '{operand}': {reason}", several=recurse)
    try:
        open_item(run.pools, dataset_of(operand), OWN)
    except Failure as failure:
        raise _not_taken(failure.text, several=recurse) from failure
    return _with_those_below(run, operand, recurse=recurse)


def _with_those_below(run: Run, operand: str, *, recurse: bool) -> list[str]:
    dataset, _, name = operand.partition("@")
    below = run.pools.space.below(dataset) if recurse else ()
    return [operand, *(f"{child}@{name}" for child in below)]


def _not_taken(text: str, *, several: bool) -> Failure:
    return Failure(f"{text}\nno snapshots were created" if several else text)


def rollback(run: Run, arguments: Sequence[str]) -> None:
    """Bring a dataset back to a snapshot."""
    options = run.options("rollback", arguments)
    letters = {letter for letter, _ in options}
    if not options.operands:
        raise UsageError("missing dataset argument")
    if len(options.operands) > 1:
        raise UsageError("too many arguments")
    name = options.operands[0]
    target = open_item(run.pools, name, SNAPSHOT)
    dataset = dataset_of(name)
    newer = [
        snapshot
        for snapshot in run.pools.space.snapshots(dataset)
        if run.pools.snapshot(snapshot).createtxg > target.createtxg
    ]
    bookmarks = newer_bookmarks(run.pools, dataset, target.createtxg)
    _refuse_newer(run.pools, name, newer, bookmarks, letters)
    for younger in newer:
        _remove(run, younger)
    _remove_bookmarks(run, bookmarks)
    _roll_back(run, dataset)


def _refuse_newer(pools: Pools, name: str, newer: Sequence[str], bookmarks: Sequence[str], letters: set[str]) -> None:
    if (newer or bookmarks) and not letters & {"r", "R"}:
        text = f"cannot rollback to '{name}': {pools.release.wording.newer}"
        raise Failure("\n".join([text, *newer, *bookmarks]))
    hanging = [item for snapshot in newer for item in dependents(pools, snapshot)]
    if hanging and "R" not in letters:
        raise Failure(
            f"cannot rollback to '{name}': clones of previous snapshots exist\n"
            "use '-R' to force deletion of the following clones and dependents:\n" + "\n".join(hanging)
        )


def _remove(run: Run, snapshot: str) -> None:
    """Destroy a snapshot that is in the way, with all that hangs on it."""
    for name in [*dependents(run.pools, snapshot, cycles=False), snapshot]:
        try:
            run.permit(name, "mount", "destroy")
            if "@" in name:
                destroy_snapshots(run.pools, [name])
            else:
                run.pools.destroy(name)
        except Refused as refused:
            raise Failure(f"cannot destroy '{name}': {refused.reason}") from refused
        except Refusals as refusals:
            raise Failure(f"cannot destroy '{name}': {refusals.refusals[0].reason}") from refusals


def _remove_bookmarks(run: Run, names: Sequence[str]) -> None:
    for name in names:
        try:
            run.permit(name, "destroy")
            destroy_bookmarks(run.pools, [name])
        except Refused as refused:
            raise Failure(f"cannot destroy '{name}': {refused.reason}") from refused


def _roll_back(run: Run, name: str) -> None:
    """Roll back; a refreservation that was the volume's size is set to the size it then has."""
    before = run.pools.dataset(name)
    try:
        run.permit(name, "rollback")
        with run.pools.state.change():
            roll_back(run.pools, name)
            after = run.pools.dataset(name)
            if before.volsize and before.refreservation == before.volsize != after.volsize:
                run.pools.reserve(name, "refreservation", after.volsize)
    except Refused as refused:
        raise Failure(f"cannot rollback '{name}': {refused.reason}") from refused


def clone(run: Run, arguments: Sequence[str]) -> None:
    """Make a dataset from a snapshot."""
    options = run.options("clone", arguments)
    pairs: dict[str, int | str] = {}
    parents = False
    for letter, text in options:
        parents |= letter == "p"
        if letter == "o":
            parse_pair(run.release, pairs, text)
    source, name = source_and_target(options.operands)
    origin = open_item(run.pools, source, SNAPSHOT)
    if parents and run.release.names.check(name, OWN) is None:
        if name in run.pools.datasets:
            return
        create_ancestors(run, name)
    check_target(run, name)
    action = f"cannot create '{name}'"
    changes = read_changes(run.release, action, origin.kind, pairs)
    check_clone(action, changes)
    try:
        run.permit(source, "clone")
        run.permit(parent_of(name) or name, "create", "mount")
        run.limit(parent_of(name) or name, "filesystem_limit")
        with run.pools.state.change():
            make_clone(run.pools, source, name, as_settings(changes))
            sizes = {key: changes[key] for key in _ENGINE_SIZES if key in changes}
            apply(run.pools, run.pools.dataset(name), sizes)
            run.made(name, changes)
    except Refused as refused:
        raise Failure(f"{action}: {refused.reason}") from refused


def promote(run: Run, arguments: Sequence[str]) -> None:
    """Make a clone independent of its origin's dataset, which becomes its clone."""
    if arguments and arguments[0].startswith("-"):
        raise UsageError(f"invalid option '{arguments[0][1:2]}'")
    if not arguments:
        raise UsageError("missing clone filesystem argument")
    if len(arguments) > 1:
        raise UsageError("too many arguments")
    name = arguments[0]
    open_item(run.pools, name, OWN)
    origin = run.pools.dataset(name).origin
    if origin is None:
        raise Failure(f"cannot promote '{name}': {Reason.NOT_A_CLONE}")
    try:
        run.permit(name, "promote", "mount")
        run.permit(origin, "promote")
        promote_clone(run.pools, name)
    except Refused as refused:
        reason: str = refused.reason
        if refused.reason is Reason.CONFLICTING_SNAPSHOT:
            reason = f"{reason} '{refused.subject.partition('@')[2]}' from parent '{origin}'"
        raise Failure(f"cannot promote '{name}': {reason}") from refused
