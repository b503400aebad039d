"""What stmfadm and sbdadm have in common: their two streams, their way to the kernel, their words."""

from collections.abc import Mapping

from attrs import field, frozen

from sansim.program import Answer, Call
from sansim.solaris.options import Parsed
from sansim.solaris.rights import Right, holds
from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_errors import StmfCode, StmfError

__all__ = ["COMMON_TEXTS", "Run", "explain"]

COMMON_TEXTS: Mapping[StmfCode, str] = {
    StmfCode.BUSY: "resource busy",
    StmfCode.PERMISSION: "permission denied",
    StmfCode.SERVICE_NOT_FOUND: "STMF service not found",
    StmfCode.FILE_IN_USE: "filename {operand}: in use",
    StmfCode.INVALID_BLOCK_SIZE: "invalid block size",
    StmfCode.GUID_IN_USE: "guid in use",
    StmfCode.META_FILE_NAME: "meta file error",
    StmfCode.DATA_FILE_NAME: "data file error",
    StmfCode.FILE_SIZE_INVALID: "file size invalid",
}


@frozen
class Run:
    """One run of a program: what it was asked, what it may touch, what it printed so far."""

    call: Call
    parsed: Parsed
    _stmf: Stmf
    _stdout: list[str] = field(factory=list)
    _stderr: list[str] = field(factory=list)

    @property
    def stmf(self) -> Stmf:
        """The kernel service.

        Raises:
            StmfError: PERMISSION without the privilege, SERVICE_NOT_FOUND while the service is disabled
                (inferred: no command but list-state and online-* answers then).
        """
        service = self.stmf_in_any_state
        if not service.running:
            raise StmfError(StmfCode.SERVICE_NOT_FOUND)
        return service

    @property
    def stmf_in_any_state(self) -> Stmf:
        """The kernel service, disabled or not.

        Raises:
            StmfError: PERMISSION without the privilege.
        """
        if not holds(self.call, Right.SYS_DEVICES):
            raise StmfError(StmfCode.PERMISSION)
        return self._stmf

    def out(self, text: str) -> None:
        """Print a line on standard output."""
        self._stdout.append(f"{text}\n")

    def error(self, text: str) -> None:
        """Print a complaint, with the program's name before it, on standard error."""
        self._stderr.append(f"{self.call.argv[0]}: {text}\n")

    def answer(self, status: int) -> Answer:
        """Return what was printed, with the exit status."""
        return Answer("".join(self._stdout), "".join(self._stderr), status)


def explain(error: StmfError, operand: str = "", texts: Mapping[StmfCode, str] | None = None) -> str:
    """Return the words for a refusal; `{operand}` in a text stands for the operand.

    Args:
        error: The refusal.
        operand: What the program was working on; names an unknown error.
        texts: The sub-command's own words, before the common ones.
    """
    text = (texts or {}).get(error.code) or COMMON_TEXTS.get(error.code)
    if text is None:
        text = "{operand}: unknown error" if operand else "unknown error"
    return text.replace("{operand}", operand)
