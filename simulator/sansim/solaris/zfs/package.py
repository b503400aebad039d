"""What `zfs send` puts together: which snapshots of which datasets, from where, and with what properties.

Source: illumos libzfs_sendrecv.c.
"""

from collections.abc import Iterator, Sequence

from attrs import Factory, define, frozen

from sansim.solaris.pools.model import Dataset, Setting, Snapshot
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.received import SIZES
from sansim.solaris.pools.replication import increment_of
from sansim.solaris.zfs.stream import Increment, Sent, SentSnapshot

__all__ = ["Dump", "Gathered", "NotThere", "Sending", "dump", "gather"]


class NotThere(Exception):
    """A dataset that is to be sent lacks the snapshot.

    Attributes:
        name: The snapshot.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@frozen
class Sending:
    """What is to be sent.

    Attributes:
        dataset: The topmost dataset.
        to: The last part of the name of the snapshot to send.
        base: That of the one to start from, None to send all.
        between: Whether the snapshots between them are sent too.
        replicate: Whether all below the dataset is sent, with its snapshots.
        from_origin: Whether a clone is sent as what it has beyond its origin.
        properties: Whether properties are sent along, `received` only those that were received.
        received: See there.
        holds: Whether holds are sent along.
        skip_missing: Whether a dataset without the snapshot is left out.
    """

    dataset: str
    to: str
    base: str | None = None
    between: bool = False
    replicate: bool = False
    from_origin: bool = False
    properties: bool = False
    received: bool = False
    holds: bool = False
    skip_missing: bool = False


@define
class Gathered:
    """The datasets that go into a package.

    Attributes:
        datasets: In the order in which they are met, parents first.
        skipped: What is left out since it is younger than the snapshot, and `missing` what merely lacks it.
    """

    datasets: list[Sent] = Factory(list)
    skipped: list[str] = Factory(list)
    missing: list[str] = Factory(list)


def gather(pools: Pools, sending: Sending) -> Gathered:
    """Return what a package tells about the datasets.

    Raises:
        NotThere: One lacks the snapshot, though it is old enough.
    """
    gathered = Gathered()
    _gather(pools, sending, sending.dataset, None, gathered)
    return gathered


def _gather(pools: Pools, sending: Sending, name: str, parent: str | None, gathered: Gathered) -> None:
    dataset = pools.dataset(name)
    target = pools.snapshots.get(f"{name}@{sending.to}")
    if target is None:
        above = pools.snapshots.get(f"{parent}@{sending.to}")
        if above is not None and dataset.createtxg > above.createtxg:
            gathered.skipped.append(name)
        elif sending.skip_missing:
            gathered.missing.append(name)
        else:
            raise NotThere(f"{name}@{sending.to}")
        return
    snapshots = [pools.snapshot(each) for each in pools.space.snapshots(name)]
    from_parent = pools.snapshots.get(f"{parent}@{sending.base}") or pools.snapshots.get(f"{parent}@{sending.to}")
    gathered.datasets.append(
        Sent(
            name=name,
            parent=from_parent.guid if from_parent else 0,
            origin=pools.snapshot(dataset.origin).guid if dataset.origin else 0,
            snapshots=tuple(_told(sending, each) for each in snapshots if each.createtxg <= target.createtxg),
            properties=_properties(dataset, received=sending.received) if sending.properties else None,
            lu_metadata=dataset.lu_metadata if sending.properties and not sending.received else None,
        )
    )
    if sending.replicate:
        for child in pools.space.children(name):
            _gather(pools, sending, child, name, gathered)


def _told(sending: Sending, snapshot: Snapshot) -> SentSnapshot:
    properties = _properties(snapshot, received=sending.received) if sending.properties else ()
    holds = tuple(hold.tag for hold in snapshot.holds) if sending.holds else ()
    return SentSnapshot(snapshot.name.partition("@")[2], snapshot.guid, properties, holds)


def _properties(item: Dataset | Snapshot, *, received: bool) -> tuple[Setting, ...]:
    """Return the properties set on an item or received for it, of a dataset with its reservations and quotas."""
    if received:
        return item.received
    own = {setting.name: setting for setting in item.received if setting.name not in (*item.declined, *SIZES)}
    own |= {setting.name: setting for setting in item.settings}
    if isinstance(item, Dataset):
        sizes = {size: getattr(item, size) for size in SIZES}
        own |= {size: Setting(size, str(value)) for size, value in sizes.items() if value is not None}
    return tuple(own.values())


@define
class Dump:
    """The increments that a send consists of.

    Attributes:
        increments: With each the snapshot that its line of the estimate names as where it starts from.
        warnings: What could not be sent.
        complete: Whether the last dataset's snapshot was come to.
    """

    increments: list[tuple[Increment, str | None]] = Factory(list)
    warnings: list[str] = Factory(list)
    complete: bool = False


def dump(pools: Pools, sending: Sending, datasets: Sequence[Sent]) -> Dump:
    """Return the increments of a send; of several datasets a clone comes after what it is a clone of."""
    found = Dump()
    if not sending.replicate:
        _dump_dataset(pools, sending, sending.dataset, frozenset(), found)
        return found
    known = {snapshot.guid: dataset.name for dataset in datasets for snapshot in dataset.snapshots}
    origins = frozenset(dataset.origin for dataset in datasets if dataset.origin)
    for dataset in _origins_first(datasets, known):
        _dump_dataset(pools, sending, dataset.name, origins, found)
    return found


def _origins_first(datasets: Sequence[Sent], known: dict[int, str]) -> Iterator[Sent]:
    done: set[str] = set()
    waiting = list(datasets)
    while waiting:
        held_up = []
        for dataset in waiting:
            needed = {known.get(dataset.parent), known.get(dataset.origin)} - {None, dataset.name}
            if needed <= done:
                done.add(dataset.name)
                yield dataset
            else:
                held_up.append(dataset)
        waiting = held_up


def _dump_dataset(pools: Pools, sending: Sending, name: str, origins: frozenset[int], found: Dump) -> None:
    target, source = f"{name}@{sending.to}", f"{name}@{sending.base}"
    if target not in pools.snapshots:
        found.warnings.append(f"WARNING: could not send {target}: does not exist")
        return
    begun = sending.base is None or (sending.replicate and source not in pools.snapshots)
    found.complete = False
    previous: Snapshot | None = None
    for snapshot in map(pools.snapshot, pools.space.snapshots(name)):
        if not begun and snapshot.name == source:
            begun, previous = True, snapshot
            continue
        if found.complete or not begun:
            continue
        found.complete = snapshot.name == target
        if not (sending.between or found.complete or (sending.replicate and snapshot.guid in origins)):
            continue
        origin = pools.dataset(name).origin if sending.from_origin or sending.replicate else None
        base = previous or (pools.snapshot(origin) if origin else None)
        shown = previous.name.partition("@")[2] if previous else None
        found.increments.append((increment_of(pools, snapshot.name, base), shown))
        previous = snapshot
    if not begun:
        found.warnings.append(f"WARNING: could not send {target}:\nincremental source ({source}) does not exist")
    elif not found.complete:
        found.warnings.append(
            f"WARNING: could not send {target}:\nincremental source ({source}) is not earlier than it"
        )
