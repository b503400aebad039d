"""itadm: two at the same time, what each right is good for, and secrets from the terminal."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from random import Random

import pytest

from sansim.clock import Clock
from sansim.config import default
from sansim.program import Answer, Call, Credentials
from sansim.simulator import SimulatedArray, Simulator
from sansim.solaris.comstar import Comstar
from sansim.solaris.iscsit.model import TargetChanges
from sansim.solaris.itadm.release import ILLUMOS_ITADM, PRE_2014_ITADM, ItadmRelease
from sansim.solaris.pools.pool import Pools
from sansim.solaris.smf.smf import ISCSI_TARGET
from sansim.state import State
from tests.simulator.conftest import connect

ESX1 = "iqn.1998-01.com.vmware:esx1"
TARGET = "iqn.2010-08.org.illumos:02:t1"
SECOND = "iqn.2010-08.org.illumos:02:t2"
SECRET = "correct horse battery"
ROOT = Credentials("root", root=True)
TARGETS = f"{'TARGET NAME':<61}{'STATE':<9}SESSIONS \n"

Ask = Callable[[str], Awaitable[str | None]]


def host(release: ItadmRelease = ILLUMOS_ITADM) -> Comstar:
    state = State()
    clock = Clock(datetime(2026, 11, 4, 9, 5, 1, tzinfo=UTC))
    random = Random(1)
    return Comstar(state, Pools(state, clock, random), clock, random, itadm_release=release)


@pytest.fixture
def comstar() -> Comstar:
    return host()


def no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


async def nobody(prompt: str) -> str | None:
    raise AssertionError(f"nobody is to be asked: {prompt}")


async def itadm(comstar: Comstar, *words: str, who: Credentials = ROOT, ask: Ask = nobody) -> Answer:
    return await comstar.programs()["itadm"](Call(("itadm", *words), who, no_file, ask=ask))


def run(comstar: Comstar, *words: str, who: Credentials = ROOT, ask: Ask = nobody) -> Answer:
    return asyncio.run(itadm(comstar, *words, who=who, ask=ask))


class Turns:
    """Lets the programs on a host go on one by one, in an order that is written down.

    Each is known by the number under which it first paused. All are to pause before the first goes on; then
    every pause lasts until it is that one's turn.
    """

    def __init__(self, order: Sequence[int]) -> None:
        self._order = list(order)
        self._programs = len(set(order))
        self._moved = asyncio.Condition()
        self._numbers: dict[asyncio.Task[object] | None, int] = {}

    async def __call__(self) -> None:
        number = self._numbers.setdefault(asyncio.current_task(), len(self._numbers))
        async with self._moved:
            self._moved.notify_all()
            await self._moved.wait_for(lambda: len(self._numbers) == self._programs and self._order[0] == number)
            self._order.pop(0)
            self._moved.notify_all()


def two_at_once(comstar: Comstar, order: Sequence[int], *commands: Sequence[str]) -> list[Answer]:
    async def both() -> list[Answer]:
        comstar.iscsit.pause, usual = Turns(order), comstar.iscsit.pause
        answers = await asyncio.gather(*(itadm(comstar, *words) for words in commands))
        comstar.iscsit.pause = usual
        return answers

    return asyncio.run(both())


LOST = Answer(
    stderr="Configuration changed during processing. Check the configuration, then retry this command if "
    "appropriate.\nitadm create-target failed with error 32787\n",
    status=19,
)


# Each itadm pauses twice: after it has read the configuration, and after the kernel has it.
@pytest.mark.parametrize(
    "order",
    [
        pytest.param((0, 1, 0, 1), id="both-are-in-the-kernel-before-one-is-saved"),
        pytest.param((0, 0, 1, 1), id="one-is-saved-before-the-other-is-in-the-kernel"),
    ],
)
def test_of_two_at_once_the_one_that_saves_last_loses(comstar: Comstar, order: Sequence[int]) -> None:
    first, second = two_at_once(comstar, order, ("create-target", "-n", TARGET), ("create-target", "-n", SECOND))
    assert first == Answer(f"Target {TARGET} successfully created\n")
    assert second == LOST
    assert run(comstar, "list-target") == Answer(f"{TARGETS}{TARGET:<61}online   0        \n")
    assert [port.name for port in comstar.stmf.ports] == [TARGET]
    assert run(comstar, "create-target", "-n", SECOND).status == 0, "it may be tried again"


def test_two_at_once_meet_without_any_help(comstar: Comstar) -> None:
    async def both() -> list[Answer]:
        return await asyncio.gather(*(itadm(comstar, "create-target", "-n", name) for name in (TARGET, SECOND)))

    assert [answer.status for answer in asyncio.run(both())] == [0, 19]


def test_whose_change_is_saved_may_lose_its_target_for_a_moment(comstar: Comstar) -> None:
    async def story() -> tuple[list[str], list[str]]:
        arrived = asyncio.Event()
        go_on = asyncio.Event()
        pauses = 0

        async def pause() -> None:
            nonlocal pauses
            pauses += 1
            if pauses == 2:
                arrived.set()
                await go_on.wait()

        comstar.iscsit.pause = pause
        loaded = comstar.iscsit.load()
        # It has read the configuration, and handed over another: there it waits.
        loser = asyncio.create_task(itadm(comstar, "create-target", "-n", SECOND))
        await arrived.wait()
        assert comstar.iscsit.load() == loaded, "nothing is saved as yet"
        during = [port.name for port in comstar.stmf.ports]
        comstar.iscsit.targets.create(TARGET, TargetChanges())
        comstar.iscsit.login(ESX1, TARGET)
        go_on.set()
        assert await loser == LOST
        return during, [port.name for port in comstar.stmf.ports]

    assert asyncio.run(story()) == ([SECOND], [TARGET])
    assert len(comstar.stmf.ports.sessions(TARGET)) == 1, "the kernel never missed this one"


def test_the_loser_s_moment_drops_the_sessions_of_the_winner_s_target(comstar: Comstar) -> None:
    async def story() -> list[str]:
        read = asyncio.Event()
        made = asyncio.Event()
        handed_over = asyncio.Event()
        looked = asyncio.Event()
        steps = iter(((read, made), (handed_over, looked)))

        async def pause() -> None:
            here, there = next(steps)
            here.set()
            await there.wait()

        comstar.iscsit.pause = pause
        loser = asyncio.create_task(itadm(comstar, "create-target", "-n", SECOND))
        await read.wait()
        comstar.iscsit.targets.create(TARGET, TargetChanges())
        comstar.iscsit.login(ESX1, TARGET)
        made.set()
        await handed_over.wait()
        shown = await itadm(comstar, "list-target")
        looked.set()
        assert await loser == LOST
        return shown.printed.splitlines()

    # Configured it stays; the stmf service does not know it just now.
    assert asyncio.run(story())[1] == f"{TARGET:<61}-        0        "
    assert comstar.stmf.ports[TARGET].online
    assert comstar.stmf.ports.sessions(TARGET) == [], "the initiator has to log in again"


def test_the_service_may_go_while_itadm_works(comstar: Comstar) -> None:
    async def pause() -> None:
        if comstar.smf.online(ISCSI_TARGET):
            comstar.smf.disable(ISCSI_TARGET)

    comstar.iscsit.pause = pause
    assert run(comstar, "create-target", "-n", TARGET) == Answer(
        stderr="Configuration change failed: Bad address\nitadm create-target failed with error 14\n", status=14
    )
    assert TARGET not in comstar.iscsit.targets
    assert list(comstar.stmf.ports) == []


def test_before_2014_the_loser_s_line_has_two_blanks() -> None:
    comstar = host(PRE_2014_ITADM)
    names = ("iqn.1986-03.com.sun:02:t1", "iqn.1986-03.com.sun:02:t2")
    first, second = two_at_once(comstar, (0, 1, 0, 1), *(("create-target", "-n", name) for name in names))
    assert first.status == 0
    assert second.stderr.splitlines()[0].startswith("Configuration changed during processing.  Check")
    assert second.status == 19


def test_any_change_collides_with_any_other(comstar: Comstar) -> None:
    first, second = two_at_once(
        comstar, (0, 1, 0, 1), ("create-tpg", "tpg1", "10.0.0.1"), ("modify-defaults", "-a", "chap")
    )
    assert first == Answer()
    assert second == Answer(stderr=LOST.stderr.replace("create-target", "modify-defaults"), status=19)
    assert comstar.iscsit.defaults.authentication != "chap"


def test_over_two_channels_one_loses() -> None:
    async def both(array: SimulatedArray) -> list[tuple[int | None, str]]:
        async with connect(array) as connection:
            done = await asyncio.gather(
                *(connection.run(f"itadm create-target -n {name}") for name in (TARGET, SECOND))
            )
            return [(one.exit_status, str(one.stderr)) for one in done]

    with Simulator(arrays=(default("solaris"),), seed=1) as simulator:
        array = simulator["solaris"]
        array.solaris.comstar.iscsit.pause = Turns((0, 1, 0, 1))
        answers = asyncio.run(both(array))
    assert sorted(answers, key=lambda answer: answer[0] or 0) == [(0, ""), (19, LOST.stderr)]


# Rights: a change needs the two authorizations, and a privilege for what the kernel takes.
MODIFY = frozenset({"solaris.smf.modify.stmf"})
READ = frozenset({"solaris.smf.read.stmf"})
DEVICES = frozenset({"sys_devices"})


def test_who_may_change_but_not_read_fails_where_it_is_read(comstar: Comstar) -> None:
    assert run(comstar, "create-target", "-n", TARGET, who=Credentials("op", authorizations=MODIFY)) == Answer(
        stderr="Error retrieving iSCSI target configuration: permission denied\n"
        "itadm create-target failed with error 32773\n",
        status=5,
    )


def test_who_lacks_the_privilege_fails_where_the_kernel_is_asked(comstar: Comstar) -> None:
    who = Credentials("op", authorizations=MODIFY | READ)
    assert run(comstar, "create-tpg", "tpg1", "10.0.0.1", who=who) == Answer(
        stderr="Configuration change failed: Not owner\nitadm create-tpg failed with error 1\n", status=1
    )
    assert list(comstar.iscsit.portal_groups) == []


@pytest.mark.parametrize("authorizations", [MODIFY | READ, frozenset({"solaris.smf.*"}), frozenset({"solaris.*"})])
def test_who_has_it_all_needs_not_be_root(comstar: Comstar, authorizations: frozenset[str]) -> None:
    who = Credentials("op", privileges=DEVICES, authorizations=authorizations)
    assert run(comstar, "create-target", "-n", TARGET, who=who).status == 0
    assert run(comstar, "list-target", who=who).printed == f"{TARGETS}{TARGET:<61}online   0        \n"
    assert run(comstar, "delete-target", "-f", TARGET, who=who) == Answer()


def test_the_state_of_a_target_is_hidden_from_who_may_not_ask_the_kernel(comstar: Comstar) -> None:
    comstar.iscsit.targets.create(TARGET, TargetChanges())
    comstar.iscsit.login(ESX1, TARGET)
    who = Credentials("op", authorizations=READ)
    assert run(comstar, "list-target", who=who) == Answer(f"{TARGETS}{TARGET:<61}-        0        \n")


def test_sessions_are_counted_in_each_form(comstar: Comstar) -> None:
    comstar.iscsit.targets.create(TARGET, TargetChanges(alias="disks"))
    comstar.iscsit.login(ESX1, TARGET)
    assert run(comstar, "list-target", "-v").printed.splitlines()[1:3] == [
        f"{TARGET:<61}online   1        ",
        "\talias:              \tdisks",
    ]
    assert run(comstar, "list-target", "-p") == Answer(f"{TARGET}\tonline\t1\n")
    assert run(comstar, "list-target", "-pv", TARGET) == Answer(
        f"{TARGET}\tonline\t1\tdisks\tnone (defaults)\t-\tunset\tdefault\n"
    )


def test_a_target_that_hangs_on_its_way_offline_may_be_deleted(comstar: Comstar) -> None:
    comstar.iscsit.targets.create(TARGET, TargetChanges())
    comstar.stmf.ports.hang(TARGET)
    assert run(comstar, "delete-target", TARGET) == Answer(
        stderr="The target is online or busy. Use the -f (force) option, or 'stmfadm offline-target "
        f"{TARGET}'\nitadm delete-target failed with error 16\n",
        status=16,
    )
    comstar.stmf.ports.offline(TARGET)
    assert comstar.stmf.ports[TARGET].status == "Offlining"
    assert run(comstar, "list-target").printed == f"{TARGETS}{TARGET:<61}offline  0        \n"
    assert run(comstar, "delete-target", TARGET) == Answer()
    assert list(comstar.stmf.ports) == []


# Secrets from the terminal.
class Typist:
    """Somebody at a terminal, who types these lines one after the other."""

    def __init__(self, *lines: str | None) -> None:
        self._lines = list(lines)
        self.prompts: list[str] = []

    async def __call__(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        return self._lines.pop(0)


def test_a_secret_is_typed_twice(comstar: Comstar) -> None:
    typist = Typist(SECRET, SECRET)
    assert run(comstar, "create-initiator", "-s", ESX1, ask=typist) == Answer()
    assert typist.prompts == ["Enter CHAP secret: ", "Re-enter secret: "]
    comstar.iscsit.targets.create(TARGET, TargetChanges(authentication="chap"))
    comstar.iscsit.login(ESX1, TARGET, SECRET)


def test_the_secret_of_the_radius_server_has_a_prompt_of_its_own(comstar: Comstar) -> None:
    typist = Typist(SECRET, SECRET)
    assert run(comstar, "modify-defaults", "-r", "10.0.0.9", "-d", ask=typist) == Answer()
    assert typist.prompts == ["Enter RADIUS secret: ", "Re-enter secret: "]
    assert "\nradiussecret:  \tset\n" in run(comstar, "list-defaults").printed


@pytest.mark.parametrize(
    ("lines", "prompts", "said", "status"),
    [
        ((SECRET, SECRET + "!"), 2, "Secret validation failed", 22),
        (("eleven char",), 1, "Secret must be between 12 and 255 characters", 22),
        (("x" * 256,), 1, "Secret must be between 12 and 255 characters", 22),
        ((None,), 1, "Could not read secret: No such device or address", 6),
        ((SECRET, None), 2, "Could not read secret: No such device or address", 6),
    ],
)
def test_a_secret_that_does_not_do_ends_with_the_usage(
    comstar: Comstar, lines: tuple[str | None, ...], prompts: int, said: str, status: int
) -> None:
    typist = Typist(*lines)
    answer = run(comstar, "create-initiator", "-s", ESX1, ask=typist)
    assert (answer.stderr, answer.status, len(typist.prompts)) == (f"{said}\n", status, prompts)
    assert answer.printed.startswith("usage:\n\tcreate-initiator")
    assert comstar.iscsit.initiators.get(ESX1) is None


def test_a_secret_is_asked_for_where_its_option_stands(comstar: Comstar) -> None:
    typist = Typist(SECRET, SECRET)
    answer = run(comstar, "create-initiator", "-s", "-x", ESX1, ask=typist)
    assert len(typist.prompts) == 2
    assert answer.stderr == "Unrecognized option -x\n"
    typist = Typist()
    run(comstar, "create-initiator", "-x", "-s", ESX1, ask=typist)
    assert typist.prompts == []


def test_over_ssh_a_secret_is_typed_unseen() -> None:
    async def talk(array: SimulatedArray) -> tuple[str, str]:
        async with connect(array) as connection:
            process = await connection.create_process(f"pfexec itadm create-initiator -s {ESX1}", term_type="vt100")
            screen = await process.stdout.readuntil("Enter CHAP secret: ")
            process.stdin.write(f"{SECRET}\r")
            screen += await process.stdout.readuntil("Re-enter secret: ")
            process.stdin.write(f"{SECRET}\r")
            done = await process.wait()
            assert done.exit_status == 0
            plain = await connection.run(f"pfexec itadm create-initiator -s {ESX1}2")
            return screen + str(done.stdout), str(plain.stderr)

    with Simulator(arrays=(default("solaris"),), seed=1) as simulator:
        array = simulator["solaris"]
        screen, without = asyncio.run(talk(array))
        assert screen.replace("\r\n", "\n") == "Enter CHAP secret: \nRe-enter secret: \n"
        assert without == "Could not read secret: No such device or address\n"
        assert array.solaris.comstar.iscsit.initiators[ESX1].chap_secret == SECRET
