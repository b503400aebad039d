"""How CLIQ takes a line apart."""

from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.config import ArrayConfig
from sansim.lefthand.array import LeftHandArray
from sansim.lefthand.cliq import Cliq
from sansim.lefthand.flavours import FLAVOURS
from sansim.lefthand.grammar import Arguments, parse
from sansim.lefthand.results import PARAMETER_FORMAT, Refusal
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
