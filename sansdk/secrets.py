"""Secrets that do not show themselves.

A `Secret` has no repr, str, format, JSON or HTML that tells its value; `reveal()` alone does. It pickles
only as a reference to where it comes from, so that a literal never travels to another process or to a disk.
"""

import os
import random
import string
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from sansdk.errors import InputError

_HIDDEN = "Secret('***')"
_ALPHABET = string.ascii_letters + string.digits


class Secret:
    """A password, a CHAP secret or the like.

    Two secrets are equal when their values are. Slots and a closure keep the value out of `vars()` and of
    tracebacks that print locals.
    """

    __slots__ = ("_reference", "_reveal")

    def __init__(self, value: str) -> None:
        self._reveal: Callable[[], str] = lambda: value
        self._reference: tuple[str, str] | None = None

    @classmethod
    def from_env(cls, name: str) -> "Secret":
        """The value of an environment variable.

        Raises:
            InputError: The variable is not set.
        """
        return cls._referring("env", name)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> "Secret":
        """The content of a file, without one trailing newline.

        Raises:
            InputError: The file cannot be read.
        """
        return cls._referring("file", os.fspath(path))

    @classmethod
    def generate(cls, rng: random.Random, length: int = 16) -> "Secret":
        """A new secret of letters and digits, drawn from `rng`."""
        return cls("".join(rng.choice(_ALPHABET) for _ in range(length)))

    @classmethod
    def _referring(cls, kind: str, name: str) -> "Secret":
        secret = cls(_READERS[kind](name))
        secret._reference = (kind, name)
        return secret

    def reveal(self) -> str:
        """The value. Pass it on at once; keep it under no name."""
        return self._reveal()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._reveal() == other._reveal()

    def __hash__(self) -> int:
        return hash((Secret, self._reveal()))

    def __len__(self) -> int:
        return len(self._reveal())

    def __repr__(self) -> str:
        return _HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(_HIDDEN, spec)

    def __reduce__(self) -> tuple[Callable[[str, str], "Secret"], tuple[str, str]]:
        if self._reference is None:
            _refuse_pickle()
        return Secret._referring, self._reference

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: object) -> "Secret":
        return self


def redact(text: str, secrets: Iterable[Secret]) -> str:
    """`text` with the value of each secret replaced by `***`, the longest first."""
    for value in sorted({s.reveal() for s in secrets if len(s)}, key=len, reverse=True):
        text = text.replace(value, "***")
    return text


def _refuse_pickle() -> NoReturn:
    raise InputError(
        "A literal secret does not travel to another process.",
        mend="Use Secret.from_env or Secret.from_file.",
    )


def _from_env(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise InputError(f"The environment variable {name} is not set.", mend=f"Set {name} to the secret.") from None


def _from_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").removesuffix("\n")
    except OSError as error:
        raise InputError(f"The secret file {path} cannot be read: {error.strerror}.") from None


_READERS: dict[str, Callable[[str], str]] = {
    "env": _from_env,
    "file": _from_file,
}
