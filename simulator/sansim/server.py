"""The SSH server of one array: who may log in, and a `Channel` for each command or login.

No forwarding, no file transfer, no agent. Several channels run at once on one connection.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha512
from hmac import compare_digest
from random import Random
from typing import Protocol

import asyncssh
from attrs import frozen
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sansim.channel import Channel
from sansim.clock import Clock
from sansim.faults import Faults
from sansim.log import Log
from sansim.state import State

__all__ = ["Account", "Array", "Channel", "Server", "host_key"]

_INTERNAL_ERROR = 70
_P256_ORDER_BOUND = 1 << 255
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

    def start_afresh(self) -> None:
        """Come up as for the first time, but for the state: what an array keeps beside it begins anew."""

    async def serve(self, channel: Channel) -> None:
        """Run what the client of this channel asks for, and end it with `channel.exit`."""


@frozen
class Account:
    """A user of an array and how they prove who they are; an empty password proves nothing."""

    username: str
    password: str
    authorized_keys: tuple[str, ...] = ()


def host_key(secret: bytes) -> asyncssh.SSHKey:
    """Make an ed25519 host key of 32 secret bytes."""
    private = Ed25519PrivateKey.from_private_bytes(secret)
    return asyncssh.import_private_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


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

    def __init__(self, array: Array, accounts: Sequence[Account], key: asyncssh.SSHKey) -> None:
        self.port = 0
        self._array = array
        self._accounts = {account.username: account for account in accounts}
        self._key = key
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._running: dict[asyncio.Task[None], Channel] = {}
        self._connections: set[asyncssh.SSHServerConnection] = set()

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: The address cannot be had.
        """
        self._acceptor = await asyncssh.create_server(
            lambda: _Login(self._accounts, self._connections, self._begin, self._array.most_sessions),
            host,
            port,
            server_host_keys=[self._key, _older_key(self._key)],
            encoding=None,
            allow_scp=False,
            agent_forwarding=False,
            x11_forwarding=False,
            line_editor=False,
            compression_algs=None,
        )
        self.port = self._acceptor.get_port()

    async def stop(self) -> None:
        """Stop listening, cut every connection, and end what still runs."""
        if self._acceptor is not None:
            self._acceptor.close()
        for connection in tuple(self._connections):
            connection.abort()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._array.log.close()

    async def halt(self) -> None:
        """Kill all that runs; connections stay, and the client of each command learns that it was killed."""
        running = dict(self._running)
        for task, channel in running.items():
            channel.killed("KILL")
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _begin(self, channel: Channel) -> None:
        # A task of our own: asyncssh's end with the connection, but what runs on an array runs on.
        self._array.log.begin(channel.recording)
        task = asyncio.get_running_loop().create_task(self._serve(channel))
        self._running[task] = channel
        task.add_done_callback(self._running.pop)

    async def _serve(self, channel: Channel) -> None:
        try:
            await self._array.serve(channel)
        except Exception:
            _logger.exception("%s: %r failed inside the simulator", self._array.name, channel.command)
            await channel.write(b"sansim: internal error, see the simulator's own output\n", stderr=True)
            channel.exit(_INTERNAL_ERROR)
        finally:
            # Before the status is told: a client that has it finds the exec in the log.
            self._array.log.end(channel.recording)
            channel.close()


class _Login(asyncssh.SSHServer):
    """Decides who may log in on one connection."""

    def __init__(
        self,
        accounts: Mapping[str, Account],
        connections: set[asyncssh.SSHServerConnection],
        begin: Callable[[Channel], None],
        most_sessions: int | None,
    ) -> None:
        self._most_sessions = most_sessions
        self._accounts = accounts
        self._connections = connections
        self._begin = begin
        self._sessions = 0

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._connections.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self._connection)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        account = self._accounts.get(username)
        wanted = "" if account is None else account.password
        return compare_digest(password.encode(), wanted.encode()) and bool(wanted)

    def kbdint_auth_supported(self) -> bool:
        return True

    def get_kbdint_challenge(
        self,
        username: str,
        lang: str,
        submethods: str,
    ) -> tuple[str, str, str, list[tuple[str, bool]]]:
        return "", "", "", [("Password: ", False)]

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        return len(responses) == 1 and self.validate_password(username, responses[0])

    def public_key_auth_supported(self) -> bool:
        return any(account.authorized_keys for account in self._accounts.values())

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        account = self._accounts.get(username)
        known = () if account is None else account.authorized_keys
        return any(asyncssh.import_public_key(text).public_data == key.public_data for text in known)

    def session_requested(self) -> Channel:
        if self._most_sessions is not None and self._sessions >= self._most_sessions:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, "open failed")
        self._sessions += 1
        channel = Channel(self._connection, self._begin)
        channel.on_close = self._session_closed
        return channel

    def _session_closed(self) -> None:
        self._sessions -= 1
