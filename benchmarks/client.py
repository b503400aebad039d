"""What every benchmark starts and talks to: server processes, and SSH connections to them."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self, cast

import asyncssh
from attrs import frozen

__all__ = ["Door", "Served", "constant", "hosts", "run"]

_ROOT = Path(__file__).parents[1]


@frozen
class Door:
    """Where a server listens, and who may come in."""

    host: str
    port: int
    username: str
    password: str
    host_key: str

    @classmethod
    def of(cls, said: Mapping[str, str | int]) -> Self:
        """Return the door that a server spoke of."""
        host_key = str(said["host_key"])
        return cls(str(said["host"]), int(said["port"]), str(said["username"]), str(said["password"]), host_key)

    async def connect(self) -> asyncssh.SSHClientConnection:
        """Log in."""
        return await asyncssh.connect(
            self.host,
            self.port,
            username=self.username,
            password=self.password,
            known_hosts=([asyncssh.import_public_key(self.host_key)], [], []),
            client_keys=None,
            agent_path=None,
            config=None,
            compression_algs=None,
        )


class Served:
    """A server process.

    Attributes:
        doors: Its servers, by name.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        said = cast("Mapping[str, Mapping[str, str | int]]", self._hear())
        self.doors = {name: Door.of(door) for name, door in said.items()}

    def ask(self, question: str) -> float:
        """Return a number that the server knows."""
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return cast("float", self._hear())

    def _hear(self) -> object:
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the server that is measured ended by itself; what it says is above")
        return cast("object", json.loads(line))


@contextmanager
def _served(kind: str, what: object) -> Iterator[Served]:
    command = [sys.executable, "-m", "benchmarks.serving", kind, json.dumps(what)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=_ROOT) as process:  # noqa: S603 - ours
        # Leaving closes its input, at whose end it ends.
        yield Served(process)


@contextmanager
def constant(answer: str) -> Iterator[Served]:
    """Run a server that answers any command with the same text; its one door is `constant`."""
    with _served("constant", answer) as served:
        yield served


@contextmanager
def hosts(volumes: Mapping[str, int]) -> Iterator[Served]:
    """Run simulated Solaris hosts, by name, with so many volumes each."""
    with _served("hosts", volumes) as served:
        yield served


async def run(connection: asyncssh.SSHClientConnection, command: str, expected: str | None = None) -> str:
    """Run a command that is to succeed, and to print what is expected where that is told.

    Raises:
        RuntimeError: It does not; there is no point in measuring something else.
    """
    done = await connection.run(command)
    if done.exit_status != 0 or done.stderr or (expected is not None and done.stdout != expected):
        raise RuntimeError(f"{command}: exit {done.exit_status}, {done.stdout!r} {done.stderr!r}")
    return str(done.stdout)
