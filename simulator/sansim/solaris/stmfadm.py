"""stmfadm: parse, ask the stmf services, print. Source: illumos `stmfadm.c`."""

from collections.abc import Callable, Mapping

from sansim.program import Answer, Call, Program
from sansim.solaris.options import Grammar
from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_console import Run, explain
from sansim.solaris.stmf_errors import StmfError
from sansim.solaris.stmfadm_grammar import GRAMMAR
from sansim.solaris.stmfadm_groups import GROUP_COMMANDS
from sansim.solaris.stmfadm_states import STATE_COMMANDS
from sansim.solaris.stmfadm_units import UNIT_COMMANDS
from sansim.solaris.stmfadm_views import VIEW_COMMANDS

__all__ = ["program"]

Command = Callable[[Run], int]

_COMMANDS: Mapping[str, Command] = {
    **GROUP_COMMANDS,
    **UNIT_COMMANDS,
    **VIEW_COMMANDS,
    **STATE_COMMANDS,
}


def program(stmf: Stmf) -> Program:
    """Return stmfadm over an stmf service."""
    return runner(stmf, GRAMMAR, _COMMANDS)


def runner(stmf: Stmf, grammar: Grammar, commands: Mapping[str, Command]) -> Program:
    """Return a program that parses by a grammar and runs one function for each sub-command.

    A refusal that a function does not put in words of its own is explained here, with exit status 1.
    """

    async def run(call: Call) -> Answer:
        parsed = grammar.parse(call.argv)
        if isinstance(parsed, Answer):
            return parsed
        this = Run(call, parsed, stmf)
        try:
            status = commands[parsed.subcommand](this)
        except StmfError as error:
            this.error(explain(error, parsed.operands[0] if parsed.operands else ""))
            status = 1
        return this.answer(status)

    return run
