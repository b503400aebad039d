"""Programs that hang: each for itself, until the fault is removed; under CLIQ until the client is gone."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import asyncssh
import pytest

from sansim import Fault, SimulatedArray, Simulator
from sansim.faults import Intervention
from tests.simulator.conftest import connect, exec_over_ssh


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    """Threads for clients that wait."""
    with ThreadPoolExecutor() as executor:
        yield executor


def held(array: SimulatedArray) -> list[str]:
    return [hold.program for one in array.log.running for hold in one.holds]


async def leave(array: SimulatedArray, command: str) -> None:
    """Run a command that hangs, and go without waiting for its end."""
    connection = await connect(array)
    await connection.create_process(command)
    await asyncio.to_thread(array.log.held)
    connection.abort()
    await connection.wait_closed()


def test_two_hang_at_once_and_each_goes_on_when_its_own_fault_is_removed(sim: Simulator, elsewhere: ThreadPoolExecutor):
    array = sim["solaris"]
    first, second = (array.faults.add(Fault("hang", f"zfs get {name}*")) for name in ("type", "used"))
    one, other = (
        elsewhere.submit(exec_over_ssh, array, f"zfs get {name} -H -o value tank") for name in ("type", "used")
    )
    array.log.held("zfs get type*")
    array.log.held("zfs get used*")
    assert exec_over_ssh(array, "zfs get -H -o value type tank") == (0, b"filesystem\n", b"")
    assert exec_over_ssh(sim["hp"], "help")[0] == 0
    array.faults.remove(second)
    assert other.result()[0] == 1
    assert held(array) == ["zfs get type -H -o value tank"]
    array.faults.remove(first)
    assert one.result()[0] == 1
    assert held(array) == []
    assert (first.struck, second.struck) == (1, 1)


def test_one_fault_holds_up_as_many_as_it_strikes_and_lets_all_go(sim: Simulator, elsewhere: ThreadPoolExecutor):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs list*", times=None))
    commands = ("zfs list -H -o name", "zfs list -o name -H", "zfs list -Ho name")
    clients = [elsewhere.submit(exec_over_ssh, array, command) for command in commands]
    for command in commands:
        assert array.log.held(command).text == command
    array.faults.remove(fault)
    assert [client.result() for client in clients] == [(0, b"tank\n", b"")] * 3
    assert fault.struck == 3


def test_a_fault_that_hangs_and_is_set_again_still_lets_go(sim: Simulator, elsewhere: ThreadPoolExecutor):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs list*"))
    client = elsewhere.submit(exec_over_ssh, array, "zfs list")
    array.log.held()
    assert array.faults.add(fault) is fault
    assert len(array.faults) == 1
    array.faults.remove(fault)
    assert client.result()[0] == 0


@pytest.mark.parametrize(("when", "made"), [("before", False), ("after", True)])
def test_what_hangs_under_cliq_ends_with_its_client(sim: Simulator, when: str, *, made: bool):
    array = sim["hp"]
    array.faults.add(Fault("hang", "createVolume*", when="before" if when == "before" else "after"))
    asyncio.run(leave(array, "createVolume volumeName=a clusterName=Cluster01 size=1GB"))
    assert array.log.quiet()
    assert (array.log[-1].status, array.log[-1].faults) == (None, ("hang",))
    assert ("a" in array.lefthand.group.tables.volumes) is made


def test_what_hangs_on_a_solaris_host_stays_without_its_client_until_the_fault_is_removed(sim: Simulator):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs create*"))
    asyncio.run(leave(array, "zfs create -V 1G tank/a; zfs create -V 1G tank/b"))
    assert exec_over_ssh(array, "zfs list -H -o name")[1] == b"tank\n"
    assert held(array) == ["zfs create -V 1G tank/a"]
    array.faults.remove(fault)
    assert array.log.quiet()
    assert exec_over_ssh(array, "zfs list -H -o name")[1] == b"tank\ntank/a\ntank/b\n"


def test_what_hangs_on_a_solaris_host_can_be_killed_from_another_login(sim: Simulator, elsewhere: ThreadPoolExecutor):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs list*"))
    client = elsewhere.submit(exec_over_ssh, array, "zfs list; echo $?")
    array.log.held()
    status, _, stderr = exec_over_ssh(array, "pkill zfs")
    assert (status, stderr) == (0, b"")
    assert client.result()[1].strip() in {b"143", b"271"}
    assert (fault.struck, held(array)) == (1, [])


def test_what_hangs_at_a_terminal_is_given_up_with_a_key(sim: Simulator):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs list*"))

    async def talk() -> str:
        async with connect(array) as connection:
            process = await connection.create_process(term_type="vt100")
            process.stdin.write("zfs list\r")
            await asyncio.to_thread(array.log.held)
            process.stdin.write("\x03")
            process.stdin.write("echo status $?\rexit\r")
            return str((await process.wait()).stdout)

    assert "\r\nstatus 258\r\n" in asyncio.run(talk())
    assert (fault.struck, held(array)) == (1, [])


@pytest.mark.parametrize("kind", ["solaris", "hp"])
@pytest.mark.parametrize("stage", ["*", "@connect", "@login*", "@open*", "@exit*"])
def test_a_simulator_stops_although_something_hangs(kind: str, stage: str):
    async def talk(array: SimulatedArray) -> int | None:
        with suppress(asyncssh.Error, OSError):
            async with connect(array) as connection:
                return (await connection.run("zfs list" if kind == "solaris" else "help")).exit_status
        return None

    struck = Event()
    with ThreadPoolExecutor() as elsewhere:
        with Simulator([kind], seed=1) as simulator:
            array = simulator[kind]
            array.faults.add(Fault("condition", stage, condition=Intervention(lambda _line: struck.set())))
            array.faults.add(Fault("hang", stage))
            lost = elsewhere.submit(asyncio.run, talk(array))
            assert struck.wait(10)
        assert lost.result() is None
    assert array.log.running == ()
