"""The text of `help`: chapters with titles in capitals, without banner or response (the beginning was seen)."""

from collections.abc import Iterator

from sansim.lefthand import inferred, results
from sansim.lefthand.commands import COMMANDS, Command
from sansim.lefthand.results import Result

__all__ = ["help_text"]

_SYNTAX = """SYNTAX
 command parameter=value parameter=value ...

PARAMETER ORDERING
 Parameters may stand in any order. The command may also be given as method=command.

CASE SENSITIVITY
 The names of commands and parameters are not case sensitive. Values keep their case.

VALUES
 A value with blanks stands in double quotes. The elements of a list are separated by ;
 Sizes are a number and one of KB, MB, GB, TB, PB. Truth values are 0, 1, true or false.

OUTPUT
 output=XML answers in XML instead of text.
"""


def help_text() -> str:
    """Write the help from the tables of commands and results."""
    commands = "\n".join(_usage(command) for command in COMMANDS.values())
    codes = "\n".join(
        f" {result.text:<9} {result.status:>3}  {result.name}"
        for result in sorted(_all_results(), key=lambda result: result.code)
    )
    return f"{_SYNTAX}\nCOMMAND REFERENCE\n{commands}\n\nERROR CODES\n{codes}\n"


def _usage(command: Command) -> str:
    required = "".join(f" {name}=" for name in command.required)
    optional = "".join(f" [{name}=]" for name in command.optional)
    prompt = " [prompt=]" if command.asks else ""
    return f" {command.name}{required}{optional}{prompt}"


def _all_results() -> Iterator[Result]:
    found: dict[int, Result] = {}
    for module in (results, inferred):
        for value in vars(module).values():
            if isinstance(value, Result):
                found[value.code] = value
    yield from found.values()
