"""What all CLIQ commands share: the language, how an answer is read, what refusals mean.

The result in the XML decides, not the exit status: statuses stop at 255 and are coarser (manual).
"""

import re
from typing import Final, Generic, TypeVar

from attrs import frozen

from sansdk.commands.base import Command, Pace, Refusal
from sansdk.commands.cliq.response import SUCCESS, Response, Thing, response
from sansdk.commands.quoting import CLIQ
from sansdk.errors import AlreadyExists, ArrayError, HasDependents, NoEffect, NotFound, OutOfSpace, UnexpectedOutput
from sansdk.transport.base import Answer

T = TypeVar("T")


class NotUnderstood(ArrayError):
    """The array does not know the command or one of its parameters, or ignored one."""


_SECRET_ATTRIBUTE: Final = re.compile(r"""(\b(?:target|initiator)Secret\s*=\s*["'])[^"']*(["'])""", re.IGNORECASE)

# Searched in `result name description`. The manual's published table, but for what is marked inferred.
CLIQ_REFUSALS: Final = (
    Refusal(r"^1 ", NoEffect),
    Refusal(r"^2 ", ArrayError, "It goes on: read the state before trying again."),
    Refusal(r"^4 ", NotFound),
    Refusal(r"^8 ", NotUnderstood, "It was done without the parameter that it ignored."),
    Refusal(r"^8000100[3567] ", NotUnderstood),
    Refusal(r"^8000100c |^\S+ CliqVolumeNotFound ", NotFound),
    Refusal(r"^\S+ Cliq\w+NotFound ", NotFound),  # inferred
    Refusal(r"^\S+ Cliq\w+Exists ", AlreadyExists),  # inferred
    Refusal(r"(?i)insufficient ?space|not .*enough .*space", OutOfSpace),  # inferred
    Refusal(r"clone point", HasDependents, "Delete the volumes made from it, all but one, first."),  # seen
)


@frozen
class CliqCommand(Command[T], Generic[T]):
    """A command of a LeftHand group."""

    dialect = CLIQ
    refusals = CLIQ_REFUSALS

    def parse(self, output: str) -> T:
        """The value of a successful response; raises UnexpectedOutput for any other."""
        found = response(self, output)
        if found.result != SUCCESS:
            raise self.unexpected(output, f"its result is {found.result!r}")
        return self.value(Thing(self, output, found.element))

    def value(self, answer: Thing) -> T:
        """The value of a response that says success."""
        raise NotImplementedError

    def read(self, answer: Answer) -> T:
        """The value of an answer whose result is success, else the error it means."""
        if self.outcome(answer).result != SUCCESS:
            raise self.refused(answer)
        return self.parse(answer.stdout)

    def outcome(self, answer: Answer) -> Response:
        """The response of an answer.

        Raises:
            ArrayError: There is none, and the command failed: what was said instead.
            UnexpectedOutput: There is none, though the command did not fail.
        """
        try:
            return response(self, answer.stdout)
        except UnexpectedOutput:
            if answer.status == 0:
                raise
        raise super().refused(answer)

    def refused(self, answer: Answer) -> ArrayError:
        """The error that the result means; where there is no result, what was said instead."""
        try:
            found = response(self, answer.stdout)
        except UnexpectedOutput:
            return super().refused(answer)
        said = f"{found.result} {found.name} {found.description}"
        return self.error_for(said, answer, f"{found.description.rstrip('.')} ({found.name or found.result})")

    def redacted(self, text: str) -> str:
        """Also without the secrets of volumes, which this array tells whoever asks."""
        return _SECRET_ATTRIBUTE.sub(r"\1***\2", super().redacted(text))


@frozen
class CliqChange(CliqCommand[None]):
    """A change whose result says all; objects that came with it are not looked at."""

    pace = Pace.CHANGE
    changes = True
    repeatable = False

    def value(self, answer: Thing) -> None:
        """Nothing."""
