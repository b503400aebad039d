"""The two languages that commands are written in: how a value becomes one word of each.

Values only ever arrive through `Dialect.word`; a template's own text is held to `Dialect.literal`, so that
nothing in it means anything to a shell.
"""

import re
import shlex
from collections.abc import Callable
from typing import Final

from attrs import frozen

from sansdk.errors import InputError
from sansdk.secrets import Secret

SecretWord = Callable[[Secret], str]
"""How a secret appears in a rendering: a finished word of the language, taken as it is."""


class UnsafeTemplate(InputError):
    """A template whose text could mean more than words, or that lets a value be more than one."""


@frozen
class Dialect:
    """One command language.

    Attributes:
        name: For messages.
        quote: Makes a text one word, or refuses it.
        program: What the first word of a template must be.
        bare: Whether a value may be a word of its own; if not it needs `name=` before it, since the language
            would else take the value for a parameter.
    """

    name: str
    quote: Callable[[str], str]
    program: re.Pattern[str]
    bare: bool

    def word(self, value: object) -> str:
        """`value` as one word.

        Raises:
            InputError: The value cannot be said in this language.
            TypeError: It is neither str nor int.
        """
        if type(value) is int:
            return str(value)
        if type(value) is not str:
            raise TypeError(f"A command's value is a str, an int or a Secret, not {type(value).__name__}.")
        if "\0" in value or "\n" in value:
            raise InputError(f"{value!r} holds a NUL or a newline; no command line can carry it.")
        try:
            value.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise InputError(f"{value!r} is no text that can be encoded.") from None
        return self.quote(value)


_CLIQ_PLAIN = re.compile(r"[^\s]+")
_CLIQ_REFUSED = {
    '"': "CLIQ has no way to write a double quote inside a value",
    ";": "CLIQ takes a semicolon for the separator of a list",
    "\r": "a carriage return ends a line of CLIQ",
}


def _cliq_quote(value: str) -> str:
    for character, reason in _CLIQ_REFUSED.items():
        if character in value:
            raise InputError(f"{value!r} cannot be sent: {reason}.")
    return value if _CLIQ_PLAIN.fullmatch(value) else f'"{value}"'


SH: Final = Dialect("sh", shlex.quote, re.compile(r"(?:/[A-Za-z0-9._-]+)+|sd_[a-z_]+"), bare=True)
"""POSIX sh. Single quotes suspend everything; only letters, digits and `@%+=:,./-_` go without them.

A program is an absolute path, or a function `sd_…` of the script that carries the command.
"""

CLIQ: Final = Dialect("CLIQ", _cliq_quote, re.compile(r"[A-Za-z]+"), bare=False)
"""`command name=value …`; values with blanks in double quotes (seen), lists separated by `;` (manual)."""
