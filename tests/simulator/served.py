"""Real `sansim serve` processes, and the real verbs, each a process too."""

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from attrs import frozen

from tests.simulator.conftest import exec_over_ssh

__all__ = ["Home", "Lines", "Login", "Served", "new_home"]

SANSIM = [sys.executable, "-m", "sansim"]


@frozen
class Login:
    """What a client needs, from the JSON."""

    host: str
    port: int
    username: str
    password: str
    host_key: str

    @classmethod
    def of(cls, array: dict[str, Any]) -> Self:
        """What the JSON says of an array."""
        return cls(*(array[key] for key in ("host", "port", "username", "password", "host_key")))


class Served:
    """A running simulator and what it said."""

    def __init__(self, process: "subprocess.Popen[str]", home: "Home") -> None:
        self.process = process
        self.home = home
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "it did not start"
        self.said: dict[str, Any] = json.loads(line)
        self.control = Path(self.said["control"])

    def array(self, name: str) -> dict[str, Any]:
        (found,) = (array for array in self.said["arrays"] if array["name"] == name)
        assert isinstance(found, dict)
        return found

    def login(self, name: str) -> Login:
        return Login.of(self.array(name))

    def exec(self, name: str, text: str) -> tuple[int | None, bytes, bytes]:
        """Run a command on an array as a plain SSH client does."""
        return exec_over_ssh(self.login(name), text)


@frozen
class Home:
    """A user's place for control sockets, which no other test shares."""

    path: Path
    control: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key != "SANSIM_CONTROL"}
        named = {} if self.control is None else {"SANSIM_CONTROL": str(self.control)}
        return {**kept, **named, "XDG_RUNTIME_DIR": str(self.path)}

    def sansim(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a verb to its end."""
        return subprocess.run(
            [*SANSIM, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
            timeout=120,
        )

    def done(self, *arguments: str, stdin: str = "") -> str:
        """Run a verb that is to succeed without a complaint, and return what it printed."""
        ran = self.sansim(*arguments, stdin=stdin)
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
        return ran.stdout

    def json(self, *arguments: str) -> dict[str, Any]:
        """The same, read as JSON."""
        answer = json.loads(self.done(*arguments, "--json"))
        assert isinstance(answer, dict)
        return answer

    def refused(self, *arguments: str, status: int = 1) -> str:
        """Run a verb that is to be refused, and return its complaint."""
        ran = self.sansim(*arguments)
        assert (ran.returncode, ran.stdout) == (status, ""), ran.stdout + ran.stderr
        return ran.stderr

    @contextmanager
    def serve(self, *arguments: str) -> Iterator[Served]:
        """Start a simulator; it is stopped with the block, if it has not stopped by then."""
        with subprocess.Popen(
            [*SANSIM, "serve", "--json", *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        ) as process:
            try:
                yield Served(process, self)
            finally:
                process.terminate()

    @contextmanager
    def follow(self, *arguments: str) -> Iterator["Lines"]:
        """Start a verb that goes on printing."""
        command = [*SANSIM, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0, env=self.environment) as process:
            try:
                yield Lines(process)
            finally:
                process.terminate()


class Lines:
    """What a process prints, line by line."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def next(self) -> str:
        """Wait for the next line; "" when the process ended."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        assert ready, "nothing is printed"
        return self.process.stdout.readline().decode()


@contextmanager
def new_home() -> Iterator[Home]:
    """Make one; its path is short, for a socket's has to be."""
    path = Path(tempfile.mkdtemp(prefix="sansim-test-"))
    try:
        yield Home(path)
    finally:
        shutil.rmtree(path)
