"""A LeftHand group whose nodes go down and whose virtual IPs move, as a plain SSH client sees it."""

import asyncio

import asyncssh
import pytest

from sansim import ArrayConfig, Fault, SimulatedArray, Simulator
from sansim.config import ClusterConfig
from sansim.faults import ClockJump, Condition, ConnectedInitiator, MovedVip, NodeDown
from tests.simulator.conditions import DAY, INITIATOR
from tests.simulator.conditions.lefthand import names, refused, said, value, volume
from tests.simulator.conftest import connect, exec_over_ssh


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


def test_what_needs_the_data_of_a_volume_waits_until_it_is_available(group: SimulatedArray) -> None:
    volume(group, "v", "replication=1")
    volume(group, "safe", "replication=2")
    said(group, "createSnapshot snapshotName=s volumeName=v")
    said(
        group,
        "createSnapshotSchedule scheduleName=daily volumeName=v recurPeriod=86400 retentionCount=3 "
        "startTime=2026-01-02T00:00:00Z",
    )
    standing = group.befall(NodeDown("group-node2"))
    group.befall(ClockJump(1.5 * DAY))
    needing = (
        "createSnapshot snapshotName=t volumeName=v",
        "createSnapshot snapshotName=t;u volumeName=safe;v",
        "cloneSnapshot snapshotName=s volumeName=c",
        "rollbackSnapshot snapshotName=s prompt=0",
        "modifyVolume volumeName=v size=2GB",
        "makeRemote volumeName=v snapshotName=r",
    )
    for line in needing:
        assert refused(group, line) == "CliqGeneralError"
    assert refused(group, "getSnapshotInfo snapshotName=t") == "CliqSnapshotNotFound"
    assert refused(group, "getSnapshotInfo snapshotName=daily.1") == "CliqSnapshotNotFound"
    said(group, "modifyVolume volumeName=v description=lost")
    said(group, f"assignVolume volumeName=v initiator={INITIATOR}")
    said(group, "createSnapshot snapshotName=t volumeName=safe")
    group.lift(standing)
    said(group, "createSnapshot snapshotName=u volumeName=v")
    group.befall(ClockJump(DAY))
    said(group, "getSnapshotInfo snapshotName=daily.2")


def test_a_volume_that_is_not_available_can_be_deleted(group: SimulatedArray) -> None:
    volume(group, "v", "replication=1")
    group.befall(NodeDown("group-node2"))
    said(group, "deleteVolume volumeName=v prompt=0")


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
