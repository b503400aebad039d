"""Remote copies between two groups of one simulator, as a client of both sees them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sansim import SimulatedArray, Simulator
from sansim.config import ArrayConfig
from sansim.faults import Fault
from sansim.lefthand.access import LoginRefused
from tests.simulator.conftest import Run

HOUR = 3600
PAST = "startTime=1970-01-01T00:00:00Z"
IQN = "iqn.1998-01.com.vmware:esx1"


def configs() -> tuple[ArrayConfig, ...]:
    return (
        ArrayConfig(name="near", kind="hp", cluster="Here", password="nearpassword"),
        ArrayConfig(name="far", kind="hp", cluster="There", password="farpassword"),
    )


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(arrays=configs(), seed=1) as simulator:
        yield simulator


def node_of(array: SimulatedArray, run: Run) -> str:
    """Return the address of the first node, as a client reads it."""
    _, shown, _ = run(array, "getClusterInfo output=XML searchDepth=1")
    found = re.search(r'<nsm ipAddress="([^"]+)"', shown.decode())
    assert found is not None
    return found[1]


def schedule(
    sim: Simulator, run: Run, *, retention: int = 2, remote_retention: int = 4, password: str = ""
) -> int | None:
    line = (
        f"createSnapshotSchedule volumeName=v scheduleName=copy recurPeriod=3600 {PAST} retentionCount={retention} "
        f"remoteCluster=There remoteRetentionCount={remote_retention} remoteVolume=r "
        f"remoteIp={node_of(sim['far'], run)} remoteUserName=admin remotePassword={password or 'farpassword'}"
    )
    return run(sim["near"], line)[0]


def begin(sim: Simulator, run: Run) -> None:
    assert run(sim["near"], "createVolume volumeName=v clusterName=Here size=10GB thinProvision=1")[0] == 0
    assert run(sim["far"], "createVolume volumeName=r clusterName=There size=10GB thinProvision=1")[0] == 0
    assert run(sim["far"], "makeRemote volumeName=r snapshotName=before")[0] == 0
    assert schedule(sim, run) == 0


def advance(sim: Simulator, seconds: int) -> None:
    for array in sim.values():
        array.clock.advance(seconds)


def copies(sim: Simulator, run: Run) -> dict[str, int]:
    """Return how much there is of each remote snapshot, as the other group shows it."""
    _, shown, _ = run(sim["far"], "getVolumeInfo volumeName=r output=XML")
    return {
        name: int(percent)
        for name, percent in re.findall(r'<remoteSnapshot name="([^"]+)" percentComplete="(\d+)"', shown.decode())
    }


def test_each_group_has_addresses_of_its_own(sim: Simulator, run: Run) -> None:
    assert node_of(sim["near"], run) == "10.0.0.11"
    assert node_of(sim["far"], run) == "10.0.1.11"


def test_copies_arrive_as_the_clock_goes_on(sim: Simulator, run: Run) -> None:
    begin(sim, run)
    assert copies(sim, run) == {"copy_Rmt.1": 0}
    advance(sim, 80)
    assert copies(sim, run) == {"copy_Rmt.1": 50}
    advance(sim, 80)
    assert copies(sim, run) == {"copy_Rmt.1": 100}
    advance(sim, 4 * HOUR)
    assert list(copies(sim, run).items()) == [(f"copy_Rmt.{number}", 100) for number in range(2, 6)]
    assert list(sim["near"].lefthand.group.tables.snapshots) == ["copy_Pri.4", "copy_Pri.5"]


def test_what_a_remote_volume_received_is_there_when_it_is_made_primary(sim: Simulator, run: Run) -> None:
    begin(sim, run)
    advance(sim, 200)
    assert copies(sim, run) == {"copy_Rmt.1": 100}
    advance(sim, HOUR - 200)
    assert copies(sim, run) == {"copy_Rmt.1": 100, "copy_Rmt.2": 0}
    assert run(sim["far"], f"assignVolume volumeName=r initiator={IQN}")[0] == 0
    access = sim["far"].lefthand.group.access
    with pytest.raises(LoginRefused, match="remote volume"):
        access.login("r", IQN)
    assert run(sim["far"], "makePrimary volumeName=r")[0] == 0
    assert list(sim["far"].lefthand.group.tables.snapshots) == ["before", "copy_Rmt.1"]
    access.login("r", IQN)
    advance(sim, 3 * HOUR)
    assert run(sim["near"], "getSnapshotInfo snapshotName=copy_Pri.5")[0] == 0
    assert list(sim["far"].lefthand.group.tables.snapshots) == ["before", "copy_Rmt.1"]


def test_a_pause_at_either_end_stops_the_copying(sim: Simulator, run: Run) -> None:
    begin(sim, run)
    advance(sim, HOUR)
    assert list(copies(sim, run)) == ["copy_Rmt.1", "copy_Rmt.2"]
    run(sim["far"], "modifySnapshotSchedule scheduleName=copy_Rmt paused=1")
    advance(sim, HOUR)
    assert list(copies(sim, run)) == ["copy_Rmt.1", "copy_Rmt.2"]
    assert run(sim["near"], "getSnapshotInfo snapshotName=copy_Pri.3")[0] == 0
    run(sim["far"], "modifySnapshotSchedule scheduleName=copy_Rmt paused=0")
    run(sim["near"], "modifySnapshotSchedule scheduleName=copy_Pri paused=1")
    advance(sim, HOUR)
    assert run(sim["near"], "getSnapshotInfo snapshotName=copy_Pri.4")[0] == 144
    assert list(copies(sim, run)) == ["copy_Rmt.1", "copy_Rmt.2"]


def test_a_remote_end_that_was_deleted_receives_nothing(sim: Simulator, run: Run) -> None:
    begin(sim, run)
    assert run(sim["near"], "getSnapshotScheduleInfo scheduleName=copy_Pri")[0] == 0
    assert run(sim["far"], "deleteSnapshotSchedule scheduleName=copy_Rmt")[0] == 0
    assert run(sim["near"], "getSnapshotScheduleInfo scheduleName=copy_Pri")[0] == 0
    advance(sim, HOUR)
    assert list(copies(sim, run)) == ["copy_Rmt.1"]


def test_a_node_that_is_down_takes_no_copies(sim: Simulator, run: Run) -> None:
    begin(sim, run)
    advance(sim, 200)
    assert list(copies(sim, run)) == ["copy_Rmt.1"]
    nodes = sim["far"].lefthand.group.nodes
    address = node_of(sim["far"], run)
    nodes.take_down("far-node1")
    advance(sim, HOUR)
    assert list(copies(sim, run)) == ["copy_Rmt.1"]
    assert node_of(sim["far"], run) == address
    assert schedule(sim, run) == 167
    nodes.bring_up("far-node1")
    advance(sim, HOUR)
    assert list(copies(sim, run)) == ["copy_Rmt.1", "copy_Rmt.3"]


def test_a_refused_schedule_leaves_neither_end(sim: Simulator, run: Run) -> None:
    run(sim["near"], "createVolume volumeName=v clusterName=Here size=10GB thinProvision=1")
    assert schedule(sim, run, password="nearpassword") == 152
    run(sim["far"], "createVolume volumeName=r clusterName=There size=1GB thinProvision=1")
    assert schedule(sim, run) == 167
    for array in sim.values():
        assert not array.lefthand.group.tables.schedules


def test_a_remote_volume_that_is_not_there_is_made(sim: Simulator, run: Run) -> None:
    run(sim["near"], "createVolume volumeName=v clusterName=Here size=10GB thinProvision=1")
    assert schedule(sim, run) == 0
    volume = sim["far"].lefthand.group.volume("r")
    assert (volume.primary, volume.size, volume.cluster) == (False, 10 << 30, "There")


def test_rolling_back_takes_the_copies_of_newer_snapshots_along_when_told_to(sim: Simulator, run: Run) -> None:
    begin(sim, run)
    advance(sim, HOUR)
    assert list(copies(sim, run)) == ["copy_Rmt.1", "copy_Rmt.2"]
    assert run(sim["near"], "rollbackSnapshot snapshotName=copy_Pri.1 remoteSnapshots=1 prompt=0")[0] == 0
    assert list(copies(sim, run)) == ["copy_Rmt.1"]


def test_remote_copies_outlive_a_restart(tmp_path: Path, run: Run) -> None:
    with Simulator(arrays=configs(), seed=1, state=tmp_path / "state") as sim:
        begin(sim, run)
        advance(sim, 80)
        assert copies(sim, run) == {"copy_Rmt.1": 50}
    with Simulator(arrays=configs(), seed=1, state=tmp_path / "state") as sim:
        assert copies(sim, run) == {"copy_Rmt.1": 0}
        advance(sim, HOUR)
        assert copies(sim, run) == {"copy_Rmt.1": 100, "copy_Rmt.2": 0}
        assert node_of(sim["far"], run) == "10.0.1.11"


def test_a_command_that_only_seems_to_succeed_leaves_nothing_in_the_other_group(sim: Simulator, run: Run) -> None:
    run(sim["near"], "createVolume volumeName=v clusterName=Here size=10GB thinProvision=1")
    fault = sim["near"].faults.add(Fault("noop", "createSnapshotSchedule*"))
    assert schedule(sim, run) == 0
    assert fault.struck == 1
    for array in sim.values():
        assert not array.lefthand.group.tables.schedules
    assert "r" not in sim["far"].lefthand.group.tables.volumes
    assert schedule(sim, run) == 0
    assert list(copies(sim, run)) == ["copy_Rmt.1"]
    fault = sim["near"].faults.add(Fault("noop", "rollbackSnapshot*"))
    advance(sim, HOUR)
    assert run(sim["near"], "rollbackSnapshot snapshotName=copy_Pri.1 remoteSnapshots=1 prompt=0")[0] == 0
    assert fault.struck == 1
    assert list(copies(sim, run)) == ["copy_Rmt.1", "copy_Rmt.2"]
