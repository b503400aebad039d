"""How conditions come, are kept, counted and lifted, whatever they are: on a Solaris host and on a LeftHand group."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from sansim import ArrayConfig, Fault, SimulatedArray, Simulator
from sansim.config_file import read
from sansim.faults import (
    ClockJump,
    Condition,
    ConnectedInitiator,
    DegradedPool,
    FullStorage,
    LateDevices,
    MovedVip,
    NodeDown,
    OtherAdmin,
    ServiceInMaintenance,
)
from tests.simulator.chance.invariants import check_state
from tests.simulator.conditions import DAY, INITIATOR, lefthand, solaris

_WAYS = (
    (DegradedPool(), "zpool list -H -o health", "DEGRADED"),
    (FullStorage(), "zfs get -Hp -o value available tank", "0"),
    (ServiceInMaintenance(), "svcs -H -o state stmf", "maintenance"),
    (LateDevices(looks=5), "test -e /dev/zvol/rdsk/tank/v || echo none", "none"),
    (OtherAdmin("zfs set a:b=c tank"), "zfs get -H -o value a:b tank", "c"),
    (ClockJump(DAY), "date +%d", "02"),
)


@pytest.mark.parametrize(("condition", "line", "wanted"), _WAYS, ids=lambda value: type(value).__name__)
def test_a_condition_befalls_a_host_between_two_steps(
    host: SimulatedArray, condition: Condition, line: str, wanted: str
) -> None:
    assert solaris.said(host, f"zfs create -V 1G tank/v; {line}; zfs destroy tank/v").strip() != wanted
    fault = host.faults.add(Fault("condition", "zfs list*", condition=condition))
    script = f"zfs list -H -o name tank >/dev/null; zfs create -V 1G tank/v; {line}"
    if isinstance(condition, FullStorage):
        script = f"zfs create -V 1G tank/v; zfs list -H -o name tank >/dev/null; {line}"
    assert solaris.said(host, script).strip() == wanted
    assert fault.struck == 1
    assert [standing.condition for standing in host.faults.standing] == [condition]


def test_conditions_of_a_host_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "arrays.toml"
    path.write_text(
        """
        [[array]]
        name = "host"
        kind = "solaris"

        [[array.condition]]
        kind = "other-admin"
        command = "zfs create -V 1G tank/v; stmfadm create-lu /dev/zvol/rdsk/tank/v; itadm create-target; \
stmfadm add-view `stmfadm list-lu | cut -d' ' -f3`"
        [[array.condition]]
        kind = "connected-initiator"
        volume = "v"
        initiator = "iqn.1993-08.org.debian:01:host"
        [[array.condition]]
        kind = "degraded-pool"
        [[array.condition]]
        kind = "full-storage"
        free = 1024
        [[array.condition]]
        kind = "service-in-maintenance"
        service = "cron"
        [[array.condition]]
        kind = "late-devices"
        [[array.condition]]
        kind = "clock-jump"
        seconds = 86400
        """
    )
    state = tmp_path / "state"
    for start in range(2):
        with Simulator(read(path), seed=1, state=state) as sim:
            host = sim["host"]
            assert INITIATOR in solaris.said(host, "stmfadm list-target -v")
            assert solaris.said(host, "zpool list -H -o health") == "DEGRADED\n"
            assert solaris.said(host, "zfs get -Hp -o value available tank") == "1024\n"
            assert solaris.said(host, "svcs -H -o state cron") == "maintenance\n"
            assert solaris.said(host, "date +%d") == "02\n"
            assert len(host.faults.standing) == 7, start
            check_state(host.solaris)
            if start:
                host.faults.clear()
                assert solaris.said(host, "zpool list -H -o health; svcs -H -o state cron") == "ONLINE\nonline\n"
                assert int(solaris.said(host, "zfs get -Hp -o value available tank")) > 1 << 40
                assert INITIATOR not in solaris.said(host, "stmfadm list-target -v")


def test_what_the_host_keeps_of_its_conditions_survives_a_restart_and_can_be_lifted(tmp_path: Path) -> None:
    conditions = (DegradedPool(), FullStorage(), ServiceInMaintenance(), LateDevices(looks=2))
    with Simulator(["solaris"], seed=1, state=tmp_path / "state") as sim:
        for condition in conditions:
            sim["solaris"].befall(condition)
    with Simulator(["solaris"], seed=1, state=tmp_path / "state") as sim:
        host = sim["solaris"]
        assert host.faults.standing == ()
        seen = "zpool list -H -o health; svcs -H -o state stmf; zfs get -Hp -o value available tank"
        assert solaris.said(host, seen) == "DEGRADED\nmaintenance\n0\n"
        for standing in [host.befall(condition) for condition in conditions]:
            host.lift(standing)
        health, service, available = solaris.said(host, seen).split()
        assert (health, service) == ("ONLINE", "online")
        assert int(available) > 1 << 40
        assert solaris.said(host, "zfs create -V 1G tank/v; test -e /dev/zvol/rdsk/tank/v && echo there") == "there\n"


def test_an_image_brings_the_conditions_of_a_host_back(host: SimulatedArray) -> None:
    standing = host.befall(FullStorage())
    late = host.befall(LateDevices(looks=1))
    image = host.snapshot()
    host.lift(standing)
    host.lift(late)
    host.restore(image)
    assert host.faults.standing == (standing, late)
    assert solaris.refused(host, "zfs create tank/x")[0] == 1
    host.lift(standing)
    assert solaris.said(host, "zfs create -V 1G tank/x; test -e /dev/zvol/rdsk/tank/x || echo none") == "none\n"
    host.reset()
    assert not host.faults.standing
    assert solaris.said(host, "zfs list -H -o name -r tank") == "tank\n"


def test_conditions_of_a_group_come_from_a_file_and_hold_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "arrays.toml"
    path.write_text(
        """
        [[array]]
        name = "group"
        kind = "hp"
        nodes = 3

        [[array.condition]]
        kind = "other-admin"
        command = "createVolume volumeName=v clusterName=Cluster01 size=1GB replication=2 thinProvision=1"
        [[array.condition]]
        kind = "other-admin"
        command = "assignVolume volumeName=v initiator=iqn.1993-08.org.debian:01:host"
        [[array.condition]]
        kind = "connected-initiator"
        volume = "v"
        initiator = "iqn.1993-08.org.debian:01:host"
        [[array.condition]]
        kind = "full-storage"
        free = 1073741824
        [[array.condition]]
        kind = "node-down"
        [[array.condition]]
        kind = "moved-vip"
        [[array.condition]]
        kind = "clock-jump"
        seconds = 86400
        """
    )
    keys = []
    for _ in range(3):
        with Simulator(read(path), seed=1, state=tmp_path / "state") as sim:
            group = sim["group"]
            keys.append(group.host_key)
            assert lefthand.names(group) == {"group-node2", "group-node3"}
            assert group.array.node == "group-node3"
            assert "<session " in lefthand.said(group, "getVolumeInfo volumeName=v")
            assert (
                lefthand.value(lefthand.said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace")
                == "1073741824"
            )
            assert group.clock.now().day == 2
            assert len(group.faults.standing) == 7
    assert len({*keys}) == 1
    with Simulator(read(path), seed=1, state=tmp_path / "state") as sim:
        sim["group"].faults.clear()
        assert lefthand.names(sim["group"]) == {f"group-node{number}" for number in (1, 2, 3)}
        assert "<session " not in lefthand.said(sim["group"], "getVolumeInfo volumeName=v")


def test_a_group_comes_up_again_as_it_was(tmp_path: Path) -> None:
    config = ArrayConfig(name="group", kind="hp", nodes=3)
    with Simulator([config], seed=1, state=tmp_path / "state") as sim:
        first = sim["group"].host_key
        sim["group"].befall(NodeDown())
        sim["group"].befall(FullStorage())
        key = sim["group"].host_key
    with Simulator([config], seed=1, state=tmp_path / "state") as sim:
        group = sim["group"]
        assert group.faults.standing == ()
        assert group.host_key == key != first
        assert lefthand.names(group) == {"group-node2", "group-node3"}
        assert lefthand.value(lefthand.said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") == "0"
        for condition in (NodeDown("group-node1"), FullStorage(), MovedVip("group-node1")):
            if not isinstance(condition, MovedVip):
                group.lift(group.befall(condition))
            else:
                group.befall(condition)
        assert group.host_key == first
        assert len(lefthand.names(group)) == 3
        assert lefthand.value(lefthand.said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") != "0"


def test_an_image_brings_nodes_and_keys_back(group: SimulatedArray) -> None:
    known = group.host_key
    fresh = group.snapshot()
    standing = group.befall(NodeDown())
    moved = group.host_key
    image = group.snapshot()
    group.restore(fresh)
    assert (group.host_key, group.faults.standing) == (known, ())
    assert len(lefthand.names(group)) == 3
    group.restore(image)
    assert (group.host_key, group.faults.standing) == (moved, (standing,))
    group.lift(standing)
    assert len(lefthand.names(group)) == 3
    group.reset()
    assert group.host_key == known


def test_a_condition_counts_the_programs_under_it(host: SimulatedArray, group: SimulatedArray) -> None:
    full, down = host.befall(FullStorage(free=1 << 30)), group.befall(NodeDown("group-node3"))
    for _ in range(2):
        solaris.said(host, "zfs list; zpool list; echo no program of the array")
        lefthand.said(group, "getNsmInfo")
        host.befall(OtherAdmin("zfs list"))
        group.befall(OtherAdmin("getNsmInfo"))
    assert (full.struck, down.struck) == (4, 2)
    host.lift(full)
    group.lift(down)
    solaris.said(host, "zfs list")
    lefthand.said(group, "getNsmInfo")
    assert (full.struck, down.struck) == (4, 2)


@pytest.fixture
def arrays(host: SimulatedArray, group: SimulatedArray) -> Mapping[str, SimulatedArray]:
    return {"host": host, "group": group}


@pytest.mark.parametrize(
    ("name", "condition", "hint"),
    [
        ("host", NodeDown(), "knows no condition NodeDown; it knows ClockJump, ConnectedInitiator, DegradedPool"),
        ("host", MovedVip(), "knows no condition MovedVip"),
        ("host", DegradedPool("pond"), "no pool 'pond'; there is tank"),
        ("host", DegradedPool(disk="c9t9d9"), "no data on a disk 'c9t9d9'; it does on c0t1d0, c0t2d0"),
        ("host", FullStorage("pond"), "no pool 'pond'; there is tank"),
        ("host", ServiceInMaintenance("frobnicator"), "names no service; write one that svcs lists"),
        ("host", ServiceInMaintenance("*"), "names several services"),
        ("host", ConnectedInitiator("v", INITIATOR), "no volume 'v'"),
        ("host", ConnectedInitiator("v", "somebody"), "no name of an initiator"),
        ("host", ClockJump(1e300), "set it less far"),
        (
            "group",
            DegradedPool(),
            "knows no condition DegradedPool; it knows ClockJump, ConnectedInitiator, FullStorage",
        ),
        ("group", LateDevices(), "knows no condition LateDevices"),
        ("group", ServiceInMaintenance(), "knows no condition ServiceInMaintenance"),
        ("group", FullStorage("Cluster09"), "no cluster 'Cluster09'; there is Cluster01"),
        ("group", NodeDown("nix"), "no storage node 'nix'; there are group-node1, group-node2, group-node3"),
        ("group", MovedVip("nix"), "no storage node 'nix'"),
        ("group", ConnectedInitiator("v", INITIATOR), "no volume or snapshot 'v'"),
        ("group", ClockJump(1e300), "set it less far"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_befall_is_refused_and_changes_nothing(
    arrays: Mapping[str, SimulatedArray], name: str, condition: Condition, hint: str
) -> None:
    array = arrays[name]
    before = array.export()
    with pytest.raises(ValueError, match=re.escape(hint)):
        array.befall(condition)
    assert (array.export(), array.faults.standing) == (before, ())


@pytest.mark.parametrize(("name", "condition"), [("host", NodeDown()), ("group", DegradedPool())])
def test_a_fault_whose_condition_the_array_does_not_know_is_refused_at_once(
    arrays: Mapping[str, SimulatedArray], name: str, condition: Condition
) -> None:
    with pytest.raises(ValueError, match=f"knows no condition {type(condition).__name__}"):
        arrays[name].faults.add(Fault("condition", "*", condition=condition))
    assert len(arrays[name].faults) == 0
