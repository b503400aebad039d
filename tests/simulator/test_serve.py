"""`sansim serve` as a process: what it prints, keeps and refuses."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from sansim import ConfigError
from sansim.config_file import read
from tests.simulator.conftest import exec_over_ssh


class Served:
    """A running process and what it said."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.said: dict[str, Any] = json.loads(process.stdout.readline())

    def array(self, name: str) -> dict[str, Any]:
        (found,) = (array for array in self.said["arrays"] if array["name"] == name)
        assert isinstance(found, dict)
        return found

    def ask(self, **request: object) -> dict[str, Any]:
        with closing(socket.socket(socket.AF_UNIX)) as control:
            control.connect(self.said["control"])
            control.sendall(json.dumps(request).encode() + b"\n")
            with control.makefile() as lines:
                answer = json.loads(lines.readline())
        assert isinstance(answer, dict)
        return answer

    def run(self, name: str, text: str) -> tuple[int | None, bytes, bytes]:
        array = self.array(name)
        return exec_over_ssh(Login(array), text)


class Login:
    """What a client needs, from the JSON."""

    def __init__(self, array: dict[str, Any]) -> None:
        self.host: str = array["host"]
        self.port: int = array["port"]
        self.username: str = array["username"]
        self.password: str = array["password"]
        self.host_key: str = array["host_key"]


@contextmanager
def serve(*arguments: str) -> Iterator[Served]:
    command = [sys.executable, "-m", "sansim", "serve", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield Served(process)
        finally:
            process.terminate()


def test_it_says_in_one_line_how_to_reach_the_arrays() -> None:
    with serve("--seed", "3") as served:
        assert [(array["name"], array["kind"]) for array in served.said["arrays"]] == [
            ("solaris", "solaris"),
            ("hp", "hp"),
        ]
        solaris, hp = served.said["arrays"]
        assert solaris["url"] == f"solaris://admin@127.0.0.1:{solaris['port']}/tank"
        assert hp["url"] == f"hp://admin@127.0.0.1:{hp['port']}/Cluster01"
        assert (solaris["pool"], hp["cluster"]) == ("tank", "Cluster01")
        assert served.run("solaris", "zpool list -H -o name")[1] == b"tank\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    with serve() as served:
        control = Path(served.said["control"])
        served.process.send_signal(number)
        assert served.process.wait(30) == 0
        assert not control.parent.exists()


def test_the_control_socket_is_private_and_tells_the_log() -> None:
    with serve() as served:
        control = Path(served.said["control"])
        assert stat.S_IMODE(control.stat().st_mode) == 0o600
        assert stat.S_IMODE(control.parent.stat().st_mode) == 0o700
        served.run("solaris", "zfs list -H")
        (item,) = served.ask(do="log", array="solaris")["log"]
        assert (item["text"], item["programs"], item["status"]) == ("zfs list -H", ["zfs list -H"], 0)
        assert served.ask(do="arrays")["arrays"] == served.said["arrays"]


def test_faults_are_set_through_the_control_socket() -> None:
    with serve() as served:
        fault = {"kind": "error", "pattern": "zfs*", "stderr": "no\n", "status": 9}
        assert served.ask(do="fault", array="solaris", fault=fault) == {"faults": 1}
        assert served.run("solaris", "zfs list") == (9, b"", b"no\n")
        assert served.ask(do="clear-faults", array="solaris") == {"faults": 0}


@pytest.mark.parametrize(
    "request_",
    [{"do": "dance"}, {"do": "log", "array": "none"}, {"do": "fault", "array": "hp", "fault": {"kind": "?"}}],
)
def test_what_the_control_socket_does_not_understand_it_says(request_: dict[str, object]) -> None:
    with serve() as served:
        assert "not understood" in served.ask(**request_)["error"]


def test_state_survives_a_kill(tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    with serve("--state", state) as served:
        assert served.run("solaris", "zfs create -V 1G tank/a && sbdadm create-lu /dev/zvol/rdsk/tank/a")[0] == 0
        luns = served.run("solaris", "stmfadm list-lu -v")
        identity = served.array("solaris")
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(30)
    with serve("--state", state) as served:
        assert served.array("solaris")["host_key"] == identity["host_key"]
        assert served.array("solaris")["password"] == identity["password"]
        assert served.run("solaris", "zfs list -H -o name -t volume") == (0, b"tank/a\n", b"")
        assert served.run("solaris", "stmfadm list-lu -v") == luns


def test_a_configuration_names_the_arrays(tmp_path: Path) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text(
        """
        [[array]]
        name = "store1"
        kind = "solaris"
        pool = "data"
        size = "1TiB"
        username = "root"
        password = "secret"
        [[array.fault]]
        kind = "error"
        pattern = "zpool get*"
        status = 4
        """
    )
    with serve("--config", str(config)) as served:
        assert served.array("store1")["url"].endswith("/data")
        assert served.array("store1")["password"] == "secret"
        assert served.run("store1", "zpool list -Hp -o name,size")[1] == b"data\t1099511627776\n"
        assert served.run("store1", "id -un; hostname")[1] == b"root\nstore1\n"
        assert served.run("store1", "zpool get all data")[0] == 4


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", r"write a table \[\[array\]\]"),
        ("[[array]]\nkind = 'vax'", "solaris or hp"),
        ("[[array]]\nkind = 'hp'\nflavour = '7'", "12.6"),
        ("[[array]]\nkind = 'hp'\nsize = '10TB'", "10TiB"),
        ("[[array]]\nkind = 'hp'\nprot = 22", "'prot' says nothing"),
        ("[[array]]\nkind = 'hp'\nport = 'x'", "port = 'x' is no whole number"),
        ("[[array]]\nkind = 'hp'\n[[array]]\nkind = 'hp'", "two arrays are called 'hp'"),
        ("[[array]]\nkind = 'hp'\n[[array.fault]]\nkind = 'x'\npattern = '*'", "'cut', 'error'"),
        ("[[array]\n", "no TOML"),
    ],
)
def test_a_configuration_that_is_wrong_says_what_to_write(tmp_path: Path, text: str, mend: str) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text(text)
    with pytest.raises(ConfigError, match=mend):
        read(config)


def test_a_wrong_configuration_is_one_line_and_status_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sansim", "serve", "--config", str(tmp_path / "none.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("sansim: cannot read ")
    assert done.stderr.count("\n") == 1
