"""Commands on this machine, under every shell that is here."""

import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from sansdk.errors import ConnectError, Timeout
from sansdk.transport.base import Answer, Stream, Within
from sansdk.transport.local import LocalTransport

SHELLS = [
    pytest.param(words, id=words[0], marks=pytest.mark.skipif(not shutil.which(words[0]), reason="not installed"))
    for words in (
        ("/bin/sh", "-c"),
        ("dash", "-c"),
        ("bash", "-c"),
        ("ksh93", "-c"),
        ("mksh", "-c"),
        ("busybox", "sh", "-c"),
        ("zsh", "-c"),
        ("yash", "-c"),
    )
]


class Until:
    """Content at a word."""

    def __init__(self, word: bytes) -> None:
        self._word = word
        self._seen = b""
        self._until = time.monotonic() + 10

    def saw(self, stream: Stream, data: bytes) -> bool:
        self._seen += data
        return self._word in self._seen

    def deadline(self) -> float:
        return self._until


def await_file(file: Path) -> None:
    until = time.monotonic() + 10
    while not file.exists():
        assert time.monotonic() < until
        os.sched_yield()


@pytest.mark.parametrize("shell", SHELLS)
def test_streams_input_and_status(shell: tuple[str, ...]) -> None:
    transport = LocalTransport(shell)
    answer = transport.exec("cat; echo wrong >&2; exit 3", b"a\xff", watch=Within(10))
    assert answer == Answer(3, "a\udcff", "wrong\n")
    assert transport.address == "localhost"
    transport.close()


@pytest.mark.parametrize("shell", SHELLS)
def test_more_than_the_pipes_hold_in_every_direction(shell: tuple[str, ...]) -> None:
    size = 3_000_000
    text = f"head -c {size} /dev/zero >&2; head -c {size} /dev/zero; wc -c"
    answer = LocalTransport(shell).exec(text, bytes(size), watch=Within(20))
    assert (len(answer.stderr), answer.stdout.lstrip("\0").strip()) == (size, str(size))


def test_input_that_nobody_reads_is_no_error() -> None:
    assert LocalTransport().exec("exit 0", bytes(3_000_000), watch=Within(10)) == Answer(0)


def test_a_signal_is_no_status() -> None:
    assert LocalTransport().exec("kill -9 $$", watch=Within(10)) == Answer(None)


@pytest.mark.parametrize("text", ["sleep 1", "exec >&- 2>&-; sleep 1", "while :; do echo x; done"])
def test_a_deadline_holds_whatever_is_waited_for(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(Timeout, match="may run on"):
        LocalTransport().exec(text, watch=Within(0.3))
    assert time.monotonic() - started < 0.8


def test_a_command_that_is_given_up_runs_on(tmp_path: Path) -> None:
    text = f"trap '' PIPE; read line; cat >/dev/null; : > {tmp_path}/done"
    with pytest.raises(Timeout):
        LocalTransport().exec(f"sleep 0.3; {text}", b"\n", watch=Within(0.1))
    await_file(tmp_path / "done")


def test_an_answer_may_be_complete_while_a_daemon_holds_the_streams() -> None:
    answer = LocalTransport().exec("sleep 1 & echo done", watch=Until(b"done"))
    assert answer.stdout == "done\n"


def test_a_shell_that_is_not_there() -> None:
    with pytest.raises(ConnectError, match="/no/such/shell cannot be run"):
        LocalTransport(("/no/such/shell", "-c")).exec("true", watch=Within(1))


def test_no_process_is_left_unburied() -> None:
    transport = LocalTransport()
    for _ in range(20):
        transport.exec("echo done", watch=Until(b"done"))
    until = time.monotonic() + 5
    while any(thread.name == "sansdk-reap" for thread in threading.enumerate()):
        assert time.monotonic() < until
        os.sched_yield()
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if children.exists():
        assert "Z" not in [
            Path(f"/proc/{child}/stat").read_text().rpartition(") ")[2][0] for child in children.read_text().split()
        ]
