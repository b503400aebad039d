"""How CLIQ takes a line apart."""

from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.config import ArrayConfig
from sansim.lefthand.array import LeftHandArray
from sansim.lefthand.cliq import Cliq
from sansim.lefthand.flavours import FLAVOURS
from sansim.lefthand.grammar import Arguments, parse
from sansim.lefthand.results import ELSEWHERE, PARAMETER_FORMAT, Refusal
from sansim.state import State

VALUES = st.text(st.characters(exclude_characters='"', exclude_categories=("Cs", "Cc")))


@given(st.lists(VALUES, max_size=4))
@example(["two  words", "", "a=b"])
def test_a_quoted_value_arrives_as_it_was_written(values: list[str]) -> None:
    line = "command " + " ".join(f'p{number}="{value}"' for number, value in enumerate(values))
    request = parse(line)
    assert request.command == "command"
    assert request.pairs == tuple((f"p{number}", value) for number, value in enumerate(values))
    assert request.closed
    assert not request.stray


@given(st.text())
def test_no_line_is_too_strange_to_take_apart(line: str) -> None:
    request = parse(line)
    assert request.closed == (line.count('"') % 2 == 0)


@given(st.text(st.characters(exclude_characters='"', codec="utf-8"), max_size=20))
@example("a\x00b")
@example("two\nlines")
def test_xml_is_well_formed_whatever_a_value_holds(value: str) -> None:
    array = LeftHandArray(ArrayConfig(name="hp", kind="hp"), State(), Clock(), Random(1))
    cliq = Cliq(array.group, FLAVOURS["12.6"], Random(2))
    line = f'createVolume volumeName=v1 clusterName=Cluster01 size=1GB description="{value}" output=XML'
    done = ET.fromstring(cliq.answer(line).printed.strip())  # noqa: S314 - our own
    found = ET.fromstring(cliq.answer("getVolumeInfo output=XML").printed.strip())  # noqa: S314 - our own
    if done[0].get("result") == "0":
        assert found[0][0].get("description") == value
    else:
        assert found[0].get("name") == "CliqNothingFound"


@pytest.mark.parametrize(
    ("written", "size"),
    [("1KB", 1 << 10), ("1MB", 1 << 20), ("2gb", 2 << 30), ("3TB", 3 << 40), ("1PB", 1 << 50)],
)
def test_sizes_are_powers_of_two(written: str, size: int) -> None:
    assert Arguments({"size": written}).size("size") == size


@pytest.mark.parametrize("written", ["1", "1G", "1GiB", "1.5GB", "-1GB", "0GB", "GB", "1 GB", "1B", "¹GB"])
def test_other_sizes_are_refused(written: str) -> None:
    with pytest.raises(Refusal) as refused:
        Arguments({"size": written}).size("size")
    assert refused.value.result == PARAMETER_FORMAT


@pytest.mark.parametrize(("written", "flag"), [("1", True), ("0", False), ("TRUE", True), ("false", False)])
def test_truth_values(written: str, *, flag: bool) -> None:
    assert Arguments({"f": written}).flag("f", default=not flag) is flag


@pytest.mark.parametrize(
    ("line", "asks"),
    [("d", True), ("d prompt=1", True), ("d prompt=0", False), ("d PROMPT=False", False), ("d x=0", True)],
)
def test_prompt_decides_whether_to_ask(line: str, *, asks: bool) -> None:
    assert parse(line).asks is asks


@pytest.mark.parametrize(
    ("line", "commands"),
    [
        ("a x=1", ("a",)),
        ("x=1 method=a", ("a",)),
        ("a METHOD=b", ("a", "b")),
        ("method=a method=b", ("a", "b")),
        ("x=1 a", ()),
        ("", ()),
    ],
)
def test_a_command_stands_at_the_head_or_in_method(line: str, commands: tuple[str, ...]) -> None:
    assert parse(line).commands == commands


PUBLISHED = {
    "CliqSuccess": 0,
    "CliqNothingDone": 1,
    "CliqOperationPending": 2,
    "CliqOperationAbandoned": 3,
    "CliqNothingFound": 4,
    "CliqSnapshotSet": 5,
    "CliqVssSnapshotWarning": 6,
    "CliqPITSnapshotWarning": 7,
    "CliqParameterIgnored": 8,
    "CliqUnexpected": 128,
    "CliqXmlError": 129,
    "CliqParameterFormat": 130,
    "CliqParameterRepeat": 131,
    "CliqMissingMethod": 132,
    "CliqMissingParameter": 133,
    "CliqUnrecognizedCommand": 134,
    "CliqVolumeNotFound": 139,
}
"""Names and exit statuses of the published table."""


def test_every_published_result_is_reached_by_a_transcript_or_said_not_to_be() -> None:
    reached: dict[str, int] = {}
    for path in (Path(__file__).parent / "transcripts" / "cliq").glob("*.yml"):
        for step in yaml.safe_load(path.read_text(encoding="utf-8"))["steps"]:
            reached |= {
                name: step["status"] for name in PUBLISHED if name in step["stdout"].split("COMMAND REFERENCE")[0]
            }
    unreached = {result.name: result.status for result in ELSEWHERE}
    assert not reached.keys() & unreached.keys()
    assert reached | unreached == PUBLISHED
