"""The commands that a shell does itself, all families together."""

from sansim.shell.flow_builtins import FLOW, SPECIAL_FLOW
from sansim.shell.interpreter import Shell
from sansim.shell.name_builtins import NAMES
from sansim.shell.text_builtins import TEXT
from sansim.shell.variable_builtins import SPECIAL_VARIABLES, VARIABLES

__all__ = ["install"]

_SPECIAL = SPECIAL_FLOW | SPECIAL_VARIABLES


def install() -> None:
    """Give the interpreter its commands; it cannot import them, for they drive it."""
    Shell.special = frozenset(_SPECIAL)
    Shell.builtins = _SPECIAL | FLOW | VARIABLES | TEXT | NAMES
