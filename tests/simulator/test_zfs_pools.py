"""What the kernel service keeps and refuses, for programs and for COMSTAR."""

import asyncio
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.pools import lineage as zfs_lineage
from sansim.solaris.pools.errors import Busy, Reason, Refused
from sansim.solaris.pools.model import Hold
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs import program as zfs
from sansim.state import State
from sansim.store import Store

GIB = 1 << 30


def make_pools(state: State | None = None) -> Pools:
    return Pools(state or State(), Clock(), Random(1))


@pytest.fixture
def pools() -> Pools:
    pools = make_pools()
    pools.create_pool("tank", 10 << 40)
    pools.create_volume("tank/v", GIB, 8192)
    return pools


def run(pools: Pools, *words: str, root: bool = True) -> Answer:
    def read_file(path: str) -> bytes:
        raise FileNotFoundError(path)

    async def answer() -> Answer:
        return await zfs.program(pools)(Call(("zfs", *words), Credentials("admin", root=root), read_file))

    return asyncio.run(answer())


def test_devices_are_those_of_volumes(pools: Pools) -> None:
    pools.create_filesystem("tank/f")
    assert sorted(pools.volumes.paths()) == ["/dev/zvol/dsk/tank/v", "/dev/zvol/rdsk/tank/v"]
    assert pools.volumes.at("/dev/zvol/rdsk/tank/v") == pools.volumes.at("/dev/zvol/dsk/tank/v") == "tank/v"
    for path in ("/dev/zvol/rdsk/tank/f", "/dev/zvol/rdsk/tank/w", "/dev/rdsk/c0t0d0", "tank/v"):
        assert pools.volumes.at(path) is None


def test_an_open_volume_is_busy_for_others_destroy_and_rollback(pools: Pools) -> None:
    zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    pools.volumes.open("tank/v", "unit")
    pools.volumes.open("tank/v", "unit")
    with pytest.raises(Busy):
        pools.volumes.open("tank/v", "another")
    busy = "cannot rollback 'tank/v': dataset is busy\n"
    assert run(pools, "rollback", "tank/v@s") == Answer(stderr=busy, status=1)
    assert run(pools, "destroy", "tank/v@s").status == 0
    assert run(pools, "destroy", "tank/v") == Answer(stderr="cannot destroy 'tank/v': dataset is busy\n", status=1)
    pools.volumes.close("tank/v", "another")
    assert pools.volumes.is_open("tank/v")
    pools.volumes.close("tank/v", "unit")
    assert run(pools, "destroy", "tank/v") == Answer()


def test_an_open_volume_is_renamed_and_stays_open(pools: Pools) -> None:
    pools.volumes.open("tank/v", "unit")
    assert run(pools, "rename", "tank/v", "tank/w") == Answer()
    assert pools.volumes.is_open("tank/w")
    pools.create_volume("tank/v", GIB, 8192)
    assert not pools.volumes.is_open("tank/v")
    pools.volumes.close("tank/v", "unit")
    assert not pools.volumes.is_open("tank/w")


def test_newer_snapshots_go_even_if_the_rollback_is_then_refused(pools: Pools) -> None:
    zfs_lineage.take_snapshots(pools, ["tank/v@a"])
    zfs_lineage.take_snapshots(pools, ["tank/v@b"])
    pools.volumes.open("tank/v", "unit")
    assert run(pools, "rollback", "-r", "tank/v@a").status == 1
    assert list(pools.snapshots) == ["tank/v@a"]


def test_unit_metadata_follow_a_rename_and_not_a_clone(pools: Pools) -> None:
    pools.volumes.set_lu_metadata("tank/v", "600144F0")
    zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    zfs_lineage.clone(pools, "tank/v@s", "tank/c")
    zfs_lineage.rename(pools, "tank/v", "tank/w")
    assert pools.volumes.lu_metadata("tank/w") == "600144F0"
    assert pools.volumes.lu_metadata("tank/c") is None
    pools.volumes.set_lu_metadata("tank/w", None)
    assert pools.volumes.lu_metadata("tank/w") is None
    with pytest.raises(Refused) as caught:
        pools.volumes.lu_metadata("tank/v")
    assert caught.value.reason is Reason.NOT_FOUND


def test_held_snapshots_are_busy(pools: Pools) -> None:
    zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    with pools.state.change():
        pools.snapshots["tank/v@s"] = evolve(pools.snapshot("tank/v@s"), holds=(Hold("keep", pools.clock.now()),))
    assert run(pools, "destroy", "tank/v@s") == Answer(
        stderr="cannot destroy snapshot tank/v@s: dataset is busy\n", status=1
    )


def test_holds_are_listed_with_their_times() -> None:
    clock = Clock(datetime(2026, 11, 4, 9, 5, tzinfo=UTC))
    pools = Pools(State(), clock, Random(1))
    pools.create_pool("tank", GIB)
    zfs_lineage.take_snapshots(pools, ["tank@s"])
    run(pools, "hold", "a-long-tag", "tank@s")
    clock.advance(20 * 86400 + 2 * 3600)
    run(pools, "hold", "b", "tank@s")
    assert run(pools, "holds", "tank@s").printed == (
        "NAME    TAG         TIMESTAMP\n"
        "tank@s  a-long-tag  Wed Nov  4  9:05 2026\n"
        "tank@s  b           Tue Nov 24 11:05 2026\n"
    )
    assert run(pools, "holds", "-H", "tank@s").printed == (
        "tank@s\ta-long-tag\tWed Nov  4  9:05 2026\ntank@s\tb         \tTue Nov 24 11:05 2026\n"
    )


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("create", "-V", "1G", "tank/w"), "cannot create 'tank/w': permission denied"),
        (("create", "-V", "1G", "tank/v"), "cannot create 'tank/v': dataset already exists"),
        (("create", "-p", "-s", "-V", "1G", "tank/a/w"), "cannot create 'tank/a': permission denied"),
        (("destroy", "tank/x"), "cannot destroy 'tank/x': permission denied"),
        (("destroy", "tank/v@s"), "cannot destroy snapshots: permission denied"),
        (("set", "volsize=2G", "tank/v"), "cannot set property for 'tank/v': permission denied"),
        (("snapshot", "tank/v@t"), "cannot create snapshots : permission denied"),
        (("rollback", "tank/v@s"), "cannot rollback 'tank/v': permission denied"),
        (("clone", "tank/v@s", "tank/c"), "cannot create 'tank/c': permission denied"),
        (("rename", "tank/v", "tank/w"), "cannot rename 'tank/v': permission denied"),
    ],
)
def test_without_rights_changes_are_refused_and_reads_are_not(
    pools: Pools, words: tuple[str, ...], refusal: str
) -> None:
    zfs_lineage.take_snapshots(pools, ["tank/v@s"])
    pools.create_volume("tank/x", GIB, 8192)
    assert run(pools, *words, root=False) == Answer(stderr=f"{refusal}\n", status=1)
    listed = run(pools, "list", "-H", "-o", "name", "-t", "all", root=False).printed
    assert listed == "tank\ntank/v\ntank/v@s\ntank/x\n"


def test_a_thick_volume_that_does_not_fit_leaves_nothing(pools: Pools) -> None:
    txg = pools.pools["tank"].txg
    assert run(pools, "create", "-V", "20T", "tank/w").stderr == "cannot create 'tank/w': out of space\n"
    assert "tank/w" not in pools.datasets
    assert pools.pools["tank"].txg == txg


def test_pools_survive_a_restart(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "state")) as store:
        pools = make_pools(State(store.array("solaris")))
        pools.create_pool("tank", 10 << 40)
        assert run(pools, "create", "-V", "1G", "-o", "a:b=c", "tank/v").status == 0
        assert run(pools, "snapshot", "tank/v@s").status == 0
        assert run(pools, "clone", "tank/v@s", "tank/c").status == 0
        before = run(pools, "get", "-Hp", "all").printed
    with closing(Store(tmp_path / "state")) as store:
        assert run(make_pools(State(store.array("solaris"))), "get", "-Hp", "all").printed == before


def test_making_a_volume_takes_no_longer_among_many() -> None:
    def seconds(pools: Pools, first: int) -> float:
        start = time.process_time()
        for number in range(first, first + 200):
            pools.create_volume(f"tank/v{number}", GIB, 8192)
        return time.process_time() - start

    few, many = make_pools(), make_pools()
    for pools in (few, many):
        pools.create_pool("tank", 10 << 40)
    seconds(many, 1000)
    for number in range(2000, 12000):
        many.create_volume(f"tank/v{number}", GIB, 8192)
    fewest = min(seconds(few, 200 * turn) for turn in range(5))
    most = min(seconds(many, 20000 + 200 * turn) for turn in range(5))
    assert most < 5 * fewest
