"""Recordings of a real OpenZFS, played against the simulator over real SSH: every byte has to agree."""

import asyncio
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from sansim import ArrayConfig, Simulator
from tests.simulator.conftest import type_lines

RECORDING = Path(__file__).parent / "recordings" / "openzfs-2.1.11.jsonl"
POOL_SIZE = 15 << 28
"""What a disk of 4 GiB gives: 15 metaslabs of 256 MiB."""

METADATA = {("names", 23): "USED of the root, which has the pool's own metadata in it: 240K"}
"""The steps in which a number counts the pool's own metadata, and which number that is."""

NUMBER = re.compile(r"\d+(\.\d+)?[BKMG]?")

Answer = tuple[int | None, str, str]


def scenarios() -> dict[str, list[dict[str, Any]]]:
    """Return the steps of the recording by scenario, in their order."""
    found = defaultdict(list)
    for line in RECORDING.read_text().splitlines():
        step = json.loads(line)
        found[step["scenario"]].append(step)
    return {name: sorted(steps, key=lambda step: step["n"]) for name, steps in found.items()}


@pytest.mark.parametrize("name", scenarios())
def test_openzfs_answers_as_recorded(name: str) -> None:
    steps = scenarios()[name]
    config = ArrayConfig(name="openzfs", kind="solaris", flavour="openzfs", size=POOL_SIZE)
    with Simulator(arrays=(config,), seed=1) as simulator:
        lines = [step["command"] for step in steps]
        answers = asyncio.run(type_lines(simulator["openzfs"], lines, errors="backslashreplace"))
    for step, answer in zip(steps, answers, strict=True):
        recorded = (step["status"], step["stdout"], step["stderr"])
        if (name, step["n"]) in METADATA:
            assert answer != recorded, "this step need not be excepted any more"
            assert shape(answer) == shape(recorded), step["command"]
        else:
            assert answer == recorded, step["command"]


def shape(answer: Answer) -> tuple[int | None, list[list[str]], str]:
    """Return an answer without its numbers."""
    status, stdout, stderr = answer
    return (
        status,
        [["#" if NUMBER.fullmatch(word) else word for word in line.split()] for line in stdout.split("\n")],
        stderr,
    )


def test_every_excepted_step_is_in_the_recording() -> None:
    recorded = {(name, step["n"]) for name, steps in scenarios().items() for step in steps}
    assert set(METADATA) <= recorded
