"""What a program offers, read out of its usage text: sub-commands, options, which of them take an argument."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from attrs import frozen

__all__ = ["PROGRAMS", "USAGE_LINES", "Option", "Subcommand", "synopsis"]


@frozen
class Option:
    """An option of a sub-command.

    Attributes:
        name: As typed: `-o`, `--discard`.
        argument: What it takes, as the usage writes it; empty for a flag.
        long: Its long name, for a program whose options have two.
    """

    name: str
    argument: str = ""
    long: str = ""


@frozen
class Subcommand:
    """A sub-command, or a program without any.

    Attributes:
        name: Empty for a program that has no sub-commands.
        forms: The lines of its usage, without the program's name.
        options: In the order in which the usage names them.
    """

    name: str
    forms: tuple[str, ...]
    options: tuple[Option, ...]


PROGRAMS: Final = ("zfs", "zpool", "stmfadm", "sbdadm", "itadm", "svcs", "svcadm", "svcprop")
"""The programs of the host, as the page orders them."""

USAGE_LINES: Final[Mapping[str, str]] = {program: f"{program} '-?'" for program in PROGRAMS}
"""What to type for the whole usage of each program."""

_CLUSTER: Final = re.compile(
    r"(?<![\w>])-(?P<long>-[a-z][\w-]+)|(?<![\w>-])-(?P<letters>\w+)\b|(?<![\w>-])-\[(?P<choice>\w+)\]"
)
_ARGUMENT: Final = re.compile(r' (?P<word><[^>]+>|"[^"]+"[^\]]*|\[\S+\]\w+|[^\s\[\]|<>-][^\[\]]*?)(?= \| -|[\[\]]|$)')
_BARE_ARGUMENT: Final = re.compile(r" (?P<word><(?:size|receive_resume_token)>)")


def synopsis(program: str, usage: str) -> tuple[Subcommand, ...]:
    """Read a program's usage text."""
    return tuple(_READERS[program](usage))


def _zfs(usage: str) -> Iterator[Subcommand]:
    """Read lines of `⇥create [-p] … <filesystem>`; four blanks go on with the line before."""
    forms: dict[str, list[str]] = {}
    for line in usage.split("\n"):
        if line.startswith("\t    ") and forms:
            last = next(reversed(forms.values()))
            last[-1] += f" {line.strip()}"
        elif line.startswith("\t"):
            text = line.strip()
            forms.setdefault(text.split(" ", 1)[0], []).append(text)
    yield from (_subcommand(name, lines) for name, lines in forms.items())


def _itadm(usage: str) -> Iterator[Subcommand]:
    """Read lines of `⇥create-target⇥[-a …] …`; three tabs go on with the line before."""
    forms: dict[str, str] = {}
    for line in usage.split("\n"):
        if line.startswith("\t\t\t"):
            name = next(reversed(forms))
            forms[name] += f" {line.strip()}"
        elif line.startswith("\t"):
            text = line.strip().replace("\t", " ")
            forms[text.split(" ", 1)[0]] = text
    for name, text in forms.items():
        found = _subcommand(name, [text])
        options = tuple(Option(one.name, one.argument, ITADM_LONG.get(one.name, "")) for one in found.options)
        yield Subcommand(name, found.forms, options)


ITADM_LONG: Final[Mapping[str, str]] = {
    "-a": "--auth-method",
    "-d": "--radius-secret",
    "-D": "--radius-secret-file",
    "-f": "--force",
    "-i": "--isns",
    "-I": "--isns-server",
    "-l": "--alias",
    "-n": "--node-name",
    "-p": "--parsable",
    "-r": "--radius-server",
    "-s": "--chap-secret",
    "-S": "--chap-secret-file",
    "-t": "--tpg-tag",
    "-u": "--chap-user",
    "-v": "--verbose",
}
"""The long names, which itadm's usage does not tell (source: illumos itadm.c)."""


def _stmfadm(usage: str) -> Iterator[Subcommand]:
    """Read blocks of `Usage:⇥PROG SUB …` with lines of `⇥⇥-x, --long  <argument>`."""
    for block in usage.split("Usage:\t")[1:]:
        head, *rest = block.split("\n")
        words = head.strip().split(" ", 2)
        if words[1].startswith("-"):
            continue
        found = [re.fullmatch(r"\t\t(-\w), (--[\w-]+)  (?:<(.*)>)?", line) for line in rest]
        options = tuple(Option(match[1], match[3] or "", match[2]) for match in found if match)
        yield Subcommand(words[1], (" ".join(words[1:]),), options)


def _svcadm(usage: str) -> Iterator[Subcommand]:
    """Read lines of `⇥svcadm enable [-rst] <service> ...⇥- what it does`."""
    forms: dict[str, list[str]] = {}
    for line in usage.split("\n"):
        match = re.fullmatch(r"\tsvcadm (\w[^\t]*)\t+- .*", line)
        if match:
            forms.setdefault(match[1].split(" ", 1)[0], []).append(match[1])
    yield from (_subcommand(name, lines) for name, lines in forms.items())


def _flat(program: str) -> Callable[[str], Iterator[Subcommand]]:
    """Return a reader for a program without sub-commands."""

    def read(usage: str) -> Iterator[Subcommand]:
        forms: list[str] = []
        for line in usage.split("\n"):
            text = line.strip().removeprefix("Usage: ")
            if text == program or text.startswith(f"{program} "):
                forms.append(text.removeprefix(program).strip())
            elif forms and line.startswith(" " * 9):
                forms[-1] += f" {text}"
            else:
                continue
        yield _subcommand("", forms)

    return read


_READERS: Final[Mapping[str, Callable[[str], Iterator[Subcommand]]]] = {
    "zfs": _zfs,
    "zpool": _zfs,
    "stmfadm": _stmfadm,
    "sbdadm": _stmfadm,
    "itadm": _itadm,
    "svcs": _flat("svcs"),
    "svcadm": _svcadm,
    "svcprop": _flat("svcprop"),
}


def _subcommand(name: str, forms: list[str]) -> Subcommand:
    options = {option.name: option for form in forms for option in _options(form)}
    return Subcommand(name, tuple(forms), tuple(options.values()))


def _options(form: str) -> Iterator[Option]:
    """Yield the options of one form: `[-fnpRrv]` are flags, `[-o property=value]` and `-V <size>` take an argument."""
    for match in _CLUSTER.finditer(form):
        if match["long"]:
            yield Option(f"-{match['long']}")
            continue
        bracketed = form.count("[", 0, match.start()) > form.count("]", 0, match.start())
        after = (_ARGUMENT if bracketed else _BARE_ARGUMENT).match(form, match.end())
        argument = after["word"].strip() if after else ""
        for letter in match["choice"] or match["letters"]:
            yield Option(f"-{letter}", argument)
