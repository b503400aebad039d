"""A Solaris host in each of its conditions, as a plain SSH client sees it."""

import re

import pytest

from sansim import ArrayConfig, Fault, SimulatedArray, Simulator
from sansim.config import FLAVOURS
from sansim.faults import (
    OTHER_ADMIN,
    ClockJump,
    ConnectedInitiator,
    DegradedPool,
    FullStorage,
    LateDevices,
    OtherAdmin,
    ServiceInMaintenance,
)
from tests.simulator.chance.invariants import check_state
from tests.simulator.conditions import DAY, INITIATOR
from tests.simulator.conditions.solaris import refused, said, unit
from tests.simulator.conftest import exec_over_ssh

# A degraded pool.


def test_a_pool_is_degraded_and_mended(host: SimulatedArray) -> None:
    standing = host.befall(DegradedPool())
    assert said(host, "zpool list -H -o name,health") == "tank\tDEGRADED\n"
    status = said(host, "zpool status")
    assert re.search(r"mirror-0 +DEGRADED", status)
    assert re.search(r"c0t1d0 +FAULTED +3 +12 +0  too many errors", status)
    assert "Sufficient replicas exist" in status
    assert said(host, "zfs create tank/still && zfs list -H -o name tank/still") == "tank/still\n"
    host.lift(standing)
    assert said(host, "zpool status -x") == "all pools are healthy\n"


def test_a_named_disk_is_faulted_and_the_last_one_is_not(host: SimulatedArray) -> None:
    host.befall(DegradedPool("tank", "/dev/dsk/c0t2d0"))
    assert re.search(r"c0t2d0 +FAULTED", said(host, "zpool status"))
    with pytest.raises(ValueError, match="no disk that stands in for c0t1d0"):
        host.befall(DegradedPool("tank", "c0t1d0"))
    assert said(host, "zpool list -H -o health") == "DEGRADED\n"


def test_a_pool_without_redundancy_says_how_to_get_one_with_some() -> None:
    configs = [
        ArrayConfig(name="bare", kind="solaris", flavour="openzfs"),
        ArrayConfig(name="safe", kind="solaris", flavour="openzfs", layout="mirror"),
        ArrayConfig(name="plain", kind="solaris", layout="disk"),
    ]
    with Simulator(configs, seed=1) as sim:
        for name in ("bare", "plain"):
            with pytest.raises(ValueError, match="layout = 'mirror'"):
                sim[name].befall(DegradedPool())
            assert said(sim[name], "zpool list -H -o health") == "ONLINE\n"
        sim["safe"].befall(DegradedPool())
        assert said(sim["safe"], "zpool list -H -o health") == "DEGRADED\n"


def test_a_disk_that_was_replaced_meanwhile_needs_no_mending(host: SimulatedArray) -> None:
    standing = host.befall(DegradedPool())
    said(host, "zpool replace tank c0t1d0 c0t3d0")
    host.clock.advance(DAY)
    assert said(host, "zpool list -H -o health") == "ONLINE\n"
    before = said(host, "zpool status")
    host.lift(standing)
    assert said(host, "zpool status") == before


# Full storage.


def figures(host: SimulatedArray) -> dict[str, int]:
    """What zfs and zpool say about the pool's bytes."""
    names = ("used", "available", "referenced", "usedbydataset")
    values = said(host, f"zfs get -Hp -o value {','.join(names)} tank").split()
    pool = said(host, "zpool list -Hp -o size,allocated,free tank").split()
    return dict(zip((*names, "size", "allocated", "free"), map(int, (*values, *pool)), strict=True))


def test_a_full_pool_refuses_what_takes_space_and_keeps_what_is_there(host: SimulatedArray) -> None:
    said(host, "zfs create -V 1G tank/thick && zfs create -s -V 1G tank/thin && zfs snapshot tank/thin@before")
    before = figures(host)
    standing = host.befall(FullStorage())
    full = figures(host)
    taken = before["available"]
    assert full["available"] == 0
    assert full["used"] == before["used"] + taken
    assert full["usedbydataset"] == before["usedbydataset"] + taken
    assert full["allocated"] == pytest.approx(before["allocated"] + taken, abs=1 << 20)
    assert full["allocated"] + full["free"] == full["size"]
    for line, complaint in (
        ("zfs create tank/x", "cannot create 'tank/x': out of space\n"),
        ("zfs create -V 1G tank/x", "cannot create 'tank/x': out of space\n"),
        ("zfs create -s -V 1G tank/x", "cannot create 'tank/x': out of space\n"),
        ("zfs snapshot tank/thin@now", "cannot create snapshot 'tank/thin@now': out of space\n"),
    ):
        assert refused(host, line) == (1, complaint)
    assert "No space left on device" in refused(host, "dd if=/dev/zero of=/dev/zvol/rdsk/tank/thin bs=1024k count=1")[1]
    assert said(host, "zfs list -H -o name -t all -r tank") == "tank\ntank/thick\ntank/thin\ntank/thin@before\n"
    # What is reserved may be written.
    assert exec_over_ssh(host, "dd if=/dev/zero of=/dev/zvol/rdsk/tank/thick bs=1024k count=1")[0] == 0
    host.lift(standing)
    after = figures(host)
    assert after["usedbydataset"] == before["usedbydataset"]
    assert after["available"] == before["available"]
    said(host, "zfs create tank/x")


def test_a_pool_is_full_but_for_some_bytes_and_comes_back_from_its_snapshots_too(host: SimulatedArray) -> None:
    before = figures(host)
    standing = host.befall(FullStorage("tank", free=64 << 20))
    assert figures(host)["available"] == 64 << 20
    said(host, "zfs snapshot -r tank@all && zfs clone tank@all tank/copy")
    check_state(host.solaris)
    host.lift(standing)
    assert figures(host)["available"] == pytest.approx(before["available"], abs=1 << 20)
    said(host, "zfs destroy -R tank@all")
    assert figures(host)["available"] == before["available"]


# Services.


def test_a_service_goes_to_maintenance_and_comes_back(host: SimulatedArray) -> None:
    standing = host.befall(ServiceInMaintenance())
    assert said(host, "svcs -H -o state stmf") == "maintenance\n"
    assert "Reason: Maintenance requested by an administrator." in said(host, "svcs -x")
    assert "Impact: This service is not running." in said(host, "svcs -xv")
    host.lift(standing)
    assert said(host, "svcs -H -o state stmf; svcs -x") == "online\n"


def test_an_administrator_may_clear_the_service_first(host: SimulatedArray) -> None:
    standing = host.befall(ServiceInMaintenance("svc:/network/iscsi/target:default"))
    assert said(host, "svcs -H -o state iscsi/target") == "maintenance\n"
    said(host, "svcadm clear iscsi/target && svcadm disable iscsi/target")
    host.lift(standing)
    assert said(host, "svcs -H -o state iscsi/target") == "disabled\n"


# Device nodes.


@pytest.mark.parametrize("test", ["test -e {}", "[[ -e {} ]]", "ls {} >/dev/null 2>&1", "[ -c {} ]"])
def test_a_node_is_there_after_so_many_looks_row_31(host: SimulatedArray, test: str) -> None:
    """Row 31: the device node of a new volume appears late."""
    said(host, "zfs create -V 1G tank/old")
    standing = host.befall(LateDevices(looks=3))
    look = test.format("/dev/zvol/rdsk/tank/new")
    loop = f"zfs create -V 1G tank/new; n=0; until {look}; do n=$((n+1)); [ $n -lt 9 ] || exit 1; done; echo $n"
    assert said(host, loop) == "3\n"
    assert said(host, "test -e /dev/zvol/rdsk/tank/old && echo there") == "there\n"
    assert standing.struck == 1
    host.lift(standing)
    assert said(host, "zfs create -V 1G tank/last && test -e /dev/zvol/rdsk/tank/last && echo there") == "there\n"


@pytest.mark.parametrize(
    ("create", "status"), [("sbdadm create-lu", 5), ("stmfadm create-lu", 1)], ids=["sbdadm", "stmfadm"]
)
def test_no_unit_is_made_of_a_node_that_is_late_row_31(host: SimulatedArray, create: str, status: int) -> None:
    """Row 31: the commands that make a logical unit find no data file, and a moment later they do."""
    program = create.split(maxsplit=1)[0]
    host.befall(LateDevices("new*", looks=2))
    said(host, "zfs create -V 1G tank/new1 && zfs create -V 1G tank/other")
    assert refused(host, f"{create} /dev/zvol/rdsk/tank/new1") == (status, f"{program}: data file error\n")
    assert said(host, "ls /dev/zvol/rdsk/tank") == "other\n"
    assert said(host, "ls /dev/zvol/rdsk/tank") == "new1\nother\n"
    said(host, f"{create} /dev/zvol/rdsk/tank/new1")


def test_nodes_of_a_linux_host_come_late_too_row_31() -> None:
    """Row 31, where udev makes the node."""
    with Simulator([ArrayConfig(name="host", kind="solaris", flavour="openzfs")], seed=1) as sim:
        sim["host"].befall(LateDevices(looks=1))
        said(sim["host"], "zfs create -V 1G tank/new")
        assert said(sim["host"], "test -b /dev/zd16 || echo none") == "none\n"
        assert said(sim["host"], "test -b /dev/zvol/tank/new || echo none") == "none\n"
        assert said(sim["host"], "test -b /dev/zvol/tank/new && test -b /dev/zd16 && echo there") == "there\n"


# Initiators.


def test_an_initiator_makes_target_and_unit_busy_until_it_goes(host: SimulatedArray) -> None:
    guid = unit(host, "tank/v")
    with pytest.raises(ValueError, match="no target shows volume v"):
        host.befall(ConnectedInitiator("v", INITIATOR))
    target = said(host, "itadm create-target").split()[1]
    said(host, f"stmfadm add-view {guid}")
    standing = host.befall(ConnectedInitiator("v", INITIATOR))
    listed = said(host, "stmfadm list-target -v")
    assert "    Sessions          : 1\n" in listed
    assert f"        Initiator: {INITIATOR}\n" in listed
    assert refused(host, f"itadm delete-target {target}")[0] == 16
    assert refused(host, f"stmfadm delete-lu -k {guid}") == (1, "stmfadm: resource busy\n")
    assert refused(host, "zfs destroy tank/v") == (1, "cannot destroy 'tank/v': dataset is busy\n")
    host.lift(standing)
    assert "    Sessions          : 0\n" in said(host, "stmfadm list-target -v")
    said(host, f"stmfadm delete-lu -k {guid} && zfs destroy tank/v")


def test_an_initiator_is_let_in_as_the_target_has_it(host: SimulatedArray) -> None:
    guid = unit(host, "tank/v")
    said(host, f"itadm create-target && stmfadm create-hg ours && stmfadm add-view -h ours {guid}")
    with pytest.raises(ValueError, match="to iqn"):
        host.befall(ConnectedInitiator("tank/v", INITIATOR))
    said(host, f"stmfadm add-hg-member -g ours {INITIATOR}")
    host.befall(ConnectedInitiator("tank/v", INITIATOR))
    assert INITIATOR in said(host, "stmfadm list-target -v")


# The clock.


@pytest.mark.parametrize("seed", [1, None], ids=["fixed", "running"])
def test_a_clock_jumps_both_ways(seed: int | None) -> None:
    with Simulator(["solaris"], seed=seed) as sim:
        host = sim["solaris"]
        began = int(said(host, "date +%s"))
        host.befall(ClockJump(20 * DAY))
        later = int(said(host, "date +%s"))
        assert 0 <= later - began - 20 * DAY < 600
        said(host, "zfs snapshot tank@late && zpool scrub tank")
        host.befall(ClockJump(-40 * DAY))
        earlier = int(said(host, "date +%s"))
        assert -600 < earlier - later + 40 * DAY < 600
        said(host, "zfs snapshot tank@early; svcs stmf; uptime; zpool status; zpool history; last >/dev/null 2>&1 || :")
        creations = said(host, "zfs get -Hp -o value creation tank@late tank@early").split()
        assert int(creations[0]) > int(creations[1])
        # What was taken first stays the older one, whatever the clock said.
        assert said(host, "zfs list -H -t snapshot -o name -s createtxg") == "tank@late\ntank@early\n"
        assert " -" not in said(host, "uptime")
        host.faults.add(Fault("condition", "zpool list*", condition=ClockJump(-DAY)))
        assert "-" not in said(host, "zpool list >/dev/null; ps -o etime")


def test_disks_are_copied_and_scrubbed_in_their_time_whatever_the_clock_says(host: SimulatedArray) -> None:
    said(host, "zfs create -s -V 10G tank/v")
    assert exec_over_ssh(host, "dd if=/dev/zero of=/dev/zvol/rdsk/tank/v bs=1024k count=2000")[0] == 0
    said(host, "zpool replace tank c0t1d0 c0t3d0")
    host.befall(ClockJump(-30 * DAY))
    assert "resilver in progress" in said(host, "zpool status")
    host.clock.advance(60)
    assert "resilvered" in said(host, "zpool status")
    assert said(host, "zpool list -H -o health") == "ONLINE\n"


@pytest.mark.parametrize("seconds", [1e300, -1e12, float("nan"), float("inf")])
def test_no_clock_shows_a_year_that_nobody_knows(host: SimulatedArray, seconds: float) -> None:
    before = host.clock.now()
    with pytest.raises(ValueError, match="set it less far"):
        host.befall(ClockJump(seconds))
    assert host.clock.now() == before


# Another administrator.


def test_another_administrator_acts_with_all_rights_and_is_in_the_log() -> None:
    with Simulator([ArrayConfig(name="host", kind="solaris", root=False)], seed=1) as sim:
        host = sim["host"]
        assert exec_over_ssh(host, "zfs create tank/mine")[0] != 0
        host.befall(
            OtherAdmin("zfs create tank/theirs; (sleep 0; zfs create tank/later) & read x || echo alone; zfs x")
        )
        assert said(host, "zfs list -H -o name -r tank") == "tank\ntank/later\ntank/theirs\n"
        (theirs,) = [item for item in host.log if item.user == OTHER_ADMIN]
        assert theirs.stdout == b"alone\n"
        assert theirs.stderr.startswith(b"unrecognized command 'x'")
        assert (theirs.status, theirs.running) == (2, False)
        assert set(theirs.programs) == {"zfs create tank/theirs", "zfs create tank/later", "zfs x"}


def test_another_administrator_strikes_between_two_steps(host: SimulatedArray) -> None:
    fault = host.faults.add(Fault("condition", "zfs create*", when="after", condition=OtherAdmin("zfs destroy tank/v")))
    script = "zfs create -V 1G tank/v; zfs list -H -o name tank/v"
    assert refused(host, script) == (1, "cannot open 'tank/v': dataset does not exist\n")
    assert fault.struck == 1
    assert [item.user for item in host.log] == [OTHER_ADMIN, host.username]


def test_no_fault_strikes_another_administrator(host: SimulatedArray) -> None:
    error = host.faults.add(Fault("error", "zfs list*", times=None, status=7))
    again = Fault("condition", "zfs *", times=None, condition=OtherAdmin("zfs list; zfs create tank/x || :"))
    host.faults.add(again)
    assert exec_over_ssh(host, "zfs list")[0] == 7
    assert [item.status for item in host.log] == [0, 7]
    assert (error.struck, again.struck) == (1, 1)


def test_a_linux_host_has_no_services_and_no_units() -> None:
    with Simulator([ArrayConfig(name="host", kind="solaris", flavour="openzfs")], seed=1) as sim:
        for condition in (ServiceInMaintenance(), ConnectedInitiator("v", INITIATOR)):
            with pytest.raises(
                ValueError, match="it knows ClockJump, DegradedPool, FullStorage, LateDevices, OtherAdmin"
            ):
                sim["host"].befall(condition)


@pytest.mark.parametrize("flavour", FLAVOURS["solaris"])
def test_every_flavour_can_be_in_what_its_pool_can_be_in(flavour: str) -> None:
    with Simulator([ArrayConfig(name="host", kind="solaris", flavour=flavour, layout="mirror")], seed=1) as sim:
        host = sim["host"]
        host.befall(OtherAdmin("zfs create tank/theirs"))
        standing = [host.befall(condition) for condition in (DegradedPool(), FullStorage(), ClockJump(-DAY))]
        assert said(host, "zpool list -H -o health; zfs list -H -o avail tank").split() in (
            ["DEGRADED", "0"],
            ["DEGRADED", "0B"],
        )
        assert "FAULTED" in said(host, "zpool status; uptime >/dev/null")
        assert "out of space" in refused(host, "zfs create tank/x")[1]
        for one in standing[:2]:
            host.lift(one)
        assert said(host, "zpool status -x; zfs create tank/x; zfs list -H -o name -r tank").endswith(
            "tank\ntank/theirs\ntank/x\n"
        )
        check_state(host.solaris)
