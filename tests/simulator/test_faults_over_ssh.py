"""Every kind of fault at every moment it can strike, as a plain SSH client sees it, on both arrays."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from attrs import frozen

from sansim import Fault, SimulatedArray, Simulator
from sansim.faults import ClockJump
from sansim.faults.conditions import Intervention
from sansim.faults.fault import Kind, When
from tests.simulator.conftest import Run, connect, exec_over_ssh

Seen = tuple[int | None, bytes, bytes]


@frozen
class Case:
    """What is tried on one kind of array.

    Attributes:
        kind: Which.
        change: A command that makes a volume `a`.
        show: A command whose answer is the same whenever nothing changed.
        runs_on: Whether a command runs on when its line is lost before it begins.
    """

    kind: str
    change: str
    show: str
    runs_on: bool

    def volumes(self, array: SimulatedArray) -> set[str]:
        """The volumes that are there."""
        if self.kind == "solaris":
            return {name.removeprefix("tank/") for name in array.solaris.pools.datasets if name != "tank"}
        return set(array.lefthand.group.tables.volumes)

    def made(self, array: SimulatedArray) -> bool:
        """Whether the volume is there that `change` makes."""
        return "a" in self.volumes(array)


CASES = (
    Case("solaris", "zfs create -V 1G tank/a", "zfs get -H all tank", runs_on=True),
    Case("hp", "createVolume volumeName=a clusterName=Cluster01 size=1GB", "help", runs_on=False),
)
MOMENTS: tuple[When, ...] = ("before", "midway", "after")


@pytest.fixture(params=CASES, ids=lambda case: case.kind)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def array(case: Case) -> Iterator[SimulatedArray]:
    with Simulator([case.kind], seed=1) as simulator:
        yield simulator[case.kind]


@pytest.mark.parametrize("when", MOMENTS)
def test_a_cut_loses_the_line_before_or_after_the_effect(case: Case, array: SimulatedArray, run: Run, when: When):
    fault = array.faults.add(Fault("cut", case.change, when=when))
    assert run(array, case.change)[0] is None
    assert array.log.quiet()
    assert (fault.struck, array.log[-1].status, array.log[-1].faults) == (1, None, ("cut",))
    assert case.made(array) is (case.runs_on or when != "before")
    assert run(array, case.show)[0] == 0


@pytest.mark.parametrize(("when", "part"), [("before", 0), ("midway", 0.5), ("after", 0)])
def test_a_cut_lets_half_of_the_answer_through_midway_and_none_else(
    case: Case, array: SimulatedArray, run: Run, when: When, part: float
):
    _, whole, _ = run(array, case.show)
    array.faults.add(Fault("cut", case.show, when=when))
    assert run(array, case.show) == (None, whole[: int(len(whole) * part)], b"")


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_error_is_answered_with_the_effect_and_without(case: Case, array: SimulatedArray, run: Run, when: When):
    fault = array.faults.add(Fault("error", case.change, when=when, status=3, stdout="some\n", stderr="no room\n"))
    assert run(array, case.change) == (3, b"some\n", b"no room\n")
    assert (fault.struck, case.made(array), array.log[-1].faults) == (1, when == "after", ("error",))


def test_a_status_is_told_instead_of_the_true_one(case: Case, array: SimulatedArray, run: Run):
    _, whole, _ = run(array, case.show)
    fault = array.faults.add(Fault("status", case.show, status=7))
    assert run(array, case.show) == (7, whole, b"")
    assert run(array, case.show) == (0, whole, b"")
    assert fault.struck == 1


def test_a_silent_noop_answers_and_changes_nothing(case: Case, run: Run):
    def answered(array: SimulatedArray) -> Seen:
        return run(array, case.change)

    with Simulator([case.kind], seed=1) as honest, Simulator([case.kind], seed=1) as liar:
        array = liar[case.kind]
        fault = array.faults.add(Fault("noop", case.change))
        before = array.state.content()
        assert answered(array) == answered(honest[case.kind])
        assert array.state.content() == before
        assert (fault.struck, case.made(array), array.log[-1].faults) == (1, False, ("noop",))
        status, _, stderr = run(array, case.change)
        assert (status, stderr, case.made(array)) == (0, b"", True)


async def held_and_let_go(array: SimulatedArray, command: str) -> tuple[Seen, bytes]:
    """Run a command that is held up, and let it go; its answer, and what of it came before."""
    async with connect(array) as connection:
        process = await connection.create_process(command, encoding=None)
        await asyncio.to_thread(array.log.held)
        # What was sent before is here before the answer to a later command on the same line.
        await connection.run("exit")
        early, _ = process.collect_output()
        array.faults.clear()
        done = await process.wait()
        assert isinstance(early, bytes)
        assert isinstance(done.stdout, bytes)
        assert isinstance(done.stderr, bytes)
        return (done.exit_status, early + done.stdout, done.stderr), early


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("kind", ["hang", "slow"])
def test_what_hangs_or_is_slow_is_seen_running_and_goes_on_when_the_fault_is_removed(
    case: Case, array: SimulatedArray, kind: Kind, when: When
):
    _, whole, _ = exec_over_ssh(array, case.show)
    fault = array.faults.add(Fault(kind, case.show, when=when, seconds=3600 if kind == "slow" else 0))
    answer, early = asyncio.run(held_and_let_go(array, case.show))
    assert answer == (0, whole, b"")
    assert early == (whole[: len(whole) // 2] if when == "midway" else b"")
    assert (fault.struck, array.log[-1].faults) == (1, (kind,))


@pytest.mark.parametrize("when", MOMENTS)
def test_the_effect_of_what_hangs_is_there_unless_it_hangs_before(case: Case, array: SimulatedArray, when: When):
    array.faults.add(Fault("hang", case.change, when=when))
    with ThreadPoolExecutor() as elsewhere:
        client = elsewhere.submit(exec_over_ssh, array, case.change)
        assert array.log.held().running
        assert case.made(array) is (when != "before")
        array.faults.clear()
        assert client.result()[0] == 0
    assert case.made(array)


def test_a_slow_program_takes_so_much_longer(case: Case, array: SimulatedArray, run: Run):
    fault = array.faults.add(Fault("slow", case.show, seconds=0.05))
    assert run(array, case.show)[0] == 0
    assert (fault.struck, array.log[-1].elapsed >= 0.05) == (1, True)


def test_garbled_output_differs_here_and_there_and_in_the_same_way_for_a_seed(case: Case, run: Run):
    def garbled(seed: int) -> tuple[bytes, bytes]:
        with Simulator([case.kind], seed=seed) as simulator:
            array = simulator[case.kind]
            whole = run(array, case.show)[1]
            fault = array.faults.add(Fault("garble", case.show))
            status, stdout, _ = run(array, case.show)
            assert (status, fault.struck) == (0, 1)
            return whole, stdout

    whole, first = garbled(1)
    one, other = (seen.decode("utf-8", "surrogateescape") for seen in (whole, first))
    assert len(one) == len(other)
    assert 0 < sum(character != noise for character, noise in zip(one, other, strict=True)) < len(one) // 3
    assert garbled(1) == (whole, first)
    assert garbled(2)[1] != first


@pytest.mark.parametrize("keep", [0, 0.25, 1])
def test_truncated_output_ends_early(case: Case, array: SimulatedArray, run: Run, keep: float):
    _, whole, _ = run(array, case.show)
    fault = array.faults.add(Fault("truncate", case.show, keep=keep))
    assert run(array, case.show) == (0, whole[: int(len(whole) * keep)], b"")
    assert fault.struck == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_condition_befalls_before_or_after_the_effect(case: Case, array: SimulatedArray, run: Run, when: When):
    found: list[bool] = []
    condition = Intervention(lambda _line: found.append(case.made(array)))
    fault = array.faults.add(Fault("condition", case.change, when=when, condition=condition))
    jump = array.faults.add(Fault("condition", case.change, condition=ClockJump(3600)))
    earlier = array.clock.now()
    assert run(array, case.change)[0] == 0
    assert found == [when == "after"]
    assert (array.clock.now() - earlier).total_seconds() == 3600
    assert (fault.struck, jump.struck, array.log[-1].faults) == (1, 1, ("condition", "condition"))


def test_what_befalls_the_array_stays_although_a_noop_takes_the_command_back(case: Case, array: SimulatedArray):
    def befall(_line: str) -> None:
        if case.kind == "solaris":
            array.solaris.pools.create_volume("tank/b", 1 << 30, 8192)
        else:
            array.lefthand.group.create_volume("b", "Cluster01", 1 << 30)

    array.faults.add(Fault("condition", case.change, condition=Intervention(befall)))
    array.faults.add(Fault("noop", case.change))
    assert exec_over_ssh(array, case.change)[0] == 0
    assert case.volumes(array) == {"b"}


def test_a_fault_counts_what_it_lets_pass_and_how_often_it_struck(case: Case, array: SimulatedArray, run: Run):
    fault = array.faults.add(Fault("status", case.show, status=9, skip=1, times=2))
    assert [run(array, case.show)[0] for _ in range(5)] == [0, 9, 9, 0, 0]
    assert fault.struck == 2


def test_a_fault_that_is_only_likely_strikes_now_and_then_and_in_the_same_way_for_a_seed(case: Case):
    def statuses(*, other: bool) -> list[int | None]:
        with Simulator([case.kind], seed=1) as simulator:
            array = simulator[case.kind]
            array.faults.add(Fault("status", case.show, status=9, probability=0.5, times=None))
            if other:
                # What another fault draws is its own affair.
                array.faults.add(Fault("status", case.show, status=9, probability=0.0, times=None))
            return asyncio.run(repeated(array))

    async def repeated(array: SimulatedArray) -> list[int | None]:
        async with connect(array) as connection:
            return [(await connection.run(case.show)).exit_status for _ in range(20)]

    first = statuses(other=False)
    assert {0, 9} == set(first)
    assert statuses(other=True) == first
