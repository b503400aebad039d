"""Answers of any length: made as they are read, beside others, and no longer than somebody reads."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress

import asyncssh
import pytest

from sansim import Fault, SimulatedArray, Simulator
from sansim.portions import portions
from sansim.program import Answer, Call, Credentials
from sansim.solaris.host import SolarisHost
from sansim.solaris.zfs import program as zfs
from tests.simulator.conftest import Run, connect

LINE = "x" * 1023 + "\n"
MANY = 1 << 14
"""Lines in a flood: 16 MiB, more than all buffers on the way to a client together."""


class Flood:
    """A program that prints many lines, and knows how many were asked for."""

    def __init__(self, host: SolarisHost, lines: int = MANY) -> None:
        self.asked = 0
        self.ended = False
        self.lines = lines
        host.system.executables["/usr/bin/uname"] = host._executable("flood", self.run)

    async def run(self, call: Call) -> Answer:
        return Answer(self.pieces())

    def pieces(self) -> Iterator[str]:
        try:
            for _ in range(self.lines):
                self.asked += 1
                yield LINE
        finally:
            self.ended = True


@pytest.fixture
def array(sim: Simulator) -> SimulatedArray:
    return sim["solaris"]


@pytest.fixture
def flood(array: SimulatedArray) -> Flood:
    return Flood(array.solaris)


def fill(array: SimulatedArray, number: int) -> list[str]:
    """Make so many volumes and return their names and the pool's, in order."""
    names = [f"tank/v{place:05}" for place in range(number)]
    with array.state.change():
        for name in names:
            array.solaris.pools.create_volume(name, 1 << 30, 8192)
    return ["tank", *names]


def test_nothing_of_a_long_answer_is_lost(array: SimulatedArray, run: Run) -> None:
    flood = Flood(array.solaris, lines=5000)
    assert run(array, "uname") == (0, LINE.encode() * 5000, b"")
    assert flood.ended
    assert array.log[-1].stdout == LINE.encode() * 5000


def test_a_reader_who_waits_is_waited_for_while_others_are_served(array: SimulatedArray, flood: Flood) -> None:
    async def talk() -> None:
        async with connect(array) as slow, connect(array) as other:
            process = await slow.create_process("uname", encoding=None)
            assert await process.stdout.readexactly(len(LINE)) == LINE.encode()
            before = -1
            # A flood that were not held back would rise with each turn of the loop.
            while before != flood.asked:
                before = flood.asked
                assert (await other.run("hostname")).stdout == "solaris\n"
            assert flood.asked < MANY
            rest = 0
            while data := await process.stdout.read(1 << 20):
                rest += len(data)
            assert rest == (MANY - 1) * len(LINE)

    asyncio.run(talk())


def test_nothing_is_made_for_a_client_that_went(array: SimulatedArray, flood: Flood) -> None:
    async def talk() -> None:
        async with connect(array) as connection:
            process = await connection.create_process("uname; echo still here >/tmp/trace", encoding=None)
            await process.stdout.readexactly(len(LINE))
            connection.abort()

    asyncio.run(talk())
    assert array.log.quiet()
    assert flood.ended
    assert flood.asked < MANY
    assert array.log[-1].status is None
    assert array.solaris.system.files.read("/tmp/trace") == b"still here\n"


def test_nothing_is_made_for_a_pipe_that_broke(array: SimulatedArray, flood: Flood, run: Run) -> None:
    assert run(array, "uname | head -1; echo $?") == (0, f"{LINE}0\n".encode(), b"")
    assert array.log.quiet()
    assert flood.ended
    assert flood.asked < MANY


def test_an_empty_answer_in_pieces_prints_nothing(array: SimulatedArray, run: Run) -> None:
    Flood(array.solaris, lines=0)
    assert run(array, "uname") == (0, b"", b"")


def test_a_line_that_is_cut_after_the_program_gets_none_of_its_answer(array: SimulatedArray, flood: Flood, run: Run):
    array.faults.add(Fault(kind="cut", pattern="flood*", when="after"))
    with suppress(asyncssh.ConnectionLost):
        assert run(array, "uname")[1] == b""
    assert array.log.quiet()
    assert (array.log[-1].stdout, array.log[-1].faults, flood.asked) == (b"", ("cut",), 0)


def test_an_error_takes_the_place_of_a_long_answer(array: SimulatedArray, flood: Flood, run: Run) -> None:
    array.faults.add(Fault(kind="error", pattern="flood*", when="after", stderr="flood: lost\n"))
    assert run(array, "uname") == (1, b"", b"flood: lost\n")
    assert flood.asked == 0


async def _count(call: Call) -> Answer:
    size = 0
    while piece := await call.stdin():
        size += len(piece)
    return Answer(f"{size}\n")


async def _repeat(call: Call) -> Answer:
    pieces = []
    while piece := await call.stdin():
        pieces.append(piece.decode("utf-8", "surrogateescape"))
    return Answer(iter(pieces))


def test_a_program_reads_its_standard_input_as_bytes(array: SimulatedArray, run: Run) -> None:
    host = array.solaris
    host.system.executables["/usr/bin/uname"] = host._executable("repeat", _repeat)
    every = bytes(range(256)) * 300
    assert run(array, "uname", stdin=every) == (0, every, b"")
    assert run(array, "printf 'one\\ntwo' | uname | cat") == (0, b"one\ntwo", b"")
    assert run(array, "uname </dev/null") == (0, b"", b"")


def test_input_of_any_length_reaches_a_program_piece_by_piece(array: SimulatedArray, run: Run) -> None:
    host = array.solaris
    host.system.executables["/usr/bin/uname"] = host._executable("count", _count)
    assert run(array, "uname", stdin=b"\x00" * (3 << 20)) == (0, f"{3 << 20}\n".encode(), b"")


def test_a_long_list_is_all_there_and_in_order(array: SimulatedArray, run: Run) -> None:
    names = fill(array, 3000)
    status, stdout, stderr = run(array, "zfs list -H -o name")
    assert (status, stdout.decode().splitlines(), stderr) == (0, names, b"")
    titled = run(array, "zfs list -o name")[1].decode().splitlines()
    assert titled == ["NAME", *names]
    backwards = run(array, "zfs list -H -o name -S name")[1].decode().splitlines()
    assert backwards == names[::-1]
    got = run(array, "zfs get -rH -o name,value volsize tank")[1].decode().splitlines()
    assert got == ["tank\t-", *(f"{name}\t1G" for name in names[1:])]


def pieces(array: SimulatedArray, *words: str) -> Iterator[str]:
    """Ask zfs itself and return its answer as yet unread."""

    async def ask() -> Answer:
        call = Call(("zfs", *words), Credentials("admin", root=True), lambda path: path.encode())
        return await zfs.program(array.solaris.pools)(call)

    answer = asyncio.run(ask())
    assert isinstance(answer.stdout, Iterable)
    return iter(answer.stdout)


def test_a_list_shows_what_is_there_when_it_gets_there(array: SimulatedArray) -> None:
    names = fill(array, 500)
    pools = array.solaris.pools
    listing = pieces(array, "list", "-H", "-o", "name,used")
    seen = [next(listing) for _ in range(100)]
    for name in (*names[50:60], *names[150:160], names[-1]):
        pools.destroy(name)
    pools.create_volume("tank/a-new-one-that-was-passed", 1 << 30, 8192)
    pools.create_volume("tank/v00300-new", 1 << 30, 8192)
    seen += listing
    after = names.index("tank/v00300") + 1
    expected = [*names[:150], *names[160:after], "tank/v00300-new", *names[after:-1]]
    assert [line.split("\t")[0] for line in seen if line] == expected
    assert {line.split("\t")[1] for line in seen[1:] if line} == {"12K\n"}


def test_a_titled_list_shows_each_as_it_was_when_it_was_opened(array: SimulatedArray) -> None:
    names = fill(array, 300)
    listing = pieces(array, "list", "-o", "name,used,volsize")
    opened = [next(listing) for _ in range(len(names) - 10)]
    assert set(opened) == {""}
    for name in names[1:]:
        array.solaris.pools.destroy(name)
    lines = [piece.split() for piece in listing if piece]
    assert lines[0] == ["NAME", "USED", "VOLSIZE"]
    assert [line[0] for line in lines[1:]] == names[:-10]
    assert {tuple(line[1:]) for line in lines[2:]} == {("12K", "1G")}


@pytest.mark.parametrize("words", [("list", "-S", "used"), ("list", "-o", "all"), ("get", "-r", "all", "tank")])
def test_what_has_to_be_collected_first_lets_others_run_meanwhile(array: SimulatedArray, words: tuple[str, ...]):
    names = fill(array, 200)
    listing = pieces(array, *words)
    silent = [piece for piece in listing if not piece]
    assert len(silent) >= len(names)


def test_small_pieces_are_joined_and_large_ones_left_whole() -> None:
    large = "y" * 100_000
    joined = list(portions(["x\n"] * 10_000 + [large, "end\n"]))
    assert "".join(joined) == "x\n" * 10_000 + large + "end\n"
    assert len(joined) < 50
    assert any(portion.endswith(large) for portion in joined)
    assert list(portions([])) == []
    assert list(portions(["", ""])) == []
