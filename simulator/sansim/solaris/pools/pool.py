"""The kernel's ZFS: pools and what lies in them, with every rule that holds whatever program asks.

A method either does all it says in one change of the state, or raises and does nothing. What concerns
snapshots and clones is in `lineage`, written in terms of this class.
"""

from collections.abc import Iterable
from random import Random

from attrs import evolve

from sansim.clock import Clock
from sansim.solaris.pools.errors import Busy, Reason, Refused
from sansim.solaris.pools.extents import without_newest, without_oldest
from sansim.solaris.pools.history import History
from sansim.solaris.pools.index import Index
from sansim.solaris.pools.label import Label
from sansim.solaris.pools.model import (
    FIRST_TXG,
    Bookmark,
    Dataset,
    Extent,
    Pool,
    Setting,
    Snapshot,
    parent_of,
    pool_of,
    setting,
    total,
    with_setting,
    without_setting,
)
from sansim.solaris.pools.mounts import MOUNTING, at_once, remounted, with_those_on_it
from sansim.solaris.pools.reservation import limited, reserved
from sansim.solaris.pools.space import Space
from sansim.solaris.pools.traffic import Traffic
from sansim.solaris.pools.vdevs import Device
from sansim.solaris.pools.volumes import Volumes
from sansim.solaris.zfs.release import ILLUMOS, ZfsRelease
from sansim.solaris.zpool import release as zpool_release
from sansim.solaris.zpool.release import ZpoolRelease
from sansim.state import State

__all__ = ["Pools"]

_FILESYSTEM_METADATA = 24 << 10
_VOLUME_METADATA = 12 << 10


class Pools:
    """All pools of a host.

    Attributes:
        pools: By name.
        datasets: Filesystems and volumes of all pools, by name.
        snapshots: By name, `dataset@snapshot`.
        bookmarks: By name, `dataset#bookmark`.
        index: All names in the order of `zfs list`.
        space: Who uses how much, and who hangs on whom.
        release: What this release of ZFS says and allows.
        zpool: The same of zpool.
        disks: The disks that the host has, by name.
        labels: The pools that are not imported, by guid.
        history: What was done to the pools.
        traffic: What was written to them.
        volumes: The devices of volumes, and who holds them open.
    """

    def __init__(
        self,
        state: State,
        clock: Clock,
        random: Random,
        release: ZfsRelease = ILLUMOS,
        *,
        zpool: ZpoolRelease = zpool_release.ILLUMOS,
        disks: Iterable[Device] = (),
        host: str = "solaris",
    ) -> None:
        self.release = release
        self.zpool = zpool
        self.disks = {device.name: device for device in disks}
        self.state = state
        self.clock = clock
        self.pools = state.table("zfs.pools", Pool)
        self.datasets = state.table("zfs.datasets", Dataset)
        self.snapshots = state.table("zfs.snapshots", Snapshot)
        self.bookmarks = state.table("zfs.bookmarks", Bookmark)
        self.index = Index()
        self.index.follow(self.datasets)
        self.index.follow(self.snapshots)
        self.index.follow(self.bookmarks)
        self.space = Space(self.pools, self.datasets, self.snapshots, self.bookmarks, release.slop)
        self.labels = state.table("zfs.labels", Label)
        self.history = History(state, clock, host, self.pools, self.datasets, self.snapshots, self.bookmarks)
        self.traffic = Traffic(clock, self.datasets)
        state.on_replaced(self.traffic.restart)
        self.volumes = Volumes(state, self.datasets, release.devices)
        self._random = random

    # Making and destroying

    def create_pool(self, name: str, size: int) -> None:
        """Make a pool of `size` raw bytes, on disks that do not matter, with its root filesystem.

        Raises:
            Refused: There is one of that name.
        """
        self.add_pool(Pool(name, size, self.new_guid(), FIRST_TXG))

    def add_pool(self, pool: Pool, settings: Iterable[Setting] = ()) -> None:
        """Make a pool with its root filesystem, whose properties are given.

        Raises:
            Refused: There is one of that name.
        """
        if pool.name in self.pools:
            raise Refused(Reason.EXISTS, pool.name)
        with self.state.change():
            self.pools[pool.name] = pool
            self._enter(pool.name, "filesystem", settings=tuple(settings))
            self.settle_mount(pool.name)

    def create_filesystem(self, name: str, settings: Iterable[Setting] = (), *, mounted: bool = True) -> None:
        """Make a filesystem and mount it, unless told not to.

        Raises:
            Refused: Its name is taken, its parent missing or no filesystem, or the pool full.
        """
        with self.state.change():
            self._check_place(name, _FILESYSTEM_METADATA)
            self._enter(name, "filesystem", settings=tuple(settings))
            self.settle_mount(name, wanted=mounted)

    def create_volume(self, name: str, volsize: int, volblocksize: int, settings: Iterable[Setting] = ()) -> None:
        """Make a volume, thin: what it reserves is set after.

        Raises:
            Refused: As for a filesystem.
        """
        with self.state.change():
            self._check_place(name, _VOLUME_METADATA)
            self._enter(name, "volume", volsize, volblocksize, tuple(settings))

    def _check_place(self, name: str, needed: int) -> None:
        self.check_new(name)
        parent = parent_of(name)
        if parent is None or self.space.free(parent) < needed:
            raise Refused(Reason.NO_SPACE, name)

    def check_new(self, name: str) -> None:
        """Check that a dataset could be made under a name.

        Raises:
            Refused: Its pool or parent is not there, its parent is no filesystem, or its name is taken.
        """
        parent = self.datasets.get(parent_of(name) or "")
        if pool_of(name) not in self.pools:
            raise Refused(Reason.NO_POOL, name)
        if parent is None:
            raise Refused(Reason.NOT_FOUND, name)
        if parent.kind != "filesystem":
            raise Refused(Reason.WRONG_TYPE, name)
        if name in self.datasets:
            raise Refused(Reason.EXISTS, name)

    def _enter(
        self,
        name: str,
        kind: str,
        volsize: int = 0,
        volblocksize: int = 0,
        settings: tuple[Setting, ...] = (),
    ) -> None:
        txg = self.next_txg(pool_of(name))
        metadata = _VOLUME_METADATA if kind == "volume" else _FILESYSTEM_METADATA
        self.datasets[name] = Dataset(
            name=name,
            kind=kind,
            guid=self.new_guid(),
            createtxg=txg,
            creation=self.clock.now(),
            volsize=volsize,
            volblocksize=volblocksize,
            extents=(Extent(txg, metadata),),
            settings=settings,
        )

    def destroy(self, name: str) -> None:
        """Destroy a dataset that nothing hangs on; its bookmarks go with it.

        A snapshot that waited for its last clone to go goes with it.

        Raises:
            Refused: It is not there, has snapshots or children, or is held open.
        """
        dataset = self.dataset(name)
        if self.volumes.is_open(name):
            raise Busy(name)
        if self.space.snapshots(name):
            raise Busy(name)
        if self.space.children(name):
            raise Refused(Reason.HAS_CHILDREN, name)
        with self.state.change():
            self.next_txg(pool_of(name))
            for bookmark in self.space.bookmarks(name):
                del self.bookmarks[bookmark]
            del self.datasets[name]
            origin = self.snapshots.get(dataset.origin or "")
            if origin and origin.defer_destroy and not origin.holds and not self.space.clones(origin.name):
                del self.snapshots[origin.name]

    # Reading

    def dataset(self, name: str) -> Dataset:
        """Return a filesystem or volume.

        Raises:
            Refused: There is none of that name.
        """
        if (dataset := self.datasets.get(name)) is None:
            raise Refused(Reason.NOT_FOUND, name)
        return dataset

    def snapshot(self, name: str) -> Snapshot:
        """Return a snapshot.

        Raises:
            Refused: There is none of that name.
        """
        if (snapshot := self.snapshots.get(name)) is None:
            raise Refused(Reason.NOT_FOUND, name)
        return snapshot

    def bookmark(self, name: str) -> Bookmark:
        """Return a bookmark.

        Raises:
            Refused: There is none of that name.
        """
        if (bookmark := self.bookmarks.get(name)) is None:
            raise Refused(Reason.NOT_FOUND, name)
        return bookmark

    def item(self, name: str) -> Dataset | Snapshot | Bookmark:
        """Return a dataset, snapshot or bookmark.

        Raises:
            Refused: There is none of that name.
        """
        return self.bookmark(name) if "#" in name else self.holder(name)

    def holder(self, name: str) -> Dataset | Snapshot:
        """Return what holds properties of its own: a dataset or snapshot.

        Raises:
            Refused: There is none of that name.
        """
        return self.snapshot(name) if "@" in name else self.dataset(name)

    # Changing

    def put_setting(self, name: str, item: str, value: str) -> None:
        """Set a property of a dataset or snapshot."""
        with self.state.change():
            old = self.holder(name)
            declined = tuple(other for other in old.declined if other != item)
            self.replace(evolve(old, settings=with_setting(old.settings, item, value), declined=declined))
            self._remount(name, item)

    def clear(self, name: str, item: str) -> None:
        """Unset a property, so that its default or an ancestor's value counts, even if one was received."""
        with self.state.change():
            old = self.holder(name)
            declined = old.declined
            if item not in declined and setting(old.received, item) is not None:
                declined = (*declined, item)
            self.replace(evolve(old, settings=without_setting(old.settings, item), declined=declined))
            self._remount(name, item)

    def settle_mount(self, name: str, *, wanted: bool = True) -> None:
        """Mount a dataset that has just been made, if it is a filesystem that is mounted at once."""
        with self.state.change():
            mounted = wanted and at_once(self.datasets, name)
            self.datasets[name] = evolve(self.dataset(name), mounted=mounted)

    def _remount(self, name: str, changed: str) -> None:
        if changed not in MOUNTING or "@" in name:
            return
        below = self.space.below(name) if changed == "mountpoint" else ()
        for each in with_those_on_it(self.datasets, name, list(below)):
            if self.dataset(each).kind == "filesystem":
                self.datasets[each] = remounted(self.datasets, each, changed)

    def replace(self, item: Dataset | Snapshot) -> None:
        """Put a changed dataset or snapshot in the place of the one of its name."""
        if isinstance(item, Snapshot):
            self.snapshots[item.name] = item
        else:
            self.datasets[item.name] = item

    def resize(self, name: str, volsize: int) -> None:
        """Give a volume another size; its data beyond a smaller one are lost."""
        with self.state.change():
            dataset = evolve(self.dataset(name), volsize=volsize)
            kept = _VOLUME_METADATA + volsize
            if (excess := total(dataset.extents) - kept) > 0:
                dataset = evolve(dataset, extents=without_newest(dataset.extents, excess))
            self.datasets[name] = dataset

    def reserve(self, name: str, item: str, size: int) -> None:
        """Set `reservation` or `refreservation`, 0 for none.

        Raises:
            Refused: The space is not there.
        """
        with self.state.change():
            self.datasets[name] = _as_local(reserved(self.space, self.dataset(name), item, size), item)

    def limit(self, name: str, item: str, size: int) -> None:
        """Set `quota` or `refquota`, 0 for none.

        Raises:
            Refused: More than that is used or reserved.
        """
        with self.state.change():
            self.datasets[name] = _as_local(limited(self.space, self.dataset(name), item, size), item)

    def write(self, name: str, size: int) -> None:
        """Write data: first where nothing was written yet, then over the oldest data.

        What a snapshot still references stays allocated when it is written over.

        Raises:
            Refused: The pool is full.
        """
        with self.state.change():
            dataset = self.dataset(name)
            unwritten = size
            if dataset.kind == "volume":
                unwritten = max(0, min(size, dataset.volsize + _VOLUME_METADATA - total(dataset.extents)))
            kept = without_oldest(dataset.extents, size - unwritten)
            freed = self.space.usage(name).unique - self.space.unique(dataset, kept)
            if size - freed > self.space.available(name):
                raise Refused(Reason.NO_SPACE, name)
            new = Extent(self.next_txg(pool_of(name)), size)
            self.datasets[name] = evolve(dataset, extents=(*kept, new))

    def next_txg(self, pool: str) -> int:
        """Begin the pool's next transaction group and return its number."""
        old = self.pools[pool]
        self.pools[pool] = evolve(old, txg=old.txg + 1)
        return old.txg + 1

    def new_guid(self) -> int:
        """Return a number that no other dataset, snapshot or pool has."""
        return self._random.getrandbits(63) | 1 << 63


def _as_local(dataset: Dataset, size: str) -> Dataset:
    """Return a dataset one of whose reservations or quotas is no longer the received one."""
    return evolve(dataset, received_sizes=tuple(other for other in dataset.received_sizes if other != size))
