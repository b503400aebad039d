"""The pool's sums, held against an oracle that knows every single block."""

from random import Random

import pytest
from attrs import Factory, define
from hypothesis import given, settings
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.solaris.pools import lineage as zfs_lineage
from sansim.solaris.pools.errors import Reason, Refusals, Refused
from sansim.solaris.pools.model import dataset_of
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.reservation import thick_reservation
from sansim.solaris.pools.space import POOL_OVERHEAD, Space
from sansim.solaris.zfs.release import ILLUMOS
from sansim.state import State

BLOCK = 12 << 10
"""A fresh volume's metadata are one block of the oracle."""

VOLSIZE = 20 * BLOCK
MIB = 1 << 20
GIB = 1 << 30


def make_pools(size: int = 64 * GIB) -> Pools:
    pools = Pools(State(), Clock(), Random(1))
    pools.create_pool("tank", size)
    return pools


@define
class Oracle:
    """Which blocks each volume and snapshot references, as sets of numbers."""

    heads: dict[str, list[int]] = Factory(dict)
    snapshots: dict[str, list[int]] = Factory(dict)
    origins: dict[str, str] = Factory(dict)
    next: int = 0

    def new(self, count: int) -> list[int]:
        self.next += count
        return list(range(self.next - count, self.next))

    def write(self, name: str, count: int) -> None:
        head = self.heads[name]
        over = max(0, count - max(0, VOLSIZE // BLOCK + 1 - len(head)))
        self.heads[name] = head[over:] + self.new(count)

    def line(self, name: str) -> list[str]:
        return [snapshot for snapshot in self.snapshots if dataset_of(snapshot) == name]

    def inherited(self, name: str) -> set[int]:
        return set(self.snapshots[self.origins[name]]) if name in self.origins else set()

    def only_in_snapshots(self, name: str) -> int:
        kept: set[int] = set().union(*(self.snapshots[snapshot] for snapshot in self.line(name)))
        return len(kept - set(self.heads[name]) - self.inherited(name))

    def only_in_snapshot(self, snapshot: str) -> int:
        name = dataset_of(snapshot)
        line = self.line(name)
        others = set(self.heads[name]) | self.inherited(name)
        others.update(*(self.snapshots[other] for other in line if other != snapshot))
        return len(set(self.snapshots[snapshot]) - others)


STEPS = st.lists(st.tuples(st.sampled_from("wwwsscpdxr"), st.integers(0, 9), st.integers(1, 25)), max_size=30)


def play(pools: Pools, oracle: Oracle, kind: str, pick: int, count: int) -> None:  # noqa: C901 - a switch
    """Do one step on both sides; a step that cannot be done is left out."""
    volumes = sorted(oracle.heads)
    name = volumes[pick % len(volumes)]
    line = oracle.line(name)
    snapshot = line[count % len(line)] if line else None
    clones = [clone for clone, origin in oracle.origins.items() if dataset_of(origin) == name]
    if kind == "w":
        pools.write(name, min(count, 20) * BLOCK)
        oracle.write(name, min(count, 20))
    elif kind == "s":
        new = f"{name}@s{oracle.next}.{len(oracle.snapshots)}"
        if new not in oracle.snapshots:
            zfs_lineage.take_snapshots(pools, [new])
            oracle.snapshots[new] = list(oracle.heads[name])
    elif kind == "c" and snapshot:
        new = f"tank/c{len(oracle.heads)}.{oracle.next}"
        if new not in oracle.heads:
            zfs_lineage.clone(pools, snapshot, new)
            oracle.heads[new] = list(oracle.snapshots[snapshot])
            oracle.origins[new] = snapshot
    elif kind == "x" and snapshot:
        if snapshot in oracle.origins.values():
            with pytest.raises(Refusals):
                zfs_lineage.destroy_snapshots(pools, [snapshot])
        else:
            zfs_lineage.destroy_snapshots(pools, [snapshot])
            del oracle.snapshots[snapshot]
    elif kind == "r" and line:
        zfs_lineage.rollback(pools, name)
        oracle.heads[name] = list(oracle.snapshots[line[-1]])
    elif kind == "d" and not line and not clones and len(volumes) > 1:
        pools.destroy(name)
        del oracle.heads[name]
        oracle.origins.pop(name, None)
    elif kind == "p" and name in oracle.origins:
        promote(pools, oracle, name)


def promote(pools: Pools, oracle: Oracle, name: str) -> None:
    zfs_lineage.promote(pools, name)
    origin = oracle.origins[name]
    former = dataset_of(origin)
    line = oracle.line(former)
    moved = {old: f"{name}@{old.partition('@')[2]}" for old in line[: line.index(origin) + 1]}
    own = oracle.line(name)
    reordered = {moved[old]: oracle.snapshots.pop(old) for old in moved}
    reordered |= {old: oracle.snapshots.pop(old) for old in own}
    oracle.snapshots |= reordered
    if former in oracle.origins:
        oracle.origins[name] = oracle.origins[former]
    else:
        del oracle.origins[name]
    oracle.origins[former] = origin
    oracle.origins = {clone: moved.get(held, held) for clone, held in oracle.origins.items()}


@settings(deadline=None)
@given(STEPS)
def test_sums_agree_with_every_block_counted(steps: list[tuple[str, int, int]]) -> None:
    pools = make_pools()
    oracle = Oracle()
    for name in ("tank/a", "tank/b"):
        pools.create_volume(name, VOLSIZE, 8192)
        oracle.heads[name] = oracle.new(1)
    for step in steps:
        play(pools, oracle, *step)
    for name, head in oracle.heads.items():
        usage = pools.space.usage(name)
        assert usage.dataset == BLOCK * len(set(head) - oracle.inherited(name))
        assert usage.snapshots == BLOCK * oracle.only_in_snapshots(name)
    for snapshot in oracle.snapshots:
        assert pools.space.snapshot_used(snapshot) == BLOCK * oracle.only_in_snapshot(snapshot)
    blocks = set().union(*oracle.heads.values(), *oracle.snapshots.values())
    root = pools.space.usage("tank").own
    assert pools.space.allocated("tank") == POOL_OVERHEAD + root + BLOCK * len(blocks)
    assert pools.space.used("tank") == pools.space.allocated("tank")
    afresh = Space(pools.pools, pools.datasets, pools.snapshots, pools.bookmarks)
    for name in ("tank", *oracle.heads):
        assert afresh.used(name) == pools.space.used(name)
        assert afresh.available(name) == pools.space.available(name)


def change_much_and_fail(pools: Pools) -> None:
    with pools.state.change():
        pools.write("tank/v", MIB)
        zfs_lineage.take_snapshots(pools, ["tank/v@s"])
        zfs_lineage.clone(pools, "tank/v@s", "tank/c")
        zfs_lineage.rename(pools, "tank/v", "tank/w")
        zfs_lineage.promote(pools, "tank/c")
        pools.create_volume("tank/c", GIB, 8192)


def test_a_refused_change_leaves_every_sum_as_it_was() -> None:
    pools = make_pools()
    pools.create_volume("tank/v", GIB, 8192)
    before = (pools.space.used("tank"), pools.space.free("tank"), pools.space.children("tank"))
    with pytest.raises(Refused, match="already exists"):
        change_much_and_fail(pools)
    assert (pools.space.used("tank"), pools.space.free("tank"), pools.space.children("tank")) == before
    assert pools.space.snapshots("tank/v") == []
    assert list(pools.snapshots) == []


def test_slop_is_a_thirty_second_but_at_least_128_mib_and_at_most_half() -> None:
    for size, slop in ((64 * GIB, 2 * GIB), (GIB, 128 * MIB), (128 * MIB, 64 * MIB)):
        assert make_pools(size).space.usable("tank") == size - slop


def test_a_snapshot_of_a_full_thick_volume_needs_its_data_once_more() -> None:
    pools = make_pools(4 * GIB)
    pools.create_volume("tank/v", 2 * GIB, 8192)
    pools.reserve("tank/v", "refreservation", thick_reservation(ILLUMOS.volumes.tree, 2 * GIB, 8192))
    pools.write("tank/v", 2 * GIB)
    with pytest.raises(Refusals) as caught:
        zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    assert [refused.reason for refused in caught.value.refusals] == [Reason.NO_SPACE]
    pools.reserve("tank/v", "refreservation", 0)
    zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    with pytest.raises(Refused, match="out of space"):
        pools.write("tank/v", 2 * GIB)


def test_a_reservation_is_charged_once_data_or_reservation_whichever_is_more() -> None:
    pools = make_pools()
    empty = pools.space.used("tank")
    pools.create_filesystem("tank/f")
    pools.reserve("tank/f", "reservation", GIB)
    assert pools.space.used("tank") == empty + GIB
    pools.create_volume("tank/f/v", GIB, 8192)
    pools.write("tank/f/v", 512 * MIB)
    assert pools.space.used("tank") == empty + GIB
    pools.write("tank/f/v", 512 * MIB)
    assert pools.space.used("tank") == empty + pools.space.used("tank/f") > empty + GIB


def test_a_fresh_volume_writes_its_refreservation_down() -> None:
    pools = make_pools()
    pools.create_volume("tank/v", GIB, 8192)
    pools.reserve("tank/v", "refreservation", GIB)
    used = pools.space.used("tank")
    pools.write("tank/v", 100 * MIB)
    assert pools.space.used("tank") == used
    zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    assert pools.space.used("tank") == used + 100 * MIB + BLOCK
