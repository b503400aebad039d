"""Written transcripts of both arrays, held against the simulator over real SSH.

A transcript is a YAML file `transcripts/PROGRAM/SCENARIO.yml`: `provenance`, `array` (`solaris` by default, or
`hp`), optionally a `config` of what its `ArrayConfig` has other than the default (`flavour`, `size` in bytes …),
and `steps`, each what is typed (`run`) and what comes of it (`status`, `stdout`, `stderr`).
Each scenario begins on a fresh array. The provenance begins with where the answers stand: `source` (a program's
source), `seen` (published by someone who ran it), `manual` (the vendor's), or `inferred`.
"""

import asyncio
from pathlib import Path

import pytest
import yaml
from attrs import evolve

from sansim import Simulator
from sansim.config import default
from tests.simulator.conftest import type_lines

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*/*.yml"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_arrays_answer_as_written_down(path: Path) -> None:
    transcript = yaml.safe_load(path.read_text())
    assert transcript["provenance"].startswith(("source", "seen", "manual", "inferred"))
    config = evolve(default(transcript.get("array", "solaris")), **transcript.get("config", {}))
    steps = transcript["steps"]
    with Simulator(arrays=(config,), seed=1) as simulator:
        answers = asyncio.run(type_lines(simulator[config.name], [step["run"] for step in steps]))
    for step, answer in zip(steps, answers, strict=True):
        assert answer == (step["status"], step["stdout"], step["stderr"]), step["run"]


def test_there_are_transcripts() -> None:
    assert TRANSCRIPTS
