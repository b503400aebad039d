"""The written transcripts of zfs and zpool, held against the programs without a server between."""

import asyncio
import shlex
from pathlib import Path
from random import Random

import pytest
import yaml

from sansim.clock import Clock
from sansim.program import Answer, Call
from sansim.solaris import zfs, zpool
from sansim.solaris.pool import Pools
from sansim.state import State

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts" / "zfs").glob("*.yml"))
TEN_TIB = 10 << 40


def no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_programs_answer_as_written_down(path: Path) -> None:
    transcript = yaml.safe_load(path.read_text())
    pools = Pools(State(), Clock(), Random(1))  # noqa: S311 - a seed, not a secret
    pools.create_pool("tank", transcript.get("size", TEN_TIB))
    programs = {"zfs": zfs.program(pools), "zpool": zpool.program(pools)}
    for step in transcript["steps"]:
        words = tuple(shlex.split(step["run"]))
        answer = asyncio.run(programs[words[0]](Call(words, "root", no_file, root=True)))
        assert answer == Answer(step["stdout"], step["stderr"], step["status"]), step["run"]
