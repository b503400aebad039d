"""`zfs destroy` (source: illumos zfs_main.c, zfs_iter.c, libzfs_dataset.c)."""

from collections.abc import Iterator, Sequence

from attrs import Factory, define

from sansim.solaris.pools.bookmarks import destroy_bookmarks
from sansim.solaris.pools.errors import Reason, Refusals, Refused
from sansim.solaris.pools.lineage import destroy_snapshots
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.command import OWN, SNAPSHOT, Failure, Run, UsageError, open_item
from sansim.solaris.zfs.numbers import human

__all__ = ["dependents", "destroy"]


@define
class _Request:
    recurse: bool = False
    clones: bool = False
    defer: bool = False
    dry: bool = False
    verbose: bool = False
    parsable: bool = False
    batch: list[str] = Factory(list)

    def announce(self, run: Run, name: str) -> None:
        if self.parsable:
            run.say(f"destroy\t{name}")
        elif self.verbose:
            run.say(f"{'would' if self.dry else 'will'} destroy {name}")


def destroy(run: Run, arguments: Sequence[str]) -> None:
    """Destroy a dataset, or snapshots of one."""
    options = run.options("destroy", arguments)
    request = _Request()
    for letter, _ in options:
        request.recurse |= letter in "rR"
        request.clones |= letter == "R"
        request.defer |= letter == "d"
        request.dry |= letter == "n"
        request.verbose |= letter in "vp"
        request.parsable |= letter == "p"
    if not options.operands:
        raise UsageError(run.release.wording.nothing_to_destroy)
    if len(options.operands) > 1:
        raise UsageError("too many arguments")
    target = options.operands[0]
    if "@" in target and run.release.many_snapshots:
        _destroy_snapshots(run, request, target)
    elif "@" in target:
        _destroy_snapshot(run, request, target)
    elif "#" in target and run.release.names.bookmarks:
        _destroy_bookmark(run, request, target)
    else:
        _destroy_dataset(run, request, target)


def dependents(pools: Pools, name: str, *, cycles: bool = True) -> Iterator[str]:
    """Yield all that hangs on a dataset or snapshot, what has to go first before what it hangs on.

    A promoted clone below its former origin hangs on itself.

    Args:
        pools: Where to look.
        name: The dataset or snapshot.
        cycles: Whether what hangs on itself is passed over.

    Raises:
        Failure: Something hangs on itself, and is not to be passed over.
    """
    path = [(name, _just_below(pools, name))]
    while path:
        item, below = path[-1]
        found = next(below, None)
        if found is None:
            path.pop()
            if path:
                yield item
        elif "@" in found or all(found != held for held, _ in path):
            path.append((found, _just_below(pools, found)))
        elif not cycles:
            raise Failure(f"cannot determine dependent datasets: recursive dependency at '{found}'")


def _just_below(pools: Pools, name: str) -> Iterator[str]:
    if "@" in name:
        return iter(pools.space.clones(name))
    return iter([*pools.space.children(name), *pools.space.snapshots(name)])


# Datasets


def _destroy_dataset(run: Run, request: _Request, name: str) -> None:
    item = open_item(run.pools, name, SNAPSHOT if request.defer else OWN)
    if not request.recurse and name in run.pools.pools:
        raise Failure(
            f"cannot destroy '{name}': operation does not apply to pools\n"
            f"use 'zfs destroy -r {name}' to destroy all datasets in the pool\n"
            f"use 'zpool destroy {name}' to destroy the pool itself"
        )
    if not request.clones:
        hanging = list(dict.fromkeys(dependents(run.pools, name)))
        _refuse_dependents(name, item.kind, hanging, recurse=request.recurse)
    everything = list(dict.fromkeys(dependents(run.pools, name, cycles=False)))
    failed = False
    for dependent in everything:
        failed |= not _destroy_one(run, request, dependent)
    failed |= not _destroy_one(run, request, name)
    failed |= not _flush(run, request)
    if failed:
        raise Failure("")


def _refuse_dependents(name: str, kind: str, everything: Sequence[str], *, recurse: bool) -> None:
    """Refuse what -r or -R would have to be given for."""
    inside = [item for item in everything if item.startswith((f"{name}/", f"{name}@"))]
    if recurse:
        listed = [item for item in everything if item not in frozenset(inside)]
        what, option = f"{kind} has dependent clones", "-R"
    else:
        listed, what, option = inside, f"{kind} has children", "-r"
    if listed:
        raise Failure(_in_the_way(name, what, option, listed))


def _in_the_way(name: str, what: str, option: str, listed: Sequence[str]) -> str:
    return "\n".join(
        [f"cannot destroy '{name}': {what}", f"use '{option}' to destroy the following datasets:", *listed]
    )


def _destroy_one(run: Run, request: _Request, name: str) -> bool:
    """Destroy one of the tree; snapshots are gathered and go together before the next dataset."""
    request.announce(run, name)
    if request.dry or name in run.pools.pools:
        return True
    if "@" in name:
        request.batch.append(name)
        return True
    if not _flush(run, request):
        return False
    try:
        run.permit(name, "mount", "destroy")
        run.pools.destroy(name)
    except Refused as refused:
        run.complain(f"cannot destroy '{name}': {refused.reason}")
        return False
    return True


def _flush(run: Run, request: _Request) -> bool:
    batch, request.batch = request.batch, []
    return _destroy_batch(run, batch, defer=request.defer)


# Snapshots


def _destroy_snapshots(run: Run, request: _Request, target: str) -> None:
    dataset, _, specification = target.partition("@")
    open_item(run.pools, dataset, OWN)
    datasets = [dataset, *run.pools.space.below(dataset)] if request.recurse else [dataset]
    chosen: list[str] = []
    reclaimed = 0
    for at in datasets:
        here = _matching_snapshots(run.pools, at, specification)
        if not request.clones and not request.defer:
            refused = [text for snapshot in here if (text := _refuse_clones(run.pools, snapshot))]
            if refused:
                raise Failure("\n".join(refused))
        for snapshot in here:
            request.announce(run, snapshot)
        reclaimed += run.pools.space.reclaimed(at, here) if request.verbose else 0
        chosen += here
    if not chosen:
        raise Failure("could not find any snapshots to destroy; check snapshot names.")
    if request.verbose:
        _announce_space(run, request, reclaimed)
    if request.dry:
        return
    done = not request.clones or _destroy_clones(run, request, chosen)
    if not (done and _destroy_batch(run, chosen, defer=request.defer)):
        raise Failure("")


def _refuse_clones(pools: Pools, snapshot: str) -> str:
    hanging = list(dependents(pools, snapshot))
    return _in_the_way(snapshot, "snapshot has dependent clones", "-R", hanging) if hanging else ""


def _announce_space(run: Run, request: _Request, size: int) -> None:
    if request.parsable:
        run.say(f"reclaim\t{size}")
    else:
        run.say(f"{'would' if request.dry else 'will'} reclaim {human(size, run.release.byte)}")


def _destroy_clones(run: Run, request: _Request, snapshots: Sequence[str]) -> bool:
    for snapshot in snapshots:
        for dependent in list(dependents(run.pools, snapshot, cycles=False)):
            if not _destroy_one(run, request, dependent):
                return False
    return _flush(run, request)


def _destroy_batch(run: Run, snapshots: Sequence[str], *, defer: bool) -> bool:
    try:
        for name in snapshots:
            run.permit(name, "mount", "destroy")
        destroy_snapshots(run.pools, snapshots, defer=defer)
    except Refused as refused:
        run.complain(f"cannot destroy snapshots: {refused.reason}")
        return False
    except Refusals as refusals:
        for refusal in refusals.refusals:
            run.complain(f"cannot destroy snapshot {refusal.subject}: {refusal.reason}")
        return False
    return True


def _destroy_snapshot(run: Run, request: _Request, target: str) -> None:
    """Destroy the snapshot that is named, and those of its name below, as releases do that know no lists of names."""
    dataset, _, name = target.partition("@")
    open_item(run.pools, dataset, OWN) if request.recurse else open_item(run.pools, target, SNAPSHOT)
    datasets = [dataset, *run.pools.space.below(dataset)] if request.recurse else [dataset]
    chosen = [snapshot for at in datasets if (snapshot := f"{at}@{name}") in run.pools.snapshots]
    if not chosen:
        raise Failure(f"cannot destroy '{target}': {Reason.NOT_FOUND}\nno snapshots destroyed")
    if not (request.recurse or request.defer) and (text := _refuse_clones(run.pools, target)):
        raise Failure(text)
    try:
        if request.clones and not _destroy_clones(run, request, chosen):
            raise Failure("")
        for snapshot in chosen:
            run.permit(snapshot, "mount", "destroy")
        destroy_snapshots(run.pools, chosen, defer=request.defer)
    except Refused as refused:
        raise Failure(f"cannot destroy '{target}': {refused.reason}") from refused
    except Refusals as refusals:
        held = refusals.refusals[0]
        reason = run.release.wording.held if held.reason is Reason.BUSY else held.reason
        more = "\nno snapshots destroyed" if request.recurse else ""
        raise Failure(f"cannot destroy '{held.subject}': {reason}{more}") from refusals


def _matching_snapshots(pools: Pools, dataset: str, specification: str) -> list[str]:
    """Return the snapshots that `a,b,c%d` names, oldest first within each part; what does not exist is left out."""
    found: dict[str, None] = {}
    line = [name.partition("@")[2] for name in pools.space.snapshots(dataset)]
    for part in specification.split(","):
        first, percent, last = part.partition("%")
        if not percent:
            found.update({part: None} if part in line else {})
            continue
        start = line.index(first) if first in line else (0 if not first else len(line))
        for name in line[start:]:
            found[name] = None
            if name == last:
                break
    return [f"{dataset}@{name}" for name in found]


# Bookmarks


def _destroy_bookmark(run: Run, request: _Request, name: str) -> None:
    for asked, what in ((request.dry, "dryrun"), (request.defer, "defer destroy"), (request.recurse, "recursive")):
        if asked:
            raise Failure(f"{what} is not supported with bookmark", 255)
    if name not in run.pools.bookmarks:
        raise Failure(f"bookmark '{name}' does not exist.")
    try:
        run.permit(name, "destroy")
        destroy_bookmarks(run.pools, [name])
    except Refused as refused:
        raise Failure(f"cannot destroy bookmark: {refused.reason}") from refused
