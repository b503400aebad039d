"""What every zfs and zpool sub-command is made of: its run, its options, its ways to fail."""

import re
from collections.abc import AsyncIterable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Generic, TypeVar

from attrs import Factory, define, field, frozen

from sansim.program import Answer, Call, Credentials
from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import Bookmark, Dataset, Snapshot, kind_of
from sansim.solaris.pools.permissions import check_limit, for_properties, grant_to_maker, require
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.release import ZfsRelease

__all__ = [
    "ANY",
    "BOOKMARK",
    "OWN",
    "SNAPSHOT",
    "Command",
    "Failure",
    "Options",
    "Run",
    "Suite",
    "UsageError",
    "execute",
    "open_any",
    "open_item",
    "parse_depth",
    "source_and_target",
]

_INTEGER = re.compile(r"\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*|)")
"""What strtol(3C) reads in any base; nothing at all is 0."""

OWN = frozenset({"filesystem", "volume"})
SNAPSHOT = frozenset({"snapshot"})
BOOKMARK = frozenset({"bookmark"})
ANY = OWN | SNAPSHOT


class UsageError(Exception):
    """The arguments are wrong: the complaint, if any, and the usage go to stderr, exit 2."""

    def __init__(self, complaint: str = "") -> None:
        super().__init__(complaint)
        self.complaint = complaint


class Failure(Exception):
    """The command, or its work on one operand, failed: its text goes to stderr.

    Attributes:
        text: What is printed, "" for nothing.
        status: What the command exits with.
        unsupported: What was asked for, where the real program can do it and this one cannot.
    """

    def __init__(self, text: str, status: int = 1, *, unsupported: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.status = status
        self.unsupported = unsupported


@define
class Run:
    """One invocation of a program: whom it asks, who asks and how, what it has printed so far.

    Attributes:
        pools: Whom it asks.
        call: As it was made.
        out: What it has printed on stdout, and on stderr:
        err: likewise.
        rest: What it prints after all else on stdout, made only as it is read.
        unsupported: What the real program would have done and this one did not.
    """

    pools: Pools
    call: Call
    out: list[str] = Factory(list)
    err: list[str] = Factory(list)
    rest: Iterable[str] | None = None
    unsupported: str | None = None

    @property
    def caller(self) -> Credentials:
        """Who runs the program."""
        return self.call.credentials

    @property
    def release(self) -> ZfsRelease:
        """The release of ZFS that runs."""
        return self.pools.release

    def say(self, line: str) -> None:
        """Print a line on stdout."""
        self.out.append(f"{line}\n")

    def printed(self, status: int) -> str | Iterable[str] | AsyncIterable[str]:
        """Return all that the program prints on stdout, when it ends with a status."""
        return "".join(self.out) if self.rest is None else chain(self.out, self.rest)

    def pour(self, pieces: Iterable[str]) -> None:
        """Print, after all else on stdout, what is made only as it is read."""
        self.rest = pieces

    def cannot(self, what: str, text: str) -> "Failure":
        """Return the refusal of something that the real program can do and this one cannot, and say so in the log."""
        self.unsupported = what
        return Failure(text)

    def complain(self, line: str) -> None:
        """Print a line on stderr."""
        self.err.append(f"{line}\n")

    def options(self, command: str, arguments: Sequence[str], missing: str = "invalid option '{}'") -> "Options":
        """Return the options that a sub-command of this release takes, read from its arguments."""
        letters = self.release.options[command]
        return Options(arguments, letters.flags, letters.valued, missing, anywhere=self.release.options_anywhere)

    def permit(self, name: str, *permissions: str) -> None:
        """Check that the caller may change a dataset; the kernel does so before anything else.

        Args:
            name: The dataset, or a snapshot or bookmark of it.
            permissions: Those that have to be delegated to a caller who is not root; without any only root may.

        Raises:
            Refused: They may not.
        """
        require(self.pools, self.caller, name, permissions)

    def limit(self, name: str, limit: str, more: int = 1) -> None:
        """Check that a dataset and those above it may get more below that a limit counts.

        Raises:
            Refused: They may not.
        """
        check_limit(self.pools, self.caller, name, limit, more)

    def made(self, name: str, properties: Iterable[str] = ()) -> None:
        """Give the caller what makers of a new dataset get, and check that they may set its properties.

        Raises:
            Refused: They may not.
        """
        grant_to_maker(self.pools, self.caller, name)
        needed = for_properties(properties, new=True)
        if needed:
            self.permit(name, *needed)


class Options:
    """The options among a command's arguments, as getopt(3C) reads them at their head, or glibc's anywhere.

    Iterating yields each letter with its argument ("" if it takes none); after that `operands` is the rest.

    Args:
        arguments: The words after the sub-command.
        flags: Letters without argument.
        valued: Letters with one.
        missing: The complaint about an option without its argument, `{}` standing for the letter; commands
            that do not care have none and call the option invalid.
        anywhere: Whether options are found after operands too.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        flags: str = "",
        valued: str = "",
        missing: str = "invalid option '{}'",
        *,
        anywhere: bool = False,
    ) -> None:
        self._rest = list(arguments)
        self._passed: list[str] = []
        self._anywhere = anywhere
        self._flags = flags
        self._valued = valued
        self._missing = missing

    @property
    def operands(self) -> list[str]:
        """What has not been read as an option."""
        return self._passed + self._rest

    def __iter__(self) -> Iterator[tuple[str, str]]:
        while self._rest:
            is_option = self._rest[0].startswith("-") and self._rest[0] != "-"
            if not is_option and not self._anywhere:
                return
            word = self._rest.pop(0)
            if word == "--":
                return
            if is_option:
                yield from self._cluster(word[1:])
            else:
                self._passed.append(word)

    def _cluster(self, letters: str) -> Iterator[tuple[str, str]]:
        while letters:
            letter, letters = letters[0], letters[1:]
            if letter in self._flags:
                yield letter, ""
            elif letter in self._valued:
                if not letters and not self._rest:
                    raise UsageError(self._missing.format(letter))
                yield letter, letters or self._rest.pop(0)
                return
            else:
                raise UsageError(f"invalid option '{letter}'")


def parse_depth(text: str) -> int:
    """Return the number given to -d.

    Raises:
        UsageError: It is none, or negative.
    """
    match = _INTEGER.fullmatch(text)
    if match is None:
        raise UsageError(f"{text} is not an integer")
    sign, digits = match.groups()
    depth = int(digits or "0", 8 if digits.isdigit() and digits.startswith("0") else 0)
    if sign == "-" and depth:
        raise UsageError("Depth can not be negative.")
    return depth


def source_and_target(operands: Sequence[str]) -> tuple[str, str]:
    """Return the two operands of a command that makes one thing of another.

    Raises:
        UsageError: There are more or fewer.
    """
    if not operands:
        raise UsageError("missing source dataset argument")
    if len(operands) == 1:
        raise UsageError("missing target dataset argument")
    if len(operands) > 2:  # noqa: PLR2004 - a source and a target
        raise UsageError("too many arguments")
    return operands[0], operands[1]


def open_item(pools: Pools, name: str, kinds: frozenset[str]) -> Dataset | Snapshot:
    """Return the dataset or snapshot that an operand names.

    Args:
        pools: Where to look.
        name: The operand.
        kinds: Which of `filesystem`, `volume`, `snapshot` it may be.

    Raises:
        Failure: Its name is wrong, it is not there, or it is of another kind.
    """
    item = open_any(pools, name, kinds & ANY)
    if isinstance(item, Bookmark):
        raise TypeError(f"{name} was opened as {sorted(kinds)}")
    return item


def open_any(pools: Pools, name: str, kinds: frozenset[str]) -> Dataset | Snapshot | Bookmark:
    """Return the dataset, snapshot or bookmark that an operand names.

    Raises:
        Failure: Its name is wrong, it is not there, or it is of another kind.
    """
    if reason := pools.release.names.check(name, kinds):
        raise Failure(f"cannot open '{name}': {reason}")
    try:
        item = pools.item(name)
    except Refused as refused:
        raise Failure(f"cannot open '{name}': {refused.reason}") from refused
    if kind_of(item) not in kinds:
        raise Failure(f"cannot open '{name}': {Reason.WRONG_TYPE}")
    return item


R = TypeVar("R", bound=Run)

Command = Callable[[R, Sequence[str]], Callable[[bytes], None] | None]
"""A sub-command: it prints to the run, and raises `UsageError` or `Failure` when it does not end well.

One that wants its standard input returns what is to be called with all of it.
"""

_HELP = ("-?", "--help")


@frozen
class Suite(Generic[R]):
    """The sub-commands of a program.

    Attributes:
        commands: Those that are simulated.
        known: The names of all that the real program has.
        usage: The usage text of a sub-command, of all for None.
        aliases: Other names for some.
    """

    commands: Mapping[str, Command[R]]
    known: frozenset[str]
    usage: Callable[[str | None], str]
    aliases: Mapping[str, str] = field(factory=dict)


async def execute(run: R, suite: Suite[R]) -> Answer:
    """Run the sub-command that a call names and return what came of it.

    A sub-command of the real program that is not simulated is refused with its usage, and says so.
    """
    program, *words = run.call.argv
    if not words:
        return Answer(stderr="missing command\n" + suite.usage(None), status=2)
    if words[0] in _HELP:
        return Answer(stdout=suite.usage(None))
    name = suite.aliases.get(words[0], words[0])
    if name not in suite.known:
        return Answer(stderr=f"unrecognized command '{words[0]}'\n" + suite.usage(None), status=2)
    if name not in suite.commands:
        text = f"'{name}' is not simulated\n" + suite.usage(name)
        return Answer(stderr=text, status=2, unsupported=f"{program} {name}")
    status = 0
    try:
        proceed = suite.commands[name](run, words[1:])
        if proceed is not None:
            proceed(await _all_input(run.call))
    except UsageError as error:
        run.err += [f"{error.complaint}\n" if error.complaint else "", suite.usage(name)]
        status = 2
    except Failure as failure:
        run.err += [f"{failure.text}\n"] if failure.text else []
        status = failure.status
        run.unsupported = failure.unsupported or run.unsupported
    return Answer(run.printed(status), "".join(run.err), status, run.unsupported)


async def _all_input(call: Call) -> bytes:
    pieces = []
    while piece := await call.stdin():
        pieces.append(piece)
    return b"".join(pieces)
