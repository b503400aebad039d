"""Latency: how much longer programs take, always; and that what is held up is visible as running (row 21)."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sansim import Fault, SimulatedArray, Simulator
from sansim.config_file import read
from sansim.faults import Latency, fault_of, latency_of, table_of
from sansim.log import Hold
from tests.simulator.conftest import Run, connect, exec_over_ssh

COMMAND = {"solaris": "zfs list -H -o name", "hp": "getClusterInfo clusterName=Cluster01"}
PATTERN = {"solaris": "zfs list*", "hp": "getClusterInfo*"}


@pytest.mark.parametrize("kind", COMMAND)
def test_every_program_that_matches_takes_longer_and_no_other(kind: str, run: Run):
    with Simulator([kind], seed=1) as simulator:
        array = simulator[kind]
        latency = array.faults.slow(Latency(PATTERN[kind], 0.02))
        assert [run(array, COMMAND[kind])[0] for _ in range(3)] == [0, 0, 0]
        assert run(array, "zpool list" if kind == "solaris" else "getGroupInfo")[0] == 0
        assert latency.struck == 3
        assert [(one.latency, one.elapsed >= one.latency) for one in array.log] == [(0.02, True)] * 3 + [(0.0, True)]


def drawn(seed: int) -> list[float]:
    """The latencies of some programs, as the log tells them."""
    with Simulator(["solaris"], seed=seed) as simulator:
        array = simulator["solaris"]
        array.faults.slow(Latency("zfs list*", 0.002, spread=0.002))

        async def talk() -> None:
            async with connect(array) as connection:
                for _ in range(10):
                    await connection.run("zfs list")

        asyncio.run(talk())
        return [one.latency for one in array.log]


def test_a_spread_is_even_within_its_bounds_and_the_same_for_a_seed():
    first = drawn(1)
    assert len(set(first)) == 10
    assert all(0 <= seconds <= 0.004 for seconds in first)
    assert drawn(1) == first
    assert drawn(2) != first


def test_the_latency_set_last_counts_and_the_one_before_it_again_when_that_is_removed(sim: Simulator, run: Run):
    array = sim["solaris"]
    general = array.faults.slow(Latency("zfs*", 0.001))
    special = array.faults.slow(Latency("zfs list*", 0.002))
    run(array, "zfs list")
    array.faults.hasten(special)
    run(array, "zfs list")
    array.faults.hasten(general)
    run(array, "zfs list")
    assert [one.latency for one in array.log] == [0.002, 0.001, 0.0]
    assert (general.struck, special.struck) == (1, 1)
    assert array.faults.latencies == ()


def test_setting_a_latency_again_makes_it_the_last(sim: Simulator, run: Run):
    array = sim["solaris"]
    first = array.faults.slow(Latency("zfs*", 0.001))
    array.faults.slow(Latency("zfs*", 0.002))
    array.faults.slow(first)
    assert len(array.faults.latencies) == 2
    run(array, "zfs list")
    assert array.log[-1].latency == 0.001


def test_the_latencies_of_one_exec_add_up(sim: Simulator, run: Run):
    array = sim["solaris"]
    latency = array.faults.slow(Latency("zfs*", 0.005))
    run(array, "for i in 1 2 3; do zfs list; done")
    assert latency.struck == 3
    assert array.log[-1].latency == pytest.approx(0.015)


def delayed(array: SimulatedArray, by: str) -> Fault | Latency:
    """Delay the command of an array's kind for longer than any test takes."""
    match by:
        case "latency":
            return array.faults.slow(Latency(PATTERN[array.kind], 3600))
        case "slow":
            return array.faults.add(Fault("slow", PATTERN[array.kind], seconds=3600))
        case _:
            return array.faults.add(Fault("hang", PATTERN[array.kind]))


@pytest.mark.parametrize("kind", COMMAND)
@pytest.mark.parametrize("by", ["latency", "slow", "hang"])
def test_row_21_a_delayed_command_is_visible_as_running_and_the_fault_counts_that_it_struck(kind: str, by: str):
    """Row 21: whoever looks while a command is delayed finds it under way, with what holds it up."""
    with Simulator([kind], seed=1) as simulator, ThreadPoolExecutor() as elsewhere:
        array = simulator[kind]
        held_up_by = delayed(array, by)
        assert [one.text for one in array.log.running] == []
        client = elsewhere.submit(exec_over_ssh, array, COMMAND[kind])
        held = array.log.held(PATTERN[kind])
        (running,) = array.log.running
        for one in (held, running):
            assert (one.running, one.number, one.status, one.user, one.text) == (True, 0, None, "admin", COMMAND[kind])
            assert (one.programs, one.holds) == ((COMMAND[kind],), (Hold(COMMAND[kind], by),))
        assert not client.done()
        assert len(array.log) == 0
        assert not array.log.quiet(timeout=0)
        array.faults.clear()
        assert client.result()[0] == 0
        assert array.log.quiet()
        assert [one.text for one in array.log.running] == []
        assert (array.log[-1].running, array.log[-1].holds, held_up_by.struck) == (False, (), 1)


def test_several_programs_of_one_exec_are_held_up_each_by_its_own(sim: Simulator):
    array = sim["solaris"]
    array.faults.slow(Latency("zfs*", 3600))
    array.faults.add(Fault("hang", "zpool*"))
    with ThreadPoolExecutor() as elsewhere:
        client = elsewhere.submit(exec_over_ssh, array, "zfs list -H -o name & zpool list -H -o name; wait")
        array.log.held("zfs*")
        holds = array.log.held("zpool*").holds
        assert {(hold.program.split()[0], hold.by) for hold in holds} == {("zfs", "latency"), ("zpool", "hang")}
        array.faults.clear()
        assert client.result() == (0, b"tank\ntank\n", b"")


def test_who_waits_for_something_that_is_not_held_up_is_told_so(sim: Simulator):
    with pytest.raises(TimeoutError, match="no program zfs"):
        sim["solaris"].log.held("zfs*", timeout=0)


def test_two_arrays_do_not_wait_for_each_other(sim: Simulator):
    sim["solaris"].faults.slow(Latency("*", 3600))
    with ThreadPoolExecutor() as elsewhere:
        client = elsewhere.submit(exec_over_ssh, sim["solaris"], "zfs list")
        sim["solaris"].log.held()
        assert exec_over_ssh(sim["hp"], "getClusterInfo")[0] == 0
        sim["solaris"].faults.clear()
        assert client.result()[0] == 0


def test_faults_and_latency_come_from_a_configuration(tmp_path: Path, run: Run):
    file = tmp_path / "arrays.toml"
    file.write_text(
        """
[[array]]
kind = "solaris"

[[array.latency]]
pattern = "zfs*"
seconds = 0.001

[[array.fault]]
kind = "status"
pattern = "zfs list*"
status = 5
times = "always"
skip = 1

[[array.fault]]
kind = "cut"
pattern = "@exit*uname"
"""
    )
    with Simulator(read(file)) as simulator:
        array = simulator["solaris"]
        assert [run(array, "zfs list")[0] for _ in range(4)] == [0, 5, 5, 5]
        assert run(array, "uname") == (None, b"SunOS\n", b"")
        assert [fault.struck for fault in array.faults] == [3, 1]
        assert [latency.struck for latency in array.faults.latencies] == [4]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"kind": "slow", "pattern": "*"}, "how many seconds"),
        ({"kind": "cut", "pattern": "*", "stderr": "x"}, "stderr says nothing about a fault of kind cut"),
        ({"kind": "status", "pattern": "*", "seconds": 3}, "seconds says nothing"),
        ({"kind": "status", "pattern": "*", "status": 256}, "255"),
        ({"kind": "error", "pattern": 5}, "pattern"),
        ({"kind": "error", "pattern": "*", "times": "twice"}, "twice"),
        ({"kind": "error", "pattern": "*", "when": "midway"}, "before or after"),
        ({"kind": "error", "pattern": "*", "colour": "red"}, "colour"),
        ({"kind": "condition", "pattern": "*"}, "condition"),
        ({"kind": "condition", "pattern": "*", "condition": {"kind": "rain"}}, "rain"),
    ],
)
def test_a_table_that_says_what_cannot_be_is_refused(table: dict[str, object], said: str):
    with pytest.raises(ValueError, match=said):
        fault_of(table)


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "error", "pattern": "zfs*", "times": "always", "status": 3, "stderr": "no\n"},
        {"kind": "condition", "pattern": "zfs*", "when": "after", "condition": {"kind": "clock-jump", "seconds": 9.0}},
        {"kind": "hang", "pattern": "@open*"},
    ],
)
def test_a_fault_says_as_a_table_what_it_was_made_of(table: dict[str, object]):
    assert table_of(fault_of(table)) == {**table, "struck": 0}


def test_a_latency_says_as_a_table_what_it_was_made_of():
    table = {"pattern": "zfs*", "seconds": 2, "spread": 1.5}
    assert table_of(latency_of(table)) == {**table, "struck": 0}
    with pytest.raises(ValueError, match="more than the latency"):
        latency_of({"pattern": "*", "seconds": 1, "spread": 2})
    with pytest.raises(ValueError, match="@connect"):
        latency_of({"pattern": "@nowhere", "seconds": 1})
