"""Proving to the server who we are: keys, the password, or what an agent holds.

Stands in for paramiko's own order of attempts: what the caller named is all that is tried, so that no agent
full of keys uses up the server's patience.
"""

import base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from attrs import field, frozen
from paramiko import Agent, ECDSAKey, Ed25519Key, PKey, RSAKey
from paramiko.ssh_exception import (
    AuthenticationException,
    BadAuthenticationType,
    PartialAuthentication,
    PasswordRequiredException,
)

from sansdk.errors import AuthFailed, bare
from sansdk.secrets import Secret
from sansdk.transport.userauth import PatientTransport

_KINDS = {b"ssh-ed25519": Ed25519Key, b"ecdsa-sha2-": ECDSAKey, b"ssh-rsa": RSAKey}
_DEFAULT_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")


@frozen
class Login:
    """What may be tried, in this order: key files, the agent's keys, the password.

    Attributes:
        user: The name to log in under.
        password: Also answers a keyboard-interactive question, once.
        key_files: Private keys that the caller named; each must be usable.
        passphrase: Opens the key files.
        found_keys: Private keys that configuration names; one that cannot be used is passed over.
        agent: Whether to ask an SSH agent.
        only_found: The agent's keys count only where `found_keys` has them too (`IdentitiesOnly`).
    """

    user: str
    password: Secret | None = None
    key_files: tuple[Path, ...] = ()
    passphrase: Secret | None = field(default=None, repr=False)
    found_keys: tuple[Path, ...] = ()
    agent: bool = False
    only_found: bool = False

    def authenticate(self, transport: PatientTransport) -> None:
        """Try until the server is content. The name is what paramiko's `auth_strategy` asks for.

        Raises:
            AuthFailed: A key file cannot be used.
            AuthenticationException: The server refused all, or there was nothing to try.
            SSHException: The connection ended.
        """
        refusal = AuthenticationException("there is neither a password nor a key to offer")
        agent = Agent() if self.agent else None
        try:
            for key in self._keys(agent):
                try:
                    if not transport.auth_publickey(self.user, key):
                        return
                    break  # the server wants the password as well
                except AuthenticationException as error:
                    refusal = error
                if not transport.is_active():
                    raise refusal
        finally:
            if agent:
                agent.close()
        if self.password is None:
            raise refusal
        _offer_password(transport, self.user, self.password)

    def _keys(self, agent: Agent | None) -> Iterator[PKey]:
        for file in self.key_files:
            yield self._load(file)
        if agent:
            wanted = set(_public_halves(self.found_keys))
            for key in agent.get_keys():
                if not self.only_found or key.asbytes() in wanted:
                    yield key
        for file in self.found_keys:
            with suppress(AuthFailed):
                yield self._load(file)

    def _load(self, file: Path) -> PKey:
        reason = "it is no ed25519, ECDSA or RSA key, or the passphrase is wrong"
        for kind in _kinds(file):
            try:
                return kind.from_private_key_file(file, self.passphrase.reveal() if self.passphrase else None)
            except OSError as error:
                reason = error.strerror or str(error)
            except PasswordRequiredException:
                reason = "it is encrypted"
            except Exception:  # noqa: BLE001, S112 - of three libraries, and no word on what is wrong
                continue
        raise AuthFailed(
            f"The key {file} cannot be used: {reason}.",
            mend="Check the file; if it is encrypted, pass its passphrase.",
        )


class _Answers:
    """Answers a keyboard-interactive server: the password to the first question whose answer is hidden, once."""

    def __init__(self, user: str, password: Secret) -> None:
        self._user = user
        self._password: Secret | None = password

    def __call__(self, title: str, instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        return [self._user if shown else self._once() for _, shown in prompts]

    def _once(self) -> str:
        password, self._password = self._password, None
        return password.reveal() if password else ""


def _offer_password(transport: PatientTransport, user: str, password: Secret) -> None:
    failure = _attempt(lambda: transport.auth_password(user, password.reveal(), fallback=False))
    if (
        isinstance(failure, (BadAuthenticationType, PartialAuthentication))
        and "keyboard-interactive" in failure.allowed_types
    ):
        failure = _attempt(lambda: transport.auth_interactive(user, _Answers(user, password)))
    if failure:
        raise failure


def _attempt(login: Callable[[], list[str]]) -> BaseException | None:
    """What went wrong, without the frames, which hold the password; for Ctrl-C too."""
    try:
        wanted = login()
    except BaseException as error:  # noqa: BLE001 - raised again by the caller
        return bare(error)
    return PartialAuthentication(wanted) if wanted else None


def _kinds(file: Path) -> Iterable[type[PKey]]:
    """What the file can hold: to try them all would cost an encrypted key's slow opening each time."""
    with suppress(OSError, ValueError):
        body = base64.b64decode(b"".join(file.read_bytes().splitlines()[1:-1]))
        named = [kind for word, kind in _KINDS.items() if word in body]  # OpenSSH's format does, in the clear
        if named:
            return named
    return _KINDS.values()


def default_keys() -> tuple[Path, ...]:
    """The key files that ssh tries where configuration names none."""
    return tuple(Path.home() / ".ssh" / name for name in _DEFAULT_KEYS)


def _public_halves(files: tuple[Path, ...]) -> Iterator[bytes]:
    for file in files:
        with suppress(OSError, IndexError, ValueError):
            line = file.with_name(f"{file.name}.pub").read_text(encoding="utf-8")
            yield base64.b64decode(line.split()[1])
