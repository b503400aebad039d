"""What the golden transcripts and recordings type: which sub-commands and options each of them shows."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import yaml
from attrs import frozen

from docs._ext.standing.synopses import PROGRAMS, Subcommand

__all__ = ["Transcript", "transcripts", "uses"]

_ROOT: Final = Path(__file__).parents[3]
_TRANSCRIPTS: Final = _ROOT / "tests" / "simulator" / "transcripts"
_RECORDINGS: Final = _ROOT / "tests" / "simulator" / "recordings"
_SHELLS: Final = frozenset(("sh", "bash", "ksh", "ksh93"))
_BEFORE: Final = frozenset((
    "!", "command", "do", "elif", "else", "env", "exec", "if", "nohup", "pfexec", "sudo", "then", "time", "until",
    "while", "xargs", "{",
))  # fmt: skip
_ASSIGNMENT: Final = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)


@frozen
class Transcript:
    """One file of typed commands and what came of them.

    Attributes:
        name: `zfs/destroy`; a scenario of a recording is `openzfs-2.1.11/destroy`.
        provenance: `source`, `seen`, `recorded` or `inferred`.
        flavour: The flavour of host it is held against.
        lines: What is typed.
        outputs: For each line, both streams together.
    """

    name: str
    provenance: str
    flavour: str
    lines: tuple[str, ...]
    outputs: tuple[str, ...]


def transcripts() -> list[Transcript]:
    """Read all transcripts of the Solaris host, and the recordings of real ones."""
    found = [_read(path) for path in sorted(_TRANSCRIPTS.glob("*/*.yml"))]
    recorded = [one for path in sorted(_RECORDINGS.glob("*.jsonl")) for one in _recorded(path)]
    return [one for one in found if one is not None] + recorded


def _read(path: Path) -> Transcript | None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    if data.get("array", "solaris") != "solaris":
        return None
    return Transcript(
        name=f"{path.parent.name}/{path.stem}",
        provenance=re.split(r"\W", data["provenance"], maxsplit=1)[0],
        flavour=data.get("config", {}).get("flavour", "omnios"),
        lines=tuple(str(step["run"]) for step in data["steps"]),
        outputs=tuple(step["stdout"] + step["stderr"] for step in data["steps"]),
    )


def _recorded(path: Path) -> Iterator[Transcript]:
    scenarios: dict[str, list[tuple[str, str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        scenarios.setdefault(step["scenario"], []).append((step["command"], step["stdout"] + step["stderr"]))
    for scenario, steps in scenarios.items():
        lines, outputs = zip(*steps, strict=True)
        yield Transcript(f"{path.stem}/{scenario}", "recorded", "openzfs", lines, outputs)


def uses(line: str, offered: Mapping[str, Sequence[Subcommand]]) -> Iterator[tuple[str, str, str]]:
    """Yield what a shell line uses: program, sub-command, and an option's name or "" for the sub-command itself."""
    for words in _commands(line):
        program = words[0].rpartition("/")[2]
        yield from _uses(program, words[1:], offered[program])


def _uses(program: str, words: Sequence[str], table: Sequence[Subcommand]) -> Iterator[tuple[str, str, str]]:
    aliases = {"snap": "snapshot", "recv": "receive", "umount": "unmount"}
    if table[0].name:
        name = words[0] if words else ""
        name = aliases.get(name, name) if program == "zfs" else name
        found = next((row for row in table if row.name.lower() == name.lower()), None)
        words = words[1:]
    else:
        found = table[0]
    if found is not None:
        yield program, found.name, ""
        for option in _options_in(words, found, permuted=program in ("stmfadm", "sbdadm", "itadm")):
            yield program, found.name, option


def _options_in(words: Sequence[str], row: Subcommand, *, permuted: bool) -> Iterator[str]:
    """Yield the options among words as getopt finds them; with `permuted` they may stand behind operands."""
    rest = iter(words)
    for word in rest:
        if word == "--":
            return
        if word.startswith("--"):
            name, equals, _ = word.partition("=")
            long = [option for option in row.options if (option.long or option.name).startswith(name)]
            yield from (option.name for option in long[:1])
            if long and long[0].argument and not equals:
                next(rest, None)
        elif word.startswith("-") and word != "-":
            taken = _cluster(word, row)
            yield from (option for option, _ in taken)
            if taken and taken[-1][1]:
                next(rest, None)
        elif not permuted:
            return


def _cluster(word: str, row: Subcommand) -> list[tuple[str, bool]]:
    """Return the options of one word, each with whether it takes the word after."""
    table = {option.name: option for option in row.options}
    found: list[tuple[str, bool]] = []
    for place, letter in enumerate(word[1:], 2):
        option = table.get(f"-{letter}")
        if option is None:
            continue
        found.append((option.name, bool(option.argument) and place == len(word)))
        if option.argument:
            break
    return found


def _commands(line: str) -> Iterator[list[str]]:
    """Yield the simple commands of the host's programs in a shell line, whatever stands before them."""
    text = line.replace("`", " ; ").replace("$(", " ; ").replace("\n", " ; ")
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.commenters = ""
    lexer.whitespace_split = True
    try:
        tokens = list(lexer)
    except ValueError:
        tokens = text.split()
    command: list[str] = []
    for token in (*tokens, ";"):
        if token and set(token) <= set("();<>|&"):
            yield from _program(command)
            command = []
        else:
            command.append(token)


def _program(command: list[str]) -> Iterator[list[str]]:
    words = list(command)
    while words:
        name = words[0].rpartition("/")[2]
        if name in PROGRAMS:
            yield words
            return
        if name in _SHELLS and "-c" in words[:-1]:
            yield from _commands(words[words.index("-c") + 1])
            return
        if not (name in _BEFORE or _ASSIGNMENT.fullmatch(words[0]) or words[0].startswith("-")):
            return
        del words[0]
