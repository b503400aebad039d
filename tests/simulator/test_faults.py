"""Faults strike the programs that they name, as often as they say."""

import asyncio

import pytest

from sansim import Fault, Simulator
from sansim.faults import Faults
from sansim.log import Recording
from sansim.program import Answer
from tests.simulator.conftest import Run


class FakeLine:
    def __init__(self) -> None:
        self.recording = Recording()
        self.lost = False
        self.cuts = 0

    def cut(self) -> None:
        self.cuts += 1

    async def left(self) -> None:
        await asyncio.Event().wait()


class Work:
    """An execution that tells whether it ran."""

    def __init__(self) -> None:
        self.runs = 0

    async def __call__(self) -> Answer:
        self.runs += 1
        return Answer("done\n")


def strike(faults: Faults, program_line: str = "zfs list") -> tuple[Answer, Work, FakeLine]:
    work, line = Work(), FakeLine()
    return asyncio.run(faults.run(program_line, work, line)), work, line


def test_without_a_match_the_program_runs_and_is_noted() -> None:
    faults = Faults()
    fault = faults.add(Fault("error", "zpool*"))
    answer, _, line = strike(faults)
    assert answer == Answer("done\n")
    assert (line.recording.programs, line.recording.faults) == (["zfs list"], [])
    assert fault.struck == 0


def test_an_error_is_answered_instead_of_running() -> None:
    faults = Faults()
    fault = faults.add(Fault("error", "zfs*", stderr="out of space\n", status=3))
    answer, work, line = strike(faults)
    assert answer == Answer("", "out of space\n", 3)
    assert (work.runs, fault.struck, line.recording.faults) == (0, 1, ["error"])


def test_an_error_after_the_effect_runs_it_first() -> None:
    faults = Faults()
    faults.add(Fault("error", "zfs*", when="after"))
    answer, work, _ = strike(faults)
    assert (answer.status, work.runs) == (1, 1)


def test_a_fault_strikes_as_often_as_it_says() -> None:
    faults = Faults()
    fault = faults.add(Fault("error", "*", times=2))
    assert [strike(faults)[0].status for _ in range(3)] == [1, 1, 0]
    assert fault.struck == 2


def test_a_fault_without_a_number_strikes_for_ever_until_cleared() -> None:
    faults = Faults()
    faults.add(Fault("error", "*", times=None))
    assert [strike(faults)[0].status for _ in range(5)] == [1] * 5
    faults.clear()
    assert strike(faults)[0].status == 0


def test_the_first_set_of_two_strikes_first() -> None:
    faults = Faults()
    faults.add(Fault("error", "zfs*", status=2))
    faults.add(Fault("error", "*", status=4))
    assert [strike(faults)[0].status for _ in range(2)] == [2, 4]


@pytest.mark.parametrize(
    ("runs_on", "when", "runs"), [(True, "before", 1), (True, "after", 1), (False, "before", 0), (False, "after", 1)]
)
def test_a_cut_loses_the_line(*, runs_on: bool, when: str, runs: int) -> None:
    faults = Faults(runs_on=runs_on)
    faults.add(Fault("cut", "*", when="before" if when == "before" else "after"))
    _, work, line = strike(faults)
    assert (line.cuts, work.runs) == (1, runs)


def test_what_is_no_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="error"):
        Fault("explode", "*")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least once"):
        Fault("cut", "*", times=0)
    with pytest.raises(ValueError, match="when"):
        Fault("cut", "*", when="during")  # type: ignore[arg-type]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_on_a_solaris_host_leaves_the_program_running(sim: Simulator, run: Run, when: str) -> None:
    array = sim["solaris"]
    array.faults.add(Fault("cut", "zfs create*", when="before" if when == "before" else "after"))
    status, _, _ = run(array, "zfs create -V 1G tank/a; zfs create -V 1G tank/b")
    assert status is None
    assert array.log.quiet()
    assert set(array.solaris.pools.datasets) >= {"tank/a", "tank/b"}
    lost = array.log[-1]
    assert (lost.status, lost.faults) == (None, ("cut",))
    assert lost.programs == ("zfs create -V 1G tank/a", "zfs create -V 1G tank/b")


def test_an_error_on_a_solaris_host_is_what_the_client_sees(sim: Simulator, run: Run) -> None:
    array = sim["solaris"]
    array.faults.add(Fault("error", "zfs create*", stderr="cannot create: out of space\n", status=1))
    assert run(array, "pfexec /usr/sbin/zfs create -V 1G tank/a") == (1, b"", b"cannot create: out of space\n")
    assert "tank/a" not in array.solaris.pools.datasets
    assert run(array, "pfexec /usr/sbin/zfs create -V 1G tank/a") == (0, b"", b"")
