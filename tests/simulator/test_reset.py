"""A reset array is as freshly made, and no array is touched by what becomes of another."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sansim import ArrayConfig, Fault, Latency, SimulatedArray, Simulator
from sansim.faults import ClockJump
from tests.simulator.chance.invariants import check_state
from tests.simulator.conftest import Run

EXPORT = (
    "zfs create -V 1G tank/db1 && g=$(stmfadm create-lu /dev/zvol/rdsk/tank/db1 | sed 's/.*: //')"
    ' && stmfadm add-view "$g" && itadm create-target -n iqn.2026-01.org.example:t1'
)


def given_a_life(array: SimulatedArray, run: Run) -> None:
    """Let an array of the configuration below be anything but fresh."""
    array.faults.clear()
    array.clock.advance(3600)
    if array.kind == "solaris":
        assert run(array, f"{EXPORT}; echo kept > /tmp/kept; echo kept > /root/kept; rm /etc/motd")[0] == 0
        array.solaris.comstar.smf.break_start("svc:/system/stmf:default")
    else:
        assert run(array, "createVolume volumeName=v1 clusterName=Cluster01 size=1GB")[0] == 0


CONFIGS = tuple(
    ArrayConfig(
        name=kind,
        kind=kind,
        faults=(Fault("error", "nothing*"),),
        latencies=(Latency("nothing*", 1.0),),
        conditions=(ClockJump(10.0),),
    )
    for kind in ("solaris", "hp")
)


@pytest.mark.parametrize("kind", ["solaris", "hp"])
def test_a_reset_array_is_one_that_is_freshly_made(kind: str, run: Run) -> None:
    first = {
        "solaris": "ls -la / /tmp /root /etc; zfs create -V 1G tank/a && sbdadm create-lu /dev/zvol/rdsk/tank/a; date",
        "hp": "createVolume volumeName=v clusterName=Cluster01 size=1GB",
    }[kind]

    def born(array: SimulatedArray) -> tuple[object, ...]:
        told = (array.export(), array.clock.now(), len(array.log), array.password, array.host_key)
        faults = (len(array.faults), len(array.faults.latencies), [each.condition for each in array.faults.standing])
        return *told, *faults, run(array, first), array.export()

    with Simulator(CONFIGS, seed=1) as fresh:
        wanted = born(fresh[kind])
    with Simulator(CONFIGS, seed=1) as sim:
        other = {"solaris": "hp", "hp": "solaris"}[kind]
        for array in sim.values():
            given_a_life(array, run)
        untouched, asked = sim[other].export(), len(sim[other].log)
        sim[kind].reset()
        assert born(sim[kind]) == wanted
        # Row 24: reset of one is nothing to another.
        assert sim[other].export() == untouched
        assert len(sim[other].log) == asked
        sim.reset()
        assert born(sim[kind]) == wanted


def test_a_reset_is_in_the_file_and_keeps_who_the_array_is(tmp_path: Path, run: Run) -> None:
    state = tmp_path / "state.db"
    with Simulator(("hp",), state=state) as sim:
        fresh = sim.export()
        run(sim["hp"], "createVolume volumeName=v1 clusterName=Cluster01 size=1GB")
        sim.reset()
        assert sim.export() == fresh
        known = sim["hp"].connect_args
    with Simulator(("hp",), state=state) as sim:
        assert sim.export() == fresh
        assert sim["hp"].connect_args == known


def test_a_second_start_invents_nothing_that_the_first_one_invented(tmp_path: Path, run: Run) -> None:
    for number in range(3):
        with Simulator(seed=1, state=tmp_path / "state.db") as sim:
            assert run(sim["solaris"], f"zfs create -V 1G tank/v{number} && itadm create-target")[0] == 0
            check_state(sim["solaris"].solaris)
            assert len([*sim["solaris"].solaris.comstar.iscsit.targets]) == number + 1


def test_a_host_whose_last_pool_was_destroyed_has_none_after_a_restart(tmp_path: Path, run: Run) -> None:
    with Simulator(("solaris",), state=tmp_path / "state.db") as sim:
        assert run(sim["solaris"], "zpool destroy tank")[0] == 0
    with Simulator(("solaris",), state=tmp_path / "state.db") as sim:
        assert run(sim["solaris"], "zpool list -H -o name") == (0, b"", b"")


# Row 24: isolation.


@pytest.fixture
def two() -> Iterator[tuple[Simulator, Simulator]]:
    with Simulator(seed=1) as one, Simulator(seed=1) as other:
        yield one, other


def test_row_24_two_simulators_in_one_process_do_not_see_each_other(two: tuple[Simulator, Simulator], run: Run) -> None:
    one, other = two
    before = other.export()
    one["solaris"].faults.add(Fault("error", "zpool*"))
    one["hp"].clock.advance(60)
    assert run(one["solaris"], f"{EXPORT}; echo x > /tmp/x")[0] == 0
    assert run(one["hp"], "createVolume volumeName=v1 clusterName=Cluster01 size=1GB")[0] == 0
    assert other.export() == before
    assert not any(array.log for array in other.values())
    assert run(other["solaris"], "ls /tmp; zpool list -H -o name") == (0, b"tank\n", b"")
    assert run(one["solaris"], "zpool list")[0] == 1
    assert other["hp"].clock.now() != one["hp"].clock.now()
    after = other.export()
    one.reset()
    assert other.export() == after
    other.restore(one.snapshot())
    assert other.export() == one.export()


@pytest.mark.parametrize("number", range(4))
def test_row_24_each_test_has_arrays_of_its_own(sim: Simulator, run: Run, number: int) -> None:
    assert run(sim["solaris"], "zfs list -H -o name")[1] == b"tank\n"
    assert run(sim["solaris"], f"zfs create -V 1G tank/v{number}")[0] == 0
    assert [item.text for item in sim["solaris"].log] == ["zfs list -H -o name", f"zfs create -V 1G tank/v{number}"]
