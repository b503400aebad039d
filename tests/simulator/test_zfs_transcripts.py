"""The written transcripts of zfs and zpool, held against the programs without a server between."""

import asyncio
import shlex
from pathlib import Path
from random import Random

import pytest
import yaml

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials, Program
from sansim.solaris import zfs, zpool
from sansim.solaris.pool import Pools
from sansim.state import State

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("z*/*.yml"))
TEN_TIB = 10 << 40


async def answer(program: Program, line: str) -> Answer:
    words = tuple(shlex.split(line))
    return await program(Call(words, Credentials("root", root=True), no_file))


def no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_programs_answer_as_written_down(path: Path) -> None:
    transcript = yaml.safe_load(path.read_text())
    pools = Pools(State(), Clock(), Random(1))
    pools.create_pool("tank", transcript.get("size", TEN_TIB))
    programs = {"zfs": zfs.program(pools), "zpool": zpool.program(pools)}
    for step in transcript["steps"]:
        program = programs[step["run"].partition(" ")[0]]
        expected = Answer(step["stdout"], step["stderr"], step["status"])
        assert asyncio.run(answer(program, step["run"])) == expected, step["run"]
