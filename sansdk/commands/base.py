"""What a command is: a template, and a parser beside it.

A command's fields are its parameters. It knows how it is written, how its answer is read, and which refusal
of the array means which error; it does not know how it travels. Jinja is imported when the first command is
rendered, not before.
"""

import re
from collections.abc import Mapping
from enum import Enum
from importlib import import_module
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, ClassVar, Final, Generic, NoReturn, TypeVar

import attrs
from attrs import frozen

from sansdk.commands.quoting import SH, Dialect, SecretWord
from sansdk.errors import ArrayError, Conflict, InputError, UnexpectedOutput
from sansdk.secrets import Secret, redact
from sansdk.transport.base import Answer

T = TypeVar("T")
C = TypeVar("C", bound="type[Command[Any]]")

_COUNT: Final = re.compile(r"[0-9]{1,40}")
_FAMILIES: Final = tuple(f"sansdk.commands.{name}" for name in ("zfs", "comstar", "procedures", "host", "cliq"))
_registered: "dict[str, type[Command[Any]]]" = {}


class Pace(Enum):
    """How long a command may take: the class of its deadline."""

    READ = "read"
    CHANGE = "change"
    LONG = "long"


class Taken(Conflict):
    """What the plan had picked, a GUID, a LUN or a group, was taken or gone meanwhile: plan again."""


@frozen
class Refusal:
    """What an array says when it refuses, and the error it means.

    Attributes:
        text: A regular expression, searched in what the array said, `^` and `$` matching at each line. Its
            named groups become arguments of the error; `dependents` is split into lines.
        error: The error.
        mend: What to do about it.
    """

    text: str
    error: type[ArrayError]
    mend: str | None = None


def refuse_secret(secret: Secret) -> NoReturn:
    """The word of a secret where none was agreed on: refused."""
    raise InputError(f"This rendering has no place for {secret!r}.")


def hidden(secret: Secret) -> str:
    """The word of a secret where people read it: `***`."""
    del secret
    return "***"


@frozen
class Command(Generic[T]):
    """One command of an array.

    Class attributes:
        template: The path of its template below a registered directory, `zfs/create.j2`.
        dialect: The language it is written in.
        pace: The class of its deadline.
        changes: Whether it changes the array.
        repeatable: Whether doing it twice is the same as doing it once, refusals aside.
        refusals: Which refusal means which error; the first that matches decides.
    """

    template: ClassVar[str]
    dialect: ClassVar[Dialect] = SH
    pace: ClassVar[Pace] = Pace.READ
    changes: ClassVar[bool] = False
    repeatable: ClassVar[bool] = True
    refusals: ClassVar[tuple[Refusal, ...]] = ()

    def render(self, secret: SecretWord = refuse_secret) -> str:
        """The command as one line, every value quoted for its language.

        Args:
            secret: Gives the word that stands for a secret, taken as it is: a shell word that names a file on
                the array, `dialect.word(secret.reveal())` in CLIQ, `hidden` for people.

        Raises:
            InputError: A value cannot be said in this language, or a secret has no place in this rendering.
            UnsafeTemplate: The template is not made of words alone.
            TypeError: A value is neither str, int, Secret nor a tuple of them.
        """
        from sansdk.commands.templates import load  # noqa: PLC0415 - importing sansdk imports no Jinja

        values = attrs.asdict(self, recurse=False)
        return load(self.template, self.dialect, frozenset(values)).render(values, secret)

    def secrets(self) -> tuple[Secret, ...]:
        """The secrets among its parameters."""
        return tuple(v for v in attrs.astuple(self, recurse=False) if isinstance(v, Secret))

    def parse(self, output: str) -> T:
        """The value that its standard output says.

        Raises:
            UnexpectedOutput: The output is not what this command prints.
        """
        raise NotImplementedError

    def read(self, answer: Answer) -> T:
        """The value of an answer.

        Raises:
            ArrayError: The array refused; which one is decided by `refusals`.
            UnexpectedOutput: It did not refuse, and its output is not what this command prints.
        """
        if answer.status != 0:
            raise self.refused(answer)
        return self.parse(answer.stdout)

    def refused(self, answer: Answer) -> ArrayError:
        """The error that a failed answer means."""
        return self.error_for(f"{answer.stderr}\n{answer.stdout}", answer)

    def error_for(self, said: str, answer: Answer, words: str = "") -> ArrayError:
        """The first of `refusals` that is found in `said`, as its error.

        Args:
            said: All that the array said.
            answer: What it was said in.
            words: What of it the message quotes; by default the line that decided, or the first.
        """
        facts: dict[str, Any] = {
            "command": self.render(hidden),
            "status": answer.status,
            "output": self.redacted(f"{answer.stdout}{answer.stderr}"),
        }
        for refusal in self.refusals:
            match = re.search(refusal.text, said, re.MULTILINE)
            if match:
                message = self._sentence(words or _line_around(said, match))
                return refusal.error(message, mend=refusal.mend, **_arguments(match), **facts)
        first = next((line.strip() for line in said.splitlines() if line.strip()), "")
        return ArrayError(
            self._sentence(words or first or f"it ended with status {answer.status} and said nothing"), **facts
        )

    def unexpected(self, output: str, why: str) -> UnexpectedOutput:
        """The error for an output that is not this command's."""
        return UnexpectedOutput(
            f"{self.title()} answered what its parser does not know: {self.redacted(why)}.",
            text=self.redacted(output),
            parser=type(self).__qualname__,
            command=self.render(hidden),
        )

    def count(self, output: str, text: str) -> int:
        """A count or a number of bytes in an output.

        Raises:
            UnexpectedOutput: `text` is none.
        """
        if not _COUNT.fullmatch(text):
            raise self.unexpected(output, f"{text!r} is no number")
        return int(text)

    def redacted(self, text: str) -> str:
        """`text` without this command's secrets."""
        return redact(text, self.secrets())

    def title(self) -> str:
        """How people name it: program and sub-command."""
        program, _, rest = self.render(hidden).partition(" ")
        subcommand = rest.partition(" ")[0] if self.dialect is SH else ""
        basename = program.rpartition("/")[2]
        return basename if subcommand[:1] in {"", "-"} else f"{basename} {subcommand}"

    def _sentence(self, words: str) -> str:
        return f"{self.title()} was refused: {self.redacted(words).rstrip('.')}."


@frozen
class Change(Command[T]):
    """A command that changes the array, and that a second run would refuse or do again."""

    pace = Pace.CHANGE
    changes = True
    repeatable = False


@frozen
class SilentChange(Change[None]):
    """A change whose exit status says all; what it printed is not looked at, the read-back proves it."""

    def parse(self, output: str) -> None:
        """Nothing."""


def register(command: C) -> C:
    """Class decorator: put a command into the library, under its template's folder and its own name.

    Raises:
        InputError: Another class has that name.
    """
    folder = command.template.rpartition("/")[0].replace("/", ".")
    name = f"{folder}.{command.__name__}"
    if _registered.setdefault(name, command) is not command:
        raise InputError(f"The library has a command {name} already.")
    return command


def register_templates(directory: Traversable) -> None:
    """Look for templates below `directory` too; the library's own come first."""
    from sansdk.commands.templates import add_directory  # noqa: PLC0415 - importing sansdk imports no Jinja

    add_directory(directory)


def library() -> "Mapping[str, type[Command[Any]]]":
    """Every command there is, the users' included: `zfs.CreateVolume` → class."""
    for family in _FAMILIES:
        import_module(family)
    return MappingProxyType(_registered)


def _arguments(match: re.Match[str]) -> dict[str, Any]:
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    return {n: tuple(t.split("\n")) if n == "dependents" else t for n, t in found.items()}


def _line_around(said: str, match: re.Match[str]) -> str:
    """The whole line in which a match begins."""
    start = said.rfind("\n", 0, match.start()) + 1
    return said[start:].partition("\n")[0].strip()
