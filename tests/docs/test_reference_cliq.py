"""The page of CLIQ (row 20 of what users ask for: what is unsupported is loud and listed), and that it has no gaps."""

import asyncio

import pytest

from docs._ext.standing.cliq.page import items, markdown, unanswered, unnamed, unshown
from docs._ext.standing.cliq.shown import transcripts
from docs._ext.standing.cliq.sources import COMMON, RESULTS, SOURCES
from docs._ext.standing.docstrings import named
from sansim import Simulator
from sansim.config import default
from sansim.lefthand import inferred, results
from sansim.lefthand.commands import COMMANDS, NOT_SIMULATED
from sansim.lefthand.results import SUCCESS, Result
from tests.simulator.conftest import type_lines


def test_row_20_every_command_and_parameter_is_shown():
    assert unshown(items()) == []


def test_row_20_every_command_that_arrays_have_is_there_or_named_as_not_simulated():
    assert unnamed(items()) == []
    assert not COMMANDS.keys() & NOT_SIMULATED


def test_row_20_what_is_not_simulated_is_refused_and_noted():
    names = [SOURCES[name].name for name in sorted(NOT_SIMULATED)]
    programs = [f"utility {name}" for name in unanswered()]
    with Simulator(arrays=(default("hp"),), seed=1) as simulator:
        array = simulator["hp"]
        answers = asyncio.run(
            type_lines(array, [*names, *(f"{text.replace(' ', ' run=')} prompt=0" for text in programs)])
        )
        assert [one.unsupported for one in array.log] == [(text,) for text in (*names, *programs)]
    for status, out, _ in answers:
        assert status
        assert SUCCESS.name not in out


def test_parameters_of_every_command_are_shown():
    used = {name for one in transcripts() for step in one.steps for name in step.parameters}
    assert {name.lower() for name in COMMON} <= used


def test_every_result_that_the_node_gives_is_shown():
    shown = {step.result for one in transcripts() for step in one.steps}
    given = {one.value.name for module in (results, inferred) for one in named(module) if isinstance(one.value, Result)}
    assert given == shown - {""}


def test_published_results_have_their_published_codes():
    given = [one.value for one in named(results) if isinstance(one.value, Result)]
    assert {result.name: result.code for result in (*given, *results.ELSEWHERE)} == {
        name: code for name, (code, _, _) in RESULTS.items()
    }


def test_every_inferred_value_says_what_it_decides():
    assert [one.name for one in named(inferred) if not one.meaning and not isinstance(one.value, Result)] == []


@pytest.mark.parametrize(
    "part",
    [
        "\n### createVolume\n\n- seen: 2010 blog, drivers, scripts; the answer is seen\n- shown by ",
        "\n| `clusterName` | required | seen | seen-2010-create-volume,",
        "\n### deleteServer\n\n- inferred; the answer is inferred\n- asks before it acts, unless `prompt=0`\n",
        "\n| `getDnsInfo` | seen:",
        "\n| CliqVolumeNotFound | `8000100c` | 139 | seen |",
        "\n| CliqOperationPending | `2` | 2 | manual | not failed, not complete; a handle to ask again |  |\n",
        "\n| `THIN_RESERVE` | `536870912` | What a thin volume or a snapshot reserves per copy:",
        "\n| `full_stops` | no | yes | yes | yes | yes |\n",
    ],
)
def test_the_page_says(part: str):
    assert part in markdown()
