"""How itadm reads its arguments.

Source: illumos `itadm.c`, and `getopt_long.c` for what happens in corners: a complaint names the word before
the place where the reading stands, which for a cluster of letters is another word.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from attrs import frozen

from sansim.solaris.itadm.release import ItadmRelease

__all__ = ["SUBCOMMANDS", "Operands", "Parsed", "Subcommand", "UsageError", "check_operands", "options"]


class Operands(Enum):
    """How many operands a sub-command takes."""

    NONE = "none"
    ONE = "one"
    OPTIONAL = "at most one"
    SOME = "one or more"


@frozen
class Subcommand:
    """A row of the table; `options` as getopt writes them (`a:` takes a value)."""

    name: str
    options: str
    operands: Operands


SUBCOMMANDS: Mapping[str, Subcommand] = {
    row.name: row
    for row in (
        Subcommand("create-target", "a:sS:u:n:l:t:h?", Operands.NONE),
        Subcommand("modify-target", "a:sS:u:n:l:t:h?", Operands.ONE),
        Subcommand("delete-target", "fh?", Operands.ONE),
        Subcommand("list-target", "hpv?", Operands.OPTIONAL),
        Subcommand("create-tpg", "h?", Operands.SOME),
        Subcommand("delete-tpg", "fh?", Operands.ONE),
        Subcommand("list-tpg", "hpv?", Operands.OPTIONAL),
        Subcommand("create-initiator", "sS:u:h?", Operands.ONE),
        Subcommand("modify-initiator", "sS:u:h?", Operands.ONE),
        Subcommand("list-initiator", "hpv?", Operands.OPTIONAL),
        Subcommand("delete-initiator", "h?", Operands.ONE),
        Subcommand("modify-defaults", "a:r:dD:i:I:h?", Operands.NONE),
        Subcommand("list-defaults", "hp?", Operands.NONE),
    )
}
_NO_SUBCOMMAND = "h?"

_LONG = {
    "alias": "l",
    "auth-method": "a",
    "chap-secret": "s",
    "chap-secret-file": "S",
    "chap-user": "u",
    "force": "f",
    "help": "h",
    "isns": "i",
    "isns-server": "I",
    "node-name": "n",
    "parsable": "p",
    "radius-secret": "d",
    "radius-secret-file": "D",
    "radius-server": "r",
    "tpg-tag": "t",
    "verbose": "v",
    "version": "V",
}
"""One list for all sub-commands: a long option is taken by each, whatever its letters are."""
_TWICE = "help"
"""It stands in the program's table twice: short for it is short for two."""
_WITH_VALUE = frozenset("aDIilnrStu")


@frozen
class Parsed:
    """Options in their order ("" as the value of a flag), and operands."""

    options: tuple[tuple[str, str], ...]
    operands: tuple[str, ...]

    def value(self, letter: str) -> str | None:
        """Return an option's last value, or None without it."""
        return next((value for name, value in reversed(self.options) if name == letter), None)


class UsageError(Exception):
    """A complaint that is followed by the usage; empty when there is nothing to say.

    Attributes:
        status: The exit status.
    """

    def __init__(self, complaint: str = "", status: int = 1) -> None:
        super().__init__(complaint)
        self.status = status


def options(
    row: Subcommand | None, words: list[str], operands: list[str], release: ItadmRelease
) -> Iterator[tuple[str, str]]:
    """Yield the options one by one, as the program works them off, and put the others into `operands`.

    Args:
        row: The sub-command, or None if there is none of that name.
        words: The words from the sub-command on.
        operands: Receives what is no option.
        release: What the program knows and says.

    Raises:
        UsageError: At the first one that is unknown, lacks its value, or asks for help.
    """
    letters = row.options if row else _NO_SUBCOMMAND
    if not release.parsable:
        letters = letters.replace("p", "")
    before = words[0]
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            operands.extend(rest)
        elif word.startswith("--"):
            yield from _long(word, rest, release)
        elif word.startswith("-") and word != "-":
            yield from _short(word, before, letters, rest, release)
        else:
            operands.append(word)
        before = word


def _long(word: str, rest: Iterator[str], release: ItadmRelease) -> Iterator[tuple[str, str]]:
    name, equals, value = word[2:].partition("=")
    known = {long: letter for long, letter in _LONG.items() if release.parsable or letter != "p"}
    found = [name] if name in known else [long for long in known if long.startswith(name)]
    if len(found) != 1 or (found == [_TWICE] and name != _TWICE):
        raise UsageError(f"Unrecognized option {word}")
    letter = known[found[0]]
    if letter in _WITH_VALUE:
        yield letter, value if equals else _value(word, rest, release)
    elif equals:
        raise UsageError(f"Option {word} requires an operand{release.period}")
    else:
        yield from _flag(letter)


def _short(
    word: str, before: str, letters: str, rest: Iterator[str], release: ItadmRelease
) -> Iterator[tuple[str, str]]:
    for place, letter in enumerate(word[1:], 2):
        here = word if place == len(word) else before
        if letter == "?" and here == "-?":
            raise UsageError(status=0)
        if letter not in letters or letter in ":?":
            raise UsageError(f"Unrecognized option {here}")
        if f"{letter}:" in letters:
            yield letter, word[place:] or _value(word, rest, release)
            return
        yield from _flag(letter)


def _flag(letter: str) -> Iterator[tuple[str, str]]:
    if letter == "h":
        raise UsageError(status=0)
    if letter == "V":
        # The long name is in the table, and nothing was ever done about it.
        raise UsageError
    yield letter, ""


def _value(word: str, rest: Iterator[str], release: ItadmRelease) -> str:
    value = next(rest, None)
    if value is None:
        raise UsageError(f"Option {word} requires an operand{release.period}")
    return value


def check_operands(row: Subcommand, operands: list[str]) -> None:
    """Check the number of operands.

    Raises:
        UsageError: It does not fit the sub-command.
    """
    if not operands and row.operands in (Operands.ONE, Operands.SOME):
        raise UsageError(f"Error, {row.name} requires an operand")
    if len(operands) > 1 and row.operands in (Operands.ONE, Operands.OPTIONAL):
        raise UsageError(f"Error, {row.name} accepts only a single operand")
    if operands and row.operands is Operands.NONE:
        raise UsageError(f"Error, {row.name} does not support any operands")
