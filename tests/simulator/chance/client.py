"""A client of a simulated host that runs one command at a time and connects again when the line is lost."""

import asyncio
from types import TracebackType
from typing import Final, Self

import asyncssh
from attrs import frozen

from sansim import SimulatedArray
from tests.simulator.conftest import connect

__all__ = ["Client", "Lost", "Outcome"]

_PATH: Final = "PATH=$PATH:/usr/sbin:/sbin; "
_PATIENCE: Final = 30
"""Seconds that a command may take; nothing here waits for longer than 9."""


class Lost(Exception):
    """The line was lost before the command's status came."""


@frozen
class Outcome:
    """What came of a command; bytes that are no UTF-8 are kept as surrogates."""

    line: str
    status: int | None
    signal: str | None
    stdout: str
    stderr: str


class Client:
    """One connection to a host at a time, on an event loop of its own."""

    def __init__(self, array: SimulatedArray) -> None:
        self._array = array
        self._loop = asyncio.new_event_loop()
        self._connection: asyncssh.SSHClientConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.disconnect()
        self._loop.close()

    def run(self, line: str) -> Outcome:
        """Run a line in the login's shell, with the administrators' programs on its path.

        Raises:
            Lost: The connection is gone; the next line makes another.
        """
        return self._loop.run_until_complete(self._run(f"{_PATH}{line}"))

    def disconnect(self) -> None:
        """Close the connection, if there is one."""
        self._loop.run_until_complete(self._disconnect())

    async def _run(self, line: str) -> Outcome:
        if self._connection is None:
            self._connection = await connect(self._array)
        try:
            async with asyncio.timeout(_PATIENCE):
                done = await self._connection.run(line, encoding="utf-8", errors="surrogateescape")
        except (asyncssh.ConnectionLost, asyncssh.ChannelOpenError) as error:
            await self._disconnect()
            raise Lost from error
        if done.exit_status is None:
            await self._disconnect()
            raise Lost
        signal = None if done.exit_signal is None else done.exit_signal[0]
        return Outcome(line, done.exit_status, signal, str(done.stdout), str(done.stderr))

    async def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            await self._connection.wait_closed()
            self._connection = None
