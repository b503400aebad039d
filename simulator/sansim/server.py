"""The SSH server of one array: who may log in, and a `Channel` for each command or login.

No forwarding, no file transfer, no agent. Several channels run at once on one connection.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha512
from random import Random
from typing import Protocol

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sansim.channel import Channel
from sansim.clock import Clock
from sansim.connection import Account, Connection, Limits
from sansim.faults import Faults
from sansim.log import Log, Recording
from sansim.program import Answer
from sansim.state import State

__all__ = ["Account", "Array", "Channel", "Limits", "Server", "host_key"]

_INTERNAL_ERROR = 70
_P256_ORDER_BOUND = 1 << 255
_SECRET = 32
_logger = logging.getLogger("sansim")


def _tells_no_command(record: logging.LogRecord) -> bool:
    """Whether a log line is not a command's text: in CLIQ that holds CHAP secrets."""
    return "Command: " not in str(record.msg)


logging.getLogger("asyncssh").addFilter(_tells_no_command)


class Array(Protocol):
    """What the server serves: a Solaris host or a LeftHand group."""

    name: str
    kind: str
    state: State
    log: Log
    faults: Faults
    clock: Clock
    streams: tuple[Random, ...]
    """All that it leaves to chance comes from these."""
    most_sessions: int | None
    """How many channels one connection may have open; None sets no bound."""
    lose_connections: Callable[[], None] | None
    """Loses every connection at once, as whoever listens for the array has it; None as long as nobody does."""

    @property
    def node(self) -> str:
        """Which of its nodes answers at its address; empty for the one that does so at first."""

    def flaws(self) -> Iterable[str]:
        """Return what does not fit together in what it holds, in words; nothing in what came about by itself."""

    def start_afresh(self) -> None:
        """Come up as for the first time, but for the state: what an array keeps beside it begins anew."""

    async def serve(self, channel: Channel) -> None:
        """Run what the client of this channel asks for, and end it with `channel.exit`."""


def host_key(secret: bytes) -> asyncssh.SSHKey:
    """Make an ed25519 host key of 32 secret bytes."""
    private = Ed25519PrivateKey.from_private_bytes(secret)
    return asyncssh.import_private_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _node_key(key: asyncssh.SSHKey, node: str) -> asyncssh.SSHKey:
    """Make the host key of another node than the one that has this key."""
    return host_key(sha512(key.export_private_key("pkcs8-der") + node.encode()).digest()[:_SECRET]) if node else key


def _older_key(key: asyncssh.SSHKey) -> asyncssh.SSHKey:
    """Make the ECDSA key of a host by its ed25519 one: clients of before 2014 know no other of the two."""
    secret = int.from_bytes(sha512(key.export_private_key("pkcs8-der")).digest()) % _P256_ORDER_BOUND + 1
    private = derive_private_key(secret, SECP256R1())
    return asyncssh.import_private_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


class Server:
    """An array on a port of its own.

    Attributes:
        port: The port it listens on, once started.
    """

    def __init__(
        self, array: Array, accounts: Sequence[Account], key: asyncssh.SSHKey, limits: Limits | None = None
    ) -> None:
        """Make the server of an array.

        Args:
            array: What is served.
            accounts: Who may log in.
            key: The host key of the node that answers at first; other nodes have others.
            limits: What it bears; by default what that kind of array does.
        """
        self.port = 0
        self._limits = limits or Limits(sessions=array.most_sessions)
        self._array = array
        self._accounts = {account.username: account for account in accounts}
        self._key = key
        self._listener: asyncio.Server | None = None
        self._running: dict[asyncio.Task[None], Channel] = {}
        self._callers: set[asyncio.Task[None]] = set()
        self._connections: set[asyncssh.SSHServerConnection] = set()
        self._options: dict[str, asyncssh.SSHServerConnectionOptions] = {}
        array.lose_connections = self.lose_connections

    @property
    def host_key(self) -> str:
        """The host key of the node that answers now, as known_hosts writes it."""
        return _node_key(self._key, self._array.node).export_public_key("openssh").decode().strip()

    @property
    def clients(self) -> tuple[tuple[str, str], ...]:
        """Who is connected: the user, empty before they said who, and the address they come from."""
        return tuple(
            (str(connection.get_extra_info("username") or ""), str(connection.get_extra_info("peername")[0]))
            for connection in tuple(self._connections)
        )

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: The address cannot be had.
        """
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(lambda: _Doorstep(self._call), host, port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, cut every connection, and end what still runs."""
        if self._listener is not None:
            self._listener.close()
        for connection in tuple(self._connections):
            connection.abort()
        tasks = [*self._callers, *self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._array.log.close()

    def lose_connections(self) -> None:
        """Lose every connection at once, with what was not yet sent; what runs on the array runs on."""
        for channel in self._running.values():
            channel.cut()
        for connection in tuple(self._connections):
            connection.abort()

    @property
    def busy(self) -> bool:
        """Whether anything runs, with or without a client."""
        return bool(self._running)

    async def halt(self) -> None:
        """Kill all that runs; connections stay, and the client of each command learns that it was killed."""
        running = dict(self._running)
        for task, channel in running.items():
            channel.killed("KILL")
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _call(self, caller: socket.socket) -> None:
        task = asyncio.get_running_loop().create_task(self._receive(caller))
        self._callers.add(task)
        task.add_done_callback(self._callers.discard)

    async def _receive(self, caller: socket.socket) -> None:
        """Speak SSH with a caller, once a fault lets it, until they are logged in; from then on they speak."""
        line = _Caller(caller)
        try:
            await self._array.faults.at("@connect", line)
        except BaseException:
            caller.close()
            raise
        if line.lost:
            return
        # One who went, or could not prove who they are, is no concern of the simulator's.
        with suppress(OSError, asyncssh.Error):
            await asyncssh.run_server(caller, options=self._options_of(self._array.node))

    def _options_of(self, node: str) -> asyncssh.SSHServerConnectionOptions:
        if node not in self._options:
            key = _node_key(self._key, node)
            self._options[node] = asyncssh.SSHServerConnectionOptions(
                server_factory=partial(
                    Connection,
                    accounts=self._accounts,
                    connections=self._connections,
                    begin=self._begin,
                    faults=self._array.faults,
                    limits=self._limits,
                ),
                server_host_keys=[key, _older_key(key)],
                encoding=None,
                allow_scp=False,
                agent_forwarding=False,
                x11_forwarding=False,
                line_editor=False,
                compression_algs=None,
            )
        return self._options[node]

    def _begin(self, channel: Channel) -> None:
        # A task of our own: asyncssh's end with the connection, but what runs on an array runs on.
        self._array.log.begin(channel.recording)
        task = asyncio.get_running_loop().create_task(self._serve(channel))
        self._running[task] = channel
        task.add_done_callback(self._running.pop)

    async def _serve(self, channel: Channel) -> None:
        try:
            await self._array.serve(channel)
            await self._leave(channel)
        except Exception:
            _logger.exception("%s: %r failed inside the simulator", self._array.name, channel.command)
            await channel.write(b"sansim: internal error, see the simulator's own output\n", stderr=True)
            channel.exit(_INTERNAL_ERROR)
        finally:
            # Before the status is told: a client that has it finds the exec in the log.
            self._array.log.end(channel.recording)
            channel.close()

    async def _leave(self, channel: Channel) -> None:
        """Pass the last stage of a channel, where its status may change; one whose client is gone has none."""
        if channel.lost:
            return
        told = Answer(status=channel.recording.status or 0)
        answer = await self._array.faults.at(f"@exit {channel.recording.text}".rstrip(), channel, told)
        if answer != told:
            channel.exit(answer.status)


class _Doorstep(asyncio.Protocol):
    """Takes the socket of somebody who connects, before a byte of theirs is read."""

    def __init__(self, call: Callable[[socket.socket], None]) -> None:
        self._call = call

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"{transport} carries no stream")
        transport.pause_reading()
        caller = transport.get_extra_info("socket").dup()
        # It closes its own descriptor alone: the connection stands as long as ours does.
        transport.abort()
        self._call(caller)


class _Caller:
    """A line on which nothing was said yet; whether its client is still there is found out by speaking only."""

    def __init__(self, caller: socket.socket) -> None:
        self.recording = Recording()
        self.lost = False
        self._socket = caller

    def cut(self) -> None:
        self.lost = True
        self._socket.close()

    async def left(self) -> None:
        await asyncio.Event().wait()
