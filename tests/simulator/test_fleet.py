"""Many arrays in one process: each by itself, on a port of its own, within what the process may open and keep."""

import subprocess
import sys

import pytest

from sansim import ArrayConfig, Simulator
from sansim.log import Log, Recording
from tests.simulator.conftest import Run

MANY = 80

FEW_FILES = f"""
import resource
from sansim import ArrayConfig, Simulator
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
with Simulator([ArrayConfig(name=f"host{{n}}", kind="solaris") for n in range({MANY})]) as simulator:
    print(len({{array.port for array in simulator.values()}}), resource.getrlimit(resource.RLIMIT_NOFILE)[0] > {MANY})
"""


def test_arrays_are_strangers_to_each_other(run: Run) -> None:
    with Simulator([ArrayConfig(name=f"host{number}", kind="solaris") for number in range(9)], seed=1) as simulator:
        assert run(simulator["host7"], "zfs create -s -V 1G tank/v; echo here >/tmp/trace")[0] == 0
        for name, array in simulator.items():
            assert run(array, "hostname; zfs list -H -o name -t volume; ls /tmp") == (
                0,
                f"{name}\n".encode() + (b"tank/v\ntrace\n" if name == "host7" else b""),
                b"",
            )
        assert len({array.port for array in simulator.values()}) == 9
        assert len({array.host_key for array in simulator.values()}) == 9
        assert len({array.password for array in simulator.values()}) == 9


def test_there_is_room_for_more_arrays_than_files_were_allowed() -> None:
    done = subprocess.run([sys.executable, "-c", FEW_FILES], check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == (f"{MANY} True\n", "", 0)


def an_exec(text: str, stdout: bytes = b"") -> Recording:
    recording = Recording(text=text)
    recording.stdout.add(stdout)
    return recording


def ended(log: Log, *recordings: Recording) -> list[str]:
    for recording in recordings:
        log.begin(recording)
        log.end(recording)
    return [item.text for item in log]


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ((10, 10, 10, 10), ["1", "2", "3"]),
        ((10, 60, 30), ["1", "2"]),
        ((10, 20, 500), ["2"]),
        ((500, 10, 20), ["1", "2"]),
    ],
)
def test_a_log_forgets_the_oldest_when_it_has_too_many_or_too_large_ones(sizes: tuple[int, ...], kept: list[str]):
    log = Log(keep=3, size=95)
    assert ended(log, *(an_exec(str(number), b"x" * size) for number, size in enumerate(sizes))) == kept
    log.clear()
    assert ended(log, an_exec("a", b"x" * 90), an_exec("b")) == ["a", "b"]
