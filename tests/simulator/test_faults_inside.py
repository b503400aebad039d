"""Faults of one program among several: inside a shell script, and of one command typed at the CLIQ prompt."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncssh
import pytest
from attrs import evolve

from sansim import Fault, SimulatedArray, Simulator
from sansim.faults import ClockJump
from sansim.faults.fault import Kind, When
from tests.simulator.conftest import Run, connect

SCRIPT = """\
zfs create -V 1G tank/a; echo "a $?"
names=$(zfs list -H -o name -r tank); echo "list $?" $names
zfs create -V 1G tank/b && echo "b made"
zfs list -H -o name tank/b | sed 's/^/there: /'
"""
WHOLE = "a 0\nlist 0 tank tank/a\nb made\nthere: tank/b\n"
MISSING = "cannot open 'tank/b': dataset does not exist\n"


@pytest.mark.parametrize(
    ("fault", "stdout", "stderr"),
    [
        (Fault("error", "zfs create*/a", stderr="no\n", status=2), "a 2\nlist 0 tank\nb made\nthere: tank/b\n", "no\n"),
        (Fault("error", "zfs create*tank/b", stderr="no\n"), "a 0\nlist 0 tank tank/a\n", "no\n" + MISSING),
        (Fault("error", "zfs create*tank/b", when="after"), "a 0\nlist 0 tank tank/a\nthere: tank/b\n", ""),
        (Fault("status", "zfs create*tank/b", status=3), "a 0\nlist 0 tank tank/a\nthere: tank/b\n", ""),
        (Fault("noop", "zfs create*tank/b"), "a 0\nlist 0 tank tank/a\nb made\n", MISSING),
        (Fault("noop", "zfs create*tank/a"), "a 0\nlist 0 tank\nb made\nthere: tank/b\n", ""),
        (Fault("truncate", "zfs list*-r tank"), "a 0\nlist 0 tank t\nb made\nthere: tank/b\n", ""),
        (Fault("truncate", "zfs list*tank/b", keep=0), "a 0\nlist 0 tank tank/a\nb made\n", ""),
        (Fault("condition", "zfs create*tank/b", condition=ClockJump(60)), WHOLE, ""),
        (Fault("slow", "zfs create*tank/b", seconds=0.01), WHOLE, ""),
        (Fault("slow", "zfs list*-r tank", when="midway", seconds=0.01), WHOLE, ""),
        (Fault("slow", "zfs create*tank/b", when="after", seconds=0.01), WHOLE, ""),
    ],
    ids=lambda value: f"{value.kind}-{value.pattern[-6:]}-{value.when}" if isinstance(value, Fault) else "",
)  # fmt: skip
def test_one_program_of_a_script_is_struck(sim: Simulator, run: Run, fault: Fault, stdout: str, stderr: str):
    array = sim["solaris"]
    fault = array.faults.add(evolve(fault))
    assert run(array, SCRIPT) == (0, stdout.encode(), stderr.encode())
    assert (fault.struck, array.log[-1].faults) == (1, (fault.kind,))
    assert len(array.log[-1].programs) == 4


def test_a_program_of_a_script_is_garbled(sim: Simulator, run: Run):
    array = sim["solaris"]
    fault = array.faults.add(Fault("garble", "zfs list*tank/b"))
    _, stdout, _ = run(array, SCRIPT)
    assert stdout.startswith(WHOLE.removesuffix("tank/b\n").encode())
    assert stdout != WHOLE.encode()
    assert fault.struck == 1


@pytest.mark.parametrize("when", ["before", "midway", "after"])
def test_a_script_runs_to_its_end_when_its_line_is_cut_at_one_program(sim: Simulator, run: Run, when: When):
    array = sim["solaris"]
    fault = array.faults.add(Fault("cut", "zfs list*-r tank", when=when))
    status, stdout, _ = run(array, SCRIPT)
    assert status is None
    assert WHOLE.encode().startswith(stdout)
    assert array.log.quiet()
    assert array.log[-1].stdout.decode() == WHOLE
    assert (fault.struck, array.log[-1].status) == (1, None)
    assert {"tank/a", "tank/b"} <= set(array.solaris.pools.datasets)


@pytest.mark.parametrize("when", ["before", "midway", "after"])
def test_a_script_hangs_at_one_program_and_goes_on(sim: Simulator, when: When):
    array = sim["solaris"]
    fault = array.faults.add(Fault("hang", "zfs create*tank/b", when=when))

    async def talk() -> str:
        async with connect(array) as connection:
            process = await connection.create_process(SCRIPT)
            running = await asyncio.to_thread(array.log.held)
            assert running.programs[-1] == running.holds[0].program == "zfs create -V 1G tank/b"
            assert len(running.programs) == 3
            array.faults.remove(fault)
            return str((await process.wait()).stdout)

    assert asyncio.run(talk()) == WHOLE
    assert fault.struck == 1


CREATE = "createVolume volumeName=a clusterName=Cluster01 size=1GB"
PROMPT = "CLIQ>"


class Typist:
    """Somebody at the CLIQ prompt, without a terminal."""

    def __init__(self, process: "asyncssh.SSHClientProcess[str]") -> None:
        self.process = process

    async def typed(self, line: str) -> str:
        """Type a line, and return what is printed up to the next prompt, or to the end of the line."""
        self.process.stdin.write(f"{line}\n")
        return await self.printed()

    async def printed(self) -> str:
        """What is printed up to the next prompt, or to the end of the line."""
        try:
            return (await self.process.stdout.readuntil(PROMPT)).removesuffix(PROMPT)
        except asyncio.IncompleteReadError as error:
            return str(error.partial)
        except asyncssh.ConnectionLost:
            return ""


def at_the_prompt(array: SimulatedArray, talk: Callable[[Typist], Awaitable[None]]) -> None:
    async def talking() -> None:
        async with connect(array) as connection:
            typist = Typist(await connection.create_process(term_type=None, errors="replace"))
            await typist.printed()
            await talk(typist)

    asyncio.run(talking())


def volumes(array: SimulatedArray) -> set[str]:
    return set(array.lefthand.group.tables.volumes)


@pytest.mark.parametrize(
    ("kind", "when", "made", "said"),
    [
        ("error", "before", False, "\r\nno\r\n"),
        ("error", "after", True, "\r\nno\r\n"),
        ("status", "before", True, "CliqSuccess"),
        ("noop", "before", False, "CliqSuccess"),
        ("truncate", "before", True, "Copyright"),
        ("slow", "before", True, "CliqSuccess"),
        ("slow", "midway", True, "CliqSuccess"),
        ("slow", "after", True, "CliqSuccess"),
        ("condition", "before", True, "CliqSuccess"),
        ("condition", "after", True, "CliqSuccess"),
    ],
)
def test_a_command_at_the_prompt_is_struck_and_the_next_is_not(
    sim: Simulator, kind: Kind, when: When, *, made: bool, said: str
):
    array = sim["hp"]
    says = {
        "error": {"stdout": "no\n"},
        "slow": {"seconds": 0.01},
        "condition": {"condition": ClockJump(60)},
    }
    fault = array.faults.add(Fault(kind, "createVolume*", when=when, **says.get(kind, {})))  # type: ignore[arg-type]

    async def talk(typist: Typist) -> None:
        assert said in await typist.typed(CREATE)
        assert volumes(array) == ({"a"} if made else set())
        again = await typist.typed(CREATE)
        assert ("CliqVolumeExists" if made else "CliqSuccess") in again

    at_the_prompt(array, talk)
    assert array.log.quiet()
    assert (fault.struck, array.log[-1].faults) == (1, (kind,))
    assert array.log[-1].programs == (CREATE, CREATE)


def test_an_answer_at_the_prompt_is_garbled_and_the_next_is_not(sim: Simulator):
    array = sim["hp"]
    fault = array.faults.add(Fault("garble", "help"))

    async def talk(typist: Typist) -> None:
        garbled = await typist.typed("help")
        whole = await typist.typed("help")
        # Even the ends of lines are; where one is, one character is the fewer of two.
        assert garbled != whole
        assert abs(len(garbled) - len(whole)) < len(whole) // 10

    at_the_prompt(array, talk)
    assert fault.struck == 1


@pytest.mark.parametrize(("when", "made"), [("before", False), ("midway", True), ("after", True)])
def test_a_cut_at_the_prompt_ends_the_login(sim: Simulator, when: When, *, made: bool):
    array = sim["hp"]
    fault = array.faults.add(Fault("cut", "createVolume*", when=when))

    async def talk(typist: Typist) -> None:
        said = await typist.typed(CREATE)
        assert PROMPT not in said
        assert ("Copyright" in said) is (when == "midway")

    at_the_prompt(array, talk)
    assert array.log.quiet()
    assert (fault.struck, array.log[-1].status, array.log[-1].interactive) == (1, None, True)
    assert volumes(array) == ({"a"} if made else set())


@pytest.mark.parametrize(("when", "made"), [("before", False), ("midway", True), ("after", True)])
def test_a_command_at_the_prompt_hangs_until_the_fault_is_removed(sim: Simulator, when: When, *, made: bool):
    array = sim["hp"]
    fault = array.faults.add(Fault("hang", "createVolume*", when=when))

    async def talk(typist: Typist) -> None:
        typing = asyncio.ensure_future(typist.typed(CREATE))
        running = await asyncio.to_thread(array.log.held)
        assert (running.interactive, running.holds[0].program, running.status) == (True, CREATE, None)
        assert volumes(array) == ({"a"} if made else set())
        assert not typing.done()
        array.faults.remove(fault)
        assert "CliqSuccess" in await typing
        assert "CliqVolumeExists" in await typist.typed(CREATE)

    at_the_prompt(array, talk)
    assert fault.struck == 1


def test_a_command_that_hangs_at_the_prompt_ends_with_the_client(sim: Simulator):
    array = sim["hp"]
    array.faults.add(Fault("hang", "createVolume*"))

    async def talk() -> None:
        connection = await connect(array)
        process = await connection.create_process(term_type=None)
        process.stdin.write(f"{CREATE}\ngetClusterInfo\n")
        await asyncio.to_thread(array.log.held)
        connection.abort()
        await connection.wait_closed()

    asyncio.run(talk())
    assert array.log.quiet()
    assert array.log[-1].programs == (CREATE,)
    assert volumes(array) == set()
