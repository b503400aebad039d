"""What is not simulated is loud: noted in the log, and an error at the end where that is asked for (row 20)."""

import pytest

from sansim import ConfigError, Simulator
from tests.simulator.conftest import exec_over_ssh


@pytest.mark.parametrize(
    ("kind", "text", "noted"),
    [
        ("solaris", "/usr/sbin/zpool checkpoint tank", "zpool checkpoint"),
        ("solaris", "ifconfig -a", "ifconfig"),
        ("hp", "getGroupInfo output=XML", "getGroupInfo"),
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
