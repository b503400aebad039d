"""Who uses how much of a pool: running sums over the tree, kept as the tables change.

Every dataset charges its parent with the larger of what it uses and what it reserves; a change is carried up
the tree at once, so that reading a sum never visits the datasets below. Who lies below whom, which snapshots
a dataset has and which clones a snapshot has are kept the same way.

Source of the rules: illumos dsl_dir.c, dsl_dataset.c, spa_misc.c.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from sansim.solaris.pools.model import Bookmark, Dataset, Extent, Pool, Snapshot, dataset_of, parent_of, total
from sansim.solaris.zfs.release import Slop
from sansim.state import Table

__all__ = ["POOL_OVERHEAD", "Space", "Usage"]

POOL_OVERHEAD = 96 << 10
"""Bytes that a pool's own metadata take, charged to the root's children."""

_SLOP = Slop()


@frozen
class Usage:
    """What one dataset itself uses, in bytes.

    Attributes:
        dataset: Data that it references and its origin does not.
        snapshots: Data that only its snapshots reference.
        refreservation: What its refreservation sets aside beyond its data.
        unique: Data written since its last snapshot.
    """

    dataset: int = 0
    snapshots: int = 0
    refreservation: int = 0
    unique: int = 0

    @property
    def own(self) -> int:
        """Everything but its children."""
        return self.dataset + self.snapshots + self.refreservation


_NOTHING = Usage()


class Space:
    """Sums and relations of all pools on a host."""

    def __init__(
        self,
        pools: Table[Pool],
        datasets: Table[Dataset],
        snapshots: Table[Snapshot],
        bookmarks: Table[Bookmark],
        slop: Slop = _SLOP,
    ) -> None:
        self._pools = pools
        self._slop = slop
        self._datasets = datasets
        self._snapshots = snapshots
        self._children: defaultdict[str, set[str]] = defaultdict(set)
        self._lines: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        self._clones: defaultdict[str, set[str]] = defaultdict(set)
        self._bookmarks: defaultdict[str, set[str]] = defaultdict(set)
        self._usage: dict[str, Usage] = {}
        self._charged: dict[str, int] = {}
        self._children_used: defaultdict[str, int] = defaultdict(int)
        self._allocated: defaultdict[str, int] = defaultdict(int)
        bookmarks.observe(self._bookmark_changed)
        snapshots.observe(self._snapshot_changed)
        datasets.observe(self._dataset_changed)

    # Relations

    def children(self, name: str) -> list[str]:
        """Return the names of the datasets just below one, sorted."""
        return sorted(self._children.get(name, ()))

    def below(self, name: str) -> Iterator[str]:
        """Yield the names of all datasets below one, parents before children."""
        for child in self.children(name):
            yield child
            yield from self.below(child)

    def snapshots(self, name: str) -> list[str]:
        """Return the names of a dataset's snapshots, oldest first."""
        return [snapshot for _, snapshot in self._lines.get(name, ())]

    def newest_snapshot(self, name: str) -> Snapshot | None:
        """Return the last snapshot of a dataset."""
        line = self._lines.get(name)
        return self._snapshots[line[-1][1]] if line else None

    def clones(self, snapshot: str) -> list[str]:
        """Return the names of a snapshot's clones, the newest first.

        The kernel has them in the order of a salted hash, so that any order is one that it may print; this one is as
        it was seen.
        """
        clones = self._clones.get(snapshot, ())
        return sorted(clones, key=lambda name: self._datasets[name].createtxg, reverse=True)

    def bookmarks(self, name: str) -> list[str]:
        """Return the names of a dataset's bookmarks, sorted."""
        return sorted(self._bookmarks.get(name, ()))

    # Sums

    def usage(self, name: str) -> Usage:
        """Return what a dataset itself uses."""
        return self._usage.get(name, _NOTHING)

    def used_by_children(self, name: str) -> int:
        """Return what a dataset's children use or reserve; for a root with the pool's overhead."""
        return self._children_used.get(name, 0) + (POOL_OVERHEAD if name in self._pools else 0)

    def used(self, name: str) -> int:
        """Return what a dataset and all below it use."""
        return self.usage(name).own + self.used_by_children(name)

    def allocated(self, name: str) -> int:
        """Return the bytes that hold data of a dataset and all below it, reservations not counted.

        For a root with the pool's overhead.
        """
        return self._allocated.get(name, 0) + (POOL_OVERHEAD if name in self._pools else 0)

    def usable(self, pool: str) -> int:
        """Return a pool's bytes after what it keeps back for itself (slop)."""
        size = self._pools[pool].usable
        return size - self._slop.of(size)

    def free(self, name: str) -> int:
        """Return the bytes that a dataset may still take from the pool, its refreservation not counted."""
        dataset = self._datasets[name]
        used = self.used(name)
        parent = parent_of(name)
        left = [limit - used for limit in (dataset.quota,) if limit]
        if parent is None:
            left.append(self.usable(name) - used)
        else:
            left.append(self.free(parent) + max(0, (dataset.reservation or 0) - used))
        return max(0, min(left))

    def available(self, name: str) -> int:
        """Return a dataset's `available`."""
        dataset = self._datasets[name]
        available = self.free(name) + self.usage(name).refreservation
        if dataset.refquota:
            available = min(available, max(0, dataset.refquota - total(dataset.extents)))
        return available

    def snapshot_used(self, name: str) -> int:
        """Return the bytes that only this snapshot references."""
        snapshot = self._snapshots[name]
        line = self._lines[dataset_of(name)]
        place = bisect_left(line, (snapshot.createtxg, name))
        if place + 1 < len(line):
            younger = self._snapshots[line[place + 1][1]].extents
        else:
            younger = self._datasets[dataset_of(name)].extents
        kept = {extent.birth: extent.size for extent in younger}
        since = self._written_since(dataset_of(name), place)
        return sum(extent.size - kept.get(extent.birth, 0) for extent in snapshot.extents if extent.birth > since)

    def snapshot_written(self, name: str) -> int:
        """Return the bytes of a snapshot that the one before it does not reference."""
        snapshot = self._snapshots[name]
        place = bisect_left(self._lines[dataset_of(name)], (snapshot.createtxg, name))
        return _newer(snapshot.extents, self._written_since(dataset_of(name), place))

    def unique(self, dataset: Dataset, extents: Iterable[Extent]) -> int:
        """Return the bytes among a dataset's extents that no snapshot of it, and no origin, references."""
        newest = self.newest_snapshot(dataset.name)
        return _newer(extents, newest.createtxg if newest else self._origin_txg(dataset))

    def reclaimed(self, dataset: str, snapshots: Iterable[str]) -> int:
        """Return the bytes that destroying these snapshots of a dataset would free."""
        gone = frozenset(snapshots)
        kept = [name for name in self.snapshots(dataset) if name not in gone]
        return self.usage(dataset).snapshots - self._measure(self._datasets[dataset], kept).snapshots

    def _written_since(self, dataset: str, place: int) -> int:
        """Return the transaction group up to which data is shared with what came before a snapshot."""
        if place > 0:
            return self._lines[dataset][place - 1][0]
        return self._origin_txg(self._datasets.get(dataset))

    def _origin_txg(self, dataset: Dataset | None) -> int:
        origin = self._origin(dataset)
        return origin.createtxg if origin else 0

    def _origin(self, dataset: Dataset | None) -> Snapshot | None:
        return self._snapshots.get(dataset.origin) if dataset and dataset.origin else None

    # Keeping up

    def _bookmark_changed(self, old: Bookmark | None, new: Bookmark | None) -> None:
        if old is not None:
            _discard(self._bookmarks, dataset_of(old.name), old.name)
        if new is not None:
            self._bookmarks[dataset_of(new.name)].add(new.name)

    def _dataset_changed(self, old: Dataset | None, new: Dataset | None) -> None:
        if old is not None:
            self._forget(old)
        if new is not None:
            if (parent := parent_of(new.name)) is not None:
                self._children[parent].add(new.name)
            if new.origin is not None:
                self._clones[new.origin].add(new.name)
            self._refresh(new.name)

    def _forget(self, dataset: Dataset) -> None:
        if (parent := parent_of(dataset.name)) is not None:
            _discard(self._children, parent, dataset.name)
        if dataset.origin is not None:
            _discard(self._clones, dataset.origin, dataset.name)
        if dataset.name not in self._datasets:
            self._refresh(dataset.name)

    def _snapshot_changed(self, old: Snapshot | None, new: Snapshot | None) -> None:
        for snapshot, entered in ((old, False), (new, True)):
            if snapshot is None:
                continue
            line = self._lines[dataset_of(snapshot.name)]
            entry = (snapshot.createtxg, snapshot.name)
            if entered:
                insort(line, entry)
            else:
                line.remove(entry)
        if old is None or new is None or old.extents != new.extents:
            changed = new or old
            if changed is not None:
                self._refresh(dataset_of(changed.name))
                for clone in self.clones(changed.name):
                    self._refresh(clone)

    def _refresh(self, name: str) -> None:
        """Measure one dataset again and carry the difference up the tree."""
        dataset = self._datasets.get(name)
        before = self._usage.get(name, _NOTHING)
        after = self._measure(dataset, self.snapshots(name)) if dataset else _NOTHING
        if dataset:
            self._usage[name] = after
        else:
            self._usage.pop(name, None)
        self._carry_allocated(name, after.dataset + after.snapshots - before.dataset - before.snapshots)
        self._carry_charge(name)

    def _carry_allocated(self, name: str, difference: int) -> None:
        at: str | None = name
        while at is not None and difference:
            self._allocated[at] += difference
            if not self._allocated[at]:
                del self._allocated[at]
            at = parent_of(at)

    def _carry_charge(self, name: str) -> None:
        at: str | None = name
        while at is not None:
            here = self._datasets.get(at)
            used = self.usage(at).own + self._children_used.get(at, 0)
            charge = max(used, (here.reservation or 0) if here else 0)
            difference = charge - self._charged.get(at, 0)
            if charge:
                self._charged[at] = charge
            else:
                self._charged.pop(at, None)
            at = parent_of(at)
            if at is None or not difference:
                return
            self._children_used[at] += difference

    def _measure(self, dataset: Dataset, line: Sequence[str]) -> Usage:
        origin = self._origin(dataset)
        inherited = {extent.birth for extent in origin.extents} if origin else set()
        head = {extent.birth: extent.size for extent in dataset.extents if extent.birth not in inherited}
        newest = self._snapshots[line[-1]].createtxg if line else self._origin_txg(dataset)
        unique = _newer(dataset.extents, newest)
        return Usage(
            dataset=sum(head.values()),
            snapshots=self._only_in_snapshots(line, head, inherited),
            refreservation=max(0, (dataset.refreservation or 0) - unique),
            unique=unique,
        )

    def _only_in_snapshots(self, line: Sequence[str], head: Mapping[int, int], inherited: set[int]) -> int:
        oldest: dict[int, int] = {}
        for name in line:
            for extent in self._snapshots[name].extents:
                if extent.birth not in inherited:
                    oldest.setdefault(extent.birth, extent.size)
        return sum(size - head.get(birth, 0) for birth, size in oldest.items())


def _newer(extents: Iterable[Extent], txg: int) -> int:
    return total(extent for extent in extents if extent.birth > txg)


def _discard(relation: defaultdict[str, set[str]], key: str, value: str) -> None:
    relation[key].discard(value)
    if not relation[key]:
        del relation[key]
