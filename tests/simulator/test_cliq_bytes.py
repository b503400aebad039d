"""The rules of CLIQ's answers, held against every step of every transcript of it: bytes, columns, exit status."""

import re
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from attrs import frozen

from sansim.lefthand.flavours import DEFAULT, FLAVOURS
from tests.simulator.chance.cliq_answers import Reply, of_text, of_xml

TRANSCRIPTS: Final = sorted((Path(__file__).parent / "transcripts" / "cliq").glob("*.yml"))
WITHOUT_RESPONSE: Final = ("help", "exit")
"""What answers with no response at all."""

PROGRAM: Final = re.compile('(?<=")>[^<]*</utility>|(?<=<utility)>[^<]*</utility>')
"""What a program printed, in XML."""


@frozen
class Step:
    """One typed line and what came of it."""

    flavour: str
    run: str
    status: int
    stdout: str
    stderr: str

    @property
    def command(self) -> str:
        """The command in small letters."""
        return self.run.strip().split(" ", 1)[0].lower()

    @property
    def xml(self) -> bool:
        """Whether the answer is XML, as it shows."""
        return self.stdout.startswith("<?xml")


def steps(path: Path) -> list[Step]:
    transcript: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    flavour = transcript.get("config", {}).get("flavour", DEFAULT)
    found = [Step(flavour, **step) for step in transcript["steps"]]
    return [step for step in found if step.command not in WITHOUT_RESPONSE]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_every_answer_keeps_the_rules(path: Path) -> None:
    for step in steps(path):
        reply = of_xml(PROGRAM.sub("/>", step.stdout)) if step.xml else read_text(step)
        assert step.status == reply.status, step.run
        assert reply.description.endswith(".") == FLAVOURS[step.flavour].full_stops, step.run
        assert step.stderr == "", step.run


def read_text(step: Step) -> Reply:
    """Read a text answer: an empty line, the banner, an empty line, the blocks, an empty line."""
    flavour = FLAVOURS[step.flavour]
    empty, banner, owner, between, *blocks = step.stdout.split("\n")
    assert (empty, banner, owner, between) == ("", flavour.banner, flavour.copyright, ""), step.run
    if step.command == "utility" and step.status == 0:
        blocks = without_program(blocks)
    return of_text(blocks, full_stops=flavour.full_stops)


def without_program(lines: list[str]) -> list[str]:
    """Leave out what a program printed, which stands at column 0 below the block of `utility`."""
    first = lines.index("  UTILITY") + 1
    attributes = takewhile(lambda line: line.startswith("   "), lines[first:])
    return [*lines[:first], *attributes, "", ""]


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_says_where_it_comes_from(path: Path) -> None:
    provenance = yaml.safe_load(path.read_text(encoding="utf-8"))["provenance"]
    assert provenance.startswith(("seen", "manual", "inferred"))
    assert len(provenance.split()) > 1, "name the source, or what is inferred"


def test_both_forms_and_both_ends_are_shown() -> None:
    everything = [step for path in TRANSCRIPTS for step in steps(path)]
    shown = {(step.xml, step.status == 0) for step in everything}
    assert shown == {(xml, success) for xml in (True, False) for success in (True, False)}
    assert {step.flavour for step in everything} == set(FLAVOURS)
