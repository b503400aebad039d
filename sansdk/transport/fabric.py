"""Commands over SSH: one Fabric connection, kept open."""

import logging
import threading
import time
from collections.abc import Collection, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from attrs import frozen
from fabric import Config, Connection  # type: ignore[import-untyped]
from paramiko import MissingHostKeyPolicy, PKey, SSHClient, Transport

from sansdk.errors import ConnectError, SanError, Unreachable, bare
from sansdk.secrets import Secret
from sansdk.transport.base import Answer, Watch
from sansdk.transport.channels import Channels
from sansdk.transport.dial import Wire, dial
from sansdk.transport.failures import login_failure
from sansdk.transport.guard import Guard
from sansdk.transport.hostkeys import HostKey, Pin, Trust
from sansdk.transport.login import Login, default_keys
from sansdk.transport.runner import ChannelRefused, Exchange, NotSent, Reply
from sansdk.transport.sshconfig import SshSettings, read_settings
from sansdk.transport.userauth import PatientTransport

_log = logging.getLogger("sansdk.transport")
# What paramiko says at level ERROR is raised here as an error of ours; unheard, Python would print it.
logging.getLogger("paramiko").addHandler(logging.NullHandler())
_SSH_PORT = 22
_JOIN = 1.0


class FabricTransport:
    """A way to an array over SSH.

    Nothing happens before the first `exec`. What the user's ssh_config says about the host holds where an
    argument is None.

    Args:
        host: Name, address, or a `Host` of ssh_config.
        port: 22 where neither this nor ssh_config says.
        user: The local user's name where neither this nor ssh_config says.
        password: For password and keyboard-interactive login.
        key_filename: A private key, or several. With a password or key given nothing else is tried: no agent, no
            keys found elsewhere.
        passphrase: Opens the keys.
        host_key: The only host key that will do: `ssh-ed25519 AAAA…` or `SHA256:…`.
        known_hosts: A known_hosts file, instead of the user's and the system's.
        ssh_config: An ssh_config file, instead of the user's and the system's.
        connect_timeout: Seconds for everything from the name's address to the login.
        keepalive: Seconds between signs of life asked of the server; two missed end the connection. 0 asks none.
        channels: How many commands may run at once; lowered when the server allows fewer.

    Raises:
        InputError: `host_key` is no key, or ssh_config cannot be read.
    """

    def __init__(
        self,
        host: str,
        port: int | None = None,
        user: str | None = None,
        *,
        password: Secret | None = None,
        key_filename: str | Path | Iterable[str | Path] | None = None,
        passphrase: Secret | None = None,
        host_key: str | None = None,
        known_hosts: str | Path | None = None,
        ssh_config: str | Path | None = None,
        connect_timeout: float = 10.0,
        keepalive: float = 30.0,
        channels: int = 8,
    ) -> None:
        settings = read_settings(host, None if ssh_config is None else [Path(ssh_config)])
        self._host = settings.host
        self._port = port or settings.port or _SSH_PORT
        self._trust = Trust(
            host=self._host,
            port=self._port,
            pin=None if host_key is None else Pin.parse(host_key),
            files=settings.known_hosts if known_hosts is None else (Path(known_hosts).expanduser(),),
            strictness=settings.strictness,
        )
        self._config = Config(overrides={"runners": {"remote": Exchange}}, lazy=True)
        self._login = _login(
            user or settings.user or self._config.user, settings, password, _paths(key_filename), passphrase
        )
        self._connect_timeout = connect_timeout
        self._keepalive = keepalive
        self._channels = channels
        self._link: _Link | None = None
        self._opening = threading.Lock()

    @property
    def address(self) -> str:
        """The host as it was connected to."""
        return self._host

    def __repr__(self) -> str:
        return f"<FabricTransport {self._login.user}@{self._host}:{self._port}>"

    def exec(self, text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        """Run a command; see `Transport.exec`."""
        try:
            return self._exec(text, stdin, watch)
        except SanError as error:
            failure = bare(error)
        del text, stdin  # a traceback that prints locals would show them
        raise failure

    def close(self) -> None:
        """End the connection at once; commands under way see it lost."""
        with self._opening:
            link, self._link = self._link, None
        if link:
            link.close()

    def _exec(self, text: str, stdin: bytes, watch: Watch) -> Answer:
        started = time.monotonic()
        link = self._connected(watch.deadline())
        try:
            answer = link.run(text, stdin, watch)
        except NotSent:
            # It had died unnoticed. Once: a server that takes connections and drops them is no server.
            link = self._connected(watch.deadline(), instead_of=link)
            try:
                answer = link.run(text, stdin, watch)
            except NotSent as error:
                raise ConnectError(f"{self._host}:{self._port} takes connections and drops them: {error}.") from None
        _log.debug(
            "%s: %d bytes in, %d characters out, status %s, %.1f ms",
            self._host,
            len(stdin),
            len(answer.stdout) + len(answer.stderr),
            answer.status,
            (time.monotonic() - started) * 1000,
        )
        return answer

    def _connected(self, deadline: float, instead_of: "_Link | None" = None) -> "_Link":
        """The open connection, or a new one."""
        if not self._opening.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise Unreachable(f"{self._host}:{self._port} was still being connected to when the time was over.")
        try:
            link = self._link
            if link and link is not instead_of and link.is_alive():
                return link
            if link:
                self._link = None
                link.close()
            self._link = self._open(min(deadline, time.monotonic() + self._connect_timeout))
            return self._link
        finally:
            self._opening.release()

    def _open(self, deadline: float) -> "_Link":
        seconds = deadline - time.monotonic()
        wire = dial(self._host, self._port, deadline)
        connection = _Connection(
            self._host,
            port=self._port,
            user=self._login.user,
            config=self._config,
            connect_kwargs={
                "sock": wire,
                "auth_strategy": self._login,
                "transport_factory": partial(_transport, seconds=seconds, kinds=self._trust.kinds()),
            },
        )
        # Fabric's own policy accepts and forgets every key.
        connection.client.set_missing_host_key_policy(_Verification(self._trust))
        link = _Link(connection, wire, Guard(wire), Channels(self._channels))
        failure: SanError | None = None
        try:
            with link.guard.bound(deadline):
                connection.open()
        except SanError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - a mad server's packets raise anything, among frames with secrets
            failure = login_failure(
                error,
                server=f"{self._host}:{self._port}",
                user=self._login.user,
                transport=connection.client.get_transport(),
                greeting=wire.greeting,
                expired=link.guard.expired,
                seconds=seconds,
            )
        finally:
            if not link.is_alive() or failure:
                link.close()
        if failure:
            raise failure
        if self._keepalive:
            link.guard.keep_alive(connection.transport, self._keepalive)
        return link


class _Connection(Connection):  # type: ignore[misc]  # fabric is untyped
    """Fabric's connection; it opens once."""

    def open(self) -> None:
        """Open it, or say that it is no longer open: Fabric asks before each command, and would open it again."""
        if self.transport and not self.is_connected:
            raise NotSent("the connection has ended")
        super().open()


@frozen
class _Link:
    """One SSH connection and what belongs to it."""

    connection: Any
    wire: Wire
    guard: Guard
    channels: Channels

    def run(self, text: str, stdin: bytes, watch: Watch) -> Answer:
        """Run a command on a channel of its own.

        Raises:
            NotSent: The connection is dead; nothing was sent.
        """
        with self.channels.one(watch.deadline()):
            while True:
                try:
                    reply: Reply = self.connection.run(text, stdin=stdin, watch=watch, guard=self.guard)
                except ChannelRefused:
                    self.channels.refused(watch.deadline())
                else:
                    return reply.answer

    def is_alive(self) -> bool:
        return bool(self.connection.is_connected)

    def close(self) -> None:
        self.guard.cut()
        transport: Transport | None = self.connection.client.get_transport()
        self.connection.client.close()
        self.wire.close()
        if transport:
            transport.packetizer.complete_handshake()  # else its timer thread outlives a failed one
            if transport.is_alive():
                transport.join(_JOIN)


class _Verification(MissingHostKeyPolicy):
    """Asks `Trust` about every key: the client itself is told of none."""

    def __init__(self, trust: Trust) -> None:
        self._trust = trust

    def missing_host_key(self, client: SSHClient, hostname: str, key: PKey) -> None:
        self._trust.verify(HostKey(key.get_name(), key.asbytes()))


def _transport(sock: Wire, *, seconds: float, kinds: Collection[str], **options: Any) -> Transport:  # noqa: ANN401
    """Make paramiko's transport with our limits, asking first for the kinds of host key that can be recognised."""
    transport = PatientTransport(sock, **options)
    # The guard is first; these only keep paramiko from giving up before it.
    transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = seconds + 1
    if kinds:
        security = transport.get_security_options()
        security.key_types = sorted(
            security.key_types, key=lambda name: ("ssh-rsa" if "rsa" in name else name) not in kinds
        )
    return transport


def _login(
    user: str,
    settings: SshSettings,
    password: Secret | None,
    key_files: tuple[Path, ...],
    passphrase: Secret | None,
) -> Login:
    if password is not None or key_files:
        return Login(user, password, key_files, passphrase)
    return Login(
        user,
        passphrase=passphrase,
        found_keys=settings.identity_files or default_keys(),
        agent=True,
        only_found=settings.identities_only,
    )


def _paths(names: str | Path | Iterable[str | Path] | None) -> tuple[Path, ...]:
    if names is None:
        return ()
    if isinstance(names, str | Path):
        names = (names,)
    return tuple(Path(name).expanduser() for name in names)
