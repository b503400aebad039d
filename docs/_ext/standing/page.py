"""The page: how many transcripts there are, and a table for each program."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs
from attrs import frozen

from docs._ext.standing import docstrings
from docs._ext.standing.probes import offers, probe, unsupported
from docs._ext.standing.shown import Transcript, transcripts, uses
from docs._ext.standing.synopses import Option, Subcommand
from sansim.config import FLAVOURS
from sansim.solaris.release import RELEASES, Release

__all__ = ["Item", "items", "markdown", "unshown"]

NOT_SIMULATED: Final = "is not simulated"
DEFAULT: Final = FLAVOURS["solaris"][0]
_NAMED: Final = 3
_SHORT: Final = 60
_IDENTITY: Final = ("uname", "files", "prompt")
_BEST_FIRST: Final = ("recorded", "seen", "source", "inferred")


@frozen
class Item:
    """A sub-command, or an option of one, and where it stands.

    Attributes:
        program: The program's name.
        subcommand: The sub-command, empty for a program without any.
        option: The option, None for the sub-command itself.
        standing: `verbatim`, `inferred`, `not simulated`, or `not shown`.
        shown: The transcripts that show it, the best provenance first.
    """

    program: str
    subcommand: str
    option: Option | None
    standing: str
    shown: tuple[Transcript, ...]


def items() -> list[Item]:
    """Return every sub-command and option that the default flavour's programs offer, with its standing."""
    offered = offers(DEFAULT)
    shown = _shown(offered, [one for one in transcripts() if one.flavour == DEFAULT])
    found = []
    for program, row, option in _offered(offered):
        evidence = shown[program, row.name, option.name if option else ""]
        standing = "not shown"
        if evidence:
            standing = "inferred" if evidence[0].provenance == "inferred" else "verbatim"
        found.append(Item(program, row.name, option, standing, tuple(evidence)))
    return _probed(offered, found)


def _offered(offered: Mapping[str, Sequence[Subcommand]]) -> Iterator[tuple[str, Subcommand, Option | None]]:
    for program, rows in offered.items():
        for row in rows:
            yield program, row, None
            for option in row.options:
                yield program, row, option


def _shown(
    offered: Mapping[str, Sequence[Subcommand]], all_transcripts: Iterable[Transcript]
) -> dict[tuple[str, str, str], list[Transcript]]:
    """Return what shows each sub-command and option; an answer that says it is not simulated shows nothing."""
    shown: dict[tuple[str, str, str], list[Transcript]] = defaultdict(list)
    for transcript in sorted(all_transcripts, key=lambda one: _BEST_FIRST.index(one.provenance)):
        for line, output in zip(transcript.lines, transcript.outputs, strict=True):
            for use in () if NOT_SIMULATED in output else uses(line, offered):
                if transcript not in shown[use]:
                    shown[use].append(transcript)
    return shown


def _probed(offered: Mapping[str, Sequence[Subcommand]], found: Sequence[Item]) -> list[Item]:
    """Ask a simulated host about what no transcript shows."""
    rows = {(program, row.name): row for program, table in offered.items() for row in table}
    probes = {
        item: probe(item.program, rows[item.program, item.subcommand], item.option)
        for item in found
        if item.standing == "not shown"
    }
    refused = unsupported(DEFAULT, dict.fromkeys(probes.values()))
    return [attrs.evolve(item, standing="not simulated") if probes.get(item) in refused else item for item in found]


def markdown() -> str:
    """Return the page's tables."""
    everything = transcripts()
    found = items()
    programs = dict.fromkeys(item.program for item in found)
    tables = [_program(program, [item for item in found if item.program == program]) for program in programs]
    return "\n".join([_counts(everything, found), *tables, _flavours()])


def _counts(everything: Sequence[Transcript], found: Sequence[Item]) -> str:
    files = Counter(one.provenance for one in everything)
    steps = Counter[str]()
    for one in everything:
        steps[one.provenance] += len(one.lines)
    lines = ["| transcripts | files | typed commands |", "|---|--:|--:|"]
    lines += [f"| {name} | {files[name]} | {steps[name]} |" for name in _BEST_FIRST if files[name]]
    lines += [f"| all | {files.total()} | {steps.total()} |", ""]
    standings = ("verbatim", "inferred", "not simulated", "not shown")
    lines += ["| program | " + " | ".join(standings) + " |", "|---|--:|--:|--:|--:|"]
    for program in dict.fromkeys(item.program for item in found):
        counted = Counter(item.standing for item in found if item.program == program)
        lines.append(f"| [{program}](#{program}) | " + " | ".join(str(counted[name]) for name in standings) + " |")
    return "\n".join([*lines, ""])


def _program(program: str, found: Sequence[Item]) -> str:
    lines = [f"## {program}", "", "| command | option | standing | shown by |", "|---|---|---|---|"]
    for item in found:
        command = f"`{program} {item.subcommand}`" if item.option is None else ""
        lines.append(
            f"| {command.replace(' `', '`')} | {_option(item.option)} | {item.standing} | {_names(item.shown)} |"
        )
    return "\n".join([*lines, ""])


def _option(option: Option | None) -> str:
    if option is None:
        return ""
    names = f"{option.name}, {option.long}" if option.long else option.name
    return _code(f"{names} {option.argument}".rstrip())


def _names(shown: Sequence[Transcript]) -> str:
    more = f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return ", ".join(one.name for one in shown[:_NAMED]) + more


def _code(text: str) -> str:
    """Return text as code in a table's cell."""
    return "`" + text.replace("|", "\\|") + "`"


def _flavours() -> str:
    lines = [
        "## Flavours",
        "",
        f"The tables above are those of {DEFAULT}. The others differ in these options and rules.",
        "",
    ]
    base = offers(DEFAULT)
    for flavour in FLAVOURS["solaris"][1:]:
        lines += [f"### {flavour}", ""]
        lines += [*_usage_differences(base, offers(flavour)), *_rule_differences(flavour), ""]
    return "\n".join(lines)


def _usage_differences(
    base: Mapping[str, Sequence[Subcommand]], here: Mapping[str, Sequence[Subcommand]]
) -> Iterator[str]:
    missing = [program for program in base if program not in here]
    if missing:
        yield f"- not on this host: {', '.join(missing)}"
    for program, rows in here.items():
        names = {(row.name, option.name if option else "") for row in base[program] for option in (None, *row.options)}
        ours = {(row.name, option.name if option else "") for row in rows for option in (None, *row.options)}
        for title, difference in (("also has", ours - names), ("lacks", names - ours)):
            if difference:
                yield f"- `{program}` {title} {', '.join(_used(difference))}"


def _used(names: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Write sub-commands with the options that differ; one that differs as a whole stands without options."""
    by_subcommand: dict[str, list[str]] = defaultdict(list)
    for name, option in sorted(names):
        by_subcommand[name].append(option)
    for name, options in by_subcommand.items():
        yield _code(name if "" in options else f"{name} {' '.join(options)}".strip())


def _rule_differences(flavour: str) -> Iterator[str]:
    """Yield the rules of a flavour's release that are not the default's, with what their documentation says."""
    base, here = RELEASES[DEFAULT], RELEASES[flavour]
    for field in attrs.fields(Release):
        if field.name not in _IDENTITY:
            yield from _differences(field.name, getattr(base, field.name), getattr(here, field.name))


def _differences(place: str, theirs: object, ours: object) -> Iterator[str]:
    """Yield the fields of two tables that differ, those of the tables in them too."""
    kind = type(ours)
    if not attrs.has(kind) or kind is not type(theirs):
        return
    texts = docstrings.meanings(kind.__doc__ or "")
    for rule in attrs.fields(kind):
        mine, their = getattr(ours, rule.name), getattr(theirs, rule.name)
        if attrs.has(type(mine)) and type(mine) is type(their):
            yield from _differences(f"{place}.{rule.name}", their, mine)
        elif mine != their:
            yield f"- `{place}.{rule.name}`: {texts.get(rule.name, '')}{_values(their, mine)}"


def _values(theirs: object, ours: object) -> str:
    """Show both values where they are short."""
    if all(isinstance(value, bool | int | str) and len(repr(value)) <= _SHORT for value in (theirs, ours)):
        return f" {_code(repr(theirs))} → {_code(repr(ours))}"
    return ""


def unshown(found: Iterable[Item]) -> list[str]:
    """Return what a host offers that no transcript shows, though it is simulated."""
    return [
        " ".join(part for part in (item.program, item.subcommand, item.option.name if item.option else "") if part)
        for item in found
        if item.standing == "not shown"
    ]
