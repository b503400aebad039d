"""Clients as they come: OpenSSH, paramiko, asyncssh, Fabric, Ansible, against one Solaris host."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import asyncssh
import paramiko
import pytest
from attrs import frozen
from fabric import Config, Connection  # type: ignore[import-untyped]  # fabric has no types

from sansim import ArrayConfig, SimulatedArray, Simulator
from sansim.config import UserConfig
from tests.simulator.conftest import connect

SSH = shutil.which("ssh")
ANSIBLE = shutil.which("ansible", path=f"{os.environ.get('SANSDK_STRANGERS', '')}:{os.environ.get('PATH', '')}")
PASSWORD = "correct horse"

needs_ssh = pytest.mark.skipif(SSH is None, reason="needs OpenSSH's client")


@frozen
class Client:
    """OpenSSH's programs, told by a configuration of their own where the host is."""

    folder: Path

    def run(
        self,
        *words: str,
        program: str = "ssh",
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, bytes]:
        """Run a program of OpenSSH and return its status and both streams."""
        done = subprocess.run(
            [program, "-F", str(self.folder / "config"), *words],
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env={**os.environ, **(env or {})},
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def key(tmp_path: Path) -> asyncssh.SSHKey:
    """A user's key; its private half lies in the file `key`."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o600)
    return key


@pytest.fixture
def array(key: asyncssh.SSHKey) -> Iterator[SimulatedArray]:
    """A host with a user of every right, and one who has to ask for theirs."""
    public = key.export_public_key().decode()
    operator = UserConfig(
        name="operator",
        password=PASSWORD,
        authorized_keys=(public,),
        profiles=("File System Management", "ZFS File System Management"),
        sudo="password",
    )
    config = ArrayConfig(name="solaris", kind="solaris", authorized_keys=(public,), users=(operator,))
    with Simulator([config], seed=1) as simulator:
        yield simulator["solaris"]


@pytest.fixture
def client(array: SimulatedArray, tmp_path: Path) -> Client:
    """OpenSSH's client, set up for the host: `san` logs in with the key, `san-password` with the password."""
    (tmp_path / "known").write_text(f"[{array.host}]:{array.port} {array.host_key}\n")
    where = f"  HostName {array.host}\n  Port {array.port}\n  User {array.username}\n"
    (tmp_path / "config").write_text(
        f"Host san-password\n{where}  PubkeyAuthentication no\n  NumberOfPasswordPrompts 1\n"
        f"Host san\n{where}  IdentityFile {tmp_path / 'key'}\n  IdentitiesOnly yes\n  BatchMode yes\n"
        f"Host *\n  UserKnownHostsFile {tmp_path / 'known'}\n  IdentityAgent none\n"
    )
    return Client(tmp_path)


# OpenSSH.


@needs_ssh
@pytest.mark.parametrize(
    ("words", "stdin", "answer"),
    [
        (["/usr/sbin/zfs", "list", "-H", "-o", "name"], b"", (0, b"tank\n", b"")),
        (["zfs list -H -o name nosuch"], b"", (1, b"", b"cannot open 'nosuch': dataset does not exist\n")),
        (["sh", "-s", "tank"], b'zpool list -H -o name "$1"\n', (0, b"tank\n", b"")),
        (["-T"], b"zfs create -V 1G tank/v\nzfs list -H -o volsize tank/v\nexit 3\n", (3, b"1G\n", b"")),
        (["cat; cat >&2"], bytes(range(256)) * 512, (0, bytes(range(256)) * 512, b"")),
        (["true " + "x" * 100_000], b"", (0, b"", b"")),
        (["kill -TERM $$"], b"", (255, b"", b"")),
    ],
    ids=["words", "refusal", "script", "session", "bytes", "100 kB", "signal"],
)
def test_ssh_runs_a_command(client: Client, words: list[str], stdin: bytes, answer: tuple[int, bytes, bytes]) -> None:
    options = [word for word in words if word == "-T"]
    assert client.run(*options, "san", *[word for word in words if word != "-T"], stdin=stdin) == answer


@needs_ssh
def test_ssh_gives_a_command_a_terminal(client: Client) -> None:
    status, screen, _ = client.run("-tt", "san", "tty; echo $TERM; stty size", env={"TERM": "vt100"})
    assert (status, screen.split(b"\r\n")[:2]) == (0, [b"/dev/pts/1", b"vt100"])


@needs_ssh
@pytest.mark.parametrize("method", ["password", "keyboard-interactive"])
def test_ssh_logs_in_with_a_password(client: Client, array: SimulatedArray, method: str) -> None:
    asker = client.folder / "asker"
    asker.write_text(f"#!/bin/sh\necho '{array.password}'\n")
    asker.chmod(0o700)
    env = {"SSH_ASKPASS": str(asker), "SSH_ASKPASS_REQUIRE": "force"}
    words = ("-o", f"PreferredAuthentications={method}", "san-password", "id -un")
    assert client.run(*words, env=env)[:2] == (0, b"admin\n")
    asker.write_text("#!/bin/sh\necho wrong\n")
    status, _, refused = client.run(*words, env=env)
    assert status == 255
    assert b"Permission denied" in refused


@needs_ssh
def test_ssh_shares_one_connection_among_commands(client: Client) -> None:
    control = ("-o", f"ControlPath={client.folder / 'mux'}")
    assert client.run(*control, "-o", "ControlMaster=yes", "-o", "ControlPersist=30", "-N", "-f", "san")[0] == 0
    try:
        for number in range(12):
            assert client.run(*control, "san", f"echo {number}")[:2] == (0, f"{number}\n".encode())
    finally:
        client.run(*control, "-O", "exit", "san")


@needs_ssh
def test_ssh_passes_the_language_on_and_nothing_else(client: Client) -> None:
    words = ("-o", "SendEnv=LANG SECRET", "san", "echo $LANG/$SECRET")
    assert client.run(*words, env={"LANG": "C.UTF-8", "SECRET": "x"})[1] == b"C.UTF-8/\n"


@needs_ssh
def test_file_transfer_is_refused_in_so_many_words(client: Client) -> None:
    status, _, said = client.run("san", program="sftp", stdin=b"ls\n")
    assert status != 0
    assert b"subsystem request failed" in said
    (client.folder / "local").write_text("x")
    status, _, said = client.run("-O", str(client.folder / "local"), "san:/tmp/there", program="scp")
    assert status != 0
    assert b"scp: not found" in said


# paramiko.


@pytest.fixture
def transport(array: SimulatedArray) -> Iterator[paramiko.SSHClient]:
    """A connection of paramiko's."""
    with paramiko.SSHClient() as client:
        host_key = paramiko.Ed25519Key(data=asyncssh.import_public_key(array.host_key).public_data)
        client.get_host_keys().add(f"[{array.host}]:{array.port}", "ssh-ed25519", host_key)
        client.connect(
            array.host, array.port, array.username, array.password, look_for_keys=False, allow_agent=False, timeout=10
        )
        yield client


def until(channel: paramiko.Channel, awaited: str) -> str:
    """Read a screen until something stands at its end."""
    channel.settimeout(20)
    screen = ""
    while not screen.endswith(awaited):
        data = channel.recv(4096)
        assert data, screen
        screen += data.decode()
    return screen


PROMPT = "admin@solaris:~$ "


def test_paramiko_talks_to_a_shell(transport: paramiko.SSHClient) -> None:
    channel = transport.invoke_shell(width=132, height=50)
    until(channel, PROMPT)
    for typed, shown in (("zpool list -H -o name", "tank"), ("echo $TERM", "vt100"), ("stty size", "50 132")):
        channel.send(f"{typed}\n".encode())
        assert until(channel, PROMPT) == f"{typed}\r\n{shown}\r\n{PROMPT}"
    channel.resize_pty(width=100, height=40)
    channel.send(b"stty size\n")
    assert "40 100" in until(channel, PROMPT)
    channel.send(b"exit 7\n")
    assert channel.recv_exit_status() == 7


def test_what_sleeps_is_interrupted_by_its_key(transport: paramiko.SSHClient) -> None:
    channel = transport.invoke_shell()
    until(channel, PROMPT)
    for command in ("sleep 1000", "sleep 1000 | cat", "while :; do sleep 1000; done", "while :; do :; done", "cat"):
        channel.send(f"{command}; echo not said\n".encode())
        until(channel, "not said\r\n")
        channel.send(b"\x03")
        assert until(channel, PROMPT).startswith("^C")
    channel.send(b"echo $?\n")
    assert "\r\n258\r\n" in until(channel, PROMPT)


def test_losing_the_line_hangs_a_terminal_up(array: SimulatedArray, transport: paramiko.SSHClient) -> None:
    channel = transport.invoke_shell()
    until(channel, PROMPT)
    channel.send(b"sleep 1000\n")
    until(channel, "sleep 1000\r\n")
    transport.close()
    assert array.log.quiet()


# asyncssh.


def test_asyncssh_sends_a_signal_and_hears_of_one(array: SimulatedArray) -> None:
    async def talk() -> None:
        async with connect(array) as connection:
            process = await connection.create_process("trap 'echo caught; exit 4' USR1; echo up; read x")
            assert await process.stdout.readline() == "up\n"
            process.send_signal("USR1")
            done = await process.wait()
            assert (done.stdout, done.exit_status) == ("caught\n", 4)
            process = await connection.create_process("echo up; read x")
            assert await process.stdout.readline() == "up\n"
            process.terminate()
            done = await process.wait()
            assert done.exit_signal is not None
            assert done.exit_signal[0] == "TERM"

    asyncio.run(asyncio.wait_for(talk(), 30))


def test_ten_sessions_fit_on_one_connection_and_an_eleventh_does_not(array: SimulatedArray) -> None:
    async def talk() -> None:
        async with connect(array) as connection:
            waiting = [await connection.create_process("read x; echo $x") for _ in range(10)]
            with pytest.raises(asyncssh.ChannelOpenError, match="open failed"):
                await connection.create_process("true")
            for process in waiting:
                process.stdin.write("go\n")
            assert [(await process.wait()).stdout for process in waiting] == ["go\n"] * 10
            assert (await connection.run("echo again")).stdout == "again\n"

    asyncio.run(asyncio.wait_for(talk(), 30))


# Fabric.


def fabric(array: SimulatedArray, user: str, password: str) -> Connection:
    connection = Connection(
        array.host,
        user=user,
        port=array.port,
        config=Config(lazy=True),
        connect_kwargs={"password": password, "look_for_keys": False, "allow_agent": False},
    )
    connection.client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    return connection


def test_fabric_runs_with_and_without_a_terminal_and_through_sudo(array: SimulatedArray) -> None:
    with fabric(array, "operator", PASSWORD) as connection:
        assert connection.run("zpool list -H -o name", hide=True, in_stream=False).stdout == "tank\n"
        assert connection.run("tty", hide=True, pty=True, in_stream=False).stdout == "/dev/pts/1\r\n"
        assert connection.sudo("whoami", password=PASSWORD, hide=True, in_stream=False).stdout == "root\n"
        failed = connection.run("zfs create tank/fs", hide=True, warn=True, in_stream=False)
        assert failed.stderr == "cannot create 'tank/fs': permission denied\n"
        assert connection.run("pfexec zfs create tank/fs", hide=True, in_stream=False).ok


# Ansible.


def ansible(array: SimulatedArray, folder: Path, words: Sequence[str], *, user: str) -> str:
    """Run one task of Ansible's on the host and return what it says."""
    (folder / "inventory").write_text(
        f"san ansible_host={array.host} ansible_port={array.port} ansible_user={user}"
        f" ansible_ssh_private_key_file={folder / 'key'}"
        f" ansible_ssh_common_args='-F none -o UserKnownHostsFile={folder / 'known'} -o ControlPath={folder / 'cp'}'\n"
    )
    assert ANSIBLE is not None
    done = subprocess.run(
        [ANSIBLE, "san", "-i", str(folder / "inventory"), "-m", "raw", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "ANSIBLE_LOCAL_TEMP": str(folder), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(folder)},
    )
    return done.stdout + done.stderr


@needs_ssh
@pytest.mark.skipif(ANSIBLE is None, reason="needs ansible on the PATH or in SANSDK_STRANGERS")
@pytest.mark.parametrize(
    ("user", "words", "said"),
    [
        ("admin", ["-a", "zpool list -H -o name,health"], "tank\tONLINE"),
        ("admin", ["-a", "zfs list nosuch"], "cannot open 'nosuch': dataset does not exist"),
        ("admin", ["-b", "-a", "id -un"], "root"),
        ("operator", ["-b", "-e", f'ansible_become_password="{PASSWORD}"', "-a", "id -un"], "root"),
        ("operator", ["-a", "pfexec zfs create -V 1G tank/v && zfs list -H -o name tank/v"], "tank/v"),
        ("operator", ["-a", "zfs create -V 1G tank/v"], "cannot create 'tank/v': permission denied"),
    ],
    ids=["read", "refusal", "sudo", "sudo with a password", "pfexec", "no rights"],
)
def test_ansible_runs_raw_tasks(client: Client, array: SimulatedArray, user: str, words: list[str], said: str) -> None:
    lines = ansible(array, client.folder, words, user=user).splitlines()
    assert said in lines, lines
