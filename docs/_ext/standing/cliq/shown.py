"""What CLIQ's transcripts type, and what came of it."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from attrs import frozen

from sansim.lefthand.flavours import DEFAULT
from sansim.lefthand.grammar import parse

__all__ = ["STANDINGS", "Step", "Transcript", "transcripts"]

STANDINGS: Final = ("seen", "manual", "inferred")
"""What a transcript's provenance begins with, the best first."""

_TRANSCRIPTS: Final = Path(__file__).parents[4] / "tests" / "simulator" / "transcripts"
_RESULT: Final = re.compile(r'\bname(?:=")? *(Cliq\w+)')


@frozen
class Step:
    """One typed line.

    Attributes:
        command: In small letters.
        parameters: In small letters.
        result: The name of the result that came; empty for an answer without a response.
        xml: Whether the answer was XML.
    """

    command: str
    parameters: frozenset[str]
    result: str
    xml: bool


@frozen
class Transcript:
    """One file of steps on a group of its own."""

    name: str
    provenance: str
    flavour: str
    steps: tuple[Step, ...]


@cache
def transcripts() -> tuple[Transcript, ...]:
    """Read all transcripts of CLIQ, once."""
    return tuple(_read(path) for path in sorted(_TRANSCRIPTS.glob("cliq/*.yml")))


def _read(path: Path) -> Transcript:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Transcript(
        name=path.stem,
        provenance=re.split(r"\W", data["provenance"], maxsplit=1)[0],
        flavour=data.get("config", {}).get("flavour", DEFAULT),
        steps=tuple(_steps(data["steps"])),
    )


def _steps(steps: list[dict[str, Any]]) -> Iterator[Step]:
    for step in steps:
        request = parse(step["run"])
        answer = step["stdout"]
        result = _RESULT.search(answer)
        yield Step(
            command=request.command.lower(),
            parameters=frozenset(name.lower() for name, _ in request.pairs),
            result=result[1] if result else "",
            xml=answer.startswith("<?xml"),
        )
