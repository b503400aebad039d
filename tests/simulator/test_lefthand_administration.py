"""Managers and counters of a group, as a client sees them."""

import re

import pytest

from sansim import SimulatedArray, Simulator
from sansim.config import ArrayConfig
from sansim.lefthand.results import Refusal
from tests.simulator.conftest import Run

IQN = "iqn.1998-01.com.vmware:esx1"


def counters(array: SimulatedArray, run: Run, interval: int = 6000) -> dict[str, int]:
    _, shown, _ = run(array, f"getPerformanceStats interval={interval} output=XML")
    return {name: int(value) for name, value in re.findall(r'name="(\w+)" value="(\d+)"', shown.decode())}


def test_counters_move_with_the_clock_and_with_who_is_logged_in(sim: Simulator, run: Run) -> None:
    array = sim["hp"]
    run(array, "createVolume volumeName=v clusterName=Cluster01 size=1GB thinProvision=1")
    run(array, f"assignVolume volumeName=v initiator={IQN}")
    assert set(counters(array, run).values()) == {0}
    session = array.lefthand.group.access.login("v", IQN)
    first = counters(array, run)
    assert first["ClusterIoTotal"] == first["ClusterIoReads"] + first["ClusterIoWrites"] > 0
    assert counters(array, run) == first
    array.clock.advance(6)
    assert counters(array, run) != first
    assert counters(array, run, 1) == counters(array, run)
    assert counters(array, run, 60_000)["ClusterIoReads"] > counters(array, run)["ClusterIoReads"]
    array.lefthand.group.access.logout(session)
    assert set(counters(array, run).values()) == {0}


def test_who_may_only_read_writes_nothing(sim: Simulator, run: Run) -> None:
    array = sim["hp"]
    run(array, "createVolume volumeName=v clusterName=Cluster01 size=1GB thinProvision=1")
    run(array, f"assignVolume volumeName=v initiator={IQN} accessRights=r")
    array.lefthand.group.access.login("v", IQN)
    assert counters(array, run)["ClusterIoWrites"] == 0
    assert counters(array, run)["ClusterIoReads"] > 0


def test_a_manager_is_that_of_the_node_that_answers(run: Run) -> None:
    with Simulator(arrays=(ArrayConfig(name="hp", kind="hp", nodes=3),), seed=1) as sim:
        array = sim["hp"]
        assert run(array, "stopManager")[0] == 0
        assert run(array, "stopManager")[0] == 1
        group = array.lefthand.group
        group.nodes.move()
        group.managers.stop()
        group.nodes.move()
        with pytest.raises(Refusal, match="the last one"):
            group.managers.stop()
        group.nodes.move("hp-node2")
        group.managers.start()
        assert [node.manager for node in group.tables.clusters["Cluster01"].nodes] == [False, True, True]
