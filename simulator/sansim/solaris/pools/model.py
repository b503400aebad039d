"""What a pool holds: the pool itself, datasets, snapshots. Frozen values; the engine replaces them."""

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from sansim.solaris.pools.vdevs import ONLINE, Disk, Removal, Scan, Vdev

__all__ = [
    "FIRST_TXG",
    "Bookmark",
    "Dataset",
    "Extent",
    "Grant",
    "Hold",
    "Pool",
    "Setting",
    "Snapshot",
    "dataset_of",
    "effective",
    "kind_of",
    "parent_of",
    "pool_of",
    "setting",
    "total",
    "with_setting",
    "without_setting",
]


@frozen
class Extent:
    """Bytes that were written in one transaction group.

    All holders of a birth on one line of snapshots hold nested subsets of it: an older snapshot holds at
    least what a younger one does. That makes sizes enough to know who shares what.
    """

    birth: int
    size: int


@frozen
class Setting:
    """A property set on a dataset or snapshot itself (source `local`)."""

    name: str
    value: str


@frozen
class Grant:
    """Permissions delegated on a dataset to one holder (source of the model: illumos dsl_deleg.c).

    Attributes:
        kind: `set` (a named set's contents), `create` (what a dataset's maker gets on it), `user`, `group` or
            `everyone`.
        who: The set with its `@`, the user or the group; empty for the other kinds.
        scope: `local` or `descendent`; empty for sets and what makers get.
        permissions: Names of permissions and, with their `@`, of sets, sorted.
    """

    kind: str
    who: str
    scope: str
    permissions: tuple[str, ...]


FIRST_TXG = 4
"""The transaction group in which a pool is made."""


@frozen
class Pool:
    """A storage pool.

    Attributes:
        size: Raw bytes, as `zpool list` counts them.
        txg: The number of the last transaction group; every change takes the next.
        settings: Properties of the pool set away from their default.
        vdevs: The groups of disks it stripes over, log devices among them.
        caches: The disks that cache what is read.
        spares: The hot spares.
        version: Its version, where it is older than feature flags.
        disabled: The features that are not enabled.
        scan: Its last scrub or resilver.
        removal: The last removal of a group of disks.
        lasting_name: The name that its disks bear, where it is used under another until it is exported.
        loaded: The transaction group in which it was made or last imported.
        filled: The transaction groups in which somebody else filled it up.
    """

    name: str
    size: int
    guid: int
    txg: int
    settings: tuple[Setting, ...] = ()
    vdevs: tuple[Vdev, ...] = ()
    caches: tuple[Disk, ...] = ()
    spares: tuple[Disk, ...] = ()
    version: int | None = None
    disabled: tuple[str, ...] = ()
    scan: Scan | None = None
    removal: Removal | None = None
    lasting_name: str | None = None
    loaded: int = FIRST_TXG
    filled: tuple[int, ...] = ()

    @property
    def usable(self) -> int:
        """The bytes of data that it holds, parity taken off and nothing kept back."""
        return sum(vdev.usable for vdev in self.data) if self.vdevs else self.size

    @property
    def data(self) -> tuple[Vdev, ...]:
        """The groups of disks that hold common data."""
        return tuple(vdev for vdev in self.vdevs if not vdev.role)

    @property
    def state(self) -> str:
        """`ONLINE`, `DEGRADED` when a disk is missed, or `UNAVAIL` when data are."""
        if any(vdev.state not in (ONLINE, "DEGRADED") for vdev in self.data):
            return "UNAVAIL"
        return ONLINE if all(vdev.state == ONLINE for vdev in self.vdevs) else "DEGRADED"


@frozen
class Dataset:
    """A filesystem or volume.

    Attributes:
        kind: `filesystem` or `volume`.
        createtxg: The transaction group of its making.
        origin: The snapshot it is a clone of.
        volsize: Bytes of a volume, 0 for a filesystem.
        volblocksize: Bytes of a volume's block, 0 for a filesystem.
        reservation: Bytes; None means never set, 0 means set to none. The same holds for the next three.
        extents: The data it references, oldest first.
        settings: Properties set on it, user properties included.
        mounted: Whether a filesystem is mounted.
        unshared: Whether it was unshared, though its properties say that it is shared.
        lu_metadata: The hidden property in which COMSTAR keeps a logical unit's metadata.
        received: Properties that came with a stream; one that is set too is overridden by that.
        declined: Names among the received ones that were put aside by `inherit`.
        received_sizes: Names of reservations and quotas whose present value is the received one.
        grants: What is delegated on it.
    """

    name: str
    kind: str
    guid: int
    createtxg: int
    creation: datetime
    origin: str | None = None
    volsize: int = 0
    volblocksize: int = 0
    reservation: int | None = None
    refreservation: int | None = None
    quota: int | None = None
    refquota: int | None = None
    extents: tuple[Extent, ...] = ()
    settings: tuple[Setting, ...] = ()
    mounted: bool = False
    unshared: bool = False
    lu_metadata: str | None = None
    received: tuple[Setting, ...] = ()
    declined: tuple[str, ...] = ()
    received_sizes: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = ()


@frozen
class Hold:
    """A tag that keeps a snapshot from being destroyed."""

    tag: str
    since: datetime


@frozen
class Snapshot:
    """A snapshot of a dataset; `kind`, `volsize` and `volblocksize` are its dataset's when it was taken.

    Attributes:
        holds: What keeps it from being destroyed.
        defer_destroy: Whether it goes by itself with its last clone and hold.
        received: As for a dataset; so is `declined`.
    """

    name: str
    kind: str
    guid: int
    createtxg: int
    creation: datetime
    volsize: int = 0
    volblocksize: int = 0
    extents: tuple[Extent, ...] = ()
    settings: tuple[Setting, ...] = ()
    holds: tuple[Hold, ...] = ()
    defer_destroy: bool = False
    received: tuple[Setting, ...] = ()
    declined: tuple[str, ...] = ()


@frozen
class Bookmark:
    """A moment in a dataset's life that increments can start from; what it held is not kept.

    Attributes:
        name: `dataset#bookmark`.
        guid: That of the snapshot it was made from; so are `createtxg` and `creation`.
        referenced: Bytes that the snapshot referenced.
    """

    name: str
    guid: int
    createtxg: int
    creation: datetime
    referenced: int


def pool_of(name: str) -> str:
    """Return the pool's name in a dataset's or snapshot's."""
    return dataset_of(name).partition("/")[0]


def parent_of(name: str) -> str | None:
    """Return the name of a dataset's parent, None for a pool's root."""
    return name.rpartition("/")[0] or None


def dataset_of(name: str) -> str:
    """Return the name of the dataset that a snapshot or bookmark is of, a dataset's own as it is."""
    return name.partition("@")[0].partition("#")[0]


def kind_of(item: Dataset | Snapshot | Bookmark) -> str:
    """Return what it is: `filesystem`, `volume`, `snapshot` or `bookmark`."""
    if isinstance(item, Dataset):
        return item.kind
    return "snapshot" if isinstance(item, Snapshot) else "bookmark"


def effective(item: Dataset | Snapshot, name: str) -> tuple[str, bool] | None:
    """Return the value that a property has on an item itself, and whether it was received; None if it has none."""
    if (own := setting(item.settings, name)) is not None:
        return own, False
    received = None if name in item.declined else setting(item.received, name)
    return None if received is None else (received, True)


def total(extents: Iterable[Extent]) -> int:
    """Return the bytes of all extents."""
    return sum(extent.size for extent in extents)


def setting(settings: Iterable[Setting], name: str) -> str | None:
    """Return the value set for a property, None if it is not set."""
    return next((item.value for item in settings if item.name == name), None)


def with_setting(settings: tuple[Setting, ...], name: str, value: str) -> tuple[Setting, ...]:
    """Return the settings with one set or replaced."""
    return (*without_setting(settings, name), Setting(name, value))


def without_setting(settings: tuple[Setting, ...], name: str) -> tuple[Setting, ...]:
    """Return the settings with one cleared."""
    return tuple(item for item in settings if item.name != name)
