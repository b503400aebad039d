"""`sansim serve` as a process: what it prints, keeps and refuses."""

import asyncio
import json
import os
import signal
import socket
import stat
from contextlib import closing
from pathlib import Path

import asyncssh
import pytest

from sansim import ConfigError
from sansim.config_file import read
from tests.simulator.conftest import connect
from tests.simulator.served import Home, Login


def test_it_says_in_one_line_how_to_reach_the_arrays(home: Home) -> None:
    with home.serve("--seed", "3") as served:
        assert [(array["name"], array["kind"]) for array in served.said["arrays"]] == [
            ("solaris", "solaris"),
            ("hp", "hp"),
        ]
        solaris, hp = served.said["arrays"]
        assert solaris["url"] == f"solaris://admin@127.0.0.1:{solaris['port']}/tank"
        assert hp["url"] == f"hp://admin@127.0.0.1:{hp['port']}/Cluster01"
        assert (solaris["pool"], hp["cluster"]) == ("tank", "Cluster01")
        assert served.exec("solaris", "zpool list -H -o name")[1] == b"tank\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(home: Home, number: signal.Signals) -> None:
    with home.serve() as served:
        served.process.send_signal(number)
        assert served.process.wait(30) == 0
        assert not served.control.exists()


def test_state_survives_a_kill(home: Home, tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    with home.serve("--state", state) as served:
        assert served.exec("solaris", "zfs create -V 1G tank/a && sbdadm create-lu /dev/zvol/rdsk/tank/a")[0] == 0
        luns = served.exec("solaris", "stmfadm list-lu -v")
        identity = served.array("solaris")
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(30)
    with home.serve("--state", state) as served:
        assert served.array("solaris")["host_key"] == identity["host_key"]
        assert served.array("solaris")["password"] == identity["password"]
        assert served.exec("solaris", "zfs list -H -o name -t volume") == (0, b"tank/a\n", b"")
        assert served.exec("solaris", "stmfadm list-lu -v") == luns


def test_a_configuration_names_the_arrays(home: Home, tmp_path: Path) -> None:
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
    with home.serve("--config", str(config)) as served:
        assert served.array("store1")["url"].endswith("/data")
        assert served.array("store1")["password"] == "secret"
        assert served.exec("store1", "zpool list -Hp -o name,size")[1] == b"data\t1099511627776\n"
        assert served.exec("store1", "id -un; hostname")[1] == b"root\nstore1\n"
        assert served.exec("store1", "zpool get all data")[0] == 4


def test_no_more_connections_and_channels_stand_than_the_configuration_says(home: Home, tmp_path: Path) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text("[[array]]\nkind = 'hp'\nmax_sessions = 2\nmax_connections = 1\n")

    async def crowd(array: Login) -> None:
        async with connect(array) as connection:
            with pytest.raises((ConnectionError, asyncssh.ConnectionLost)):
                async with connect(array):
                    pass
            logins = [await connection.create_process() for _ in range(2)]
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.create_process()
            for login in logins:
                login.close()
                await login.wait_closed()
            assert (await connection.run("getClusterInfo")).exit_status == 0

    with home.serve("--config", str(config)) as served:
        asyncio.run(crowd(served.login("hp")))


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("", r"write a table \[\[array\]\]"),
        ("[[array]]\nkind = 'vax'", "solaris or hp"),
        ("[[array]]\npool = 'x'", "array number 1: kind is missing"),
        ("[[array]]\nkind = 'hp'\nflavour = '7'", "12.6"),
        ("[[array]]\nkind = 'hp'\nsize = '10TB'", "10TiB"),
        ("[[array]]\nkind = 'hp'\nprot = 22", "'prot' says nothing"),
        ("[[array]]\nkind = 'hp'\nport = 'x'", "port = 'x' is no whole number"),
        ("[[array]]\nkind = 'hp'\nport = 66000", "65535"),
        ("[[array]]\nkind = 'hp'\nmax_sessions = -1", "max_sessions = -1 is less than none"),
        ("[[array]]\nkind = 'hp'\nauthorized_keys = ['x']", "authorized_keys, number 1, is no public key"),
        ("[[array]]\nkind = 'hp'\n[[array]]\nkind = 'hp'", "two arrays are called 'hp'"),
        ("[[array]]\nkind = 'hp'\nport = 99\n[[array]]\nkind = 'solaris'\nport = 99", "two arrays have port = 99"),
        ("[[array]]\nkind = 'hp'\n[[array.fault]]\nkind = 'x'\npattern = '*'", "'cut', 'error'"),
        ("[[array]]\nkind = 'hp'\nfault = 3", r"write \[\[array.fault\]\]"),
        ("[[array]]\nkind = 'solaris'\n[[array.user]]\nsudo = 'x'", "user 1: name is missing"),
        ("[[array]\n", "no TOML"),
    ],
)
def test_a_configuration_that_is_wrong_says_what_to_write(tmp_path: Path, text: str, mend: str) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text(text)
    with pytest.raises(ConfigError, match=mend):
        read(config)


def test_everything_wrong_with_a_configuration_is_said_at_once_with_its_place(home: Home, tmp_path: Path) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text(
        """
        [[array]]
        name = "one"
        kind = "solaris"
        flavour = "plan9"
        size = 0
        root = "yes"
        prot = 22
        [[array.user]]
        name = "Bob"
        sudo = "always"
        [[array.fault]]
        kind = "cut"
        pattern = "zfs*"
        [[array.fault]]
        kind = "slow"
        pattern = "zfs*"

        [[array]]
        name = "two"
        kind = "hp"
        nodes = "three"
        pool = "tank"
        [[array.condition]]
        kind = "flood"
        """
    )
    complaint = home.refused("check", str(config), status=2)
    for place in (
        "array one: flavour = 'plan9'",
        "array one: size = 0",
        "array one: root = 'yes' is no true or false",
        "array one: 'prot' says nothing",
        "array one: user 1: name = 'Bob'",
        "array one: user 1: sudo = 'always'",
        "array one: fault 2: a fault is not understood: a fault of kind slow says by how many seconds",
        "array two: 'pool' says nothing about an array of kind 'hp'",
        "array two: nodes = 'three' is no whole number",
        "array two: condition 1: there is no condition 'flood'",
    ):
        assert complaint.count(f"sansim: {config}: {place}") == 1, complaint
    assert complaint.count("\n") == 10
    assert home.refused("serve", "--config", str(config), status=2) == complaint


def test_a_configuration_that_is_right_is_said_to_be(home: Home, tmp_path: Path) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text("[[array]]\nname = 'a'\nkind = 'hp'\n")
    assert home.done("check", str(config)) == f"{config} is understood: a (hp)\n"


def test_a_file_that_is_not_there_is_one_line_and_status_2(home: Home, tmp_path: Path) -> None:
    complaint = home.refused("serve", "--config", str(tmp_path / "none.toml"), status=2)
    assert complaint.startswith("sansim: cannot read ")
    assert complaint.count("\n") == 1


def test_a_condition_that_cannot_be_is_named_with_its_array(home: Home, tmp_path: Path) -> None:
    config = tmp_path / "arrays.toml"
    config.write_text("[[array]]\nname = 'a'\nkind = 'solaris'\n[[array.condition]]\nkind = 'node-down'\n")
    assert home.refused("serve", "--config", str(config), status=2).startswith("sansim: array a: ")


def test_a_port_that_is_taken_is_named_with_its_array(home: Home, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        config = tmp_path / "arrays.toml"
        config.write_text(f"[[array]]\nname = 'a'\nkind = 'hp'\nport = {port}\n")
        complaint = home.refused("serve", "--config", str(config))
    assert f"array a cannot listen on 127.0.0.1:{port}: " in complaint
    assert "choose another port" in complaint


def test_a_state_file_in_use_is_refused(home: Home, tmp_path: Path) -> None:
    state = str(tmp_path / "state.db")
    with home.serve("--state", state):
        assert "is another sansim using it?" in home.refused("serve", "--state", state, status=2)


def test_the_log_file_has_each_exec_and_its_owner_alone_may_read_it(home: Home, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for number in range(2):
        with home.serve("--log", str(log)) as served:
            served.exec("solaris", f"echo {number}")
            served.exec("hp", "getClusterInfo")
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(30) == 0
    items = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(item["array"], item["text"]) for item in items if item["array"] == "solaris"] == [
        ("solaris", "echo 0"),
        ("solaris", "echo 1"),
    ]
    assert [item["status"] for item in items] == [0] * 4
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize(("text", "status"), [("zpool checkpoint tank", 1), ("zfs list", 0)])
def test_a_strict_simulator_fails_at_the_end_when_something_was_not_simulated(
    home: Home, text: str, status: int
) -> None:
    with home.serve("--strict") as served:
        served.exec("solaris", text)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(30) == status
