"""The option parser that stmfadm and sbdadm share: tables in, a parsed command or a refusal out.

`PROG SUBCOMMAND [options] [operands]`: the sub-command is always the second word; options may stand anywhere
after it. Source: illumos `cmdparse.c`.
"""

from collections.abc import Iterator
from enum import Enum

from attrs import frozen

from sansim.program import Answer

__all__ = ["Grammar", "Operands", "Option", "Parsed", "Subcommand"]

_TAKES_NONE = "{} takes no operands"


class Operands(Enum):
    """How many operands a sub-command takes."""

    NONE = "none"
    ONE = "one"
    SOME = "one or more"
    ANY = "any"


@frozen
class Option:
    """An option of the whole program; `argument` is what the usage calls its value, None for a flag."""

    letter: str
    long: str
    argument: str | None = None


@frozen
class Subcommand:
    """A row of the table: the option letters it knows and needs, its operands, its help text."""

    name: str
    options: str
    required: str
    operands: Operands
    operand: str = ""
    help: str = ""


@frozen
class Parsed:
    """A command that passed the parser; options stand in the order in which they were given."""

    subcommand: str
    options: tuple[tuple[str, str], ...]
    operands: tuple[str, ...]

    def value(self, letter: str) -> str | None:
        """Return the value of an option ("" for a flag), the last one if it was repeated, None without it."""
        return next((value for name, value in reversed(self.options) if name == letter), None)


class _Complaint(Exception):
    """What getopt complains of; `text` is empty when the help was asked for.

    `helpful` tells a complaint after which the parser takes the help as asked for, and exits with 0.
    """

    def __init__(self, text: str = "", *, helpful: bool = False) -> None:
        super().__init__(text)
        self.text = text
        self.helpful = helpful or not text


class _TooLong(Exception):
    """The value of an option does not fit into the parser's table."""


_VALUE_LIMIT = 512
_HELP = Option("?", "help")
_VERSION = Option("V", "version")


@frozen
class Grammar:
    """A program's sub-commands, in the order of its usage, and its options."""

    options: tuple[Option, ...]
    subcommands: tuple[Subcommand, ...]

    def parse(self, argv: tuple[str, ...], called: str) -> Parsed | Answer:
        """Return the parsed command, or what the program says instead of running it.

        Args:
            argv: The words of the command; the first is the name in which the program complains.
            called: The program as it was called; getopt complains in this name of what stands before a sub-command.
        """
        program, *words = argv
        if not words:
            return Answer(stdout=self._usage(program), status=1)
        if words[0].startswith("-") and words[0] not in ("-", "--"):
            return self._without_subcommand(program, words[0], called)
        rows = {row.name: row for row in self.subcommands}
        row = rows.get(words[0].lower())
        if row is None:
            return Answer(stdout=f"{program}: invalid subcommand\n{self._usage(program)}", status=1)
        try:
            options, operands = self._getopt(words[1:])
        except _Complaint as complaint:
            stderr = f"{words[0]}: {complaint.text}\n" if complaint.text else ""
            return Answer(self._detail(program, row), stderr, int(not complaint.helpful))
        except _TooLong:
            return Answer(stdout=f"{program}: option too long\n", status=255)
        return self._refusal(program, row, options, operands) or Parsed(row.name, tuple(options), tuple(operands))

    def _refusal(
        self, program: str, row: Subcommand, options: list[tuple[str, str]], operands: list[str]
    ) -> Answer | None:
        refusal = _check(row, options, operands)
        usage = self._detail(program, row)
        if refusal is None:
            return None
        if refusal == _TAKES_NONE.format(row.name):  # the one complaint that goes to the other stream
            return Answer(stdout=usage, stderr=f"{program}: {refusal}\n", status=1)
        return Answer(stdout=f"{program}: {refusal}\n{usage}", status=1)

    def _without_subcommand(self, program: str, word: str, called: str) -> Answer:
        """Answer what stands before any sub-command: help, the version, or a complaint."""
        table = (_HELP, _VERSION)
        try:
            rest: Iterator[str] = iter(())
            letter, _ = _long(table, word[2:], rest) if word[:2] == "--" else next(_short(table, word[1:], rest))
        except _Complaint as complaint:
            stderr = f"{called}: {complaint.text}\n" if complaint.text else ""
            if complaint.helpful:
                return Answer(self._details(program), stderr)
            return Answer(self._usage(program), stderr, 1)
        if letter == _VERSION.letter:
            return Answer(stdout=f"{program}: Version 1.0\n")
        return Answer(stdout=self._details(program))

    def _getopt(self, words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
        """Split options from operands; options of any sub-command are known here."""
        table = (_HELP, *self.options)
        options: list[tuple[str, str]] = []
        operands: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                operands.extend(rest)
            elif word.startswith("--"):
                options.append(_long(table, word[2:], rest))
            elif word.startswith("-") and word != "-":
                options.extend(_short(table, word[1:], rest))
            else:
                operands.append(word)
        return options, operands

    def _details(self, program: str) -> str:
        return f"Usage:\t{program} -?,-V\n" + "".join(self._detail(program, row) for row in self.subcommands)

    def _usage(self, program: str) -> str:
        rows = "".join(f"Usage:\t{program} {row.name} [-?]\n" for row in self.subcommands)
        return f"Usage:\t{program} -?,-V,--help\n{rows}"

    def _detail(self, program: str, row: Subcommand) -> str:
        text = f"\nUsage:\t{program} {row.name} "
        if row.options:
            text += "<OPTIONS> " if row.required else "[OPTIONS] "
        text += {
            Operands.NONE: "",
            Operands.ONE: f"<{row.operand}>",
            Operands.SOME: f"<{row.operand} ...>",
            Operands.ANY: f"[{row.operand} ...]",
        }[row.operands]
        if row.options:
            text += "\n\tOPTIONS:"
            table = {option.letter: option for option in self.options}
            for letter in row.options:
                option = table[letter]
                argument = f"<{option.argument}>" if option.argument else ""
                text += f"\n\t\t-{letter}, --{option.long}  {argument}"
        return f"{text}\n" + (f"{row.help}\n" if row.help else "")


def _long(table: tuple[Option, ...], text: str, rest: Iterator[str]) -> tuple[str, str]:
    """Read a long option, whole or abbreviated; complaints show it as it was typed."""
    name, equals, value = text.partition("=")
    exact = [option for option in table if option.long == name]
    found = exact or [option for option in table if option.long.startswith(name)]
    if not found:
        raise _Complaint(f"illegal option -- {text}")
    if len(found) > 1:
        raise _Complaint(f"ambiguous option -- {name}")
    (option,) = found
    if option.argument is None:
        if equals:
            raise _Complaint(f"option doesn't take an argument -- {name}", helpful=option is _HELP)
        if option is _HELP:
            raise _Complaint
        return option.letter, ""
    return option.letter, _fit(value) if equals else _argument(text, rest)


def _short(table: tuple[Option, ...], letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Read a word of option letters, the last of which may have its value in it or after it."""
    by_letter = {option.letter: option for option in table}
    for place, letter in enumerate(letters, 1):
        option = by_letter.get(letter)
        if option is None:
            raise _Complaint(f"illegal option -- {letter}")
        if option is _HELP:
            raise _Complaint
        if option.argument is not None:
            yield letter, _fit(letters[place:]) if letters[place:] else _argument(letter, rest)
            return
        yield letter, ""


def _argument(option: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise _Complaint(f"option requires an argument -- {option}")
    return _fit(value)


def _fit(value: str) -> str:
    if len(value.encode(errors="surrogateescape")) > _VALUE_LIMIT:
        raise _TooLong
    return value


def _check(row: Subcommand, options: list[tuple[str, str]], operands: list[str]) -> str | None:
    """Return the first refusal, in the order of the source."""
    stray = next((letter for letter, _ in options if letter not in row.options), None)
    needed = sum(letter in row.required for letter, _ in options)
    checks = (
        (bool(options) and not row.options, "no options permitted"),
        (stray is not None, f"'-{stray}': invalid option"),
        (not options and bool(row.required), "at least one option required"),
        (needed != len(row.required), f"Following option(s) required: {row.required}"),
        (
            not operands and row.operands in (Operands.ONE, Operands.SOME),
            f"{row.name} requires an operand",
        ),
        (bool(operands) and row.operands is Operands.NONE, _TAKES_NONE.format(row.name)),
        (
            len(operands) > 1 and row.operands is Operands.ONE,
            f"{row.name} accepts only a single operand",
        ),
    )
    return next((text for refused, text in checks if refused), None)
