"""What is not simulated is loud: noted in the log, and an error at the end where that is asked for (row 20)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from sansim import ConfigError, Fault, SimulatedArray, Simulator
from sansim.faults.fault import Kind, When
from tests.simulator.conftest import exec_over_ssh


@pytest.mark.parametrize(
    ("kind", "text", "noted"),
    [
        ("solaris", "/usr/sbin/zpool checkpoint tank", "zpool checkpoint"),
        ("solaris", "ifconfig -a", "ifconfig"),
        ("hp", "getEventLog output=XML", "getEventLog"),
    ],
)
def test_what_is_not_simulated_is_noted_and_fails_a_strict_simulator(kind: str, text: str, noted: str):
    simulator = Simulator(arrays=(kind,), strict=True)
    with pytest.raises(NotImplementedError, match=noted), simulator:
        exec_over_ssh(simulator[kind], text)
    with Simulator(arrays=(kind,)) as lenient:
        exec_over_ssh(lenient[kind], text)
        assert any(noted in each for each in lenient[kind].log[-1].unsupported)


def test_a_strict_simulator_says_nothing_of_what_is_simulated():
    with Simulator(strict=True) as simulator:
        exec_over_ssh(simulator["solaris"], "/usr/sbin/zfs list; nonsense")
        exec_over_ssh(simulator["hp"], "getClusterInfo")


def test_two_arrays_of_one_name_are_refused():
    with pytest.raises(ConfigError, match="solaris"):
        Simulator(arrays=("solaris", "solaris"))


def used_strictly(use: Callable[[SimulatedArray], None]) -> None:
    with Simulator(arrays=("solaris",), strict=True) as simulator:
        use(simulator["solaris"])
        assert simulator["solaris"].log.quiet()


@pytest.mark.parametrize(
    ("kind", "when"), [("error", "after"), ("noop", "before"), ("cut", "after"), ("hang", "after")]
)
def test_a_fault_does_not_hide_what_is_not_simulated(kind: Kind, when: When):
    def use(array: SimulatedArray) -> None:
        array.faults.add(Fault(kind, "zpool checkpoint*", when=when))
        with ThreadPoolExecutor() as elsewhere:
            client = elsewhere.submit(exec_over_ssh, array, "/usr/sbin/zpool checkpoint tank")
            if kind == "hang":
                array.log.held()
                array.faults.clear()
            client.result()

    with pytest.raises(NotImplementedError, match="zpool checkpoint"):
        used_strictly(use)


def test_clearing_the_log_does_not_clear_what_is_not_simulated():
    def use(array: SimulatedArray) -> None:
        exec_over_ssh(array, "zonecfg list")
        array.log.clear()
        assert len(array.log) == 0

    with pytest.raises(NotImplementedError, match="solaris: zonecfg"):
        used_strictly(use)


def test_a_word_is_no_sequence_of_arrays():
    with pytest.raises(ConfigError, match=r"arrays=\('hp',\)"):
        Simulator(arrays="hp")
