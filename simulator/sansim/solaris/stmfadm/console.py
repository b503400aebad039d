"""What stmfadm and sbdadm have in common: their two streams, their way to the kernel, their words."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager

from attrs import define, field

from sansim.program import Answer, Call, Program
from sansim.solaris.login.rights import Right, holds
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmfadm.options import Grammar, Parsed

__all__ = ["COMMON_TEXTS", "Command", "Run", "explain", "runner"]

_REAL_PAUSE = 0.005

COMMON_TEXTS: Mapping[StmfCode, str] = {
    StmfCode.BUSY: "resource busy",
    StmfCode.PERMISSION: "permission denied",
    StmfCode.FILE_IN_USE: "filename {operand}: in use",
    StmfCode.INVALID_BLOCK_SIZE: "invalid block size",
    StmfCode.GUID_IN_USE: "guid in use",
    StmfCode.META_FILE_NAME: "meta file error",
    StmfCode.DATA_FILE_NAME: "data file error",
    StmfCode.META_CREATION: "could not create meta file",
    StmfCode.FILE_SIZE_INVALID: "file size invalid",
}


@define
class Run:
    """One run of a program: what it was asked, what it may touch, what it printed so far."""

    call: Call
    parsed: Parsed
    _stmf: Stmf
    _stdout: list[str] = field(factory=list)
    _stderr: list[str] = field(factory=list)
    _unsupported: str | None = None

    @property
    def stmf(self) -> Stmf:
        """The kernel service; it answers whether or not it is online.

        Raises:
            StmfError: PERMISSION without the privilege to open its device.
        """
        if not holds(self.call, Right.SYS_DEVICES):
            raise StmfError(StmfCode.PERMISSION)
        return self._stmf

    def change(self) -> AbstractContextManager[None]:
        """Let what is changed in a block be one change."""
        return self._stmf.change()

    def out(self, text: str) -> None:
        """Print a line on standard output."""
        self._stdout.append(f"{text}\n")

    def error(self, text: str) -> None:
        """Print a complaint, with the program's name before it, on standard error."""
        self.complain(f": {text}")

    def complain(self, text: str) -> None:
        """Print a line on standard error that goes on from the program's name at once."""
        self._stderr.append(f"{self.call.argv[0]}{text}\n")

    def refuse(self, error: StmfError, operand: str = "", texts: Mapping[StmfCode, str] | None = None) -> int:
        """Explain a refusal on standard error, and return the exit status 1; see `explain`."""
        self._unsupported = error.unsupported or self._unsupported
        self.error(explain(error, operand, texts))
        return 1

    async def wait(self, until: Callable[[], bool], times: int, seconds: float) -> bool:
        """Look whether something has come about, up to so many times with a pause after each.

        The pauses are short in real time, as those of `sleep` are; the array's clock moves by the rest.
        """
        for _ in range(times):
            if until():
                return True
            await asyncio.sleep(_REAL_PAUSE)
            self._stmf.clock.advance(seconds - _REAL_PAUSE)
        return False

    def answer(self, status: int) -> Answer:
        """Return what was printed, with the exit status."""
        return Answer("".join(self._stdout), "".join(self._stderr), status, self._unsupported)


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


Command = Callable[[Run], Awaitable[int]]
"""What a sub-command does; the result is the exit status."""


def runner(stmf: Stmf, grammar: Grammar, commands: Mapping[str, Command]) -> Program:
    """Return a program that parses by a grammar and runs one function for each sub-command.

    A refusal that a function does not put in words of its own is explained here, with exit status 1.
    """

    async def run(call: Call) -> Answer:
        parsed = grammar.parse(call.argv, call.called)
        if isinstance(parsed, Answer):
            return parsed
        this = Run(call, parsed, stmf)
        try:
            status = await commands[parsed.subcommand](this)
        except StmfError as error:
            status = this.refuse(error)
        return this.answer(status)

    return run
