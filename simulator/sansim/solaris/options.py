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
    """What getopt complains of; empty when the help was asked for."""


@frozen
class Grammar:
    """A program's sub-commands, in the order of its usage, and its options."""

    options: tuple[Option, ...]
    subcommands: tuple[Subcommand, ...]

    def parse(self, argv: tuple[str, ...]) -> Parsed | Answer:
        """Return the parsed command, or what the program says instead of running it."""
        program, *words = argv
        rows = {row.name: row for row in self.subcommands}
        row = rows.get(words[0].lower()) if words else None
        if row is None:
            return self._without_subcommand(program, words[0] if words else None)
        usage = self._detail(program, row)
        try:
            options, operands = self._getopt(words[1:])
        except _Complaint as complaint:
            text = str(complaint)
            if not text:
                return Answer(stdout=usage)
            return Answer(stdout=usage, stderr=f"{words[0]}: {text}\n", status=1)
        refusal = _check(row, options, operands)
        if refusal is None:
            return Parsed(row.name, tuple(options), tuple(operands))
        if refusal == _TAKES_NONE.format(row.name):  # the one complaint that goes to the other stream
            return Answer(stdout=usage, stderr=f"{program}: {refusal}\n", status=1)
        return Answer(stdout=f"{program}: {refusal}\n{usage}", status=1)

    def _without_subcommand(self, program: str, word: str | None) -> Answer:
        if word is None:
            return Answer(stdout=self._usage(program), status=1)
        if not word.startswith("-") or word in ("-", "--"):
            return Answer(stdout=f"{program}: invalid subcommand\n{self._usage(program)}", status=1)
        long = word.removeprefix("--") if word.startswith("--") else "?"
        if word.startswith("-?") or "help".startswith(long):
            details = "".join(self._detail(program, row) for row in self.subcommands)
            return Answer(stdout=f"Usage:\t{program} -?,-V\n{details}")
        if word.startswith("-V") or "version".startswith(long):
            return Answer(stdout=f"{program}: Version 1.0\n")
        unknown = word[1] if long == "?" else long
        return Answer(self._usage(program), f"{program}: illegal option -- {unknown}\n", 1)

    def _getopt(self, words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
        """Split options from operands; options of any sub-command are known here."""
        options: list[tuple[str, str]] = []
        operands: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                operands.extend(rest)
            elif word.startswith("--"):
                options.append(self._long(word[2:], rest))
            elif word.startswith("-") and word != "-":
                options.extend(self._short(word[1:], rest))
            else:
                operands.append(word)
        return options, operands

    def _long(self, text: str, rest: Iterator[str]) -> tuple[str, str]:
        name, equals, value = text.partition("=")
        table = (Option("?", "help"), *self.options)
        exact = [option for option in table if option.long == name]
        found = exact or [option for option in table if option.long.startswith(name)]
        if not found:
            raise _Complaint(f"illegal option -- {name}")
        if len(found) > 1:
            raise _Complaint(f"ambiguous option -- {name}")
        (option,) = found
        if option.letter == "?":
            raise _Complaint
        if option.argument is None:
            if equals:
                raise _Complaint(f"option doesn't take an argument -- {name}")
            return option.letter, ""
        return option.letter, value if equals else _argument(option.long, rest)

    def _short(self, letters: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
        table = {option.letter: option for option in self.options}
        for place, letter in enumerate(letters, 1):
            if letter == "?":
                raise _Complaint
            option = table.get(letter)
            if option is None:
                raise _Complaint(f"illegal option -- {letter}")
            if option.argument is not None:
                yield letter, letters[place:] or _argument(letter, rest)
                return
            yield letter, ""

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


def _argument(option: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise _Complaint(f"option requires an argument -- {option}")
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
