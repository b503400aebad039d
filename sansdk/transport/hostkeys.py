"""Whether the server is who it claims to be: known_hosts files, pinned keys, and the verdict.

File format: OpenSSH's sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". `@cert-authority` lines are passed over: no
certificates are accepted here.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from attrs import frozen

from sansdk.errors import HostKeyChanged, InputError, UnknownHostKey

Strictness = Literal["yes", "accept-new"]
"""What to do about a key that is not known: refuse it, or write it down and go on."""

_FIELDS_WITHOUT_MARKER = 3
_log = logging.getLogger("sansdk.transport")


@frozen
class HostKey:
    """A server's public key.

    Attributes:
        kind: `ssh-ed25519`, `ssh-rsa` and the like.
        blob: The key as it goes over the wire.
    """

    kind: str
    blob: bytes

    @classmethod
    def of(cls, kind: str, encoded: str) -> "HostKey":
        """From the two words of a known_hosts line.

        Raises:
            ValueError: The second is no base64.
        """
        try:
            return cls(kind, base64.b64decode(encoded, validate=True))
        except binascii.Error as error:
            raise ValueError(encoded) from error

    @property
    def line(self) -> str:
        """`ssh-ed25519 AAAA…`, as known_hosts has it."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """`SHA256:…`, as ssh and ssh-keygen print it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")


@frozen
class Pin:
    """A key that the caller names: whole, or by its fingerprint."""

    text: str

    @classmethod
    def parse(cls, text: str) -> "Pin":
        """From `ssh-ed25519 AAAA… [comment]` or `SHA256:…`.

        Raises:
            InputError: It is neither.
        """
        words = text.split()
        if len(words) == 1 and words[0].startswith("SHA256:"):
            return cls(words[0].rstrip("="))
        try:
            return cls(HostKey.of(words[0], words[1]).line)
        except (IndexError, ValueError):
            raise InputError(
                f"{text!r} is no host key.", mend='Write it as "ssh-ed25519 AAAA…" or "SHA256:…".'
            ) from None

    @property
    def kind(self) -> str | None:
        """The kind of key, which a fingerprint does not tell."""
        return None if self.text.startswith("SHA256:") else self.text.split()[0]

    def fits(self, key: HostKey) -> bool:
        """Whether `key` is the one that was meant."""
        return self.text in {key.line, key.fingerprint}


@frozen
class _Line:
    hosts: tuple[str, ...]
    key: HostKey
    revoked: bool

    def speaks_of(self, name: str) -> bool:
        if any(host.startswith("!") and _matches(host[1:], name) for host in self.hosts):
            return False
        return any(_matches(host, name) for host in self.hosts)


@frozen
class Trust:
    """What is held true about one server's key.

    Attributes:
        host: The host as it is connected to.
        port: Its port.
        pin: The only key that will do; known_hosts is not asked then.
        files: known_hosts files; a key that is newly accepted goes to the first.
        strictness: What to do about an unknown key. A changed key is refused in any case.
    """

    host: str
    port: int
    pin: Pin | None
    files: tuple[Path, ...]
    strictness: Strictness

    @property
    def name(self) -> str:
        """The server as known_hosts names it: the port shows where it is not 22."""
        return self.host.lower() if self.port == 22 else f"[{self.host.lower()}]:{self.port}"  # noqa: PLR2004 - SSH's port

    def kinds(self) -> frozenset[str]:
        """The kinds of key that could be recognised; empty where any would be news."""
        if self.pin:
            return frozenset({self.pin.kind} - {None})  # type: ignore[arg-type]
        return frozenset(line.key.kind for line in self._lines() if not line.revoked)

    def verify(self, offered: HostKey) -> None:
        """Return where `offered` may be trusted.

        Raises:
            UnknownHostKey: Nothing is known about this server.
            HostKeyChanged: Another key is on record, or this one is revoked.
        """
        if self.pin:
            if not self.pin.fits(offered):
                raise self._changed(offered, f"host_key= names {self.pin.text}")
            return
        lines = list(self._lines())
        if any(line.revoked and line.key == offered for line in lines):
            raise self._changed(offered, "known_hosts says that this key is revoked")
        known = [line.key for line in lines if not line.revoked]
        if offered in known:
            return
        if known:
            fingerprints = ", ".join(f"{key.kind} {key.fingerprint}" for key in known)
            raise self._changed(offered, f"known_hosts has {fingerprints}")
        if self.strictness != "accept-new":
            raise self._unknown(offered)
        self._remember(offered)

    def _lines(self) -> Iterator[_Line]:
        return (line for file in self.files for line in _read(file) if line.speaks_of(self.name))

    def _unknown(self, offered: HostKey) -> UnknownHostKey:
        return UnknownHostKey(
            f"The host key of {self.name} is not known: {offered.kind} {offered.fingerprint}.",
            fingerprint=offered.fingerprint,
            host_key=offered.line,
            mend=(
                "Compare the fingerprint with the one that the array's console shows; then pass "
                f'host_key="{offered.line}", or add this line to {self._record()}: {self.name} {offered.line}'
            ),
        )

    def _changed(self, offered: HostKey, instead: str) -> HostKeyChanged:
        return HostKeyChanged(
            f"{self.name} offers the host key {offered.kind} {offered.fingerprint}, but {instead}.",
            fingerprint=offered.fingerprint,
            host_key=offered.line,
            mend=(
                "Somebody may be posing as the array. If its key was changed on purpose, correct host_key=, or "
                f"run ssh-keygen -R '{self.name}' and accept the new key."
            ),
        )

    def _record(self) -> str:
        return str(self.files[0]) if self.files else "~/.ssh/known_hosts"

    def _remember(self, key: HostKey) -> None:
        if not self.files:
            return
        record = self.files[0]
        try:
            record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(record, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "r+b") as file:
                written = file.read()
                newline = "" if not written or written.endswith(b"\n") else "\n"
                file.write(f"{newline}{self.name} {key.line}\n".encode())
        except OSError as error:
            # As ssh does: the login goes on, the key is news again next time.
            _log.warning("The host key of %s cannot be written to %s: %s", self.name, record, error.strerror)


def _read(file: Path) -> Iterable[_Line]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from None
    return [line for line in map(_parse, text.splitlines()) if line]


def _parse(text: str) -> _Line | None:
    words = text.split()
    marker = words.pop(0) if words and words[0].startswith("@") else ""
    if len(words) < _FIELDS_WITHOUT_MARKER or words[0].startswith("#") or marker == "@cert-authority":
        return None
    try:
        key = HostKey.of(words[1], words[2])
    except ValueError:
        return None  # a line that ssh would pass over as well
    return _Line(tuple(words[0].split(",")), key, revoked=marker == "@revoked")


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith("|1|"):
        salt, _, digest = pattern[3:].partition("|")
        try:
            hashed = hmac.digest(base64.b64decode(salt), name.encode(), "sha1")
            return hmac.compare_digest(hashed, base64.b64decode(digest))
        except binascii.Error:
            return False
    wild = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(wild, name) is not None
