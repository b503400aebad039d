"""The words of a CLIQ command line: a command and `parameter=value` words in any order.

Names are case-insensitive, values keep their case; double quotes hold a value with blanks together and
cannot be escaped; a list is separated by `;` (source: manual).
"""

import re
from collections.abc import Iterable, Mapping

from attrs import field, frozen

from sansim.lefthand.results import (
    MISSING_PARAMETER,
    PARAMETER_FORMAT,
    PARAMETER_REPEAT,
    Refusal,
)
from sansim.lefthand.words import printable

__all__ = ["Arguments", "Request", "arguments", "parse"]

_COMMON = frozenset({"keyfile", "login", "method", "output", "password", "prompt", "username"})
"""Parameters of every command; those that name a system or a user are ignored on a node."""

_FLAGS = {"0": False, "1": True, "false": False, "true": True}
_UNITS: Mapping[str, int] = {unit: 1024**power for power, unit in enumerate(("KB", "MB", "GB", "TB", "PB"), start=1)}


@frozen
class Request:
    """A command line taken apart, not yet checked against any command.

    Attributes:
        commands: The commands as typed, the word at the head and what `method=` says: one, unless something is wrong.
        pairs: The parameters as typed, in order.
        stray: The words that are neither.
        closed: Whether every quote that opens also closes.
    """

    commands: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    stray: tuple[str, ...] = ()
    closed: bool = True

    @property
    def command(self) -> str:
        """The command; empty when the line has none."""
        return self.commands[0] if self.commands else ""

    @property
    def xml(self) -> bool:
        """Whether the answer is wanted as XML."""
        return any(name.lower() == "output" and value.lower() == "xml" for name, value in self.pairs)

    @property
    def asks(self) -> bool:
        """Whether an irreversible command is to ask before it does anything."""
        prompts = [value.lower() for name, value in self.pairs if name.lower() == "prompt"]
        return not any(value in _FLAGS and not _FLAGS[value] for value in prompts)


@frozen
class Arguments:
    """The parameters of a command, under the names the command knows them by.

    Attributes:
        values: The values by parameter.
        ignored: Parameters that exist, but not for this command.
    """

    values: Mapping[str, str]
    ignored: tuple[str, ...] = field(default=())

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """Return a value as it stands."""
        return self.values.get(name, default)

    def items(self, name: str) -> tuple[str, ...]:
        """Return a list, which has at least one element when it is given."""
        if name not in self.values:
            return ()
        found = tuple(item for item in self.values[name].split(";") if item)
        if not found:
            raise _malformed(name, self.values[name])
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a truth value: `1`, `0`, `true` or `false`."""
        if name not in self.values:
            return default
        flag = _FLAGS.get(self.values[name].lower())
        if flag is None:
            raise _malformed(name, self.values[name])
        return flag

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """Return one of a few words."""
        value = self.values.get(name, default)
        if value not in choices:
            raise _malformed(name, value)
        return value

    def number(self, name: str, allowed: range, default: int) -> int:
        """Return a whole number."""
        if name not in self.values:
            return default
        value = self.values[name]
        if not re.fullmatch("[0-9]{1,18}", value) or int(value) not in allowed:
            raise _malformed(name, value)
        return int(value)

    def size(self, name: str) -> int | None:
        """Return a size in bytes, None if it is not given: a number and one of KB MB GB TB PB, powers of two."""
        if name not in self.values:
            return None
        found = re.fullmatch("([0-9]{1,12})([KMGTP]B)", self.values[name].upper())
        size = int(found[1]) * _UNITS[found[2]] if found else 0
        if not size:
            raise _malformed(name, self.values[name])
        return size


def parse(line: str) -> Request:
    """Take a command line apart. Never refuses: what is wrong is for `arguments` to say."""
    words, closed = _words(line)
    commands = []
    pairs = []
    stray = []
    for position, word in enumerate(words):
        name, equals, value = word.partition("=")
        if equals:
            pairs.append((name, value))
        elif position == 0:
            commands.append(word)
        else:
            stray.append(word)
    commands += [value for name, value in pairs if name.lower() == "method"]
    return Request(tuple(commands), tuple(pairs), tuple(stray), closed)


def arguments(
    request: Request, required: Iterable[str], optional: Iterable[str], elsewhere: Iterable[str]
) -> Arguments:
    """Check a request against the parameters of its command.

    Args:
        request: The command line.
        required: The parameters that must be there.
        optional: The parameters that may be there.
        elsewhere: The parameters of other commands, in small letters: ignored, with a result that says so.

    Raises:
        Refusal: A word is malformed, repeated, unknown or missing.
    """
    known = {name.lower(): name for name in (*required, *optional)}
    values: dict[str, str] = {}
    ignored = []
    _check_form(request)
    for name, value in request.pairs:
        folded = name.lower()
        if folded in known:
            values[known[folded]] = value
        elif folded in elsewhere:
            ignored.append(name)
        elif folded not in _COMMON:
            raise Refusal(PARAMETER_FORMAT, f"Parameter '{name}' is not recognized.")
    missing = [name for name in required if not values.get(name)]
    if missing:
        raise Refusal(MISSING_PARAMETER, f"Missing required parameter '{missing[0]}'.")
    return Arguments(values, tuple(ignored))


def _check_form(request: Request) -> None:
    if not request.closed:
        raise Refusal(PARAMETER_FORMAT, "A quoted value is not closed.")
    if request.stray:
        raise Refusal(PARAMETER_FORMAT, f"Parameter '{request.stray[0]}' is not specified correctly.")
    if len(request.commands) > 1:
        raise Refusal(PARAMETER_REPEAT, "Parameter 'method' is repeated.")
    seen = set()
    for name, value in request.pairs:
        folded = name.lower()
        if folded in seen:
            raise Refusal(PARAMETER_REPEAT, f"Parameter '{name}' is repeated.")
        # That the array refuses what XML cannot carry is inferred.
        if (folded == "prompt" and value.lower() not in _FLAGS) or value != printable(value):
            raise _malformed(name, value)
        seen.add(folded)


def _malformed(name: str, value: str) -> Refusal:
    return Refusal(PARAMETER_FORMAT, f"Parameter '{name}' has an invalid value '{value}'.")


def _words(line: str) -> tuple[list[str], bool]:
    """Split a line at the blanks outside quotes, without the quotes, and tell whether they are closed."""
    words = []
    word: list[str] = []
    quoted = False
    begun = False
    for character in line:
        if character == '"':
            quoted = not quoted
            begun = True
        elif character.isspace() and not quoted:
            if begun:
                words.append("".join(word))
            word, begun = [], False
        else:
            word.append(character)
            begun = True
    if begun:
        words.append("".join(word))
    return words, not quoted
