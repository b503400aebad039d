"""Snapshot schedules run by the array's clock, whenever somebody looks."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sansim import Simulator
from sansim.clock import Clock
from sansim.config import ArrayConfig, ClusterConfig
from sansim.faults import ClockJump, Fault
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.results import Refusal
from sansim.state import State
from tests.simulator.conftest import Run

GIB = 1 << 30
START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = 3600
YEAR = 365 * 24 * HOUR
VOLUME = "createVolume volumeName=v clusterName=Cluster01 size=1GB thinProvision=1"
SCHEDULE = "createSnapshotSchedule volumeName=v scheduleName=s recurPeriod=3600 retentionCount=3"


def made(size: int = 1 << 40) -> tuple[ManagementGroup, Clock]:
    clock = Clock(START)
    group = ManagementGroup(State(), clock, Random(1))
    group.found("hp", [ClusterConfig(name="Cluster01", size=size)], IPv4Network("10.0.0.0/24"))
    group.create_volume("v", "Cluster01", GIB, thin=True)
    return group, clock


def names(group: ManagementGroup) -> list[str]:
    group.schedules.catch_up()
    return list(group.tables.snapshots)


def test_each_period_makes_a_snapshot_of_its_own_time_and_the_oldest_go() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=HOUR, start=START + timedelta(seconds=60), retention=3)
    assert names(group) == []
    clock.advance(60)
    assert names(group) == ["s.1"]
    clock.advance(4 * HOUR + 59)
    assert names(group) == ["s.3", "s.4", "s.5"]
    assert [one.created for one in group.tables.snapshots.values()] == [
        START + timedelta(seconds=60 + hours * HOUR) for hours in (2, 3, 4)
    ]
    assert {one.schedule for one in group.tables.snapshots.values()} == {group.schedules.schedule("s").id}


def test_a_jump_of_years_makes_no_more_than_is_kept() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=1800, start=START, retention=50)
    clock.jump(50 * YEAR)
    count = 50 * YEAR // 1800 + 1
    assert names(group) == [f"s.{number}" for number in range(count - 49, count + 1)]
    assert group.tables.group.next_id < 100


def test_a_clock_that_was_set_back_makes_nothing_twice() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=HOUR, start=START, retention=5)
    clock.advance(HOUR)
    assert names(group) == ["s.1", "s.2"]
    clock.jump(-YEAR)
    assert names(group) == ["s.1", "s.2"]
    clock.jump(YEAR + HOUR)
    assert names(group) == ["s.1", "s.2", "s.3"]


def test_what_goes_by_in_a_pause_is_not_made_up_for_and_the_step_is_kept() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=HOUR, start=START, retention=5)
    assert names(group) == ["s.1"]
    group.schedules.modify("s", paused=True)
    clock.advance(5 * HOUR + 1)
    assert names(group) == ["s.1"]
    group.schedules.modify("s", paused=False)
    assert names(group) == ["s.1"]
    clock.advance(HOUR - 1)
    assert names(group) == ["s.1", "s.2"]
    assert group.snapshot("s.2").created == START + timedelta(hours=6)


def test_a_new_period_counts_from_the_last_run_and_a_new_start_from_itself() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=HOUR, start=START, retention=5)
    assert names(group) == ["s.1"]
    group.schedules.modify("s", period=2 * HOUR)
    clock.advance(HOUR)
    assert names(group) == ["s.1"]
    clock.advance(HOUR)
    assert names(group) == ["s.1", "s.2"]
    group.schedules.modify("s", start=START + timedelta(hours=10))
    clock.advance(7 * HOUR)
    assert names(group) == ["s.1", "s.2"]
    clock.advance(HOUR)
    assert names(group) == ["s.1", "s.2", "s.3"]


def test_a_clone_point_outlives_its_retention_until_it_is_none() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=HOUR, start=START, retention=1)
    group.schedules.catch_up()
    group.clone_snapshot("s.1", "c1")
    group.clone_snapshot("s.1", "c2")
    clock.advance(HOUR)
    assert names(group) == ["s.1", "s.2"]
    group.delete_volume("c2")
    clock.advance(HOUR)
    assert names(group) == ["s.3"]
    assert group.volume("c1").clone_of == ""


def test_two_schedules_of_a_volume_run_in_the_order_of_time() -> None:
    group, clock = made()
    group.schedules.create("fast", "v", period=HOUR, start=START, retention=10)
    group.schedules.create("slow", "v", period=2 * HOUR, start=START + timedelta(minutes=30), retention=10)
    clock.advance(3 * HOUR)
    assert names(group) == ["fast.1", "slow.1", "fast.2", "fast.3", "slow.2", "fast.4"]
    created = [one.created for one in group.tables.snapshots.values()]
    assert created == sorted(created)


def test_a_run_without_space_is_missed_and_the_next_one_tries_again() -> None:
    group, clock = made(size=3 * GIB)
    group.create_volume("filler", "Cluster01", 2 * GIB, replication=1)
    group.schedules.create("s", "v", period=HOUR, start=START, retention=3)
    assert names(group) == []
    group.delete_volume("filler")
    clock.advance(HOUR)
    assert names(group) == ["s.2"]


def test_a_run_whose_name_is_taken_leaves_the_other_one_alone() -> None:
    group, clock = made()
    group.create_snapshots([("s.1", "v")])
    group.schedules.create("s", "v", period=HOUR, start=START, retention=3)
    clock.advance(HOUR)
    assert names(group) == ["s.1", "s.2"]
    assert group.snapshot("s.1").schedule == 0


def test_a_deleted_schedule_makes_nothing_more() -> None:
    group, clock = made()
    group.schedules.create("s", "v", period=HOUR, start=START, retention=3)
    group.schedules.catch_up()
    group.schedules.delete("s")
    clock.advance(YEAR)
    assert names(group) == ["s.1"]
    with pytest.raises(Refusal, match="CliqScheduleNotFound"):
        group.schedules.delete("s")


@settings(deadline=None)
@given(
    period=st.integers(1800, 90_000),
    retention=st.integers(1, 50),
    steps=st.lists(st.integers(0, 500_000), min_size=1, max_size=6),
)
def test_looking_often_and_looking_once_leave_the_same(period: int, retention: int, steps: list[int]) -> None:
    groups = []
    for often in (True, False):
        group, clock = made()
        group.schedules.create("s", "v", period=period, start=START, retention=retention)
        for step in steps:
            clock.advance(step)
            if often:
                group.schedules.catch_up()
        group.schedules.catch_up()
        groups.append([(one.name, one.created) for one in group.tables.snapshots.values()])
    assert groups[0] == groups[1]
    assert len(groups[0]) == min(retention, sum(steps) // period + 1)


def test_schedules_go_on_after_a_restart(tmp_path: Path, run: Run) -> None:
    with Simulator(arrays=("hp",), state=tmp_path / "state", seed=1) as sim:
        assert run(sim["hp"], VOLUME)[0] == 0
        assert run(sim["hp"], f"{SCHEDULE} startTime=2026-01-01T00:00:00Z")[0] == 0
        sim["hp"].clock.advance(HOUR)
        assert run(sim["hp"], "getSnapshotInfo snapshotName=s.2")[0] == 0
    with Simulator(arrays=("hp",), state=tmp_path / "state", seed=1) as sim:
        sim["hp"].clock.advance(5 * HOUR)
        assert run(sim["hp"], "getSnapshotInfo snapshotName=s.6")[0] == 0
        assert list(sim["hp"].lefthand.group.tables.snapshots) == ["s.4", "s.5", "s.6"]


def test_a_command_that_does_nothing_loses_no_run(run: Run) -> None:
    with Simulator(arrays=(ArrayConfig(name="hp", kind="hp"),), seed=1) as sim:
        array = sim["hp"]
        run(array, VOLUME)
        run(array, f"{SCHEDULE} startTime=2026-01-01T00:00:00Z")
        array.faults.add(Fault("noop", "createVolume*"))
        assert run(array, "createVolume volumeName=w clusterName=Cluster01 size=1GB")[0] == 0
        assert list(array.lefthand.group.tables.snapshots) == ["s.1"]
        assert list(array.lefthand.group.tables.volumes) == ["v"]


def test_a_clock_that_jumps_before_a_command_lets_the_command_see_what_the_time_brought(run: Run) -> None:
    with Simulator(arrays=("hp",), seed=1) as sim:
        array = sim["hp"]
        run(array, VOLUME)
        run(array, f"{SCHEDULE} startTime=2026-01-01T01:00:00Z")
        array.faults.add(Fault("condition", "getSnapshotInfo*", condition=ClockJump(HOUR)))
        assert run(array, "getSnapshotInfo snapshotName=s.1")[0] == 0
