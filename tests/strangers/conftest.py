"""Two Linux hosts with OpenZFS, and a machine beside them on which other people's programs run."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import asyncssh
import pytest
from attrs import frozen

from sansim import ArrayConfig, Simulator

GIB = 1 << 30
HOSTS = ("near", "far")


@frozen
class Machine:
    """Where a program runs that reaches the hosts by OpenSSH.

    Attributes:
        folder: A folder of its own; its `bin` comes first in the PATH.
        ssh_config: What tells ssh the hosts' addresses, keys, and the user's key.
    """

    folder: Path
    ssh_config: Path

    def command(self, name: str, text: str) -> None:
        """Put a program of this name first in the PATH."""
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run(self, *words: str, status: int = 0) -> str:
        """Run a program to its end and return both its streams together.

        Raises:
            AssertionError: It ended with another status than this.
        """
        done = subprocess.run(
            words,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, done.stdout
        return done.stdout

    def ssh(self, host: str, command: str) -> str:
        """Run a command on a host and return what it prints."""
        return self.run("ssh", host, command)

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"}


@pytest.fixture
def key(tmp_path: Path) -> asyncssh.SSHKey:
    """The user's key; its private half lies in the file `key`."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o600)
    return key


@pytest.fixture
def hosts(key: asyncssh.SSHKey, request: pytest.FixtureRequest) -> Iterator[Simulator]:
    """The hosts; a parameter is the simulator's seed, with which their clocks stand in the past."""
    public = key.export_public_key().decode()
    arrays = [
        ArrayConfig(
            name=name, kind="solaris", flavour="openzfs", size=100 * GIB, username="root", authorized_keys=(public,)
        )
        for name in HOSTS
    ]
    with Simulator(arrays=arrays, seed=getattr(request, "param", None)) as simulator:
        yield simulator


@pytest.fixture
def machine(hosts: Simulator, tmp_path: Path) -> Machine:
    """A machine that knows both hosts, by name."""
    known, config = tmp_path / "known_hosts", tmp_path / "ssh_config"
    known.write_text("".join(f"[{hosts[name].host}]:{hosts[name].port} {hosts[name].host_key}\n" for name in HOSTS))
    config.write_text(
        "".join(f"Host {name}\n  HostName {hosts[name].host}\n  Port {hosts[name].port}\n" for name in HOSTS)
        + f"Host *\n  User root\n  IdentityFile {tmp_path / 'key'}\n  IdentitiesOnly yes\n"
        f"  UserKnownHostsFile {known}\n  BatchMode yes\n"
    )
    (tmp_path / "bin").mkdir()
    machine = Machine(tmp_path, config)
    machine.command("ssh", f'exec {shutil.which("ssh")} -F {config} "$@"')
    return machine
