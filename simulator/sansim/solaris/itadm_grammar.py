"""How itadm reads its arguments, and its usage texts (the form of 2014 and later).

Source: illumos `itadm.c`.
"""

from collections.abc import Iterator, Mapping
from enum import Enum

from attrs import frozen

__all__ = [
    "SUBCOMMANDS",
    "Operands",
    "Parsed",
    "Subcommand",
    "UsageError",
    "check_operands",
    "options",
    "overall_usage",
    "usage",
]

_CREATE_TARGET = """\
\tcreate-target\t[-a radius|chap|none|default] [-s]
\t\t\t[-S <chap-secret-path>] [-u <chap-user-name>]
\t\t\t[-n <target-node-name>] [-l <alias>]
\t\t\t[-t <tpg-name>[,<tpg-name>]...]
"""

_MODIFY_TARGET = """\
\tmodify-target\t[-a radius|chap|none|default] [-s]
\t\t\t[-S <chap-secret-path>] [-u <chap-username>]
\t\t\t[-n <new-target-node-name>] [-l <alias>]
\t\t\t[-t <tpg-name>[,<tpg-name>]...] <target-node-name>
"""

_CREATE_INITIATOR = """\
\tcreate-initiator [-s] [-S <chap-secret-path>]
\t\t\t[-u <chap-username>] <initiator-node-name>
"""

_MODIFY_INITIATOR = _CREATE_INITIATOR.replace("create", "modify")

_MODIFY_DEFAULTS = """\
\tmodify-defaults\t[-a radius|chap|none] [-r <IP-address>[:<port>]] [-d]
\t\t\t[-D <radius-secret-path>] [-i enable|disable]
\t\t\t[-I <IP-address>[:<port>][,<IP-adddress>[:<port>]]...]
"""


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
    usage: str


SUBCOMMANDS: Mapping[str, Subcommand] = {
    row.name: row
    for row in (
        Subcommand("create-target", "a:sS:u:n:l:t:h", Operands.NONE, _CREATE_TARGET),
        Subcommand("modify-target", "a:sS:u:n:l:t:h", Operands.ONE, _MODIFY_TARGET),
        Subcommand("delete-target", "fh", Operands.ONE, "\tdelete-target\t[-f] <target-node-name>\n"),
        Subcommand("list-target", "hpv", Operands.OPTIONAL, "\tlist-target\t[-pv] [<target-node-name>]\n"),
        Subcommand("create-tpg", "h", Operands.SOME, "\tcreate-tpg\t<tpg-name> <IP-address>[:<port>]...\n"),
        Subcommand("list-tpg", "hpv", Operands.OPTIONAL, "\tlist-tpg\t[-pv] [<tpg-name>]\n"),
        Subcommand("delete-tpg", "fh", Operands.ONE, "\tdelete-tpg\t[-f] <tpg-name>\n"),
        Subcommand("create-initiator", "sS:u:h", Operands.ONE, _CREATE_INITIATOR),
        Subcommand("modify-initiator", "sS:u:h", Operands.ONE, _MODIFY_INITIATOR),
        Subcommand("list-initiator", "hpv", Operands.OPTIONAL, "\tlist-initiator\t[-pv] [<initiator-node-name>]\n"),
        Subcommand("delete-initiator", "h", Operands.ONE, "\tdelete-initiator <initiator-node-name>\n"),
        Subcommand("modify-defaults", "a:r:dD:i:I:h", Operands.NONE, _MODIFY_DEFAULTS),
        Subcommand("list-defaults", "hp", Operands.NONE, "\tlist-defaults\t[-p]\n"),
    )
}

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
    """A complaint that is followed by the usage; empty when the usage was asked for.

    Attributes:
        status: The exit status.
    """

    def __init__(self, complaint: str = "", status: int = 1) -> None:
        super().__init__(complaint)
        self.status = status


def usage(row: Subcommand) -> str:
    """Return a sub-command's usage."""
    return f"usage:\n{row.usage}"


def overall_usage() -> str:
    """Return the usage of all sub-commands."""
    return "usage: itadm <subcommand> <args> ...\n" + "".join(row.usage for row in SUBCOMMANDS.values())


def options(row: Subcommand | None, words: list[str], operands: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the options one by one, as the program works them off, and put the others into `operands`.

    Raises:
        UsageError: At the first one that is unknown, lacks its value, or asks for help.
    """
    letters = row.options if row else "h"
    rest = iter(words)
    for word in rest:
        if word == "--":
            operands.extend(rest)
        elif word.startswith("--"):
            yield _long(word, letters, rest)
        elif word.startswith("-") and word != "-":
            yield from _short(word, letters, rest)
        else:
            operands.append(word)


def _long(word: str, letters: str, rest: Iterator[str]) -> tuple[str, str]:
    name, equals, value = word[2:].partition("=")
    found = [name] if name in _LONG else [long for long in _LONG if long.startswith(name)]
    if len(found) != 1 or _LONG[found[0]] not in letters:
        if found and _LONG[found[0]] == "h":
            raise UsageError(status=0)
        raise UsageError(f"Unrecognized option {word}")
    letter = _LONG[found[0]]
    if letter == "h":
        raise UsageError(status=0)
    if letter not in _WITH_VALUE:
        return letter, ""
    return letter, value if equals else _value(word, rest)


def _short(word: str, letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    for place, letter in enumerate(word[1:], 2):
        if letter in "h?":
            raise UsageError(status=0)
        if letter not in letters or letter == ":":
            raise UsageError(f"Unrecognized option {word}")
        if f"{letter}:" in letters:
            yield letter, word[place:] or _value(word, rest)
            return
        yield letter, ""


def _value(word: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UsageError(f"Option {word} requires an operand")
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
