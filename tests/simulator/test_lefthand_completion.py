"""What the Tab key adds at the prompt of a LeftHand node."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sansim.lefthand.commands import COMMANDS, Command
from sansim.lefthand.completion import Completion, complete
from sansim.lefthand.flavours import DEFAULT, FLAVOURS
from sansim.lefthand.grammar import parse

TODAY = FLAVOURS[DEFAULT]


@pytest.mark.parametrize(
    ("line", "completion"),
    [
        ("getPerf", Completion("ormanceStats ")),
        ("getperf", Completion("ormanceStats ")),
        ("deleteSnapshot", Completion(offered=("deleteSnapshot", "deleteSnapshotSchedule"))),
        ("unassign", Completion("Volume")),
        ("he", Completion("lp ")),
        ("frobnicate", Completion()),
        ("frobnicate ", Completion()),
        ("createServer ", Completion(offered=("serverName", "initiator", "description", "output"))),
        ("createServer serverName=s ", Completion(offered=("initiator", "description", "output"))),
        ("createServer SERVERNAME=s i", Completion("nitiator=")),
        ("method=createServer i", Completion("nitiator=")),
        ("createServer serverName=", Completion()),
        ('createServer serverName="two words', Completion()),
        ("deleteServer p", Completion("rompt=")),
        ("getVolumeInfo p", Completion()),
        ("getVolumeInfo  vol", Completion("umeName=")),
    ],
)
def test_tab_adds_what_there_is_to_add(line: str, completion: Completion) -> None:
    assert complete(line, TODAY) == completion


def test_a_parameter_of_later_releases_is_not_offered() -> None:
    assert complete("createVolume a", FLAVOURS["10.x"]) == Completion()
    assert complete("createVolume a", FLAVOURS["11.5"]) == Completion("daptiveOptimization=")


@given(st.sampled_from(list(COMMANDS.values())), st.data())
def test_required_parameters_come_first_and_none_twice(command: Command, data: st.DataObject) -> None:
    names = (*command.required, *command.optional)
    given_names = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    line = "".join((command.name, *(f" {name}=1" for name in given_names), " "))
    completion = complete(line, TODAY)
    # Where nothing but `output` is left it is completed at once.
    offered = completion.offered or (completion.added.removesuffix("="),)
    required = [name for name in command.required if name not in given_names]
    assert list(offered[: len(required)]) == required
    assert not set(offered) & set(given_names)
    assert set(offered) - {"prompt", "output"} == set(names) - set(given_names)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_a_completed_line_begins_with_what_was_typed_and_is_completed_once(line: str) -> None:
    completion = complete(line, TODAY)
    assert not (completion.added and completion.offered)
    completed = complete(line + completion.added, TODAY)
    if completion.added.endswith("="):
        assert completed == Completion()
        assert parse(line + completion.added).pairs[-1][1] == ""
