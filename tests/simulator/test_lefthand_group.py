"""What always holds in a LeftHand group, whatever commands it is given in whatever order."""

from collections.abc import Collection
from datetime import UTC, datetime
from ipaddress import IPv4Network
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sansim.clock import Clock
from sansim.config import ArrayConfig, ClusterConfig
from sansim.lefthand.access import LoginRefused
from sansim.lefthand.array import LeftHandArray
from sansim.lefthand.cliq import Cliq
from sansim.lefthand.flavours import FLAVOURS
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.model import Snapshot, Volume
from sansim.lefthand.results import Refusal
from sansim.lefthand.sizes import PAGE
from sansim.program import Answer
from sansim.state import State

GIB = 1 << 30
SPACE = 8 * GIB
NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
SERVERS = st.sampled_from(["esx1", "esx2"])
IQNS = st.sampled_from(["iqn.2026-01.com.example:one", "iqn.2026-01.com.example:two"])


class Commands(RuleBasedStateMachine):
    """A small group, so that space runs out often."""

    def __init__(self) -> None:
        super().__init__()
        further = ClusterConfig(name="Cluster02", size=SPACE, nodes=1)
        config = ArrayConfig(name="hp", kind="hp", size=SPACE, password="p", clusters=(further,))
        self.clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
        self.group = LeftHandArray(config, State(), self.clock, Random(1)).group
        self.cliq = Cliq(self.group, FLAVOURS["12.6"], Random(2))
        self.seen: dict[int, str] = {}

    def there(self, data: st.DataObject, table: Collection[str]) -> str:
        """Draw the name of something that is there; a name of nothing if nothing is."""
        return data.draw(st.sampled_from(sorted(table))) if table else "nothing"

    def items(self) -> list[Volume | Snapshot]:
        return [*self.group.tables.volumes.values(), *self.group.tables.snapshots.values()]

    def run(self, line: str) -> Answer:
        self.group.neighbours.catch_up()
        answer = self.cliq.answer(line)
        assert answer.stderr == ""
        return answer

    @initialize()
    def begin_with_clones(self) -> None:
        self.run("createVolume volumeName=a clusterName=Cluster01 size=1GB thinProvision=1")
        self.run("createSnapshot snapshotName=b volumeName=a")
        self.run("cloneSnapshot snapshotName=b volumeName=c")
        self.run("cloneSnapshot snapshotName=b volumeName=d")
        self.run("createServer serverName=esx1 initiator=iqn.2026-01.com.example:one")

    @rule(name=NAMES, size=st.integers(1, 6), thin=st.booleans(), copies=st.integers(1, 2))
    def create_volume(self, name: str, size: int, copies: int, *, thin: bool) -> None:
        taken = name in self.group.tables.volumes or name in self.group.tables.snapshots
        needs = copies * (min(size * GIB, GIB // 2) if thin else size * GIB)
        fits = needs <= self.group.unprovisioned(self.group.cluster("Cluster01"))
        answer = self.run(
            f"createVolume volumeName={name} clusterName=Cluster01 size={size}GB "
            f"thinProvision={int(thin)} replication={copies}"
        )
        assert (answer.status == 0) == (fits and not taken)

    @rule(data=st.data(), size=st.integers(1, 6))
    def modify_volume(self, data: st.DataObject, size: int) -> None:
        name = self.there(data, self.group.tables.volumes)
        self.run(f"modifyVolume volumeName={name} size={size}GB")

    @rule(
        data=st.data(),
        change=st.sampled_from(
            [
                "replication=1",
                "replication=2",
                "clusterName=Cluster01",
                "clusterName=Cluster02",
                "thinProvision=0",
                "thinProvision=1",
            ]
        ),
    )
    def modify_provisioning(self, data: st.DataObject, change: str) -> None:
        name = self.there(data, self.group.tables.volumes)
        before = self.items()
        if self.run(f"modifyVolume volumeName={name} {change}").status:
            assert self.items() == before

    @rule(name=NAMES)
    def delete_volume(self, name: str) -> None:
        tables = self.group.tables
        deletable = name in tables.volumes and not tables.snapshots_of[name] and not tables.sessions_of[name]
        assert (self.run(f"deleteVolume volumeName={name} prompt=0").status == 0) == deletable

    @rule(name=NAMES, data=st.data(), inherit=st.sampled_from("01"))
    def create_snapshot(self, name: str, data: st.DataObject, inherit: str) -> None:
        volume = self.there(data, self.group.tables.volumes)
        self.run(f"createSnapshot snapshotName={name} volumeName={volume} inheritAccess={inherit}")

    @rule(names=st.lists(NAMES, min_size=1, max_size=3), volumes=st.lists(NAMES, min_size=1, max_size=3))
    def create_snapshots(self, names: list[str], volumes: list[str]) -> None:
        before = dict(self.group.tables.snapshots)
        answer = self.run(f"createSnapshot snapshotName={';'.join(names)} volumeName={';'.join(volumes)}")
        if answer.status:
            assert dict(self.group.tables.snapshots) == before
        else:
            assert set(names) == set(self.group.tables.snapshots) - set(before)

    @rule(data=st.data())
    def delete_snapshot(self, data: st.DataObject) -> None:
        name = self.there(data, self.group.tables.snapshots)
        tables = self.group.tables
        deletable = name in tables.snapshots and len(tables.clones_of[name]) <= 1 and not tables.sessions_of[name]
        assert (self.run(f"deleteSnapshot snapshotName={name} prompt=0").status == 0) == deletable

    @rule(data=st.data(), volume=NAMES)
    def clone_snapshot(self, data: st.DataObject, volume: str) -> None:
        name = self.there(data, self.group.tables.snapshots)
        self.run(f"cloneSnapshot snapshotName={name} volumeName={volume}")

    @rule(data=st.data())
    def rollback_snapshot(self, data: st.DataObject) -> None:
        name = self.there(data, self.group.tables.snapshots)
        snapshot = self.group.tables.snapshots.get(name)
        if self.run(f"rollbackSnapshot snapshotName={name} prompt=0").status == 0:
            assert snapshot is not None
            assert self.group.tables.snapshots_of[snapshot.volume][-1] == snapshot
            assert self.group.volume(snapshot.volume).size == snapshot.size

    @rule(data=st.data(), schedule=NAMES, remote=NAMES, retention=st.integers(1, 3), ends=st.integers(1, 2))
    def create_schedule(self, data: st.DataObject, schedule: str, remote: str, retention: int, ends: int) -> None:
        volume = self.there(data, self.group.tables.volumes)
        line = f"createSnapshotSchedule volumeName={volume} scheduleName={schedule}"
        line += f" recurPeriod=1800 retentionCount={retention}"
        if ends == 2:
            line += f" remoteVolume={remote} remoteRetentionCount=2 remoteCluster=Cluster01 remoteIp=10.0.0.11"
            line += " remoteUserName=admin remotePassword=p"
        self.run(f"{line} startTime=2026-01-01T00:00:00Z")

    @rule(data=st.data(), change=st.sampled_from(["modify", "modify", "delete"]), paused=st.integers(0, 1))
    def change_schedule(self, data: st.DataObject, change: str, paused: int) -> None:
        name = self.there(data, self.group.tables.schedules)
        self.run(f"{change}SnapshotSchedule scheduleName={name}" + (f" paused={paused}" if change == "modify" else ""))

    @rule(seconds=st.sampled_from([1, 60, 1800, 100_000, -1800]))
    def time_goes_by(self, seconds: int) -> None:
        self.clock.jump(seconds)

    @rule(data=st.data(), snapshot=NAMES, primary=st.booleans())
    def make_remote_or_primary(self, data: st.DataObject, snapshot: str, *, primary: bool) -> None:
        name = self.there(data, self.group.tables.volumes)
        line = f"makePrimary volumeName={name}" if primary else f"makeRemote volumeName={name} snapshotName={snapshot}"
        if self.run(line).status == 0:
            assert self.group.volume(name).primary is primary

    @rule(server=SERVERS, iqn=IQNS)
    def modify_server(self, server: str, iqn: str) -> None:
        self.run(f"modifyServer serverName={server} initiator={iqn}")

    @rule(server=SERVERS, iqn=IQNS)
    def create_server(self, server: str, iqn: str) -> None:
        self.run(f"createServer serverName={server} initiator={iqn}")

    @rule(server=SERVERS)
    def delete_server(self, server: str) -> None:
        self.run(f"deleteServer serverName={server} prompt=0")

    @rule(data=st.data(), server=SERVERS, verb=st.sampled_from(["assign", "unassign"]))
    def assign_to_server(self, data: st.DataObject, server: str, verb: str) -> None:
        name = self.there(data, [item.name for item in self.items()])
        self.run(f"{verb}VolumeToServer volumeName={name} serverName={server}")

    @rule(name=NAMES, iqns=st.lists(IQNS, min_size=1, max_size=3))
    def assign(self, name: str, iqns: list[str]) -> None:
        answer = self.run(f"assignVolume volumeName={name} initiator={';'.join(iqns)}")
        if answer.status == 0:
            item = self.group.tables.volumes.get(name) or self.group.tables.snapshots[name]
            named = [iqn for row in item.permissions for iqn in self.group.access.initiators(row)]
            assert set(named) == set(iqns)

    @rule(data=st.data())
    def assign_chap(self, data: st.DataObject) -> None:
        name = self.there(data, self.group.tables.volumes)
        self.run(f"assignVolumeChap volumeName={name} chapName=u targetSecret=supersecret12")

    @rule(data=st.data())
    def unassign(self, data: st.DataObject) -> None:
        name = self.there(data, self.group.tables.volumes)
        self.run(f"unassignVolume volumeName={name}")

    @rule(data=st.data(), iqn=IQNS)
    def login(self, data: st.DataObject, iqn: str) -> None:
        name = self.there(data, [item.name for item in self.items()])
        try:
            self.group.access.login(name, iqn)
        except LoginRefused:
            return
        item = self.group.tables.volumes.get(name) or self.group.tables.snapshots[name]
        assert any(iqn in self.group.access.initiators(row) for row in item.permissions)

    @rule()
    def logout(self) -> None:
        for session in list(self.group.tables.sessions.values())[:1]:
            self.group.access.logout(session)

    @invariant()
    def space_is_what_volumes_and_snapshots_take(self) -> None:
        for cluster in self.group.tables.clusters.values():
            taken = sum(item.reserved for item in self.items() if item.cluster == cluster.name)
            free = self.group.unprovisioned(cluster)
            assert free == SPACE - taken
            assert free >= 0

    @invariant()
    def what_stands_on_the_same_data_shares_cluster_and_copies(self) -> None:
        tables = self.group.tables
        for snapshot in tables.snapshots.values():
            for volume in (tables.volumes[snapshot.volume], *tables.clones_of[snapshot.name]):
                assert (volume.cluster, volume.replication) == (snapshot.cluster, snapshot.replication)
                assert volume.replication <= len(tables.clusters[volume.cluster].nodes)

    @invariant()
    def schedules_belong_to_volumes_and_make_one_snapshot_after_the_other(self) -> None:
        tables = self.group.tables
        for schedule in tables.schedules.values():
            assert schedule.volume in tables.volumes
            kept = tables.snapshots_by[str(schedule.id)]
            assert [one.created for one in kept] == sorted(one.created for one in kept)

    @invariant()
    def names_are_unique_and_numbers_never_used_again(self) -> None:
        tables = self.group.tables
        assert not set(tables.volumes) & set(tables.snapshots)
        for item in self.items():
            assert self.seen.setdefault(item.id, item.name) == item.name
            assert item.size % PAGE == 0

    @invariant()
    def references_lead_somewhere(self) -> None:
        tables = self.group.tables
        for snapshot in tables.snapshots.values():
            assert snapshot.volume in tables.volumes
        for volume in tables.volumes.values():
            assert not volume.clone_of or volume.clone_of in tables.snapshots
        for item in self.items():
            assert all(row.auth_group in tables.servers for row in item.permissions if row.server)
        for session in tables.sessions.values():
            target = tables.volumes.get(session.volume) or tables.snapshots[session.volume]
            assert session.permission in [row.id for row in target.permissions]

    @invariant()
    def everything_can_be_shown(self) -> None:
        self.run("getClusterInfo output=XML")
        self.run("getGroupInfo")
        for name in self.group.tables.schedules:
            assert self.run(f"getSnapshotScheduleInfo scheduleName={name}").status == 0
        for name in self.group.tables.servers:
            assert self.run(f"getServerInfo serverName={name}").status == 0


TestCommands = Commands.TestCase
TestCommands.settings = settings(max_examples=50, stateful_step_count=40, deadline=None)


@pytest.fixture
def group() -> ManagementGroup:
    group = ManagementGroup(State(), Clock(), Random(1))
    group.found("hp", [ClusterConfig(name="Cluster01", size=SPACE)], IPv4Network("10.0.0.0/24"))
    return group


def test_growing_a_full_volume_past_the_space_changes_nothing(group: ManagementGroup) -> None:
    group.create_volume("v", "Cluster01", 3 * GIB)
    with pytest.raises(Refusal, match="CliqInsufficientSpace"):
        group.modify_volume("v", size=5 * GIB)
    assert group.volume("v").size == 3 * GIB
    assert group.unprovisioned(group.cluster("Cluster01")) == 2 * GIB
    group.modify_volume("v", size=4 * GIB)
    group.modify_volume("v", size=GIB)
    assert group.unprovisioned(group.cluster("Cluster01")) == 6 * GIB


def test_the_last_clone_stands_on_its_own_when_its_snapshot_goes(group: ManagementGroup) -> None:
    group.create_volume("v", "Cluster01", GIB, thin=True)
    group.create_snapshots([("s", "v")])
    group.clone_snapshot("s", "c")
    assert group.volume("c").clone_of == "s"
    group.delete_snapshot("s")
    assert group.volume("c").clone_of == ""
    group.create_snapshots([("s", "v")])
    group.clone_snapshot("s", "d")
    group.delete_snapshot("s")


def test_rolling_back_takes_the_newer_snapshots_and_no_older_one(group: ManagementGroup) -> None:
    group.create_volume("v", "Cluster01", GIB, thin=True)
    group.create_volume("w", "Cluster01", GIB, thin=True)
    for snapshot, volume in (("a", "v"), ("b", "v"), ("other", "w"), ("c", "v")):
        group.create_snapshots([(snapshot, volume)])
    group.roll_back("b")
    assert list(group.tables.snapshots) == ["a", "b", "other"]


def test_a_refused_set_of_snapshots_leaves_none(group: ManagementGroup) -> None:
    group.create_volume("v", "Cluster01", GIB, thin=True)
    with pytest.raises(Refusal, match="CliqSnapshotExists"):
        group.create_snapshots([("a", "v"), ("a", "v")])
    assert not group.tables.snapshots
    assert group.tables.reserved["Cluster01"] == group.volume("v").reserved
