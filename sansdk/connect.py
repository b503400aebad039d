"""From a URL to a session.

    solaris://user@host[:port]/pool[/parent]    hp://user@host[:port]/cluster    solaris+local:///pool

Schemes are entry points of the group `sansdk.arrays`, ours too, so that other packages can bring arrays of their own.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from inspect import Parameter, signature
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from sansdk.commands.base import Pace
from sansdk.errors import InputError
from sansdk.executor import SECONDS
from sansdk.secrets import Secret
from sansdk.session import SanSession
from sansdk.transport.base import Transport

GROUP: Final = "sansdk.arrays"
_FORM: Final = "Say solaris://user@host/pool or hp://user@host/cluster."


def connect(
    url: str,
    *,
    password: str | Secret | None = None,
    key_filename: str | Path | Iterable[str | Path] | None = None,
    passphrase: str | Secret | None = None,
    host_key: str | None = None,
    known_hosts: str | Path | None = None,
    ssh_config: str | Path | None = None,
    connect_timeout: float = 10.0,
    keepalive: float = 30.0,
    read_timeout: float = SECONDS[Pace.READ],
    change_timeout: float = SECONDS[Pace.CHANGE],
    long_timeout: float = SECONDS[Pace.LONG],
    **options: Any,  # noqa: ANN401 - each array's attach() declares its own
) -> SanSession:
    """Open a session: connects, authenticates, and finds out with one exec what answers.

    Args:
        url: `solaris://user@host[:port]/pool[/parent]`, `hp://user@host[:port]/cluster`, `solaris+local:///pool`.
        password: For password and keyboard-interactive login.
        key_filename: A private key, or several. With a password or key given nothing else is tried.
        passphrase: Opens the keys.
        host_key: The only host key that will do: `ssh-ed25519 AAAA…` or `SHA256:…`.
        known_hosts: A known_hosts file, instead of the user's and the system's.
        ssh_config: An ssh_config file, instead of the user's and the system's.
        connect_timeout: Seconds for everything up to the login.
        keepalive: Seconds between signs of life asked of the server.
        read_timeout: Seconds that a read may take, or be silent within a program.
        change_timeout: The same for a change.
        long_timeout: The same for what takes long: destroying, rolling back.
        **options: The array's own. Solaris: `portals`, `target_prefix`, `privilege`, `max_lun`; see
            `sansdk.solaris.session.attach`. LeftHand has none.

    Raises:
        InputError: The URL or an option is none.
        ConnectError: No usable connection; each cause is a class of its own.
    """
    parts = _split(url)
    scheme, _, way = parts.scheme.partition("+")
    session = _session(scheme)
    if way not in {"", "local"}:
        raise InputError(f"There is no way +{way} to an array; there is +local, and SSH without saying.", mend=_FORM)
    if way == "local":
        from sansdk.transport.local import LocalTransport  # noqa: PLC0415 - importing sansdk imports no transport

        transport: Transport = LocalTransport()
    else:
        from sansdk.transport.fabric import FabricTransport  # noqa: PLC0415 - importing sansdk imports no transport

        transport = FabricTransport(
            parts.hostname or "",
            parts.port or session.hooks.port,
            unquote(parts.username) if parts.username else None,
            password=_secret(password),
            key_filename=key_filename,
            passphrase=_secret(passphrase),
            host_key=host_key,
            known_hosts=known_hosts,
            ssh_config=ssh_config,
            connect_timeout=connect_timeout,
            keepalive=keepalive,
        )
    seconds = {Pace.READ: read_timeout, Pace.CHANGE: change_timeout, Pace.LONG: long_timeout}
    return _attached(session, transport, unquote(parts.path).strip("/"), {"seconds": seconds, **options})


def _attached(session: type[SanSession], transport: Transport, place: str, options: dict[str, Any]) -> SanSession:
    known = {n for n, p in signature(session.hooks.attach).parameters.items() if p.kind is Parameter.KEYWORD_ONLY}
    unknown = sorted(options.keys() - known)
    if unknown:
        raise InputError(
            f"{session.__name__} has no option {', '.join(unknown)}; it has {', '.join(sorted(known - {'seconds'}))}."
        )
    try:
        return session(*session.hooks.attach(transport, place, **options))
    except BaseException:
        transport.close()
        raise


def _split(url: str) -> SplitResult:
    # The URL itself is not shown: somebody may have put a password into it.
    try:
        parts = urlsplit(url)
        has_password, _ = parts.password is not None, parts.port
    except ValueError as error:
        raise InputError(f"The URL of an array cannot be read: {_reason(error)}.", mend=_FORM) from None
    if has_password:
        raise InputError("A password does not belong into a URL, which ends in logs.", mend="Give password=.")
    local = parts.scheme.endswith("+local")
    if not parts.scheme or parts.query or parts.fragment or (not local and not parts.hostname):
        raise InputError("The URL of an array names a kind, a host, and a pool or cluster.", mend=_FORM)
    return parts


def _reason(error: ValueError) -> str:
    return "its port is no number" if "port" in str(error).lower() else "it is malformed"


def _session(scheme: str) -> type[SanSession]:
    found = {point.name: point for point in entry_points(group=GROUP)}
    if scheme not in found:
        raise InputError(f"No kind of array is called {scheme!r}; there are {', '.join(sorted(found))}.", mend=_FORM)
    load: Callable[[], type[SanSession]] = found[scheme].load
    return load()


def _secret(value: str | Secret | None) -> Secret | None:
    return Secret(value) if isinstance(value, str) else value
