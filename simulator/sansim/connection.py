"""One SSH connection: who may log in on it, and which channels are opened."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from hmac import compare_digest

import asyncssh
from attrs import frozen

from sansim.channel import Channel
from sansim.faults import Faults
from sansim.log import Recording

__all__ = ["Account", "Connection", "Limits"]


@frozen
class Limits:
    """How much one array bears; None sets no bound.

    Attributes:
        sessions: How many channels one connection may have open.
        connections: How many connections may stand; further ones are closed at once.
    """

    sessions: int | None = None
    connections: int | None = None


@frozen
class Account:
    """A user of an array and how they prove who they are; an empty password proves nothing."""

    username: str
    password: str
    authorized_keys: tuple[str, ...] = ()


class Connection(asyncssh.SSHServer):
    """What asyncssh asks about one connection.

    Attributes:
        recording: What befell it; no exec, so no log has it.
        lost: Whether the client is gone.
    """

    def __init__(
        self,
        *,
        accounts: Mapping[str, Account],
        connections: set[asyncssh.SSHServerConnection],
        begin: Callable[[Channel], None],
        faults: Faults,
        limits: Limits,
    ) -> None:
        """Meet a client.

        Args:
            accounts: Who may log in, by name.
            connections: Where the connection is entered as long as it stands.
            begin: Called with each channel once the client said what it is for.
            faults: What goes wrong at its stages.
            limits: How many connections and channels there may be.
        """
        self.recording = Recording()
        self.lost = False
        self._accounts = accounts
        self._connections = connections
        self._begin = begin
        self._faults = faults
        self._limits = limits
        self._sessions = 0
        self._refused = False
        self._left = asyncio.Event()

    def cut(self) -> None:
        """Lose the connection at once."""
        self.lost = True
        self._connection.abort()

    async def left(self) -> None:
        """Return when the client is gone."""
        await self._left.wait()

    # What follows is called by asyncssh.

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Enter the connection, or close it where there are enough."""
        self._connection = conn
        if self._limits.connections is not None and len(self._connections) >= self._limits.connections:
            conn.abort()
            return
        self._connections.add(conn)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Strike the connection off."""
        self.lost = True
        self._left.set()
        self._connections.discard(self._connection)

    async def begin_auth(self, username: str) -> bool:
        """Ask for a proof, always; a fault may decide beforehand that none will do."""
        answer = await self._faults.at(f"@login {username}", self)
        self._refused = answer.status != 0
        return True

    def password_auth_supported(self) -> bool:
        """Offer passwords."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Tell whether a password is right."""
        account = self._account(username)
        wanted = "" if account is None else account.password
        return compare_digest(password.encode(), wanted.encode()) and bool(wanted)

    def kbdint_auth_supported(self) -> bool:
        """Offer to ask for the password."""
        return True

    def get_kbdint_challenge(
        self,
        _username: str,
        _lang: str,
        _submethods: str,
    ) -> tuple[str, str, str, list[tuple[str, bool]]]:
        """Ask for the password."""
        return "", "", "", [("Password: ", False)]

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> bool:
        """Tell whether the password is right that was asked for."""
        return len(responses) == 1 and self.validate_password(username, responses[0])

    def public_key_auth_supported(self) -> bool:
        """Offer keys where anybody has one."""
        return any(account.authorized_keys for account in self._accounts.values())

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Tell whether a key is a user's."""
        account = self._account(username)
        known = () if account is None else account.authorized_keys
        return any(asyncssh.import_public_key(text).public_data == key.public_data for text in known)

    async def session_requested(self) -> Channel:
        """Open a channel.

        Raises:
            asyncssh.ChannelOpenError: There are too many, or a fault will have none.
        """
        if self._limits.sessions is not None and self._sessions >= self._limits.sessions:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, "open failed")
        self._sessions += 1
        channel = Channel(self._connection, self._begin)
        answer = await self._faults.at(f"@open {channel.user}", self)
        if answer.status:
            self._sessions -= 1
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, answer.stderr.strip() or "open failed")
        channel.on_close = self._session_closed
        return channel

    def _account(self, username: str) -> Account | None:
        return None if self._refused else self._accounts.get(username)

    def _session_closed(self) -> None:
        self._sessions -= 1
