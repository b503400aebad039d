"""The page of CLIQ: its commands and parameters, results, flavours, and the one table of what is inferred."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import attrs
from attrs import frozen

from docs._ext.standing.cliq.shown import STANDINGS, Step, Transcript, transcripts
from docs._ext.standing.cliq.sources import COMMON, ELSEWHERE, RESULTS, SOURCES
from docs._ext.standing.docstrings import Named, meanings, named
from sansim.lefthand import inferred, results
from sansim.lefthand.commands import COMMANDS, NOT_SIMULATED, Command
from sansim.lefthand.flavours import DEFAULT, FLAVOURS, Flavour
from sansim.lefthand.results import Result
from sansim.lefthand.utility import ALLOWED, SHOWN

__all__ = ["Item", "items", "markdown", "unanswered", "unnamed", "unshown"]

SUCCESS: Final = results.SUCCESS.name
TAKEN: Final = (SUCCESS, results.NOTHING_FOUND.name)
"""The results of a command that did what it was asked to; a read may have nothing to show."""
_NAMED: Final = 3
_TOLD: Final = ("product", "copyright", "absent_parameters")
"""The fields of a flavour that the page tells elsewhere: above the table, and beside the parameters."""


@frozen
class Item:
    """A command, or a parameter of one, and what shows it.

    Attributes:
        command: As the manuals spell it.
        parameter: Empty for the command itself.
        need: `required` or `optional`, with the flavours that do not have it; empty for the command itself.
        standing: `seen`, `manual` or `inferred`.
        shown: The transcripts in which it is used with success, the best provenance first.
        refusals: The names of the results of its other endings that are shown.
    """

    command: str
    parameter: str
    need: str
    standing: str
    shown: tuple[Transcript, ...]
    refusals: tuple[str, ...]


def items() -> list[Item]:
    """Return every command and parameter that the simulated node has."""
    everything = transcripts()
    return [
        _item(everything, command, parameter, need)
        for command in COMMANDS.values()
        for parameter, need in _parameters(command)
    ]


def _parameters(command: Command) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield from ((name, "required") for name in command.required)
    for name in command.optional:
        without = [key for key, flavour in FLAVOURS.items() if name not in command.parameters(flavour)]
        yield name, f"optional; not in {', '.join(without)}" if without else "optional"


def _item(everything: Iterable[Transcript], command: Command, parameter: str, need: str) -> Item:
    source = SOURCES.get(command.name.lower())
    standing = "" if source is None else source.parameters.get(parameter, "") if parameter else source.standing

    def used(step: Step) -> bool:
        return step.command == command.name.lower() and parameter.lower() in (*step.parameters, "")

    shown = _showing(everything, lambda step: used(step) and step.result in TAKEN)
    endings = {step.result: None for one in everything for step in one.steps if used(step)}
    return Item(
        command.name, parameter, need, standing, shown, tuple(ending for ending in endings if ending != SUCCESS)
    )


def _showing(everything: Iterable[Transcript], wanted: Callable[[Step], bool]) -> tuple[Transcript, ...]:
    """Return the transcripts with such a step; of one provenance those first that have little else."""
    counted = [(one, sum(map(wanted, one.steps)) / len(one.steps)) for one in everything]
    ranked = sorted(counted, key=lambda pair: (STANDINGS.index(pair[0].provenance), -pair[1]))
    return tuple(one for one, share in ranked if share)


def unshown(found: Iterable[Item]) -> list[str]:
    """Return the commands and parameters that no transcript uses with success."""
    return [f"{item.command} {item.parameter}".rstrip() for item in found if not item.shown]


def unnamed(found: Iterable[Item]) -> list[str]:
    """Return what the node has, or refuses as not simulated, without a word on who published it; and the reverse."""
    without = [f"{item.command} {item.parameter}".rstrip() for item in found if not item.standing]
    known = {*COMMANDS, *NOT_SIMULATED}
    return [*without, *sorted(known.symmetric_difference(SOURCES))]


def unanswered() -> list[str]:
    """Return the programs that `utility` may run on an array, and none of whose answers are simulated."""
    return [name for name in ALLOWED if name not in {"cat", *(line.split()[0] for line in SHOWN)}]


def markdown() -> str:
    """Return the page's tables."""
    everything = transcripts()
    chapters = (
        _counts(everything),
        _commands(items()),
        _common(everything),
        _results(everything),
        _flavours(),
        _not_simulated(),
        _inferred(),
    )
    return "\n\n".join("\n".join(chapter) for chapter in chapters)


def _counts(everything: Sequence[Transcript]) -> Iterator[str]:
    yield "| transcripts | files | typed commands | as text | as XML | with success | with another result |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, standings in (*((standing, (standing,)) for standing in STANDINGS), ("all", STANDINGS)):
        chosen = [one for one in everything if one.provenance in standings]
        steps = [step for one in chosen for step in one.steps]
        forms, ends = Counter(step.xml for step in steps), Counter(step.result == SUCCESS for step in steps)
        yield _line(name, len(chosen), len(steps), forms[False], forms[True], ends[True], ends[False])


def _commands(found: Sequence[Item]) -> Iterator[str]:
    yield from ("## Commands", "")
    for command in (item for item in found if not item.parameter):
        yield from (f"### {command.command}", "")
        yield from _about(command)
        parameters = [item for item in found if item.parameter and item.command == command.command]
        if parameters:
            yield from ("", "| parameter | | published | shown by |", "|---|---|---|---|")
        for item in parameters:
            yield _line(_code(item.parameter), item.need, item.standing, _names(item.shown))
        yield ""


def _about(item: Item) -> Iterator[str]:
    source = SOURCES[item.command.lower()]
    yield f"- {source.standing}{f': {source.by}' if source.by else ''}; the answer is {source.answer}"
    if COMMANDS[item.command.lower()].asks:
        yield "- asks before it acts, unless `prompt=0`"
    yield f"- shown by {_names(item.shown)}"
    if item.refusals:
        yield f"- other results shown: {', '.join(item.refusals)}"


def _common(everything: Sequence[Transcript]) -> Iterator[str]:
    yield from (
        "## Parameters of every command",
        "",
        "| parameter | published | meaning | shown by |",
        "|---|---|---|---|",
    )
    for name, (standing, meaning) in COMMON.items():
        shown = _showing(everything, lambda step, name=name: name.lower() in step.parameters and step.result in TAKEN)
        yield _line(_code(name), standing, meaning, _names(shown))


def _results(everything: Sequence[Transcript]) -> Iterator[str]:
    yield from ("## Results", "")
    yield "The exit status of the SSH command follows from the result: itself up to 8, else 128 and what it is above"
    yield from (
        "`80001001`, 255 at most (manual). What nothing shows, no command of the node ends in.",
        "",
    )
    yield from ("| name | result | exit status | published | meaning | shown by |", "|---|--:|--:|---|---|---|")
    ours = {
        one.value.name: (one.value.code, "inferred", "") for one in named(inferred) if isinstance(one.value, Result)
    }
    for name, (code, standing, meaning) in sorted({**ours, **RESULTS}.items(), key=lambda row: row[1][0]):
        result = Result(name, code)
        shown = _showing(everything, lambda step, name=name: step.result == name)
        yield _line(name, _code(result.text), result.status, standing, meaning, _names(shown))


def _flavours() -> Iterator[str]:
    fields = [field for field in attrs.fields(Flavour) if field.name not in _TOLD]
    texts = meanings(Flavour.__doc__ or "")
    yield from ("## Flavours", "", f"The default is {DEFAULT}. A text answer begins with these lines:", "")
    yield from (f"- {name}: {_code(one.banner)}, {_code(one.copyright)}" for name, one in FLAVOURS.items())
    yield from ("", _line("", *FLAVOURS), _line("---", *("---" for _ in FLAVOURS)))
    for field in fields:
        yield _line(_code(field.name), *(_value(getattr(flavour, field.name)) for flavour in FLAVOURS.values()))
    yield ""
    yield from (f"- `{field.name}`: {_prose(texts[field.name])}" for field in fields)


def _not_simulated() -> Iterator[str]:
    yield from ("## Not simulated", "")
    yield "Arrays have these, and little more than their names was published. They are refused as a command is that an"
    yield "array does not know, and noted in `Exec.unsupported` of the array's log."
    yield from ("", "| command | published |", "|---|---|")
    yield from (
        _line(_code(source.name), f"{source.standing}: {source.by}")
        for source in SOURCES.values()
        if source.name.lower() in NOT_SIMULATED
    )
    answered = ", ".join(_code(line) for line in SHOWN)
    yield from (
        "",
        f"`utility` answers {answered} and `cat` of a few files. It refuses, and notes, whatever else could",
    )
    yield f"be run on an array: {', '.join(_code(name) for name in unanswered())}."
    yield from ("", f"Not on a node at all, but in the program for Windows: {', '.join(map(_code, ELSEWHERE))}.")


def _inferred() -> Iterator[str]:
    yield from ("## What is inferred", "")
    yield "Nobody published these. They stand in one module, `sansim/lefthand/inferred.py`, where a correction is one"
    yield "line."
    chapter = ""
    for one in named(inferred):
        if one.chapter != chapter:
            chapter = one.chapter
            yield from ("", f"### {chapter}", "", "| name | value | meaning |", "|---|---|---|")
        yield _line(_code(one.name), _inferred_value(one), _prose(one.meaning))


def _inferred_value(one: Named) -> str:
    if isinstance(one.value, Result):
        return f"{one.value.name}, {_code(one.value.text)}, exit status {one.value.status}"
    return _value(one.value)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, range):
        return f"{value.start} to {value.stop - 1}"
    if isinstance(value, tuple | frozenset):
        return ", ".join(_code(str(part)) for part in (value if isinstance(value, tuple) else sorted(value)))
    return _code(value if isinstance(value, str) else repr(value))


def _names(shown: Sequence[Transcript]) -> str:
    more = f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return ", ".join(one.name for one in shown[:_NAMED]) + more


def _line(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _code(text: str) -> str:
    """Return text as code in a table's cell."""
    return "`" + text.replace("|", "\\|") + "`" if text else ""


def _prose(text: str) -> str:
    """Return prose for a table's cell."""
    return text.replace("|", "\\|")
