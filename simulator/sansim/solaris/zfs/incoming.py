"""One increment of a stream on its way into a pool: what is in its way, and what comes with it.

Source: illumos libzfs_sendrecv.c, `zfs_receive_one`.
"""

from collections.abc import Iterable, Mapping

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.lineage import hold
from sansim.solaris.pools.model import Dataset, Setting, parent_of
from sansim.solaris.pools.received import SIZES, put_received
from sansim.solaris.pools.replication import estimate, take_in, take_in_new
from sansim.solaris.zfs.command import Failure, Run, open_item
from sansim.solaris.zfs.numbers import human
from sansim.solaris.zfs.receiving import Arrival, Receiving, arrive
from sansim.solaris.zfs.settings import Unfit, apply, read_changes
from sansim.solaris.zfs.stream import Increment, Sent, SentSnapshot
from sansim.solaris.zfs.targets import create_ancestors

__all__ = ["receive_one"]

_KIND = frozenset({"filesystem", "volume"})


def receive_one(run: Run, receiving: Receiving, increment: Increment) -> None:
    """Take an increment in.

    Raises:
        Failure: It is refused.
    """
    arrival = arrive(run, receiving, increment)
    exists = arrival.dataset in run.pools.datasets
    if exists:
        _check_existing(run, receiving, arrival)
    else:
        _check_missing(run, receiving, arrival)
    if receiving.verbose:
        how = "would receive" if receiving.dry else "receiving"
        what = "incremental" if increment.base else "full"
        run.say(f"{how} {what} stream of {increment.name} into {arrival.target}")
    if receiving.dry:
        return
    changes = _command_line_changes(run, receiving, arrival)
    if not _enter(run, receiving, arrival, exists=exists):
        return
    _furnish(run, receiving, arrival, changes, exists=exists)
    if receiving.verbose:
        size = human(estimate(increment), run.release.byte)
        run.say(run.release.streams.received.format(size=size, seconds=1, rate=size))


# What is in its way


def _check_existing(run: Run, receiving: Receiving, arrival: Arrival) -> None:
    if not arrival.new:
        return
    name, pools = arrival.dataset, run.pools
    snapshots, children = pools.space.snapshots(name), pools.space.children(name)
    volume = arrival.increment.kind == "volume"
    reason = None
    if not receiving.force:
        reason = f"destination '{name}' exists\nmust specify -F to overwrite it"
    elif snapshots:
        reason = f"destination has snapshots (eg. {snapshots[0]})\nmust destroy them to overwrite it"
    elif volume and "/" not in name:
        reason = f"destination {name} is the root dataset\ncannot overwrite with a ZVOL"
    elif volume and children:
        reason = f"destination has children (eg. {children[0]})\ncannot overwrite with a ZVOL"
    elif pools.dataset(name).origin:
        reason = f"destination '{name}' is a clone\nmust destroy it to overwrite it"
    if reason:
        raise Failure(f"{arrival.action}: {reason}")


def _check_missing(run: Run, receiving: Receiving, arrival: Arrival) -> None:
    name = arrival.dataset
    parent = parent_of(name)
    if not arrival.new or parent is None:
        raise Failure(f"{arrival.action}: destination '{name}' does not exist")
    if receiving.prefix and not receiving.tail and not receiving.dry:
        try:
            create_ancestors(run, name)
        except Failure as failure:
            raise Failure(f"{failure.text}\n{arrival.action}: unable to restore to destination") from failure
    try:
        above = open_item(run.pools, parent, _KIND)
    except Failure as failure:
        raise Failure(f"{failure.text}\n{arrival.action}: unable to restore to destination") from failure
    if isinstance(above, Dataset) and above.kind != "filesystem":
        raise Failure(f"{arrival.action}: parent '{parent}' is not a filesystem")


def _command_line_changes(run: Run, receiving: Receiving, arrival: Arrival) -> Mapping[str, int | str]:
    """Check what -o and -x say for this dataset, and return what is to be set on it."""
    kind = arrival.increment.kind
    fitting: dict[str, int | str] = {}
    for name in (*receiving.set, *receiving.excluded):
        prop = run.release.properties.find(name)
        if prop is not None and not prop.applies_to(kind):
            if receiving.recursive:
                continue
            raise Failure(f"{arrival.action}: property '{name}' does not apply to datasets of this type")
        if name in receiving.set:
            fitting[name] = receiving.set[name]
    if receiving.top not in (None, arrival.dataset):
        return {}
    try:
        return read_changes(run.release, arrival.action, kind, fitting)
    except Failure as failure:
        raise Failure(f"{failure.text}\n{arrival.action}: invalid property value") from failure


# Taking it in


def _enter(run: Run, receiving: Receiving, arrival: Arrival, *, exists: bool) -> bool:
    """Let the pool have the increment; False where it has it already."""
    pools, name = run.pools, arrival.dataset
    try:
        run.permit(name if exists else parent_of(name) or name, "receive", "mount", "create")
        run.limit(name if exists else parent_of(name) or name, "snapshot_limit")
        if not exists:
            run.limit(parent_of(name) or name, "filesystem_limit")
        with pools.state.change():
            if exists:
                take_in(pools, arrival.target, arrival.increment, force=receiving.force)
            else:
                take_in_new(pools, arrival.target, arrival.increment, arrival.origin)
                run.made(name)
    except Refused as refused:
        if refused.reason is Reason.EXISTS and _has(run, name, arrival.increment.guid):
            if receiving.verbose:
                run.say(f"snap {arrival.target} already exists; ignoring")
            return False
        raise Failure(_worded(arrival, refused)) from refused
    return True


def _has(run: Run, dataset: str, guid: int) -> bool:
    return any(run.pools.snapshot(name).guid == guid for name in run.pools.space.snapshots(dataset))


def _worded(arrival: Arrival, refused: Refused) -> str:
    name = arrival.dataset
    match refused.reason:
        case Reason.EXISTS:
            return f"cannot restore to {arrival.target}: destination already exists"
        case Reason.NO_BASE:
            reason = f"most recent snapshot of {name} does not\nmatch incremental source"
        case Reason.MODIFIED:
            reason = f"destination {name} has been modified\nsince most recent snapshot"
        case _:
            reason = refused.reason
    return f"{arrival.action}: {reason}"


def _furnish(
    run: Run, receiving: Receiving, arrival: Arrival, changes: Mapping[str, int | str], *, exists: bool
) -> None:
    """Give the dataset and its snapshot what came with them, and what -o and -x say; mount what is new."""
    pools, name = run.pools, arrival.dataset
    top = receiving.top in (None, name)
    receiving.top = receiving.top or name
    if arrival.told is not None:
        _take_over(run, receiving, arrival, *arrival.told)
    with pools.state.change():
        for prop in receiving.excluded if top else (*receiving.excluded, *receiving.set):
            _put_aside(run, name, prop)
    try:
        apply(pools, pools.dataset(name), changes)
    except Unfit as unfit:
        run.complain(f"cannot receive {next(iter(changes))} property on {name}: {unfit.detail}")
    if receiving.mount and (not exists or receiving.package is not None):
        pools.settle_mount(name)


def _take_over(run: Run, receiving: Receiving, arrival: Arrival, sent: Sent, snapshot: SentSnapshot) -> None:
    pools, name = run.pools, arrival.dataset
    with pools.state.change():
        if sent.properties is not None and not run.release.streams.keeps_received:
            _set_all(run, name, sent.properties)
        elif sent.properties is not None:
            refusals = put_received(pools, name, list(_wanted(run, receiving, sent.properties)))
            for refused in refusals:
                reason = "size is greater than available space"
                if "quota" in refused.subject:
                    reason = "size is less than current used or reserved space"
                run.complain(f"cannot receive {refused.subject} property on {name}: {reason}")
            put_received(pools, arrival.target, snapshot.properties)
        if sent.lu_metadata is not None and pools.volumes.lu_metadata(name) is None:
            pools.volumes.set_lu_metadata(name, sent.lu_metadata)
    for tag in snapshot.holds if receiving.holds else ():
        hold(pools, [arrival.target], tag)


def _set_all(run: Run, name: str, properties: Iterable[Setting]) -> None:
    """Set properties as if they had been typed here."""
    for setting in properties:
        value = int(setting.value) if setting.name in SIZES else setting.value
        try:
            apply(run.pools, run.pools.dataset(name), {setting.name: value})
        except Unfit as unfit:
            run.complain(f"cannot receive {setting.name} property on {name}: {unfit.detail}")


def _wanted(run: Run, receiving: Receiving, properties: Iterable[Setting]) -> Iterable[Setting]:
    """Yield the received properties but for those that -x leaves out and that could not be put aside."""
    for setting in properties:
        if setting.name not in receiving.excluded or _inherits(run, setting.name):
            yield setting


def _inherits(run: Run, name: str) -> bool:
    prop = run.release.properties.find(name)
    return prop is None or prop.inheritable


def _put_aside(run: Run, name: str, prop: str) -> None:
    """Let a received property not count, unless it is set here."""
    dataset = run.pools.dataset(name)
    known = run.release.properties.find(prop)
    full = known.name if known else prop
    if full in SIZES or not _inherits(run, full) or any(held.name == full for held in dataset.settings):
        return
    run.pools.clear(name, full)
