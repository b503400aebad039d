"""SSH programs as they come, against one LeftHand group: OpenSSH, paramiko, asyncssh, Ansible.

How people reach a node with them is published: `ssh -p 16022 -l admin NODE 'command'` and sshpass in scripts; PuTTY,
which is asked for the password by keyboard-interactive (2011 blog). Ansible's `raw` module runs what `ssh` would.
"""

import asyncio
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path

import asyncssh
import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from tests.simulator.conftest import connect

ANSIBLE = shutil.which("ansible", path=f"{os.environ.get('SANSDK_STRANGERS', '')}:{os.environ.get('PATH', '')}")
SSH = shutil.which("ssh")
needs_ssh = pytest.mark.skipif(SSH is None, reason="needs OpenSSH's client")
BANNER = "HPE StoreVirtual LeftHand OS Command Line Interface, v12.6.00.0155"
CREATE = "createVolume volumeName=v clusterName=Cluster01 size=1GB thinProvision=1"


@pytest.fixture
def array(key: asyncssh.SSHKey) -> Iterator[SimulatedArray]:
    config = ArrayConfig(name="hp", kind="hp", authorized_keys=(key.export_public_key().decode(),))
    with Simulator([config], seed=1) as simulator:
        yield simulator["hp"]


class Ssh:
    """OpenSSH's client, which knows the group as `node` and has a key, and as `asked` without one."""

    def __init__(self, array: SimulatedArray, folder: Path) -> None:
        self._config = folder / "ssh_config"
        known = folder / "known"
        known.write_text(f"[{array.host}]:{array.port} {array.host_key}\n")
        where = f"  HostName {array.host}\n  Port {array.port}\n  User {array.username}\n"
        self._config.write_text(
            f"Host node\n{where}  IdentityFile {folder / 'key'}\n  IdentitiesOnly yes\n  BatchMode yes\n"
            f"Host asked\n{where}  PubkeyAuthentication no\n  NumberOfPasswordPrompts 1\n"
            f"Host *\n  UserKnownHostsFile {known}\n  IdentityAgent none\n"
        )

    def __call__(self, *words: str, typed: str = "", env: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Run ssh and return its status and standard output."""
        done = subprocess.run(
            [SSH or "ssh", "-F", str(self._config), *words],
            input=typed.encode(),
            capture_output=True,
            timeout=60,
            check=False,
            env={**os.environ, **(env or {})},
        )
        return done.returncode, done.stdout.decode()


@pytest.fixture
def ssh(array: SimulatedArray, tmp_path: Path) -> Ssh:
    return Ssh(array, tmp_path)


# OpenSSH.


@needs_ssh
@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("getSystemInfo", 0, "   saniqVersion 12.6.00.0155"),
        ("getVolumeInfo volumeName=none", 139, " description    Volume 'none' not found."),
        ("nosuch", 134, " name           CliqUnrecognizedCommand"),
        ('createVolume volumeName=v clusterName=Cluster01 size=1GB description="two words"', 0, " result         0"),
    ],
)
def test_ssh_runs_one_command_and_ends_as_it_does(ssh: Ssh, command: str, status: int, said: str) -> None:
    ended, text = ssh("node", command)
    assert ended == status
    assert said in text.splitlines()


@needs_ssh
def test_ssh_hands_on_what_its_own_shell_left_of_the_words(ssh: Ssh) -> None:
    assert ssh("node", *CREATE.split())[0] == 0
    assert ssh("node", "getVolumeInfo", "volumeName=v", "verbose=0", "output=XML")[1].endswith("</gauche>\n    ")


@needs_ssh
@pytest.mark.parametrize("method", ["password", "keyboard-interactive"])
def test_ssh_is_let_in_by_either_way_of_asking_for_the_password(
    ssh: Ssh, array: SimulatedArray, tmp_path: Path, method: str
) -> None:
    asker = tmp_path / "asker"
    asker.write_text(f"#!/bin/sh\necho '{array.password}'\n")
    asker.chmod(0o700)
    words = ("-o", f"PreferredAuthentications={method}", "asked", "getSystemInfo output=XML")
    status, text = ssh(*words, env={"SSH_ASKPASS": str(asker), "SSH_ASKPASS_REQUIRE": "force"})
    assert (status, 'saniqVersion="12.6.00.0155"' in text) == (0, True)


@needs_ssh
def test_ssh_types_at_the_prompt_from_a_file(ssh: Ssh) -> None:
    """Without a terminal, as a here-document does."""
    status, text = ssh("-T", "node", typed=f"{CREATE}\ngetVolumeInfo volumeName=v verbose=0\nexit\n")
    assert status == 0
    assert text.count(f"{BANNER}\r\n" if "\r\n" in text else f"{BANNER}\n") == 2
    assert "createVolume" not in text
    assert text.count("CLIQ>") == 3


@needs_ssh
def test_ssh_types_at_the_prompt_of_a_terminal(ssh: Ssh) -> None:
    status, text = ssh("-tt", "node", typed=f"{CREATE}\ndeleteVolume volumeName=v\ny\ngetVolumeInfo\nexit\n")
    assert status == 0
    assert text.count("\r\nRESPONSE\r\n") == 3
    assert "(type exit to quit)" in text
    assert "Are you sure? (y/n)" in text
    assert "CliqNothingFound" in text


@needs_ssh
def test_one_connection_carries_many_commands_in_turn(ssh: Ssh, tmp_path: Path) -> None:
    control = ("-o", f"ControlPath={tmp_path / 'mux'}", "-o", "ServerAliveInterval=1")
    assert ssh(*control, "-o", "ControlMaster=yes", "-o", "ControlPersist=30", "-N", "-f", "node")[0] == 0
    try:
        for _ in range(20):
            assert ssh(*control, "node", "getSystemInfo output=XML")[0] == 0
    finally:
        ssh(*control, "-O", "exit", "node")


# paramiko.


@pytest.fixture
def transport(array: SimulatedArray) -> Iterator[paramiko.Transport]:
    """A connection on which nobody has logged in yet."""
    transport = paramiko.Transport((array.host, array.port))
    transport.connect(hostkey=paramiko.Ed25519Key(data=b64decode(array.host_key.split()[1])))
    with transport:
        yield transport


def test_plink_and_its_like_answer_one_question(transport: paramiko.Transport, array: SimulatedArray) -> None:
    """PuTTY prefers keyboard-interactive, and shows what is asked."""
    asked: list[tuple[str, bool]] = []

    def answer(_title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        asked.extend(prompts)
        return [array.password for _ in prompts]

    transport.auth_interactive(array.username, answer)
    assert transport.is_authenticated()
    assert [(text.strip(), echo) for text, echo in asked] == [("Password:", False)]


@pytest.mark.parametrize("terminal", [False, True])
def test_paramiko_talks_at_the_prompt(transport: paramiko.Transport, array: SimulatedArray, *, terminal: bool) -> None:
    transport.auth_password(array.username, array.password)
    channel = transport.open_session(timeout=20)
    channel.settimeout(20)
    if terminal:
        channel.get_pty("vt100", 80, 24)
    channel.invoke_shell()
    screens = [until_prompt(channel)]
    for typed in (CREATE, "getVolumeInfo volumeName=v verbose=0", "deleteVolume volumeName=v prompt=0"):
        channel.sendall(f"{typed}\n".encode())
        screens.append(until_prompt(channel))
    assert "(type exit to quit)\r\n" in screens[0]
    assert all(f"{BANNER}\r\n" in screen for screen in screens[1:])
    assert all("\r\n result         0\r\n" in screen for screen in screens[1:])
    assert [typed_back(screen) for screen in screens[1:]] == (
        ["createVolume", "getVolumeInfo", "deleteVolume"] if terminal else ["", "", ""]
    )
    channel.sendall(b"exit\n")
    assert channel.recv_exit_status() == 0


def until_prompt(channel: paramiko.Channel) -> str:
    screen = ""
    while not screen.endswith("CLIQ>"):
        data = channel.recv(4096)
        assert data, screen
        screen += data.decode()
    return screen


def typed_back(screen: str) -> str:
    return screen.partition("\r\n")[0].partition(" ")[0]


# asyncssh.


def test_asyncssh_runs_commands_side_by_side_and_at_the_prompt(array: SimulatedArray) -> None:
    async def talk() -> None:
        async with connect(array) as connection:
            lines = (CREATE.replace("volumeName=v", f"volumeName=v{number}") for number in range(8))
            done = await asyncio.gather(*(connection.run(line) for line in lines))
            assert [one.exit_status for one in done] == [0] * 8
            process = await connection.create_process()
            process.stdin.write("getVolumeInfo verbose=0\nexit\n")
            said = str(await process.stdout.read())
            assert said.count("\n  VOLUME") == 8, said
            assert (await process.wait()).exit_status == 0

    asyncio.run(asyncio.wait_for(talk(), 30))


# Ansible.


@needs_ssh
@pytest.mark.skipif(ANSIBLE is None, reason="needs ansible on the PATH or in SANSDK_STRANGERS")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("getSystemInfo", "   saniqVersion 12.6.00.0155"),
        ("getVolumeInfo volumeName=none", " description    Volume 'none' not found."),
    ],
    ids=["read", "refusal"],
)
def test_ansible_runs_raw_tasks(array: SimulatedArray, ssh: Ssh, tmp_path: Path, command: str, said: str) -> None:
    assert ssh("node", "getSystemInfo")[0] == 0
    (tmp_path / "inventory").write_text(
        f"san ansible_host={array.host} ansible_port={array.port} ansible_user={array.username}"
        f" ansible_ssh_private_key_file={tmp_path / 'key'} ansible_ssh_common_args='-F none"
        f" -o UserKnownHostsFile={tmp_path / 'known'} -o ControlPath={tmp_path / 'cp'}'\n"
    )
    assert ANSIBLE is not None
    done = subprocess.run(
        [ANSIBLE, "san", "-i", str(tmp_path / "inventory"), "-m", "raw", "-a", command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "ANSIBLE_LOCAL_TEMP": str(tmp_path), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(tmp_path)},
    )
    lines = (done.stdout + done.stderr).splitlines()
    assert said in lines, lines
