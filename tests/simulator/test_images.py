"""Images of arrays: taken at any moment, put back whole, and right in the engines then."""

import asyncio
import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sansim import ArrayConfig, Fault, Image, SimulatedArray, Simulator
from sansim.faults import DegradedPool, Intervention, LateDevices
from sansim.solaris.pools import lineage
from tests.simulator.chance.invariants import check_state
from tests.simulator.conftest import Run, connect

EXPORT = (
    "zfs create -V 1G tank/db1 && g=$(stmfadm create-lu /dev/zvol/rdsk/tank/db1 | sed 's/.*: //')"
    ' && stmfadm add-view "$g" && itadm create-target -n iqn.2026-01.org.example:t1'
)
TARGET = "iqn.2026-01.org.example:t1"
HOST = "iqn.1998-01.com.vmware:esx1"


def volumes(array: SimulatedArray) -> list[str]:
    return [name for name, dataset in array.solaris.pools.datasets.items() if dataset.kind == "volume"]


def test_an_image_puts_back_what_the_engines_hold_and_what_they_remember(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    host = array.solaris
    assert run(array, EXPORT)[0] == 0
    session = host.comstar.iscsit.login(HOST, TARGET)
    image = array.snapshot()
    before = {command: run(array, command) for command in ("zfs list -Hp", "stmfadm list-lu -v", "itadm list-target")}
    delete_unit = "stmfadm delete-lu $(sbdadm list-lu | tail -n 1 | cut -d' ' -f1)"
    assert run(array, f"itadm delete-target -f {TARGET} && {delete_unit}")[0] == 0
    assert run(array, "zfs destroy tank/db1 && zfs create -V 2G tank/db1 && zfs snapshot tank/db1@1")[0] == 0
    array.restore(image)
    assert {command: run(array, command) for command in before} == before
    check_state(host)
    # A volume with a unit is held open, and the kernel knows its target: neither is in a table.
    assert b"busy" in run(array, "zfs destroy tank/db1")[2]
    assert [found.initiator for found in host.comstar.stmf.ports.sessions(TARGET)] == [session.initiator]
    assert host.comstar.iscsit.login("iqn.1998-01.com.vmware:esx2", TARGET).target == TARGET
    array.restore(array.snapshot())


def test_what_is_invented_after_a_restore_is_what_would_have_been(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    image = array.snapshot()
    array.clock.advance(60)
    created = "zfs create tank/a && zfs get -Hp -o value guid,creation tank/a"
    later = run(array, created)
    array.restore(image)
    first = run(array, created)
    assert first != later
    assert first[1].splitlines()[0] == later[1].splitlines()[0]
    assert int(later[1].splitlines()[1]) - int(first[1].splitlines()[1]) == 60
    array.restore(image)
    assert run(array, created) == first


def test_an_image_is_not_changed_by_what_comes_later(sim: Simulator, run: Run) -> None:
    array = sim["hp"]
    empty = array.snapshot()
    run(array, "createVolume volumeName=v1 clusterName=Cluster01 size=1GB")
    full = array.snapshot()
    for image, names in ((empty, []), (full, ["v1"]), (empty, []), (full, ["v1"])):
        array.restore(image)
        assert list(array.lefthand.group.tables.volumes) == names


def test_an_image_serves_another_array_of_its_kind_and_flavour_only(run: Run) -> None:
    arrays = (
        ArrayConfig(name="a", kind="solaris"),
        ArrayConfig(name="b", kind="solaris"),
        ArrayConfig(name="c", kind="solaris", flavour="openindiana"),
        ArrayConfig(name="d", kind="hp"),
    )
    with Simulator(arrays, seed=1) as sim:
        assert run(sim["a"], "zfs create -V 1G tank/db1")[0] == 0
        image = sim["a"].snapshot()
        sim["b"].restore(image)
        assert volumes(sim["b"]) == ["tank/db1"]
        for name in "cd":
            with pytest.raises(ValueError, match="of that kind and flavour"):
                sim[name].restore(image)
        assert volumes(sim["c"]) == []


def test_all_arrays_are_put_back_at_one_moment(sim: Simulator, run: Run) -> None:
    images = sim.snapshot()
    text = sim.export()
    run(sim["solaris"], EXPORT)
    run(sim["hp"], "createVolume volumeName=v1 clusterName=Cluster01 size=1GB")
    assert sim.export() != text
    sim.restore(images)
    assert sim.export() == text
    sim.restore({})
    with pytest.raises(KeyError):
        sim.restore({"nobody": images["hp"]})


def test_a_restore_is_in_the_file(tmp_path: Path, run: Run) -> None:
    state = tmp_path / "state.db"
    with Simulator(seed=1, state=state) as sim:
        run(sim["solaris"], "zfs create -V 1G tank/kept")
        images = sim.snapshot()
        run(sim["solaris"], "zfs destroy tank/kept; zfs create -V 1G tank/gone")
        run(sim["hp"], "createVolume volumeName=gone clusterName=Cluster01 size=1GB")
        sim.restore(images)
        text = sim.export()
    with Simulator(seed=1, state=state) as sim:
        assert sim.export() == text
        check_state(sim["solaris"].solaris)


def test_a_restore_that_cannot_be_written_changes_nothing(tmp_path: Path, run: Run) -> None:
    with Simulator(seed=1, state=tmp_path / "state.db") as sim:
        images = sim.snapshot()
        run(sim["solaris"], "zfs create -V 1G tank/a")
        run(sim["hp"], "createVolume volumeName=v1 clusterName=Cluster01 size=1GB")
        text = sim.export()
        assert sim._store is not None
        sim._store.close()
        with pytest.raises(sqlite3.ProgrammingError):
            sim.restore(images)
        assert sim.export() == text
        check_state(sim["solaris"].solaris)


# What runs meanwhile.


def test_what_runs_is_killed_and_connections_stay(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    image = array.snapshot()
    hang = array.faults.add(Fault("hang", "zfs create*", when="after"))

    async def talk() -> tuple[object, int | None, str]:
        loop = asyncio.get_running_loop()
        async with connect(array) as connection:
            hanging = await connection.create_process("zfs create tank/a; zfs create tank/b")
            await loop.run_in_executor(None, struck)
            await loop.run_in_executor(None, array.restore, image)
            killed = await hanging.wait()
            after = await connection.run("zfs list -H -o name")
            return killed.exit_signal, after.exit_status, str(after.stdout)

    def struck() -> None:
        while not hang.struck:
            array.log.quiet(0.01)

    signal, status, listed = asyncio.run(talk())
    assert signal is not None
    assert (status, listed) == (0, "tank\n")
    assert array.log.quiet()
    assert run(array, "zfs list -H -o name") == (0, b"tank\n", b"")


def test_who_waits_for_what_runs_does_not_do_it_from_there(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    taken: list[Image] = []
    refused: list[str] = []

    def meddle(_line: str) -> None:
        taken.append(array.snapshot())
        for act in (array.reset, lambda: array.restore(taken[0]), lambda: array.import_(array.export())):
            try:
                act()
            except RuntimeError as error:
                refused.append(str(error))

    array.faults.add(Fault("condition", "zfs create*", condition=Intervention(meddle)))
    assert run(array, "zfs create tank/a")[0] == 0
    assert len(taken) == 1
    assert len(refused) == 3
    assert "another thread" in refused[0]


def test_images_are_taken_and_put_back_while_others_change_the_array(sim: Simulator) -> None:
    array = sim["hp"]
    table = array.lefthand.group.tables
    problems: list[BaseException] = []

    def work() -> None:
        try:
            for number in range(20):
                array.lefthand.group.create_volume(f"v{number}", "Cluster01", 1 << 30)
        except BaseException as error:  # noqa: BLE001 - a thread's error is told to the test
            problems.append(error)

    empty = array.snapshot()
    worker = Thread(target=work)
    worker.start()
    for _ in range(20):
        image = array.snapshot()
        names = [entry.key for entry in image.content["volumes"]]
        assert names == sorted(names, key=lambda name: int(name[1:]))
        array.export()
    worker.join()
    assert not problems
    array.restore(empty)
    assert not table.volumes
    assert not any(table.reserved.values())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_engines_are_right_after_any_row_of_changes_and_restores(sim: Simulator, steps: list[int]) -> None:
    array = sim["solaris"]
    host = array.solaris
    array.reset()
    images = [array.snapshot()]
    for number, kind in enumerate(steps):
        name = f"tank/v{number}"
        newest = (volumes(array) or [""])[-1]
        if kind == 0 or not newest:
            host.pools.create_volume(name, 1 << 30, 8192)
            host.pools.write(name, 1 << 20)
        elif kind == 1:
            lineage.take_snapshots(host.pools, [f"{newest}@s{number}"])
        elif kind == 2:
            images.append(array.snapshot())
        elif kind == 3:
            array.restore(images[number % len(images)])
        else:
            lineage.rename(host.pools, newest, name)
        check_state(host)


def test_conditions_come_and_go_with_images(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]

    def health() -> bytes:
        return run(array, "zpool list -H -o health")[1]

    sound = array.snapshot()
    degraded = array.befall(DegradedPool())
    ill = array.snapshot()
    late = array.befall(LateDevices(looks=3))
    array.restore(sound)
    assert (health(), array.faults.standing) == (b"ONLINE\n", ())
    assert run(array, "zfs create -V 1G tank/a && sbdadm create-lu /dev/zvol/rdsk/tank/a")[0] == 0
    array.restore(ill)
    assert (health(), array.faults.standing) == (b"DEGRADED\n", (degraded,))
    assert late not in array.faults.standing
    array.lift(degraded)
    assert (health(), array.faults.standing) == (b"ONLINE\n", ())
    array.restore(ill)
    array.reset()
    assert (health(), array.faults.standing) == (b"ONLINE\n", ())
    array.restore(ill)
    array.import_(array.export())
    assert (health(), array.faults.standing) == (b"DEGRADED\n", ())


def test_a_simulator_without_arrays_has_nothing_to_put_back() -> None:
    with Simulator([], seed=1) as sim:
        assert not sim.snapshot()
        sim.restore({})
        sim.reset()
        assert sim.export() == "format = 1\narray = []\n"
