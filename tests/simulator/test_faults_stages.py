"""Faults and latency at the stages of a connection: a client's deadlines and refusals at each of them."""

import asyncio
from collections.abc import Iterator
from time import monotonic

import asyncssh
import paramiko
import pytest

from sansim import Fault, SimulatedArray, Simulator
from sansim.faults import Latency
from tests.simulator.conftest import connect, exec_over_ssh

COMMAND = {"solaris": "uname", "hp": "help"}
STAGES = ("@connect", "@login admin", "@open", "@exit *")


@pytest.fixture(params=["solaris", "hp"])
def array(request: pytest.FixtureRequest) -> Iterator[SimulatedArray]:
    with Simulator([request.param], seed=1) as simulator:
        yield simulator[request.param]


def asked(array: SimulatedArray) -> tuple[int | None, bytes, bytes]:
    return exec_over_ssh(array, COMMAND[array.kind])


@pytest.mark.parametrize("stage", STAGES[:3])
def test_a_connection_that_is_cut_at_a_stage_is_lost_there_and_the_next_is_not(array: SimulatedArray, stage: str):
    fault = array.faults.add(Fault("cut", stage))
    with pytest.raises((asyncssh.Error, OSError)):
        asked(array)
    assert (fault.struck, len(array.log)) == (1, 0)
    assert asked(array)[0] == 0


def test_a_line_that_is_cut_at_the_exit_brings_the_answer_without_a_status(array: SimulatedArray):
    whole = asked(array)
    fault = array.faults.add(Fault("cut", "@exit*"))
    assert asked(array) == (None, *whole[1:])
    assert (fault.struck, array.log[-1].status, array.log[-1].faults) == (1, None, ("cut",))


def test_a_login_is_refused_although_the_password_is_right(array: SimulatedArray):
    fault = array.faults.add(Fault("error", "@login admin"))
    with pytest.raises(asyncssh.PermissionDenied):
        asked(array)
    assert fault.struck == 1
    assert asked(array)[0] == 0


def test_only_the_login_of_the_user_who_is_named_is_refused(array: SimulatedArray):
    fault = array.faults.add(Fault("error", "@login root"))
    assert asked(array)[0] == 0
    assert fault.struck == 0


def test_a_channel_is_refused_and_says_why_while_the_connection_stands(array: SimulatedArray):
    fault = array.faults.add(Fault("error", "@open*", stderr="out of terminals\n"))

    async def talk() -> int | None:
        async with connect(array) as connection:
            with pytest.raises(asyncssh.ChannelOpenError, match="out of terminals"):
                await connection.run(COMMAND[array.kind])
            return (await connection.run(COMMAND[array.kind])).exit_status

    assert asyncio.run(talk()) == 0
    assert fault.struck == 1


def test_the_status_of_a_whole_exec_is_told_wrong(array: SimulatedArray):
    whole = asked(array)
    fault = array.faults.add(Fault("status", f"@exit {COMMAND[array.kind]}", status=9))
    assert asked(array) == (9, *whole[1:])
    assert (fault.struck, array.log[-1].status) == (1, 9)


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_slow_once_and_late_always(array: SimulatedArray, stage: str):
    array.faults.add(Fault("slow", stage, seconds=0.03))
    latency = array.faults.slow(Latency(stage, 0.03))
    began = monotonic()
    assert asked(array)[0] == 0
    assert monotonic() - began >= 0.06
    assert asked(array)[0] == 0
    assert latency.struck == 2


def test_a_client_gives_up_a_server_that_accepts_and_says_nothing(sim: Simulator):
    fault = sim["solaris"].faults.add(Fault("hang", "@connect"))

    async def talk() -> None:
        await asyncssh.connect(sim["solaris"].host, sim["solaris"].port, known_hosts=None, connect_timeout=0.2)

    with pytest.raises(TimeoutError):
        asyncio.run(talk())
    assert fault.struck == 1


def test_a_client_gives_up_a_login_that_hangs(sim: Simulator):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "@login*"))
    known = paramiko.Ed25519Key(data=asyncssh.import_public_key(array.host_key).public_data)
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        client.get_host_keys().add(f"[{array.host}]:{array.port}", "ssh-ed25519", known)
        with pytest.raises(paramiko.AuthenticationException):
            client.connect(
                array.host,
                array.port,
                array.username,
                array.password,
                auth_timeout=0.2,
                allow_agent=False,
                look_for_keys=False,
            )
    assert fault.struck == 1


@pytest.mark.parametrize("stage", ["@open*", "@exit*"])
def test_a_client_gives_up_a_channel_that_hangs_and_its_other_channels_go_on(array: SimulatedArray, stage: str):
    fault = array.faults.add(Fault("hang", stage))

    async def talk() -> None:
        async with connect(array) as connection:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(connection.run(COMMAND[array.kind]), 0.2)
            assert (await connection.run(COMMAND[array.kind])).exit_status == 0

    asyncio.run(talk())
    assert fault.struck == 1
    assert array.log.quiet()


def test_removing_the_fault_lets_a_stage_go_on(array: SimulatedArray):
    fault = array.faults.add(Fault("hang", "@exit*"))

    async def talk() -> int | None:
        async with connect(array) as connection:
            process = await connection.create_process(COMMAND[array.kind])
            hold = (await asyncio.to_thread(array.log.held, "@exit*")).holds[0]
            assert (hold.program, hold.by) == (f"@exit {COMMAND[array.kind]}", "hang")
            array.faults.remove(fault)
            return (await process.wait()).exit_status

    assert asyncio.run(talk()) == 0


def test_a_pattern_for_programs_means_no_stage(array: SimulatedArray):
    fault = array.faults.add(Fault("error", "*", times=None))
    asked(array)
    assert fault.struck == (0 if array.kind == "solaris" else 1)


@pytest.mark.parametrize(
    ("kind", "pattern", "said"),
    [
        ("cut", "@logout", "@connect, @login, @open, @exit"),
        ("garble", "@exit*", "condition, cut, hang, slow, status"),
        ("error", "@*", "@connect"),
    ],
)
def test_what_cannot_strike_at_a_stage_is_refused(kind: str, pattern: str, said: str):
    with pytest.raises(ValueError, match=said):
        Fault(kind, pattern)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="when"):
        Fault("cut", "@open*", when="after")
