"""The order of all names, and a walk through it while names come and go."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.solaris.pools import bookmarks as zfs_bookmarks
from sansim.solaris.pools import lineage as zfs_lineage
from sansim.solaris.pools.model import dataset_of
from sansim.solaris.pools.pool import Pools
from sansim.state import State

NAMES = ("a", "a-b", "a.b", "a b", "ab", "b", "B", "0", "a:b", "a_")
KINDS = ("filesystem", "volume", "snapshot", "bookmark")


class Tree:
    """A pool that grows and shrinks as numbers say."""

    def __init__(self) -> None:
        self.pools = Pools(State(), Clock(), Random(1))
        self.pools.create_pool("tank", 10 << 40)

    def change(self, draw: Random) -> None:
        holders = sorted(self.pools.datasets)
        parents = [name for name in holders if self.pools.dataset(name).kind == "filesystem"]
        new = f"{draw.choice(parents)}/{draw.choice(NAMES)}"
        match draw.randrange(6):
            case 0 if new not in self.pools.datasets:
                self.pools.create_filesystem(new)
            case 1 if new not in self.pools.datasets:
                self.pools.create_volume(new, 1 << 30, 8192)
            case 2 if (snapshot := f"{draw.choice(holders)}@{draw.choice(NAMES)}") not in self.pools.snapshots:
                zfs_lineage.take_snapshots(self.pools, [snapshot])
            case 3 if self.pools.snapshots:
                source = draw.choice(sorted(self.pools.snapshots))
                bookmark = f"{dataset_of(source)}#{draw.choice(NAMES)}"
                if bookmark not in self.pools.bookmarks:
                    zfs_bookmarks.make_bookmark(self.pools, source, bookmark)
            case 4:
                self.shrink(draw)

    def shrink(self, draw: Random) -> None:
        space = self.pools.space
        bare = [name for name in self.pools.datasets if not space.children(name) and not space.snapshots(name)]
        if self.pools.bookmarks and draw.random() < 0.3:
            zfs_bookmarks.destroy_bookmarks(self.pools, [draw.choice(sorted(self.pools.bookmarks))])
        elif self.pools.snapshots and draw.random() < 0.5:
            zfs_lineage.destroy_snapshots(self.pools, [draw.choice(sorted(self.pools.snapshots))])
        elif bare and bare != ["tank"]:
            self.pools.destroy(draw.choice(sorted(bare)))

    def names(self, kinds: frozenset[str]) -> set[str]:
        found = {name for name, dataset in self.pools.datasets.items() if dataset.kind in kinds}
        found |= set(self.pools.snapshots) if "snapshot" in kinds else set()
        return found | (set(self.pools.bookmarks) if "bookmark" in kinds else set())

    def below(self, top: str, kinds: frozenset[str], depth: int | None) -> list[str]:
        """Return what a walk has to yield, found out the slow way."""
        found = []
        for name in self.names(kinds):
            dataset = dataset_of(name)
            if dataset == top or dataset.startswith(f"{top}/"):
                deep = dataset[len(top) :].count("/") + (name != dataset)
                if depth is None or deep <= depth:
                    found.append(name)
        return sorted(found, key=self.place)

    def place(self, name: str) -> tuple[str, int, str]:
        if name in self.pools.snapshots:
            return dataset_of(name), self.pools.snapshot(name).createtxg, name
        return name, 0, name


kinds = st.frozensets(st.sampled_from(KINDS))
depths = st.none() | st.integers(0, 4)


@given(st.integers(), st.integers(0, 60), kinds, depths)
def test_a_walk_yields_what_lies_below_in_order(seed: int, size: int, wanted: frozenset[str], depth: int | None):
    tree, draw = Tree(), Random(seed)
    for _ in range(size):
        tree.change(draw)
    top = draw.choice(sorted(tree.pools.datasets))
    walked = [name for _, _, name in tree.pools.index.walk(top, wanted, depth)]
    assert walked == tree.below(top, wanted, depth)


@settings(max_examples=30)
@given(st.integers(), st.integers(0, 250), kinds)
def test_a_walk_goes_on_though_names_come_and_go(seed: int, size: int, wanted: frozenset[str]):
    tree, draw = Tree(), Random(seed)
    for _ in range(size):
        tree.change(draw)
    always = ever = tree.names(wanted)
    walked = []
    for _, _, name in tree.pools.index.walk("tank", wanted, None):
        walked.append(name)
        tree.change(draw)
        always = always & tree.names(wanted)
        ever = ever | tree.names(wanted)
    assert len(walked) == len(set(walked))
    assert always <= set(walked) <= ever


@pytest.mark.parametrize("kind", KINDS)
def test_an_index_that_was_read_from_a_state_is_the_same(kind: str) -> None:
    tree, draw = Tree(), Random(1)
    for _ in range(200):
        tree.change(draw)
    state = State()
    datasets, snapshots, bookmarks = tree.pools.datasets, tree.pools.snapshots, tree.pools.bookmarks
    again = Pools(state, Clock(), Random(1))
    with state.change():
        for name in draw.sample(sorted(datasets), len(datasets)):
            again.datasets[name] = datasets[name]
        for name in draw.sample(sorted(snapshots), len(snapshots)):
            again.snapshots[name] = snapshots[name]
        for name in draw.sample(sorted(bookmarks), len(bookmarks)):
            again.bookmarks[name] = bookmarks[name]
    assert list(again.index.walk("tank", {kind}, None)) == list(tree.pools.index.walk("tank", {kind}, None))
