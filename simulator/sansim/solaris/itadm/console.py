"""One run of itadm past its usage checks: what it may touch, what it printed, and how it fails."""

import errno
from collections.abc import Mapping

from attrs import field, frozen

from sansim.program import Answer, Call
from sansim.solaris.iscsit.iscsit import Iscsit, Loaded
from sansim.solaris.iscsit.model import Configuration, IscsitError, IscsitRefusal
from sansim.solaris.itadm.grammar import Parsed
from sansim.solaris.itadm.release import STALE, STMF_ERROR, ItadmRelease
from sansim.solaris.login.rights import Right, holds
from sansim.solaris.stmf.stmf import Stmf

__all__ = ["Failure", "PropertyErrors", "Run", "Texts"]

_DENIED = STMF_ERROR + 5

Texts = Mapping[IscsitRefusal, tuple[str, int]]
"""For each refusal the words (`{}` stands for its subject) and the number that the trailer names."""
PropertyErrors = list[tuple[str, str]]
"""What is wrong with properties: of which (or of which value), and what."""


class Failure(Exception):
    """The end of a run; the text, if there is any, is printed before the trailer.

    Attributes:
        number: What the trailer says; its low byte is the exit status.
    """

    def __init__(self, text: str, number: int = errno.EINVAL) -> None:
        super().__init__(text)
        self.number = number

    @classmethod
    def of_properties(cls, start: str, errors: PropertyErrors) -> "Failure":
        """Return the refusal of properties: a line that begins so, and one for each of them."""
        lines = "".join(f"\n\t{name}: {text}" for name, text in errors)
        return cls(f"{start}{errno.EINVAL}{lines}")


@frozen
class Run:
    """One run of a sub-command.

    Attributes:
        parsed: Options and operands.
        properties: What options say, by the names of properties; a repeated one stands last.
        release: What the program says.
        stmf: Where the state of targets is looked up.
    """

    call: Call
    parsed: Parsed
    properties: Mapping[str, str] = field(repr=False)
    release: ItadmRelease
    iscsit: Iscsit
    stmf: Stmf
    _stdout: list[str] = field(factory=list)
    _stderr: list[str] = field(factory=list)

    def may_change(self) -> None:
        """Check the authorization for a change.

        Raises:
            Failure: The caller lacks it.
        """
        self._authorize(Right.MODIFY_STMF)

    def read(self) -> Configuration:
        """Return the configuration for a listing.

        Raises:
            Failure: The caller lacks the authorization.
        """
        self._authorize(Right.READ_STMF)
        return self.iscsit.load().configuration

    async def load(self) -> Loaded:
        """Return the configuration for a change, and let others run.

        Raises:
            Failure: The caller may not read it.
        """
        if not holds(self.call, Right.READ_STMF):
            raise self.failure("Error retrieving iSCSI target configuration", _DENIED)
        loaded = self.iscsit.load()
        await self.iscsit.pause()
        return loaded

    async def commit(self, loaded: Loaded, configuration: Configuration) -> None:
        """Hand a changed configuration to the kernel, let others run, and save it.

        Raises:
            Failure: As for `hand_over` and `save`.
        """
        self.hand_over(configuration)
        await self.save(loaded, configuration)

    def hand_over(self, configuration: Configuration) -> None:
        """Hand a changed configuration to the kernel.

        Raises:
            Failure: It takes one from nobody without the privilege, nor while the service is down.
        """
        if not holds(self.call, Right.SYS_DEVICES):
            raise self._untaken(errno.EPERM)
        if not self.iscsit.running:
            raise self._untaken(errno.EFAULT)
        self.iscsit.install(configuration)

    async def save(self, loaded: Loaded, configuration: Configuration) -> None:
        """Let others run, and save a configuration that the kernel has.

        Raises:
            Failure: Somebody saved another meanwhile: the kernel is given that one back then.
        """
        await self.iscsit.pause()
        try:
            self.iscsit.save(configuration, loaded.generation)
        except IscsitError as error:
            if self.iscsit.running:
                self.iscsit.install(self.iscsit.load().configuration)
            raise Failure(self.release.stale, STALE) from error

    def failure(self, text: str, number: int) -> Failure:
        """Return a failure whose text ends with the error, in words or as a number."""
        return Failure(f"{text}: {self.release.named(number)}", number)

    def has(self, letter: str) -> bool:
        """Whether a flag was given."""
        return self.parsed.value(letter) is not None

    def out(self, text: str) -> None:
        """Print a line on standard output."""
        self._stdout.append(f"{text}\n")

    def error(self, text: str) -> None:
        """Print a line on standard error."""
        self._stderr.append(f"{text}\n")

    def answer(self, status: int) -> Answer:
        """Return what was printed, with the exit status."""
        return Answer("".join(self._stdout), "".join(self._stderr), status)

    def _untaken(self, number: int) -> Failure:
        text = f"Configuration change failed: {self.release.named(number)}" if self.release.worded else ""
        return Failure(text, number)

    def _authorize(self, right: Right) -> None:
        if not holds(self.call, right):
            raise Failure(f"Error, operation requires authorization {right.value}", 1)
