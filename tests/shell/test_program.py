"""The program, as a process: what goes where, and how it ends."""

import json
import lzma
import os
import pty
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sansim import Simulator

PROGRAM = [sys.executable, "-m", "sanshell"]


def sanshell(
    *words: str, text: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *words],
        input=text,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_one_command_on_a_simulator_of_its_own():
    done = sanshell("--simulator", "volume", "list", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"format": 1, "volumes": []}


def test_an_arrays_no_is_status_1_and_a_wrong_command_line_is_status_2():
    done = sanshell("--simulator=hp", "volume", "show", "nope")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nope" in done.stderr
    assert sanshell("--simulator=hp", "volume", "shwo").returncode == 2
    assert sanshell("--nonsense").returncode == 2
    assert sanshell("--simulator=/not/there.toml", "arrays").returncode == 2
    assert sanshell("-f", "/not/there").returncode == 2
    assert sanshell("-f", "/not/there", "arrays").returncode == 2
    assert sanshell("--password-file", "-", text="secret").returncode == 2


def test_a_script_on_standard_input_keeps_data_and_chatter_apart():
    script = "volume create db1 1GiB --format json\nvolume delete db1 --yes\nuse hp\nvolume list --format json\n"
    done = sanshell("--simulator", text=script)
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.split("}\n{")
    assert json.loads(first + "}")["volume"]["name"] == "db1"
    assert json.loads("{" + second) == {"format": 1, "volumes": []}
    assert "db1 is gone" in done.stderr


def test_a_script_from_a_file_stops_where_it_fails_and_is_never_asked(tmp_path: Path):
    script = tmp_path / "script"
    script.write_text("volume create db1 1GiB --format json\nvolume delete db1\nvolume list\n")
    done = sanshell("--simulator=solaris", "-f", str(script))
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert json.loads(done.stdout)["volume"]["name"] == "db1"
    assert sanshell("--simulator=solaris", "--yes", "-f", str(script)).returncode == 0


def test_an_array_of_a_configuration_file(tmp_path: Path):
    file = tmp_path / "arrays.toml"
    file.write_text('[[array]]\nname = "backup"\nkind = "solaris"\npool = "dozer"\nsize = "1TiB"\n')
    done = sanshell(f"--simulator={file}", "pools", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pools"][0]["name"] == "dozer"


def test_an_array_by_url_with_password_and_host_key_from_outside(simulator: Simulator, tmp_path: Path):
    array = simulator["hp"]
    words = ["-a", array.url, "volume", "create", "db1", "1GiB"]
    known = {"SANSDK_HOST_KEY": array.host_key}
    done = sanshell(*words, environment={**known, "SANSDK_PASSWORD": array.password})
    assert done.returncode == 0, done.stderr
    (tmp_path / "password").write_text(array.password)
    done = sanshell("--password-file", str(tmp_path / "password"), *words, environment=known)
    assert done.returncode == 1
    assert "db1" in done.stderr
    done = sanshell("--password-file", "-", "--host-key", array.host_key, *words[:2], "info", text=array.password)
    assert done.returncode == 0, done.stderr
    done = sanshell(*words, environment=known)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_trouble():
    shell = subprocess.Popen(
        [*PROGRAM, "--simulator=solaris", "volume", "list", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert shell.stdout is not None
    assert shell.stderr is not None
    with shell:
        shell.stdout.close()
        assert shell.stderr.read() == ""
    assert shell.returncode == 1


@contextmanager
def at_a_terminal(
    *words: str, environment: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The program with a terminal of its own; the process, and the terminal's other side."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        [*PROGRAM, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", **(environment or {})},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield shell, ours
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def test_a_question_at_a_terminal_may_be_answered_or_interrupted(simulator: Simulator):
    array = simulator["solaris"]
    known = {"SANSDK_HOST_KEY": array.host_key, "SANSDK_PASSWORD": array.password}
    sanshell("-a", array.url, "volume", "create", "db1", "1GiB", environment=known)
    delete = ("-a", array.url, "volume", "delete", "db1")
    with at_a_terminal(*delete, environment=known) as (shell, terminal):
        assert "db1 (1GiB" in _until(terminal, "Type yes")
        shell.send_signal(signal.SIGINT)
        assert shell.wait(30) == 130
    with at_a_terminal(*delete, environment=known) as (shell, terminal):
        _until(terminal, "Type yes")
        os.write(terminal, b"yes\n")
        assert shell.wait(30) == 0
    assert sanshell("-a", array.url, "volume", "show", "db1", environment=known).returncode == 1


def interactive(lines: list[str]) -> str:
    """Type lines at the prompt; all that the terminal showed."""
    shown = ""
    with at_a_terminal("--simulator=solaris") as (shell, terminal):
        for line in lines:
            shown += _until(terminal, "solaris>")
            os.write(terminal, f"{line}\r".encode())
        shown += _until(terminal, None)
        assert shell.wait(30) == 0
    return shown


def _until(terminal: int, text: str | None) -> str:
    """What a terminal shows up to `text`, or to its end."""
    shown = ""
    while text is None or text not in shown:
        ready, _, _ = select.select([terminal], [], [], 30)
        assert ready, f"nothing more after {shown!r}"
        try:
            data = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not data:
            break
        shown += data.decode(errors="replace")
    return shown


def test_the_history_file_is_private_and_holds_no_secret(home: Path):
    secret = home / "secret"
    secret.write_text("fourteen-chars\n")
    lines = [
        "volume create db1 1GiB",
        f"export create db1 --initiator iqn.1993-08.org.debian:01:bar --chap-user bob --chap-secret-file {secret}",
        "connect solaris://admin:hunter2@127.0.0.1/tank",
        "volume list --password hunter2",
        "quit",
    ]
    shown = interactive(lines)
    assert "fourteen-chars" not in shown
    file = home / "state" / "sanshell" / "history"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = lzma.decompress(file.read_bytes()).decode()
    assert "volume create db1 1GiB" in kept
    assert "hunter2" not in kept
    assert "fourteen-chars" not in kept


@pytest.mark.parametrize("missing", ["sansim", "asyncssh", "bashkit"])
def test_without_the_simulator_the_extra_is_named(missing: str):
    code = f"import sys; sys.modules[{missing!r}] = None; from sanshell.app import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "--simulator", "arrays"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "pip install 'sansdk[simulator]'" in done.stderr
