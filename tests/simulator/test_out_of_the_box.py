"""Row 25: it works out of the box over exec, with keys, one command, pipes, for a plain `ssh` that nobody prepared.

What is started here is `sansim serve`, a process like any other; nothing of it is replaced, patched or imported, and
all that its clients know is what it printed.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

SSH = shutil.which("ssh")
KEYGEN = shutil.which("ssh-keygen")
needs_ssh = pytest.mark.skipif(None in {SSH, KEYGEN}, reason="needs OpenSSH's client")


class OutOfTheBox:
    """A simulator as a process, and OpenSSH's client with a key that the arrays take."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self._folder = folder
        self.arrays: Mapping[str, Mapping[str, Any]] = {
            array["name"]: array for array in json.loads(process.stdout.readline())["arrays"]
        }
        lines = [f"[{array['host']}]:{array['port']} {array['host_key']}\n" for array in self.arrays.values()]
        (folder / "known_hosts").write_text("".join(lines))

    def command(self, array: str, *options: str) -> list[str]:
        """Return the words that reach an array: address, user and host key, as whoever read the output would type."""
        where = self.arrays[array]
        known = f"UserKnownHostsFile={self._folder / 'known_hosts'}"
        words = ["-F", "none", "-i", str(self._folder / "key"), "-o", known, "-o", "BatchMode=yes", *options]
        return [SSH or "ssh", *words, "-p", str(where["port"]), f"{where['username']}@{where['host']}"]

    def ssh(self, array: str, *words: str, typed: bytes = b"", options: Sequence[str] = ()) -> tuple[int, bytes, bytes]:
        """Run one ssh to its end and return its status and both streams."""
        done = subprocess.run(
            [*self.command(array, *options), *words], input=typed, capture_output=True, timeout=60, check=False
        )
        return done.returncode, done.stdout, done.stderr

    def shell(self, line: str) -> str:
        """Run a line of the user's own shell, in which `solaris` and `hp` are commands that reach the arrays."""
        for name in self.arrays:
            path = self._folder / "bin" / name
            path.parent.mkdir(exist_ok=True)
            words = " ".join(f"'{word}'" for word in self.command(name))
            path.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            path.chmod(0o755)
        env = {"PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, timeout=60, check=True, env=env)
        assert done.stderr == ""
        return done.stdout


@pytest.fixture
def box(tmp_path: Path) -> Iterator[OutOfTheBox]:
    if SSH is None or KEYGEN is None:
        pytest.skip("needs OpenSSH's client")
    subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True, timeout=60)
    public = (tmp_path / "key.pub").read_text().strip()
    (tmp_path / "arrays.toml").write_text(
        "".join(f'[[array]]\nkind = "{kind}"\nauthorized_keys = ["{public}"]\n' for kind in ("solaris", "hp"))
    )
    command = [sys.executable, "-m", "sansim", "serve", "--json", "--config", str(tmp_path / "arrays.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield OutOfTheBox(process, tmp_path)
        finally:
            process.terminate()


# One command.


@needs_ssh
def test_one_command_with_a_key_on_both_arrays(box: OutOfTheBox) -> None:
    """Row 25: the status and both streams are those of the command."""
    assert box.ssh("solaris", "zpool", "list", "-H", "-o", "name") == (0, b"tank\n", b"")
    assert box.ssh("solaris", "zfs list nosuch") == (1, b"", b"cannot open 'nosuch': dataset does not exist\n")
    status, text, errors = box.ssh("hp", "getClusterInfo clusterName=Cluster01 searchDepth=1 output=XML")
    assert (status, errors) == (0, b"")
    assert b'name="Cluster01"' in text
    status, text, errors = box.ssh("hp", "getVolumeInfo volumeName=none")
    assert (status, errors) == (139, b"")
    assert b"Volume 'none' not found" in text


# Pipes.


@needs_ssh
def test_pipes_on_the_array_and_between_arrays(box: OutOfTheBox) -> None:
    """Row 25: on Solaris the login has pipes of its own, CLIQ has none; both can stand in one of the user's."""
    assert box.ssh("solaris", "zfs list -H -o name | tr a-z A-Z | head -1") == (0, b"TANK\n", b"")
    assert box.ssh("solaris", "wc -c", typed=b"x" * 100_000)[1].strip() == b"100000"
    found = box.shell("hp 'getClusterInfo searchDepth=1 output=XML' | grep -o 'storageNodeCount=\"[0-9]*\"'")
    assert found == 'storageNodeCount="2"\n'
    box.shell("for n in 1 2 3; do solaris zfs create -s -V 1G tank/v$n; done")
    box.shell(
        "solaris zfs list -H -t volume -o name | cut -d/ -f2 | while read name;"
        " do hp createVolume volumeName=$name clusterName=Cluster01 size=1GB </dev/null || exit; done"
    )
    names = box.shell("hp 'getVolumeInfo verbose=0' | sed -n 's/^   name *//p' | sort")
    assert names.split() == ["v1", "v2", "v3"]


@needs_ssh
def test_a_script_on_standard_input(box: OutOfTheBox) -> None:
    """Row 25: a program for the shell, lines for the prompt."""
    assert box.ssh("solaris", "sh -s one two", typed=b'for word; do echo "[$word]"; done; exit 3\n') == (
        3,
        b"[one]\n[two]\n",
        b"",
    )
    status, text, _ = box.ssh("hp", typed=b"getSystemInfo\nexit\n", options=("-T",))
    assert status == 0
    assert b"saniqVersion" in text


# Loopback only.


@needs_ssh
def test_nobody_else_reaches_it_unless_told_so(box: OutOfTheBox) -> None:
    """Row 25: by default it listens on one address of this machine's loopback, and on no other, not even there."""
    for array in box.arrays.values():
        assert array["host"] == "127.0.0.1"
        with socket.create_connection((array["host"], array["port"]), timeout=10):
            pass
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", array["port"]), timeout=10)


@needs_ssh
def test_who_has_no_key_is_refused(box: OutOfTheBox) -> None:
    for name in box.arrays:
        status, text, errors = box.ssh(name, "true", options=("-o", "PubkeyAuthentication=no"))
        assert (status, text) == (255, b"")
        assert b"Permission denied" in errors
