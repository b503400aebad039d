"""One run of itadm past its usage checks: what it may touch, what it printed, and how it fails."""

import errno
from collections.abc import Mapping

from attrs import field, frozen

from sansim.program import Answer, Call
from sansim.solaris.iscsit import Iscsit
from sansim.solaris.iscsit_model import IscsitRefusal
from sansim.solaris.itadm_grammar import Parsed
from sansim.solaris.rights import Right, holds
from sansim.solaris.stmf import Stmf

__all__ = ["Failure", "Run", "Texts"]

Texts = Mapping[IscsitRefusal, tuple[str, int]]
"""For each refusal the words (`{}` stands for its subject) and the number that the trailer names."""


class Failure(Exception):
    """The end of a run; the text is printed before the trailer.

    Attributes:
        number: What the trailer says; its low byte is the exit status.
    """

    def __init__(self, text: str, number: int = errno.EINVAL) -> None:
        super().__init__(text)
        self.number = number


@frozen
class Run:
    """One run of a sub-command.

    Attributes:
        secrets: Secrets that options named, already read and checked, by option letter.
    """

    call: Call
    parsed: Parsed
    secrets: Mapping[str, str]
    _iscsit: Iscsit
    stmf: Stmf
    _stdout: list[str] = field(factory=list)
    _stderr: list[str] = field(factory=list)

    def changing(self) -> Iscsit:
        """Return the service for a change.

        Raises:
            Failure: The caller lacks the authorization.
        """
        return self._authorized(Right.MODIFY_STMF)

    def reading(self) -> Iscsit:
        """Return the service for a listing.

        Raises:
            Failure: The caller lacks the authorization.
        """
        return self._authorized(Right.READ_STMF)

    def _authorized(self, right: Right) -> Iscsit:
        if not holds(self.call, right):
            raise Failure(f"Error, operation requires authorization {right.value}", 1)
        return self._iscsit

    def out(self, text: str) -> None:
        """Print a line on standard output."""
        self._stdout.append(f"{text}\n")

    def error(self, text: str) -> None:
        """Print a line on standard error."""
        self._stderr.append(f"{text}\n")

    def answer(self, status: int) -> Answer:
        """Return what was printed, with the exit status."""
        return Answer("".join(self._stdout), "".join(self._stderr), status)
