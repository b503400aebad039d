"""A `sansim serve` that is killed, and the connections to it."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import asyncssh
from attrs import frozen

from tests.simulator.conftest import connect

__all__ = ["Address", "Served", "run", "talk"]


@frozen
class Address:
    """Where an array listens and how to log in there."""

    host: str
    port: int
    username: str
    password: str
    host_key: str


class Served:
    """A running process.

    Attributes:
        arrays: What it said of its arrays, once it listens.
        complaints: Where it writes what is wrong.
    """

    def __init__(self, process: asyncio.subprocess.Process, complaints: Path) -> None:
        self.process = process
        self.complaints = complaints
        self.arrays: Mapping[str, Address] = {}

    @classmethod
    async def start(cls, state: Path, seed: int) -> Self:
        """Start one with a state file."""
        command = (sys.executable, "-m", "sansim", "serve", "--json", "--state", str(state), "--seed", str(seed))
        complaints = state.with_suffix(".log")
        with complaints.open("wb") as stderr:
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=stderr)
        return cls(process, complaints)

    async def listen(self) -> None:
        """Wait until it serves.

        Raises:
            AssertionError: It ended before.
        """
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert line, f"it does not start with the file that was left: {self.complaints.read_text()}"
        said: dict[str, Any] = json.loads(line)
        fields = ("host", "port", "username", "password", "host_key")
        self.arrays = {array["name"]: Address(**{name: array[name] for name in fields}) for array in said["arrays"]}

    async def kill(self) -> None:
        """Kill it as `kill -9` does."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


async def talk(address: Address, lines: Sequence[str]) -> list[tuple[int | None, str]]:
    """Run commands on one connection, and return status and output of each."""
    async with connect(address) as connection:
        done = [await connection.run(line) for line in lines]
    return [(one.exit_status, str(one.stdout) + str(one.stderr)) for one in done]


async def run(connection: asyncssh.SSHClientConnection, line: str) -> tuple[int | None, str]:
    """Run a command; the status is None when the line was lost before it came."""
    try:
        done = await connection.run(line)
    except (asyncssh.Error, OSError):
        return None, ""
    return done.exit_status, str(done.stdout) + str(done.stderr)
