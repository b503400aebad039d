"""What failing, mended and scrubbed disks do to a pool, in the course of time."""

import asyncio
from datetime import UTC, datetime
from random import Random

import pytest

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.pools.disk_errors import PoolRefused
from sansim.solaris.pools.disks import fail
from sansim.solaris.pools.first_pool import host_disks, set_up
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zpool import program as zpool
from sansim.solaris.zpool import release as zpool_release
from sansim.solaris.zpool import releases as zpool_releases
from sansim.solaris.zpool.release import ZpoolRelease
from sansim.state import State

GIB = 1 << 30
START = datetime(2026, 11, 22, 3, 0, 1, tzinfo=UTC)


def make_pools(release: ZpoolRelease = zpool_release.ILLUMOS, size: int = 1 << 40) -> Pools:
    pools = Pools(State(), Clock(START), Random(1), zpool=release, disks=host_disks(release, size))
    set_up(pools, "tank", size)
    return pools


@pytest.fixture
def pools() -> Pools:
    return make_pools()


def run(pools: Pools, text: str) -> Answer:
    def read_file(path: str) -> bytes:
        raise FileNotFoundError(path)

    async def answer() -> Answer:
        call = Call(tuple(text.split()), Credentials("root", root=True), read_file)
        return await zpool.program(pools)(call)

    return asyncio.run(answer())


def lines(pools: Pools, text: str) -> list[str]:
    answer = run(pools, text)
    assert answer.stderr == ""
    return answer.printed.splitlines()


def fill(pools: Pools, size: int) -> None:
    pools.create_volume("tank/v", size, 8192)
    pools.write("tank/v", size)


def test_a_scrub_takes_its_time_and_then_tells_how_long(pools: Pools) -> None:
    fill(pools, 180 * GIB)
    assert run(pools, "zpool scrub tank") == Answer()
    pools.clock.advance(60)
    assert lines(pools, "zpool status tank")[2:5] == [
        "  scan: scrub in progress since Sun Nov 22 03:00:01 2026",
        "    15G scanned out of 180G at 256M/s, 0h11m to go",
        "    0 repaired, 8.33% done",
    ]
    pools.clock.advance(660)
    assert "  scan: scrub repaired 0 in 0h12m with 0 errors on Sun Nov 22 03:12:01 2026" in lines(
        pools, "zpool status tank"
    )


def test_newer_releases_tell_the_time_of_a_scrub_to_the_second() -> None:
    pools = make_pools(zpool_releases.OPENZFS)
    fill(pools, 180 * GIB)
    run(pools, "zpool scrub tank")
    pools.clock.advance(60)
    assert lines(pools, "zpool status tank")[3:5] == [
        "\t15G scanned at 256M/s, 15G issued at 256M/s, 180G total",
        "\t0B repaired, 8.33% done, 00:11:00 to go",
    ]
    pools.clock.advance(2 * 86400)
    assert "  scan: scrub repaired 0B in 00:12:00 with 0 errors on Sun Nov 22 03:12:01 2026" in lines(
        pools, "zpool status tank"
    )


def test_a_scrub_rests_and_goes_on(pools: Pools) -> None:
    fill(pools, 180 * GIB)
    run(pools, "zpool scrub tank")
    assert run(pools, "zpool scrub tank").stderr == (
        "cannot scrub tank: currently scrubbing; use 'zpool scrub -s' to cancel current scrub\n"
    )
    pools.clock.advance(60)
    assert run(pools, "zpool scrub -p tank") == Answer()
    pools.clock.advance(3600)
    assert lines(pools, "zpool status tank")[2:6] == [
        "  scan: scrub paused since Sun Nov 22 03:01:01 2026",
        "\tscrub started on Sun Nov 22 03:00:01 2026",
        "    15G scanned out of 180G",
        "    0 repaired, 8.33% done",
    ]
    assert "scrub is paused" in run(pools, "zpool scrub -p tank").stderr
    assert run(pools, "zpool scrub tank") == Answer()
    pools.clock.advance(659)
    assert "scrub in progress" in run(pools, "zpool status tank").printed
    pools.clock.advance(1)
    assert "scrub repaired 0 in 0h12m" in run(pools, "zpool status tank").printed


def test_a_scrub_can_be_ended(pools: Pools) -> None:
    fill(pools, 180 * GIB)
    run(pools, "zpool scrub tank")
    pools.clock.advance(5)
    assert run(pools, "zpool scrub -s tank") == Answer()
    assert "  scan: scrub canceled on Sun Nov 22 03:00:06 2026" in lines(pools, "zpool status tank")


def test_a_new_disk_is_filled_before_it_takes_the_place_of_the_old(pools: Pools) -> None:
    fill(pools, 180 * GIB)
    assert run(pools, "zpool replace tank c0t2d0 c0t3d0") == Answer()
    pools.clock.advance(60)
    shown = lines(pools, "zpool status tank")
    assert shown[2:5] == [
        "status: One or more devices is currently being resilvered.  The pool will",
        "\tcontinue to function, possibly in a degraded state.",
        "action: Wait for the resilver to complete.",
    ]
    assert shown[-8:-2] == [
        "\ttank             ONLINE       0     0     0",
        "\t  mirror-0       ONLINE       0     0     0",
        "\t    c0t1d0       ONLINE       0     0     0",
        "\t    replacing-1  ONLINE       0     0     0",
        "\t      c0t2d0     ONLINE       0     0     0",
        "\t      c0t3d0     ONLINE       0     0     0  (resilvering)",
    ]
    assert "already in replacing/spare config" in run(pools, "zpool replace tank c0t2d0 c0t4d0").stderr
    assert "currently resilvering" in run(pools, "zpool scrub tank").stderr
    pools.clock.advance(660)
    shown = lines(pools, "zpool status tank")
    assert "  scan: resilvered 180G in 0h12m with 0 errors on Sun Nov 22 03:12:01 2026" in shown
    assert shown[-4:-2] == [
        "\t    c0t1d0  ONLINE       0     0     0",
        "\t    c0t3d0  ONLINE       0     0     0",
    ]


def test_the_only_disk_with_all_data_stays_until_they_are_copied(pools: Pools) -> None:
    fill(pools, 180 * GIB)
    run(pools, "zpool detach tank c0t2d0")
    run(pools, "zpool attach tank c0t1d0 c0t3d0")
    for command in ("detach", "offline"):
        assert run(pools, f"zpool {command} tank c0t1d0").stderr == f"cannot {command} c0t1d0: no valid replicas\n"
    pools.clock.advance(720)
    assert run(pools, "zpool detach tank c0t1d0") == Answer()


def test_a_replacement_can_be_called_off(pools: Pools) -> None:
    fill(pools, 180 * GIB)
    run(pools, "zpool replace tank c0t2d0 c0t3d0")
    assert run(pools, "zpool detach tank c0t3d0") == Answer()
    pools.clock.advance(86400)
    assert "c0t3d0" not in run(pools, "zpool status tank").printed


@pytest.mark.parametrize(
    ("state", "row", "reason"),
    [
        ("UNAVAIL", "c0t1d0  UNAVAIL      0     0     0  cannot open", "One or more devices could not be opened."),
        ("FAULTED", "c0t1d0  FAULTED      3     1     0  too many errors", "One or more devices are faulted"),
        ("REMOVED", "c0t1d0  REMOVED      0     0     0", "One or more devices has been removed"),
    ],
)
def test_a_mirror_goes_on_without_a_disk(pools: Pools, state: str, row: str, reason: str) -> None:
    fail(pools, "c0t1d0", state, (3, 1, 0) if state == "FAULTED" else (0, 0, 0))
    shown = run(pools, "zpool status -x").printed
    assert f"\t    {row}\n" in shown
    assert f"status: {reason}" in shown
    assert lines(pools, "zpool list -Ho health") == ["DEGRADED"]
    assert run(pools, "zpool offline tank c0t2d0").stderr == "cannot offline c0t2d0: no valid replicas\n"


def test_a_message_is_named_where_there_is_one(pools: Pools) -> None:
    fail(pools, "c0t1d0", "UNAVAIL")
    assert "   see: http://illumos.org/msg/ZFS-8000-2Q" in lines(pools, "zpool status")
    assert lines(pools, "zpool online tank c0t1d0") == [
        "warning: device 'c0t1d0' onlined, but remains in faulted state",
        "use 'zpool replace' to replace devices that are no longer present",
    ]


def test_without_both_disks_a_mirror_is_lost(pools: Pools) -> None:
    for disk in ("c0t1d0", "c0t2d0"):
        fail(pools, disk, "UNAVAIL")
    shown = lines(pools, "zpool status tank")
    assert shown[1] == " state: UNAVAIL"
    assert "\ttank        UNAVAIL      0     0     0  insufficient replicas" in shown
    assert "\t  mirror-0  UNAVAIL      0     0     0  insufficient replicas" in shown
    assert "   see: http://illumos.org/msg/ZFS-8000-3C" in shown


def test_a_raidz_bears_as_many_failures_as_it_has_parity(pools: Pools) -> None:
    run(pools, "zpool create data raidz2 c0t3d0 c0t4d0 c0t5d0 c0t6d0")
    for disk, health in (("c0t3d0", "DEGRADED"), ("c0t4d0", "DEGRADED"), ("c0t5d0", "UNAVAIL")):
        fail(pools, disk, "UNAVAIL")
        assert lines(pools, "zpool list -Ho health data") == [health]


def test_errors_are_shown_until_they_are_cleared(pools: Pools) -> None:
    fail(pools, "c0t1d0", "ONLINE", (0, 0, 1500))
    shown = run(pools, "zpool status -x").printed
    assert "\t    c0t1d0  ONLINE       0     0 1.46K\n" in shown
    assert "status: One or more devices has experienced an unrecoverable error." in shown
    assert "\t    c0t1d0  ONLINE       0     0  1500\n" in run(pools, "zpool status -p").printed
    run(pools, "zpool clear tank")
    assert lines(pools, "zpool status -x") == ["all pools are healthy"]


def test_clear_brings_a_faulted_disk_back(pools: Pools) -> None:
    fail(pools, "c0t1d0", "FAULTED", (9, 9, 9))
    run(pools, "zpool clear tank c0t1d0")
    assert lines(pools, "zpool list -Ho health") == ["ONLINE"]


def test_only_disks_of_pools_fail(pools: Pools) -> None:
    with pytest.raises(PoolRefused):
        fail(pools, "c0t9d0", "UNAVAIL")


def test_a_smaller_disk_takes_no_place() -> None:
    pools = make_pools()
    small = make_pools(size=1 << 39)
    pools.disks["c0t9d0"] = small.disks["c0t9d0"]
    for command in ("attach", "replace"):
        assert run(pools, f"zpool {command} tank c0t1d0 c0t9d0").stderr.endswith(": device is too small\n")


def test_groups_of_unlike_disks_are_objected_to() -> None:
    pools = make_pools()
    pools.disks["c0t9d0"] = make_pools(size=1 << 39).disks["c0t9d0"]
    answer = run(pools, "zpool create data mirror c0t8d0 c0t9d0")
    assert answer.stderr.splitlines()[2] == "mirror contains devices of different sizes"
    assert run(pools, "zpool create -f data mirror c0t8d0 c0t9d0") == Answer()
    assert lines(pools, "zpool list -Ho size data") == ["512G"]


def test_a_removed_group_leaves_its_data_to_the_others(pools: Pools) -> None:
    run(pools, "zpool add tank mirror c0t3d0 c0t4d0")
    fill(pools, 1500 * GIB)
    assert run(pools, "zpool remove tank mirror-1").stderr == "cannot remove mirror-1: out of space\n"
    pools.destroy("tank/v")
    fill(pools, 100 * GIB)
    assert run(pools, "zpool remove tank mirror-1") == Answer()
    assert any(line.startswith("remove: Removal of vdev 1 copied 50") for line in lines(pools, "zpool status"))
    assert lines(pools, "zpool list -Ho size,alloc") == ["1T\t100G"]
    assert lines(pools, "zpool get -Ho value feature@device_removal") == ["active"]


def test_iostat_tells_what_was_written_in_between(pools: Pools) -> None:
    pools.clock.advance(10)
    fill(pools, 10 * GIB)

    async def reports() -> list[str]:
        call = Call(("zpool", "iostat", "-Hp", "tank", "0.001", "3"), Credentials("root", root=True), lambda _: b"")
        answer = await zpool.program(pools)(call)
        assert not isinstance(answer.stdout, str)
        found = []
        async for piece in answer.stdout:  # type: ignore[union-attr]
            found.append(piece)
            pools.clock.advance(2)
            if len(found) == 1:
                pools.write("tank/v", 2 * GIB)
        return found

    first, second, third = (piece.rstrip("\n").split("\t") for piece in asyncio.run(reports()))
    assert int(first[6]) == (10 * GIB + 12 * 1024 + 24 * 1024) // 10
    assert second[4:] == ["8192", "0", str(GIB)]
    assert third[3:] == ["0", "0", "0", "0"]
