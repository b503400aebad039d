"""What `zfs receive` was asked for, and where each increment of its stream goes.

Source: illumos libzfs_sendrecv.c, `zfs_receive_one`.
"""

from attrs import Factory, define

from sansim.solaris.pools.model import dataset_of, parent_of
from sansim.solaris.pools.replication import find_by_guid
from sansim.solaris.zfs.command import Failure, Run
from sansim.solaris.zfs.stream import Increment, Package, Sent, SentSnapshot

__all__ = ["Arrival", "Receiving", "arrive"]


@define
class Receiving:
    """What `zfs receive` was asked for, and how far it is.

    Attributes:
        target: The operand.
        base: The topmost dataset on the sender.
        package: What the stream tells about the datasets.
        top: The first dataset that was received.
        set: Properties to set instead of received ones, `excluded` those to leave out.
        origin: The snapshot to make clones of.
        prefix: Whether the sender's names are kept but for the pool; `tail`: but for all above the topmost dataset.
        force: Whether newer snapshots and changes give way.
        mount: Whether what is new is mounted.
        holds: Whether holds are taken over.
    """

    target: str
    base: str = ""
    package: Package | None = None
    top: str | None = None
    set: dict[str, int | str] = Factory(dict)
    excluded: list[str] = Factory(list)
    origin: str | None = None
    prefix: bool = False
    tail: bool = False
    dry: bool = False
    verbose: bool = False
    force: bool = False
    mount: bool = True
    holds: bool = True
    resumable: bool = False

    @property
    def recursive(self) -> bool:
        """Whether the stream holds a dataset with all below it."""
        return self.package is not None and self.package.recursive


@define
class Arrival:
    """An increment and what is known of it.

    Attributes:
        target: The snapshot's name here.
        origin: The snapshot here that it makes a clone of.
        told: What the package says about its dataset and snapshot.
    """

    increment: Increment
    target: str
    origin: str | None
    told: tuple[Sent, SentSnapshot] | None

    @property
    def new(self) -> bool:
        """Whether it makes a dataset, or replaces all that one holds."""
        return not self.increment.base or self.origin is not None

    @property
    def action(self) -> str:
        """What a refusal begins with."""
        return f"cannot receive {'new filesystem' if self.new else 'incremental'} stream"

    @property
    def dataset(self) -> str:
        """The dataset's name here."""
        return dataset_of(self.target)


def arrive(run: Run, receiving: Receiving, increment: Increment) -> Arrival:
    """Return where an increment goes.

    Raises:
        Failure: It goes nowhere.
    """
    target = _destination(receiving, increment)
    if run.release.names.check(target, frozenset({"snapshot"})):
        raise Failure("cannot receive: invalid name")
    told = receiving.package.sent(increment.guid) if receiving.package else None
    arrival = Arrival(increment, target, _origin(run, receiving, increment, target), told)
    arrival.target = _moved(run, receiving, arrival)
    return arrival


def _destination(receiving: Receiving, increment: Increment) -> str:
    """Return the snapshot's name here: the operand, and what of the sender's name is kept."""
    name, target = increment.name, receiving.target
    if receiving.prefix and "@" in target:
        option = "-e" if receiving.tail else "-d"
        raise Failure(f"cannot receive: invalid argument - snapshot not allowed with {option}")
    if receiving.tail:
        above, slash, _ = receiving.base.rpartition("/")
        return target + (name[len(above) :] if slash else f"/{name}")
    if receiving.prefix:
        return target + name[name.index("/" if "/" in name else "@") :]
    if "@" not in target:
        return target + name[len(receiving.base) :]
    if receiving.recursive:
        raise Failure("cannot receive: cannot specify snapshot name for multi-snapshot stream")
    return target


def _origin(run: Run, receiving: Receiving, increment: Increment, target: str) -> str | None:
    if receiving.origin is not None:
        if receiving.verbose:
            run.say(f"using provided clone origin {receiving.origin}")
        return receiving.origin
    if not increment.clone:
        return None
    found = find_by_guid(run.pools, increment.base, dataset_of(target))
    if found is None:
        raise Failure(f"cannot receive: local origin for clone {target} does not exist")
    if receiving.verbose:
        run.say(f"found clone origin {found.name}")
    return found.name


def _moved(run: Run, receiving: Receiving, arrival: Arrival) -> str:
    """Return the snapshot's name, where its dataset or the one above has another name here than on the sender."""
    dataset, _, snapshot = arrival.target.partition("@")
    parent = parent_of(dataset)
    if arrival.new:
        if parent is None or parent in run.pools.datasets or arrival.told is None:
            return arrival.target
        above = find_by_guid(run.pools, arrival.told[0].parent, parent)
        return f"{dataset_of(above.name)}/{dataset.rpartition('/')[2]}@{snapshot}" if above else arrival.target
    below = arrival.increment.name[len(receiving.base) :].startswith("/")
    if dataset in run.pools.datasets or not (receiving.prefix or below):
        return arrival.target
    found = find_by_guid(run.pools, arrival.increment.base, dataset)
    return f"{dataset_of(found.name)}@{snapshot}" if found else arrival.target
