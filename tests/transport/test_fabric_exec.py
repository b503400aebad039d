"""Commands over SSH: streams, ends, deadlines, channels and lost connections."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from sansdk.errors import ConnectionLost, Refused, Timeout, Unreachable
from sansdk.secrets import Secret
from sansdk.transport.base import Answer, Stream, Within
from sansdk.transport.fabric import FabricTransport
from tests.transport.sshd import PASSWORD, USER, Sshd, Stage

LATE = 0.5


def transport_to(sshd: Sshd, **options: Any) -> FabricTransport:  # noqa: ANN401 - passed on
    return FabricTransport(
        "127.0.0.1",
        sshd.port,
        USER,
        **{"password": Secret(PASSWORD), "host_key": sshd.host_key, "ssh_config": os.devnull, **options},
    )


@define
class Until:
    """Content at a word; patient for some seconds of silence."""

    word: bytes
    silence: float
    seen: bytearray = field(factory=bytearray)
    last: float = field(factory=time.monotonic)

    def saw(self, stream: Stream, data: bytes) -> bool:
        self.last = time.monotonic()
        self.seen += data
        return self.word in self.seen

    def deadline(self) -> float:
        return self.last + self.silence


def took(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def test_streams_and_status_come_back_apart() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        assert transport.exec("status 7", watch=Within(5)) == Answer(7, "out", "err")
        assert transport.exec("echo", b"to and fro", watch=Within(5)) == Answer(0, "to and fro")
        assert transport.address == "127.0.0.1"
        transport.close()


def test_bytes_that_are_no_utf8_survive() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        answer = transport.exec("bytes", watch=Within(5))
        assert answer.stdout.encode("utf-8", "surrogateescape") == b"\xff\xfe caf\xc3\xa9"
        transport.close()


def test_more_than_both_windows_in_every_direction_at_once() -> None:
    size = 3_000_000
    with Sshd() as sshd:
        transport = transport_to(sshd)
        answer = transport.exec(f"fill {size}", b"y" * size, watch=Within(20))
        assert (len(answer.stdout), len(answer.stderr)) == (size + len(str(size)), size)
        assert answer.stdout.endswith(str(size))
        transport.close()


@pytest.mark.parametrize("command", ["killed", "closed"])
def test_no_status_where_the_server_tells_none(command: str) -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        assert transport.exec(command, watch=Within(5)) == Answer(None, "so far")
        transport.close()


def test_an_answer_may_be_complete_before_the_command_ends() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        assert transport.exec("say done", watch=Until(b"done", 5)).stdout == "done"
        assert transport.exec("echo", b"next", watch=Within(5)).stdout == "next"
        assert len(sshd.connections) == 1
        transport.close()


def test_one_connection_serves_all_commands_of_all_threads() -> None:
    with Sshd() as sshd, ThreadPoolExecutor(20) as pool:
        transport = transport_to(sshd, channels=4)
        words = [b"%d" % number for number in range(100)]
        answers = pool.map(lambda word: transport.exec("echo", word, watch=Within(20)), words)
        assert [answer.stdout.encode() for answer in answers] == words
        assert len(sshd.connections) == 1
        assert sshd.most_sessions <= 4
        transport.close()


def test_a_low_limit_of_sessions_only_slows() -> None:
    with Sshd(max_sessions=2) as sshd, ThreadPoolExecutor(8) as pool:
        transport = transport_to(sshd)
        answers = list(pool.map(lambda _: transport.exec("status 0", watch=Within(30)), range(200)))
        assert [answer.status for answer in answers] == [0] * 200
        assert len(sshd.commands) == 200
        transport.close()


def test_no_session_at_all_ends_with_the_deadline() -> None:
    with Sshd(max_sessions=0) as sshd:
        transport = transport_to(sshd)
        with pytest.raises(Unreachable, match="MaxSessions"):
            transport.exec("echo", watch=Within(0.5))
        transport.close()


@pytest.mark.parametrize(
    ("stall", "command", "error"),
    [
        ("channel", "echo", Unreachable),
        ("exec", "echo", Timeout),
        (None, "say word", Timeout),
        (None, "mute", Timeout),
    ],
)
def test_a_server_that_stalls_is_left_at_the_deadline(
    stall: Stage | None, command: str, error: type[Exception]
) -> None:
    with Sshd(stall=stall) as sshd:
        transport = transport_to(sshd)

        def attempt() -> None:
            with pytest.raises(error):
                transport.exec(command, watch=Within(0.6))

        assert took(attempt) < 0.6 + LATE
        transport.close()


def test_after_a_timeout_the_connection_goes_on() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        with pytest.raises(Timeout, match="may run on"):
            transport.exec("say word", watch=Within(0.3))
        assert transport.exec("echo", b"still", watch=Within(5)).stdout == "still"
        assert len(sshd.connections) == 1
        transport.close()


def test_output_renews_patience() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        assert transport.exec("tick 8", watch=Until(b"never", 0.4)).stdout == "........"
        transport.close()


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def in_background(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_frozen_server_does_not_hold_a_sender() -> None:
    # The window is no limit here: TCP's buffers fill, and paramiko's write blocks.
    with Sshd(window=1 << 30) as sshd:
        transport = transport_to(sshd)
        seconds: list[float] = []

        def attempt() -> None:
            with pytest.raises(Timeout):
                transport.exec("say word", bytes(200_000_000), watch=Within(1.0))

        waiting = in_background(lambda: seconds.append(took(attempt)))
        sshd.await_command("say word")
        with sshd.frozen():
            waiting.join()
        assert seconds[0] < 1.0 + LATE
        assert sshd.commands == ["say word"]
        transport.close()


def test_a_frozen_server_is_noticed_by_the_missing_signs_of_life() -> None:
    interval = 0.3
    with Sshd() as sshd:
        transport = transport_to(sshd, keepalive=interval)
        transport.exec("status 0", watch=Within(5))
        failures: list[float] = []

        def attempt() -> None:
            with pytest.raises(ConnectionLost, match="stopped answering"):
                transport.exec("say word", watch=Within(30))
            failures.append(time.monotonic())

        waiting = in_background(attempt)
        sshd.await_command("say word")
        with sshd.frozen():
            frozen = time.monotonic()
            waiting.join()
        assert failures[0] - frozen < 3 * interval + LATE
        transport.close()


def test_signs_of_life_keep_an_idle_connection() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd, keepalive=0.05)
        assert transport.exec("tick 6", watch=Within(5)).status == 0
        assert transport.exec("status 0", watch=Within(5)).status == 0
        assert len(sshd.connections) == 1
        transport.close()


def test_a_command_is_not_sent_twice_when_the_connection_breaks() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        with pytest.raises(ConnectionLost, match="may have had effects"):
            transport.exec("drop", watch=Within(5))
        assert sshd.commands == ["drop"]
        assert transport.exec("status 0", watch=Within(5)).status == 0
        transport.close()


def test_a_connection_that_died_in_silence_is_replaced_before_anything_is_sent() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        transport.exec("status 0", watch=Within(5))
        for _ in range(5):
            sshd.drop_all()
            assert transport.exec("status 0", watch=Within(5)).status == 0
        assert len(sshd.connections) == 6
        assert sshd.commands == ["status 0"] * 6
        transport.close()


def test_a_server_that_went_away_is_refused_and_one_that_came_back_is_used() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        transport.exec("status 0", watch=Within(5))
    with pytest.raises(Refused):
        transport.exec("status 0", watch=Within(5))
    transport.close()


def test_closing_ends_a_command_under_way_at_once() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)

        def attempt() -> None:
            with pytest.raises(ConnectionLost):
                transport.exec("say word", watch=Within(30))

        waiting = in_background(attempt)
        sshd.await_command("say word")
        assert took(transport.close) < LATE
        waiting.join(LATE)
        assert not waiting.is_alive()


def test_a_hundred_connections_leave_no_file_and_no_thread() -> None:
    with Sshd() as sshd:
        transport = transport_to(sshd)
        wrong = transport_to(sshd, password=Secret("wrong"))
        for _ in range(2):
            with pytest.raises(Exception, match="refused"):
                wrong.exec("status 0", watch=Within(5))
            transport.exec("status 0", watch=Within(5))
            transport.close()
        sshd.drop_all()
        files, threads = open_files(), threading.active_count()
        for number in range(100):
            if number % 10 == 0:
                with pytest.raises(Exception, match="refused"):
                    wrong.exec("status 0", watch=Within(5))
            transport.exec("status 0", watch=Within(5))
            transport.close()
        sshd.drop_all()
        assert (open_files(), threading.active_count()) == (files, threads)


def test_nothing_of_the_users_fabric_configuration_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".fabric.yml").write_text("run: {echo: true}\nuser: [broken")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FABRIC_RUN_ECHO", "1")
    with Sshd() as sshd:
        transport = transport_to(sshd)
        assert transport.exec("status 0", watch=Within(5)).status == 0
        transport.close()


def test_the_contract_imports_no_fabric() -> None:
    code = "import sys, sansdk, sansdk.transport.base; print({'fabric', 'invoke', 'paramiko'} & set(sys.modules) or '')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
