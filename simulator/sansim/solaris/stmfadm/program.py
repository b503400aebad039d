"""stmfadm: parse, ask the stmf services, print. Source: illumos `stmfadm.c`."""

from collections.abc import Mapping

from sansim.program import Program
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmfadm.console import Command, runner
from sansim.solaris.stmfadm.grammar import grammar
from sansim.solaris.stmfadm.groups import GROUP_COMMANDS
from sansim.solaris.stmfadm.lists import LIST_COMMANDS
from sansim.solaris.stmfadm.states import STATE_COMMANDS
from sansim.solaris.stmfadm.units import UNIT_COMMANDS
from sansim.solaris.stmfadm.views import VIEW_COMMANDS

__all__ = ["program"]

_COMMANDS: Mapping[str, Command] = {
    **GROUP_COMMANDS,
    **UNIT_COMMANDS,
    **VIEW_COMMANDS,
    **STATE_COMMANDS,
    **LIST_COMMANDS,
}


def program(stmf: Stmf) -> Program:
    """Return stmfadm over an stmf service."""
    return runner(stmf, grammar(stmf.release), _COMMANDS)
