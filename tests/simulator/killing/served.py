"""A `sansim serve` that is killed, and the connections to it."""

import asyncio
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import asyncssh

from tests.simulator.conftest import Address, connect
from tests.simulator.served import Login

__all__ = ["Served", "run", "talk"]


class Served:
    """A running process.

    Attributes:
        arrays: What it said of its arrays, once it listens.
        complaints: Where it writes what is wrong.
    """

    def __init__(self, process: asyncio.subprocess.Process, complaints: Path) -> None:
        self.process = process
        self.complaints = complaints
        self.arrays: Mapping[str, Login] = {}

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
        self.arrays = {array["name"]: Login.of(array) for array in said["arrays"]}

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
