"""Pools that leave and come back: what they keep, who stops them, and what their history tells."""

import asyncio
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials, Program
from sansim.solaris.pools.first_pool import host_disks, set_up
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs import program as zfs
from sansim.solaris.zpool import program as zpool
from sansim.solaris.zpool.release import ILLUMOS
from sansim.state import State
from sansim.store import Store

GIB = 1 << 30


def make_pools(state: State | None = None) -> Pools:
    pools = Pools(state or State(), Clock(), Random(1), disks=host_disks(ILLUMOS, 1 << 40))
    set_up(pools, "tank", 1 << 40)
    return pools


@pytest.fixture
def pools() -> Pools:
    return make_pools()


def run(pools: Pools, text: str, user: str = "root") -> Answer:
    def read_file(path: str) -> bytes:
        raise FileNotFoundError(path)

    async def answer() -> Answer:
        words = tuple(text.split())
        program: Program = zfs.program(pools) if words[0] == "zfs" else zpool.program(pools)
        return await program(
            Call(words, Credentials(user, root=user == "root", number=0 if user == "root" else 1001), read_file)
        )

    return asyncio.run(answer())


def printed(pools: Pools, text: str) -> str:
    answer = run(pools, text)
    assert (answer.stderr, answer.status) == ("", 0)
    return answer.printed


def furnish(pools: Pools) -> None:
    for line in (
        "zfs create tank/fs",
        "zfs create -V 10G tank/fs/v",
        "zfs snapshot tank/fs/v@a",
        "zfs clone tank/fs/v@a tank/c",
        "zfs set a:b=c tank/fs",
        "zfs hold keep tank/fs/v@a",
    ):
        assert run(pools, line) == Answer(), line
    pools.write("tank/fs/v", GIB)


def listing(pools: Pools, pool: str) -> str:
    return printed(pools, f"zfs list -Hp -r -t all -o name,used,avail,refer,origin,guid {pool}")


def test_an_imported_pool_is_what_it_was(pools: Pools) -> None:
    furnish(pools)
    before = listing(pools, "tank")
    allocated = printed(pools, "zpool list -Hp -o alloc,free,guid")
    printed(pools, "zpool export tank")
    assert not pools.datasets
    assert not pools.snapshots
    printed(pools, "zpool import tank")
    assert listing(pools, "tank") == before
    assert printed(pools, "zpool list -Hp -o alloc,free,guid") == allocated
    assert printed(pools, "zfs holds -H tank/fs/v@a").split("\t")[1].strip() == "keep"


def test_all_that_lies_in_a_pool_takes_its_new_name(pools: Pools) -> None:
    furnish(pools)
    before = listing(pools, "tank")
    printed(pools, "zpool export tank")
    printed(pools, "zpool import tank data")
    assert listing(pools, "data") == before.replace("tank", "data")
    assert run(pools, "zfs destroy data/fs/v@a").stderr == (
        "cannot destroy 'data/fs/v@a': snapshot has dependent clones\n"
        "use '-R' to destroy the following datasets:\ndata/c\n"
    )


def test_a_pool_is_imported_by_its_number(pools: Pools) -> None:
    guid = printed(pools, "zpool get -Ho value guid tank").strip()
    printed(pools, "zpool export tank")
    assert f"     id: {guid}\n" in printed(pools, "zpool import")
    printed(pools, f"zpool import {guid}")
    assert run(pools, f"zpool import {guid}").stderr.startswith(
        f"cannot import '{guid}': a pool with that name already exists\n"
    )


def test_of_two_pools_of_one_name_the_number_tells_which(pools: Pools) -> None:
    printed(pools, "zpool export tank")
    printed(pools, "zpool create tank c0t3d0")
    printed(pools, "zpool export tank")
    assert run(pools, "zpool import tank").stderr == (
        "cannot import 'tank': more than one matching pool\nimport by numeric ID instead\n"
    )


def test_an_open_volume_keeps_its_pool(pools: Pools) -> None:
    furnish(pools)
    pools.volumes.open("tank/c", "unit")
    for command in ("export", "destroy", "destroy -f"):
        answer = run(pools, f"zpool {command} tank")
        assert answer.stderr == f"cannot {command.split()[0]} 'tank': pool is busy\n"
    pools.volumes.close("tank/c", "unit")
    assert run(pools, "zpool export tank") == Answer()


def test_a_disk_that_is_used_again_is_missed_by_its_old_pool(pools: Pools) -> None:
    printed(pools, "zpool export tank")
    printed(pools, "zpool create -f data c0t1d0")
    shown = printed(pools, "zpool import")
    assert "  state: DEGRADED\n status: One or more devices are missing from the system.\n" in shown
    assert "\t    c0t1d0  UNAVAIL  cannot open\n" in shown
    printed(pools, "zpool import tank")
    assert printed(pools, "zpool list -Ho name,health") == "data\tONLINE\ntank\tDEGRADED\n"


def test_a_split_pool_holds_a_copy(pools: Pools) -> None:
    furnish(pools)
    before = listing(pools, "tank")
    printed(pools, "zpool split tank half")
    printed(pools, "zpool import half")
    assert listing(pools, "half") == before.replace("tank", "half")
    assert listing(pools, "tank") == before
    printed(pools, "zfs release keep half/fs/v@a")
    printed(pools, "zfs destroy -R half/fs")
    assert listing(pools, "tank") == before


def test_history_tells_who_changed_the_pool(pools: Pools) -> None:
    printed(pools, "zfs create tank/fs")
    assert run(pools, "zfs create tank/nosuch/fs").status == 1
    assert run(pools, "zfs create tank/fs2", user="oper").status == 1
    printed(pools, "zfs list")
    printed(pools, "zpool scrub tank")
    commands = [line.split(" ", 1)[1] for line in printed(pools, "zpool history -l").splitlines()[1:-1]]
    assert commands == [
        "zpool create tank mirror c0t1d0 c0t2d0 [user 0 (root) on solaris:global]",
        "zfs create tank/fs [user 0 (root) on solaris:global]",
        "zpool scrub tank [user 0 (root) on solaris:global]",
    ]


def test_history_belongs_to_the_pool_that_changed(pools: Pools) -> None:
    printed(pools, "zpool create data c0t3d0")
    printed(pools, "zfs create data/fs")
    printed(pools, "zpool status")
    assert [record.command for record in pools.history.of(pools.pools["tank"].guid)] == [
        "zpool create tank mirror c0t1d0 c0t2d0"
    ]
    assert [record.command for record in pools.history.of(pools.pools["data"].guid)] == [
        "zpool create data c0t3d0",
        "zfs create data/fs",
    ]


def test_a_finished_scrub_is_no_deed_of_who_looks(pools: Pools) -> None:
    printed(pools, "zpool scrub tank")
    before = list(pools.history.of(pools.pools["tank"].guid))
    printed(pools, "zpool status")
    assert list(pools.history.of(pools.pools["tank"].guid)) == before


def test_a_filesystem_that_is_only_mounted_is_no_change_of_the_pool(pools: Pools) -> None:
    with pools.history.watching() as touched, pools.state.change():
        root = pools.dataset("tank")
        pools.datasets["tank"] = evolve(root, mounted=not root.mounted)
    assert touched == []


def test_pools_that_left_survive_a_restart(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "state")) as store:
        pools = make_pools(State(store.array("solaris")))
        furnish(pools)
        before = listing(pools, "tank")
        history = printed(pools, "zpool history -l")
        printed(pools, "zpool create data raidz c0t3d0 c0t4d0 c0t5d0 spare c0t6d0")
        printed(pools, "zpool replace data c0t3d0 c0t6d0")
        printed(pools, "zpool destroy data")
        printed(pools, "zpool export tank")
    with closing(Store(tmp_path / "state")) as store:
        pools = make_pools(State(store.array("solaris")))
        assert printed(pools, "zpool list") == "no pools available\n"
        printed(pools, "zpool import tank")
        printed(pools, "zpool import -D data")
        assert listing(pools, "tank") == before
        assert printed(pools, "zpool history -l tank").startswith(history.rstrip("\n"))
        assert "      c0t6d0  ONLINE" in printed(pools, "zpool status data")


def test_a_read_only_value_of_an_import_is_gone_with_the_next(pools: Pools) -> None:
    printed(pools, "zpool export tank")
    printed(pools, "zpool import -o readonly=on -R /a tank")
    assert printed(pools, "zpool get -Ho value readonly,altroot tank") == "on\n/a\n"
    printed(pools, "zpool export tank")
    printed(pools, "zpool import tank")
    assert printed(pools, "zpool get -Ho value readonly,altroot tank") == "off\n-\n"
