"""The text of `help`: chapters with titles in capitals, without banner or response (the beginning was seen).

The titles SYNTAX and PARAMETER ORDERING were seen at its head, a command reference and the error codes behind; the
sentences say what the manuals say, in words of their own.
"""

from collections.abc import Iterable, Iterator

from sansim.lefthand import inferred, results
from sansim.lefthand.commands import COMMANDS, Command
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.results import Result

__all__ = ["help_text"]

_CHAPTERS = """SYNTAX
 command parameter=value parameter=value ...

PARAMETER ORDERING
 Parameters may stand in any order. The command may also be given as method=command.

CASE SENSITIVITY
 The names of commands and parameters are not case sensitive. Values keep their case.

ABBREVIATION
 Commands and parameters cannot be abbreviated.

VALUES
 A value with blanks stands in double quotes. Truth values are 0, 1, true or false.
 Sizes are a number and one of KB, MB, GB, TB, PB, powers of two.
 Times are UTC: YYYY-MM-DDTHH:MM:SSZ.
 The elements of a list are separated by ; and a list that is too short repeats its last element.

OUTPUT
 output=XML answers in XML instead of text.

PROMPTING
 prompt=0 lets a command that asks before it begins go on without asking.

HISTORY
 !# lists the commands that were typed, !N repeats number N, exit leaves.
"""

_LEGEND = " A parameter in brackets is optional.\n"


def help_text(flavour: Flavour) -> str:
    """Write the help of a release from the tables of commands and results."""
    commands = "".join(f"{_usage(command, flavour)}\n" for command in sorted(COMMANDS.values(), key=_name))
    codes = "".join(f" {result.text:<9} {result.status:>3}  {result.name}\n" for result in _all_results())
    return f"{_CHAPTERS}\nCOMMAND REFERENCE\n{_LEGEND}\n{commands}\nERROR CODES\n{codes}"


def _usage(command: Command, flavour: Flavour) -> str:
    required = "".join(f" {name}=" for name in command.required)
    optional = "".join(f" [{name}=]" for name in command.parameters(flavour))
    prompt = " [prompt=]" if command.asks else ""
    return f" {command.name}{required}{optional}{prompt} [output=]"


def _name(command: Command) -> str:
    return command.name.lower()


def _all_results() -> Iterable[Result]:
    return sorted(set(_results()), key=lambda result: result.code)


def _results() -> Iterator[Result]:
    yield from results.ELSEWHERE
    for module in (results, inferred):
        yield from (value for value in vars(module).values() if isinstance(value, Result))
