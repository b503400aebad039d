"""A client of a simulated LeftHand group, by commands of their own and at the prompts of two long sessions."""

import asyncio
import re
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import asyncssh

from sansim import SimulatedArray
from tests.simulator.chance.client import Lost
from tests.simulator.conftest import connect

__all__ = ["CliqClient"]

T = TypeVar("T")

_PATIENCE: Final = 30
"""Seconds that an answer may take; nothing here waits at all."""
_ENDS: Final = re.compile(r"CLIQ>\Z|\(y/n\)\??\s*\Z")
"""What stands at the end of the screen when it is the client's turn: the prompt or a question."""


class CliqClient:
    """One connection to a group at a time, on an event loop of its own, and a prompt with and without a terminal."""

    def __init__(self, array: SimulatedArray) -> None:
        self._array = array
        self._loop = asyncio.new_event_loop()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._shells: dict[bool, asyncssh.SSHClientProcess[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.disconnect()
        self._loop.close()

    def run(self, line: str) -> tuple[int, str]:
        """Run a line as a command of its own, and return its status and what it printed.

        Raises:
            Lost: The connection is gone; the next line makes another.
        """
        return self._loop.run_until_complete(self._guarded(self._run(line)))

    def type(self, line: str, reply: str, *, terminal: bool) -> str:
        """Type a line at the prompt, and the reply if there is a question; return what came until the next prompt.

        Raises:
            Lost: The connection is gone; the next line makes another.
        """
        return self._loop.run_until_complete(self._guarded(self._type(line, reply, terminal=terminal)))

    def disconnect(self) -> None:
        """Close the connection, if there is one."""
        self._loop.run_until_complete(self._disconnect())

    async def _guarded(self, talk: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(_PATIENCE):
                return await talk
        except (asyncssh.ConnectionLost, asyncssh.ChannelOpenError, BrokenPipeError) as error:
            await self._disconnect()
            raise Lost from error
        except Lost:
            await self._disconnect()
            raise

    async def _connected(self) -> asyncssh.SSHClientConnection:
        if self._connection is None:
            self._connection = await connect(self._array)
        return self._connection

    async def _run(self, line: str) -> tuple[int, str]:
        done = await (await self._connected()).run(line, encoding="utf-8")
        if done.exit_status is None:
            raise Lost
        assert done.stderr == ""
        return done.exit_status, str(done.stdout)

    async def _type(self, line: str, reply: str, *, terminal: bool) -> str:
        if terminal not in self._shells:
            connection = await self._connected()
            self._shells[terminal] = await connection.create_process(
                term_type="xterm" if terminal else None, term_size=(4000, 50), encoding="utf-8"
            )
            await _screen(self._shells[terminal])
        shell = self._shells[terminal]
        shell.stdin.write(f"{line}\n")
        screen = await _screen(shell)
        if not screen.endswith("CLIQ>"):
            shell.stdin.write(f"{reply}\n")
            screen += await _screen(shell)
        return screen

    async def _disconnect(self) -> None:
        self._shells.clear()
        if self._connection is not None:
            self._connection.close()
            await self._connection.wait_closed()
            self._connection = None


async def _screen(shell: asyncssh.SSHClientProcess[str]) -> str:
    """Read until it is the client's turn."""
    screen = ""
    while not _ENDS.search(screen):
        data = await shell.stdout.read(65536)
        if not data:
            raise Lost
        screen += data
    return screen
