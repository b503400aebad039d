"""Every error that the SDK raises.

A message is a sentence that says what happened and, where there is a way out, what to do; the way out alone
is `mend`. Facts are attributes. What was sent to or came from the array is shown with its secrets redacted.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from sansdk.capabilities import Capability


class SanError(Exception):
    """Root of all errors of the SDK.

    Attributes:
        mend: What to do about it, as a sentence; None where nothing general can be said.
    """

    def __init__(self, message: str, *, mend: str | None = None) -> None:
        super().__init__(f"{message} {mend}" if mend else message)
        self.mend = mend


class InputError(SanError, ValueError):
    """The caller's values cannot be right; nothing was sent."""


class InvalidName(InputError):
    """A name that this array, or any, refuses."""


class InvalidSize(InputError):
    """A size that is no size, or not in the unit that the text claims."""


class InvalidChap(InputError):
    """A CHAP user or secret outside the array's rules."""


class ConnectError(SanError):
    """No usable connection came about; no command was sent."""


class Refused(ConnectError):
    """The host answers, the port does not."""


class Unreachable(ConnectError):
    """No answer from the host within the time allowed, or its name is unknown."""


class NotSsh(ConnectError):
    """What answers at that port is no SSH server."""


class KeyExchangeFailed(ConnectError):
    """Client and server share no algorithm."""


class UnknownHostKey(ConnectError):
    """The server's host key is not known here.

    Attributes:
        fingerprint: `SHA256:…` of the key that was offered.
        host_key: The key as a known_hosts line has it (`ssh-ed25519 AAAA…`).
    """

    def __init__(self, message: str, *, fingerprint: str, host_key: str, mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.fingerprint = fingerprint
        self.host_key = host_key


class HostKeyChanged(UnknownHostKey):
    """The server offers another key than the one on record."""


class AuthFailed(ConnectError):
    """The server refused the user, the password or the key."""


class Unsupported(SanError):
    """The array cannot do this.

    Attributes:
        capability: The ability that is missing.
    """

    def __init__(self, message: str, *, capability: Capability, mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.capability = capability


class ArrayError(SanError):
    """The array refused a command, or answered what cannot be right.

    Attributes:
        command: What was sent, redacted.
        status: Its exit status; None where there is none.
        output: What the array said, redacted.
    """

    def __init__(
        self,
        message: str,
        *,
        command: str = "",
        status: int | None = None,
        output: str = "",
        mend: str | None = None,
    ) -> None:
        super().__init__(message, mend=mend)
        self.command = command
        self.status = status
        self.output = output


class NotFound(ArrayError):
    """The array says, or a complete list shows, that it is not there."""


class AlreadyExists(ArrayError):
    """It is there already.

    Attributes:
        existing: What is there, as read; None where it was not or could not be read.
    """

    def __init__(self, message: str, *, existing: object = None, **facts: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(message, **facts)
        self.existing = existing


class Conflict(ArrayError):
    """What is there differs from what was asked.

    Attributes:
        differences: One sentence a difference.
    """

    def __init__(self, message: str, *, differences: Sequence[str] = (), **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, **facts)
        self.differences = tuple(differences)


class HasDependents(ArrayError):
    """Snapshots, clones or holds stand in the way.

    Attributes:
        dependents: Their names.
    """

    def __init__(self, message: str, *, dependents: Sequence[str] = (), **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, **facts)
        self.dependents = tuple(dependents)


class Busy(ArrayError):
    """In use.

    Attributes:
        sessions: Who uses it, where the array tells (initiator names).
    """

    def __init__(self, message: str, *, sessions: Sequence[str] = (), **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, **facts)
        self.sessions = tuple(sessions)


class Exported(Busy):
    """The volume is exported.

    Attributes:
        export: The export, as read.
    """

    def __init__(self, message: str, *, export: object = None, **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, **facts)
        self.export = export


class OutOfSpace(ArrayError):
    """Pool or cluster cannot hold it."""


class LimitReached(ArrayError):
    """The array has a fixed number of these, and all are taken."""


class PermissionDenied(ArrayError):
    """The login lacks a right.

    Attributes:
        right: What is missing, as the array names it.
    """

    def __init__(self, message: str, *, right: str = "", **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, **facts)
        self.right = right


class ServiceDown(ArrayError):
    """A service of the array does not run.

    Attributes:
        service: Its name there.
    """

    def __init__(self, message: str, *, service: str = "", **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, **facts)
        self.service = service


class NoEffect(ArrayError):
    """The array said success, and reading back shows that nothing, or something else, was done."""


class UnexpectedOutput(ArrayError):
    """The array answered what its parser does not know.

    Attributes:
        text: The output, redacted.
        parser: The command whose parser gave up.
    """

    def __init__(self, message: str, *, text: str, parser: str, **facts: Any) -> None:  # noqa: ANN401
        super().__init__(message, output=text, **facts)
        self.text = text
        self.parser = parser


class Uncertain(SanError):
    """The command may have had effects.

    Attributes:
        found: What was read on the array afterwards; None where it could not be read.
    """

    def __init__(self, message: str, *, found: object = None, mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.found = found


class Timeout(Uncertain):
    """No answer within the command's deadline."""


class ConnectionLost(Uncertain):
    """The connection broke while a command was under way."""


class Cancelled(Uncertain):
    """Stopped on request; the message says what was undone."""


class StalePlan(SanError):
    """The array changed between planning and applying.

    Attributes:
        changes: One sentence a change.
    """

    def __init__(self, message: str, *, changes: Sequence[str] = (), mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.changes = tuple(changes)


class Ambiguous(SanError):
    """Several things answer to the request.

    Attributes:
        candidates: All of them.
    """

    def __init__(self, message: str, *, candidates: Sequence[object] = (), mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.candidates = tuple(candidates)


class LeftBehind(SanError):
    """An operation failed and could not be undone whole.

    Attributes:
        what: What is left on the array, one sentence a thing.
        cause: The error that began it.
    """

    def __init__(
        self,
        message: str,
        *,
        what: Sequence[str] = (),
        cause: Exception | None = None,
        mend: str | None = None,
    ) -> None:
        super().__init__(message, mend=mend)
        self.what = tuple(what)
        self.cause = cause


class PartialFailure(SanError):
    """Some of many failed; all were tried.

    Attributes:
        results: One result an intent, in order.
    """

    def __init__(self, message: str, *, results: Sequence[Any] = (), mend: str | None = None) -> None:
        super().__init__(message, mend=mend)
        self.results = results


_E = TypeVar("_E", bound=BaseException)


def bare(error: _E) -> _E:
    """`error` without the frames and errors that led to it: those hold passwords, and what was sent and answered."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error
