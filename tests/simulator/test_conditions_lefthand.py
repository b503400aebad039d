"""A LeftHand group in each of its conditions, as a plain SSH client sees it."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from sansim import ArrayConfig, Fault, SimulatedArray, Simulator
from sansim.config import ClusterConfig
from sansim.config_file import read
from sansim.faults import (
    OTHER_ADMIN,
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
from tests.simulator.conftest import connect, exec_over_ssh

INITIATOR = "iqn.1993-08.org.debian:01:host"
_DAY = 86400


@pytest.fixture
def group() -> Iterator[SimulatedArray]:
    with Simulator([ArrayConfig(name="group", kind="hp", nodes=3)], seed=1) as sim:
        yield sim["group"]


def said(group: SimulatedArray, line: str) -> str:
    """What a command answers that succeeds."""
    status, stdout, stderr = exec_over_ssh(group, f"{line} output=XML")
    assert (status, stderr) == (0, b""), (line, stdout)
    return stdout.decode()


def refused(group: SimulatedArray, line: str) -> str:
    """The name of the result of a command that fails."""
    status, stdout, _ = exec_over_ssh(group, f"{line} output=XML")
    assert status != 0, line
    return value(stdout.decode(), "name")


def value(answer: str, attribute: str) -> str:
    """The first value that an attribute has in an answer."""
    found = re.search(rf'\b{attribute}="([^"]*)"', answer)
    assert found is not None, (attribute, answer)
    return found[1]


def volume(group: SimulatedArray, name: str, more: str = "thinProvision=1") -> None:
    said(group, f"createVolume volumeName={name} clusterName=Cluster01 size=1GB {more}")


def names(group: SimulatedArray) -> set[str]:
    """The names of the storage nodes that are up, by the group's own word."""
    nodes = re.findall(r"<nsm [^>]*>", said(group, "getNsmInfo"))
    return {value(node, "name") for node in nodes if value(node, "status") == "up"}


# Nodes and virtual IPs.


async def _cut_by(group: SimulatedArray, condition: Condition) -> None:
    """Befall a group while two clients are connected, and see both lose their connections."""
    async with connect(group) as idle, connect(group) as busy:
        assert (await busy.run("getClusterInfo clusterName=Cluster01")).exit_status == 0
        prompt = await busy.create_process()
        await prompt.stdout.readuntil("CLIQ>")
        await asyncio.to_thread(group.befall, condition)
        await asyncio.wait_for(asyncio.gather(idle.wait_closed(), busy.wait_closed()), 10)
        assert prompt.exit_status is None


async def _seen_by_old_friend(group: SimulatedArray, key: str) -> str:
    """What a client meets that knows a host key: nothing special, or another key."""
    try:
        async with asyncssh.connect(
            group.host,
            group.port,
            username=group.username,
            password=group.password,
            known_hosts=([asyncssh.import_public_key(key)], [], []),
            client_keys=None,
            agent_path=None,
            config=None,
        ) as connection:
            return str((await connection.run("getNsmInfo output=XML")).stdout)
    except asyncssh.HostKeyNotVerifiable:
        return "another key"


@pytest.mark.parametrize("condition", [NodeDown(), NodeDown("group-node1"), MovedVip(), MovedVip("group-node3")])
def test_every_connection_is_lost_and_the_next_finds_another_node(group: SimulatedArray, condition: Condition) -> None:
    known = group.host_key
    assert "response" in asyncio.run(_seen_by_old_friend(group, known))
    asyncio.run(_cut_by(group, condition))
    assert asyncio.run(_seen_by_old_friend(group, known)) == "another key"
    assert group.host_key != known
    assert "response" in asyncio.run(_seen_by_old_friend(group, group.host_key))


def test_a_virtual_ip_moves_while_somebody_connects(group: SimulatedArray) -> None:
    known = group.host_key
    fault = group.faults.add(Fault("condition", "@connect", condition=MovedVip()))
    assert asyncio.run(_seen_by_old_friend(group, known)) == "another key"
    assert fault.struck == 1
    for stage in ("@login", "@open"):
        known = group.host_key
        group.faults.add(Fault("condition", f"{stage} *", condition=MovedVip()))
        with pytest.raises((asyncssh.Error, OSError)):
            asyncio.run(_seen_by_old_friend(group, known))
        assert group.host_key != known
        assert "response" in asyncio.run(_seen_by_old_friend(group, group.host_key))


def test_a_virtual_ip_that_moves_back_brings_the_old_key_back(group: SimulatedArray) -> None:
    known = group.host_key
    keys = {known}
    for _ in range(2):
        group.befall(MovedVip())
        keys.add(group.host_key)
    assert len(keys) == 3
    group.befall(MovedVip())
    assert group.host_key == known
    group.faults.clear()
    assert group.host_key == known
    standing = group.befall(MovedVip("group-node3"))
    assert group.host_key in keys - {known}
    asyncio.run(_lifted_under(group, standing.lift is not None))
    assert group.host_key == known


async def _lifted_under(group: SimulatedArray, liftable: bool) -> None:
    assert liftable
    async with connect(group) as client:
        await asyncio.to_thread(group.lift, group.faults.standing[-1])
        await asyncio.wait_for(client.wait_closed(), 10)


def test_all_of_a_group_s_keys_are_other_ones_than_those_of_another_group() -> None:
    with Simulator([ArrayConfig(name=name, kind="hp") for name in ("a", "b")], seed=1) as sim:
        keys = [sim[name].host_key for name in sim]
        for name in sim:
            sim[name].befall(MovedVip())
        keys += [sim[name].host_key for name in sim]
        assert len(set(keys)) == 4


def test_a_volume_is_available_as_long_as_a_copy_is(group: SimulatedArray) -> None:
    for copies in (1, 2, 3):
        volume(group, f"v{copies}", f"replication={copies} thinProvision=1")
    said(group, "createSnapshot volumeName=v1 snapshotName=s1")

    def availabilities() -> list[str]:
        infos = [said(group, f"getVolumeInfo volumeName=v{copies}") for copies in (1, 2, 3)]
        infos.append(said(group, "getSnapshotInfo snapshotName=s1"))
        assert [value(info, "value") == "2" for info in infos] == [value(i, "availability") == "online" for i in infos]
        return [value(info, "availability") for info in infos]

    assert availabilities() == ["online"] * 4
    first = group.befall(NodeDown("group-node3"))
    assert availabilities() == ["offline", "online", "online", "offline"]
    assert names(group) == {"group-node1", "group-node2"}
    second = group.befall(NodeDown())
    assert availabilities() == ["offline", "offline", "online", "offline"]
    assert names(group) == {"group-node2"}
    cluster = said(group, "getClusterInfo clusterName=Cluster01 searchDepth=1")
    assert value(cluster, "storageNodeCount") == "3"
    assert cluster.count("<nsm ") == 3
    group.lift(first)
    assert availabilities() == ["offline", "online", "online", "offline"]
    group.lift(second)
    assert availabilities() == ["online"] * 4
    assert names(group) == {"group-node1", "group-node2", "group-node3"}


def test_a_volume_of_8_1_tells_it_by_its_status() -> None:
    with Simulator([ArrayConfig(name="old", kind="hp", flavour="8.1")], seed=1) as sim:
        volume(sim["old"], "v", "replication=1")
        standing = sim["old"].befall(NodeDown())
        assert value(said(sim["old"], "getVolumeInfo volumeName=v"), "status") == "offline"
        sim["old"].lift(standing)
        assert value(said(sim["old"], "getVolumeInfo volumeName=v"), "status") == "online"


def test_nobody_logs_in_to_a_volume_that_is_not_available(group: SimulatedArray) -> None:
    volume(group, "v", "replication=1")
    said(group, f"assignVolume volumeName=v initiator={INITIATOR}")
    standing = group.befall(NodeDown("group-node2"))
    with pytest.raises(ValueError, match="not available"):
        group.befall(ConnectedInitiator("v", INITIATOR))
    group.lift(standing)
    group.befall(ConnectedInitiator("v", INITIATOR))


def test_a_node_of_another_cluster_takes_no_connection_along() -> None:
    with Simulator([ArrayConfig(name="group", kind="hp", clusters=(ClusterConfig(name="Cluster02"),))], seed=1) as sim:
        group = sim["group"]
        known = group.host_key
        said(group, "createVolume volumeName=v clusterName=Cluster02 size=1GB replication=1")
        group.befall(NodeDown("group-node3"))
        assert group.host_key == known
        assert value(said(group, "getVolumeInfo volumeName=v"), "availability") == "offline"


def test_the_last_node_stays(group: SimulatedArray) -> None:
    for _ in range(2):
        group.befall(NodeDown())
    before = group.host_key
    for condition in (NodeDown(), MovedVip()):
        with pytest.raises(ValueError, match="no other node of cluster Cluster01"):
            group.befall(condition)
    with pytest.raises(ValueError, match="group-node1 is down"):
        group.befall(MovedVip("group-node1"))
    assert group.host_key == before


@pytest.mark.parametrize("condition", [NodeDown(), MovedVip(), NodeDown("group-node1")])
@pytest.mark.parametrize(("nodes", "vips", "hint"), [(1, 1, "nodes = 2 or more"), (2, 0, "vips = 1 or more")])
def test_a_group_that_cannot_fail_over_says_so(condition: Condition, nodes: int, vips: int, hint: str) -> None:
    with Simulator([ArrayConfig(name="group", kind="hp", nodes=nodes, vips=vips)], seed=1) as sim:
        with pytest.raises(ValueError, match=hint):
            sim["group"].befall(condition)
        assert sim["group"].faults.standing == ()


@pytest.mark.parametrize(("when", "made"), [("before", False), ("after", True)])
def test_a_node_goes_down_under_a_command(group: SimulatedArray, when: str, made: bool) -> None:
    fault = group.faults.add(
        Fault("condition", "createVolume*", when="before" if when == "before" else "after", condition=NodeDown())
    )
    status, stdout, _ = exec_over_ssh(group, "createVolume volumeName=v clusterName=Cluster01 size=1GB")
    assert (status, stdout) == (None, b"")
    assert fault.struck == 1
    assert ("v" in group.lefthand.group.tables.volumes) is made
    assert ('name="v"' in said(group, "getClusterInfo clusterName=Cluster01")) is made


def test_the_manager_that_is_stopped_is_the_one_of_the_node_that_answers(group: SimulatedArray) -> None:
    group.befall(MovedVip("group-node2"))
    said(group, "stopManager")
    running = {node.name for _, node in group.lefthand.group.managers.nodes() if node.manager}
    assert running == {"group-node1", "group-node3"}


# Full storage.


def test_a_full_cluster_refuses_what_takes_space_and_keeps_what_is_there(group: SimulatedArray) -> None:
    volume(group, "v")
    before = int(value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace"))
    standing = group.befall(FullStorage())
    cluster = said(group, "getClusterInfo clusterName=Cluster01")
    assert value(cluster, "unprovisionedSpace") == value(cluster, "maxVolumeSizeReplication1") == "0"
    for line in (
        "createVolume volumeName=w clusterName=Cluster01 size=1GB",
        "createVolume volumeName=w clusterName=Cluster01 size=1GB thinProvision=1",
        "createSnapshot volumeName=v snapshotName=s",
        "modifyVolume volumeName=v thinProvision=0",
    ):
        assert refused(group, line) == "CliqInsufficientSpace"
    assert value(said(group, "getVolumeInfo volumeName=v"), "availability") == "online"
    group.lift(standing)
    after = said(group, "getClusterInfo clusterName=Cluster01")
    assert int(value(after, "unprovisionedSpace")) == before
    said(group, "createSnapshot volumeName=v snapshotName=s")


def test_a_cluster_is_full_but_for_some_bytes(group: SimulatedArray) -> None:
    group.befall(FullStorage("Cluster01", free=3 << 29))
    assert value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") == str(3 << 29)
    volume(group, "v")
    assert refused(group, "createVolume volumeName=w clusterName=Cluster01 size=1GB thinProvision=1") == (
        "CliqInsufficientSpace"
    )


# Initiators.


@pytest.mark.parametrize(
    "assign",
    [
        f"assignVolume volumeName=v initiator={INITIATOR}",
        "assignVolumeChap volumeName=v targetSecret=aSecretOfTwelve chapName=us",
    ],
)
def test_a_connected_initiator_is_told_of_and_keeps_the_volume(group: SimulatedArray, assign: str) -> None:
    volume(group, "v")
    with pytest.raises(ValueError, match="assign the volume to it first"):
        group.befall(ConnectedInitiator("v", INITIATOR))
    said(group, assign)
    standing = group.befall(ConnectedInitiator("v", INITIATOR))
    told = exec_over_ssh(group, "getVolumeInfo volumeName=v")[1].decode()
    assert "SESSION" in told
    assert "connected" in told
    assert INITIATOR in told
    assert refused(group, "deleteVolume volumeName=v prompt=0") == "CliqGeneralError"
    group.lift(standing)
    assert "SESSION" not in exec_over_ssh(group, "getVolumeInfo volumeName=v")[1].decode()
    said(group, "deleteVolume volumeName=v prompt=0")


# The clock.


@pytest.mark.parametrize("seed", [1, None], ids=["fixed", "running"])
def test_a_clock_jumps_both_ways_and_schedules_go_on(seed: int | None) -> None:
    with Simulator(["hp"], seed=seed) as sim:
        group = sim["hp"]
        volume(group, "v")
        said(
            group,
            "createSnapshotSchedule volumeName=v scheduleName=daily recurPeriod=86400 "
            f"startTime={group.clock.now():%Y-%m-%dT%H:%M:%SZ} retentionCount=3",
        )

        def snapshots() -> list[str]:
            info = said(group, "getVolumeInfo volumeName=v")
            return re.findall(r'<snapshot [^>]*\bname="(daily[^"]*)"', info)

        group.befall(ClockJump(10 * _DAY))
        there = snapshots()
        assert len(there) == 3
        group.befall(ClockJump(-30 * _DAY))
        assert snapshots() == there
        volume(group, "earlier")
        said(group, "getPerformanceStats")
        created = [value(said(group, f"getVolumeInfo volumeName={name}"), "created") for name in ("v", "earlier")]
        assert created[0] > created[1]
        group.befall(ClockJump(60 * _DAY))
        later = snapshots()
        assert len(later) == 3
        assert not {*later} & {*there}


# Another administrator.


def test_another_administrator_strikes_between_two_steps(group: SimulatedArray) -> None:
    fault = group.faults.add(
        Fault("condition", "createVolume*", when="after", condition=OtherAdmin("deleteVolume volumeName=v"))
    )
    volume(group, "v")
    assert refused(group, "getVolumeInfo volumeName=v") == "CliqVolumeNotFound"
    assert fault.struck == 1
    theirs = group.log[0]
    assert (theirs.user, theirs.text, theirs.status) == (OTHER_ADMIN, "deleteVolume volumeName=v", 0)
    assert theirs.programs == ("deleteVolume volumeName=v",)
    assert b"CliqSuccess" in theirs.stdout


def test_no_fault_strikes_another_administrator_whose_refusals_are_logged(group: SimulatedArray) -> None:
    error = group.faults.add(Fault("error", "*", times=None, status=7))
    group.befall(OtherAdmin("getVolumeInfo volumeName=nix"))
    assert error.struck == 0
    (theirs,) = group.log
    assert b"CliqVolumeNotFound" in theirs.stdout
    assert theirs.status not in (0, 7)


# At any moment, and whatever is wrong with them.


def test_conditions_come_from_a_file_and_hold_at_the_next_start(tmp_path: Path) -> None:
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
            assert names(group) == {"group-node2", "group-node3"}
            assert group.array.node == "group-node3"
            assert "<session " in said(group, "getVolumeInfo volumeName=v")
            assert value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") == "1073741824"
            assert group.clock.now().day == 2
            assert len(group.faults.standing) == 7
    assert len({*keys}) == 1
    with Simulator(read(path), seed=1, state=tmp_path / "state") as sim:
        sim["group"].faults.clear()
        assert names(sim["group"]) == {f"group-node{number}" for number in (1, 2, 3)}
        assert "<session " not in said(sim["group"], "getVolumeInfo volumeName=v")


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
        assert names(group) == {"group-node2", "group-node3"}
        assert value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") == "0"
        for condition in (NodeDown("group-node1"), FullStorage(), MovedVip("group-node1")):
            if not isinstance(condition, MovedVip):
                group.lift(group.befall(condition))
            else:
                group.befall(condition)
        assert group.host_key == first
        assert len(names(group)) == 3
        assert value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") != "0"


def test_an_image_brings_nodes_and_keys_back(group: SimulatedArray) -> None:
    known = group.host_key
    fresh = group.snapshot()
    standing = group.befall(NodeDown())
    moved = group.host_key
    image = group.snapshot()
    group.restore(fresh)
    assert (group.host_key, group.faults.standing) == (known, ())
    assert len(names(group)) == 3
    group.restore(image)
    assert (group.host_key, group.faults.standing) == (moved, (standing,))
    group.lift(standing)
    assert len(names(group)) == 3
    group.reset()
    assert group.host_key == known


def test_a_condition_counts_the_programs_under_it(group: SimulatedArray) -> None:
    standing = group.befall(NodeDown("group-node3"))
    for _ in range(3):
        said(group, "getNsmInfo")
    assert standing.struck == 3
    group.lift(standing)
    said(group, "getNsmInfo")
    assert standing.struck == 3


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        (DegradedPool(), "knows no condition DegradedPool; it knows ClockJump, ConnectedInitiator, FullStorage"),
        (LateDevices(), "knows no condition LateDevices"),
        (ServiceInMaintenance(), "knows no condition ServiceInMaintenance"),
        (FullStorage("Cluster09"), "no cluster 'Cluster09'; there is Cluster01"),
        (NodeDown("nix"), "no storage node 'nix'; there are group-node1, group-node2, group-node3"),
        (MovedVip("nix"), "no storage node 'nix'"),
        (ConnectedInitiator("v", INITIATOR), "no volume or snapshot 'v'"),
        (ClockJump(1e300), "jump less far"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_befall_is_refused_and_changes_nothing(
    group: SimulatedArray, condition: Condition, hint: str
) -> None:
    before = group.export()
    with pytest.raises(ValueError, match=re.escape(hint)):
        group.befall(condition)
    assert (group.export(), group.faults.standing) == (before, ())
