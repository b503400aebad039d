"""The control socket: whose it is, how it is found, and what it speaks."""

import json
import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.simulator.served import Home, Served, new_home

OTHER_USER = 12345


def ask(path: Path, *lines: bytes) -> list[dict[str, Any]]:
    """Send lines as any program may, and return the answers to them."""
    with closing(socket.socket(socket.AF_UNIX)) as control:
        control.connect(str(path))
        control.sendall(b"".join(line + b"\n" for line in lines))
        with control.makefile() as answers:
            return [json.loads(answers.readline()) for _ in lines]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """One simulator for all requests that change nothing."""
    with new_home() as home, home.serve() as served:
        yield served


def test_the_socket_and_its_directory_are_their_owners_alone_and_it_is_named_after_the_process(home: Home) -> None:
    before = os.umask(0)
    try:
        with home.serve() as served:
            assert served.control == home.path / "sansim" / f"{served.process.pid}.sock"
            assert stat.S_IMODE(served.control.stat().st_mode) == 0o600
            assert stat.S_IMODE(served.control.parent.stat().st_mode) == 0o700
            assert served.control.stat().st_uid == os.geteuid()
    finally:
        os.umask(before)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else for a moment")
def test_another_user_does_not_get_in_even_where_the_files_would_let_them(home: Home) -> None:
    with home.serve() as served:
        home.path.chmod(0o755)
        program = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect({str(served.control)!r}); "
        program += """s.sendall(b'{"version": 1, "do": "arrays"}\\n'); print(s.recv(9999))"""

        def answer() -> subprocess.CompletedProcess[str]:
            command = ["/usr/bin/env", "python3", "-c", program]
            return subprocess.run(
                command, user=OTHER_USER, group=OTHER_USER, capture_output=True, text=True, check=False
            )

        assert "PermissionError" in answer().stderr
        served.control.parent.chmod(0o755)
        served.control.chmod(0o666)
        ran = answer()
        assert ran.stdout.strip() in {"", "b''"}, ran
        assert ask(served.control, b'{"version": 1, "do": "arrays"}')[0]["arrays"] == served.said["arrays"]


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_directory_open_to_others_is_not_trusted(home: Home, mode: int) -> None:
    (home.path / "sansim").mkdir()
    (home.path / "sansim").chmod(mode)
    assert "open to others" in home.refused("arrays")
    assert "open to others" in home.refused("serve")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_somebody_else_is_not_trusted(home: Home) -> None:
    (home.path / "sansim").mkdir(mode=0o700)
    os.chown(home.path / "sansim", OTHER_USER, OTHER_USER)
    assert "belongs to somebody else (user 12345)" in home.refused("arrays")
    assert "belongs to somebody else (user 12345)" in home.refused("serve")


def test_a_link_in_the_place_of_the_directory_is_not_followed(home: Home) -> None:
    (home.path / "elsewhere").mkdir(mode=0o700)
    (home.path / "sansim").symlink_to(home.path / "elsewhere")
    assert "is no directory" in home.refused("serve")


def test_the_only_simulator_is_found_and_of_several_one_is_to_be_named(home: Home) -> None:
    assert "no simulator of yours runs" in home.refused("arrays")
    with home.serve() as one:
        assert home.json("arrays") == {"arrays": one.said["arrays"]}
        with home.serve() as two:
            complaint = home.refused("arrays")
            assert all(f"--control {served.control}\n" in complaint for served in (one, two))
            assert home.json("arrays", "--control", str(two.control)) == {"arrays": two.said["arrays"]}
            chosen = Home(home.path, control=one.control)
            assert chosen.json("arrays") == {"arrays": one.said["arrays"]}


def test_what_a_killed_simulator_left_is_removed(home: Home) -> None:
    with home.serve() as killed:
        os.kill(killed.process.pid, signal.SIGKILL)
        killed.process.wait(30)
        assert killed.control.exists()
    assert "no simulator of yours runs" in home.refused("arrays")
    assert not killed.control.exists()
    with closing(socket.socket(socket.AF_UNIX)) as dead:
        dead.bind(str(killed.control))
    with home.serve() as served:
        assert list(served.control.parent.iterdir()) == [served.control]


def test_a_socket_is_where_serve_was_told_to_have_it(home: Home) -> None:
    path = home.path / "here"
    with home.serve("--control", str(path)) as served:
        assert served.said["control"] == str(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert home.json("arrays", "--control", str(path)) == {"arrays": served.said["arrays"]}
        assert "no simulator of yours runs" in home.refused("arrays")
        assert "answers at" in home.refused("serve", "--control", str(path))
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(30)
    with home.serve("--control", str(path)):
        assert "arrays" in home.json("arrays", "--control", str(path))


def test_no_file_is_taken_for_a_socket(home: Home) -> None:
    path = home.path / "file"
    path.write_text("precious")
    assert "is no socket" in home.refused("serve", "--control", str(path))
    assert path.read_text() == "precious"
    assert "cannot use the control socket" in home.refused(
        "arrays", "--control", str(home.path)
    ) or "no simulator answers" in home.refused("arrays", "--control", str(home.path))


def test_a_path_too_long_for_a_socket_is_refused(home: Home) -> None:
    assert "cannot make the control socket" in home.refused("serve", "--control", str(home.path / ("x" * 120)))


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        (b"hello", "write one object a line"),
        (b"[]", "no JSON object"),
        (b'{"do": "arrays"}', "version None"),
        (b'{"version": 2, "do": "arrays"}', "the sansim of the same version"),
        (b'{"version": 1, "do": "dance"}', "clear-faults"),
        (b'{"version": 1}', "clear-faults"),
        (b'{"version": 1, "do": "log", "array": "none"}', "solaris or hp"),
        (b'{"version": 1, "do": "log", "last": -1}', "0 or more"),
        (b'{"version": 1, "do": "add-fault", "fault": {"kind": "cut", "pattern": "*"}}', "say which array"),
        (b'{"version": 1, "do": "add-fault", "array": "hp"}', "'fault'"),
        (b'{"version": 1, "do": "add-fault", "array": "hp", "fault": {"kind": "?", "pattern": "*"}}', "'cut'"),
        (b'{"version": 1, "do": "add-condition", "array": "hp", "condition": {"kind": "?"}}', "node-down"),
        (b'{"version": 1, "do": "remove-fault", "numbers": [7]}', "there is none"),
        (b'{"version": 1, "do": "advance", "seconds": "x"}', "no number"),
        (b'{"version": 1, "do": "advance", "seconds": -1}', "forward only"),
        (b'{"version": 1, "do": "jump", "seconds": 1e300}', "set it less far"),
        (b'{"version": 1, "do": "jump", "seconds": 2.3e11}', "set it less far"),
        (b'{"version": 1, "do": "advance", "seconds": NaN}', "set it less far"),
        (b'{"version": 1, "do": "restore", "name": "x"}', "there is none yet"),
        (b'{"version": 1, "do": "import", "text": "format = 0"}', "format 0"),
        (b'{"version": 1, "do": "connect", "array": "hp", "initiator": "iqn.x"}', "target"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_next_request_is_served(served: Served, line: bytes, mend: str) -> None:
    refused, arrays = ask(served.control, line, b'{"version": 1, "do": "arrays"}')
    assert refused["version"] == 1
    assert mend in refused["error"]
    assert "internal" not in refused["error"]
    assert arrays == {"version": 1, "arrays": served.said["arrays"]}
