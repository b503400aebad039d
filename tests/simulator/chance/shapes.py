"""What a program of the host can print: shapes of lines as data, against which every answer is held.

`shapes/PROGRAM.yml` has `status` (what it may exit with), `parts` (named lists of words that a shape may hold), and for
each stream a list of lines. In a line `{x}` stands for any text, `{n}` for a number, `{guid}`, `{size}`, `{date}` for
what their names say, and `{reason}` for one of the words of the part `reason`. A line of a usage is one that a written
transcript of the program shows below `usage:`.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml
from attrs import frozen

__all__ = ["Shapes", "shapes"]

_HERE: Final = Path(__file__).parent
_TRANSCRIPTS: Final = _HERE.parent / "transcripts"
_RECORDINGS: Final = _HERE.parent / "recordings"
_WORDS: Final[Mapping[str, str]] = {
    "x": r".*",
    "w": r"\S+",
    "n": r"-?\d+",
    "gap": r"[ \t]*",
    "dashes": r"[- ]+",
    "guid": r"[0-9A-F]{32}",
    "lowguid": r"[0-9a-f]{32}",
    "size": r"\d+(?:\.\d+)?[BKMGTPEZ]?",
    "date": r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [ \d]\d:\d\d(?::\d\d)? \d{4}",
}
_USAGE: Final = re.compile(r"usage", re.IGNORECASE)


@frozen
class Shapes:
    """The shapes of one program."""

    status: frozenset[int]
    stdout: re.Pattern[str]
    stderr: re.Pattern[str]
    usage: frozenset[str]

    def strange_lines(self, text: str, stream: str) -> list[str]:
        """Return the lines that the program cannot print on this stream."""
        pattern = self.stdout if stream == "stdout" else self.stderr
        *lines, rest = text.split("\n")
        unended = [rest] if rest else []
        return [line for line in (*lines, *unended) if not pattern.fullmatch(line) and line not in self.usage]


@cache
def shapes(program: str) -> Shapes:
    """Return the shapes of a program."""
    data = yaml.safe_load((_HERE / "shapes" / f"{program}.yml").read_text(encoding="utf-8"))
    parts = {name: _either(_pattern(text, {}) for text in texts) for name, texts in data.get("parts", {}).items()}
    return Shapes(
        status=frozenset(data["status"]),
        stdout=re.compile(_either(_pattern(line, parts) for line in ("", *data["stdout"])), re.DOTALL),
        stderr=re.compile(_either(_pattern(line, parts) for line in ("", *data["stderr"])), re.DOTALL),
        usage=frozenset(_usage_lines(program)),
    )


def _either(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _pattern(line: str, parts: Mapping[str, str]) -> str:
    known = {**_WORDS, **parts}
    pieces = re.split(r"\{([a-z]+)\}", line)
    return "".join(f"(?:{known[piece]})" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))


def _usage_lines(program: str) -> Iterable[str]:
    """Yield the lines of every usage that a transcript or a recording of the program shows."""
    for text in _outputs(program):
        if _USAGE.search(text):
            yield from text.split("\n")


def _outputs(program: str) -> Iterable[str]:
    for path in (_TRANSCRIPTS / program).glob("*.yml"):
        for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"]:
            yield from (step["stdout"], step["stderr"])
    for path in _RECORDINGS.glob("*.jsonl"):
        for step in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            if step["command"].startswith(f"{program} "):
                yield from (step["stdout"], step["stderr"])
