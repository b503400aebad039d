"""From what went wrong below to the error that the caller gets, with the way out."""

from paramiko import Transport
from paramiko.ssh_exception import AuthenticationException, BadAuthenticationType, IncompatiblePeer

from sansdk.errors import AuthFailed, ConnectError, KeyExchangeFailed, NotSsh, Refused, Unreachable

_NO_SSH = "Check host and port: an SSH server must answer there."
_BUSY = "The server may be limiting connections, or refuse this client: see its log, and try again."


def login_failure(
    error: Exception,
    *,
    server: str,
    user: str,
    transport: Transport | None,
    greeting: bytes,
    expired: bool,
    seconds: float,
) -> ConnectError:
    """What the end of a connection that never came about means.

    Args:
        error: What paramiko raised.
        server: The server, for messages.
        user: Who wanted in.
        transport: paramiko's side of the connection, as far as it came.
        greeting: The first bytes that the server sent.
        expired: The time allowed was over, and the connection was cut for that.
        seconds: The time allowed.
    """
    if isinstance(error, IncompatiblePeer):
        return KeyExchangeFailed(
            f"{server} and this client share no algorithm: {error}.",
            mend="A server of about 2010 needs SHA-1, which paramiko 5 dropped: pip install 'sansdk[legacy]'.",
        )
    if isinstance(error, AuthenticationException) and not expired and transport and transport.is_active():
        return AuthFailed(f"{server} refused the login of {user}: {_methods(error)}.", mend=_login_mend(error))
    if not transport or not transport.remote_version:
        return _no_greeting(server, greeting, expired=expired, seconds=seconds)
    if expired:
        stage = "login" if transport.initial_kex_done else "key exchange"
        return Unreachable(
            f"{server} greeted, but the {stage} was not over within {round(seconds, 2):g} s.",
            mend="The server hangs, or needs a longer connect_timeout.",
        )
    if not transport.initial_kex_done:
        return KeyExchangeFailed(f"{server} ended the key exchange: {str(error) or type(error).__name__}.", mend=_BUSY)
    return AuthFailed(
        f"{server} closed the connection during the login of {user}.",
        mend="It may have seen too many keys or attempts: name one key or a password.",
    )


def _no_greeting(server: str, greeting: bytes, *, expired: bool, seconds: float) -> ConnectError:
    if greeting:
        said = greeting.splitlines()[0].decode("ascii", "backslashreplace")[:80]
        return NotSsh(f'What answers at {server} is no SSH server; it says "{said}".', mend=_NO_SSH)
    if expired:
        return Unreachable(
            f"{server} took the connection, but said nothing within {round(seconds, 2):g} s.",
            mend=f"{_NO_SSH} If one does, it hangs, or needs a longer connect_timeout.",
        )
    return Refused(f"{server} took the connection and closed it without a greeting.", mend=_BUSY)


def _methods(error: AuthenticationException) -> str:
    if isinstance(error, BadAuthenticationType):
        return f"it accepts only {', '.join(error.allowed_types)}"
    return str(error).removesuffix(".")


def _login_mend(error: AuthenticationException) -> str:
    if isinstance(error, BadAuthenticationType) and "publickey" in error.allowed_types:
        return "Pass key_filename= with a key that the server knows."
    return "Check user and password or key."
