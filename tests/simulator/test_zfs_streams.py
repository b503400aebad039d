"""Snapshots sent from one pool to another: what arrives, what of it is refused, and how long a stream is."""

import asyncio
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sansim import Simulator
from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.pools import lineage as zfs_lineage
from sansim.solaris.pools.model import total
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs import program as zfs
from sansim.state import State
from tests.simulator.conftest import connect, exec_over_ssh

GIB = 1 << 30
MIB = 1 << 20


def make_pools(seed: int = 1, size: int = 64 * GIB) -> Pools:
    pools = Pools(State(), Clock(), Random(seed))
    pools.create_pool("tank", size)
    return pools


def run(pools: Pools, *words: str, stdin: bytes = b"", root: bool = True) -> Answer:
    pieces = [stdin[begin : begin + 1000] for begin in range(0, len(stdin), 1000)]

    def read_file(path: str) -> bytes:
        raise FileNotFoundError(path)

    async def read() -> bytes:
        return pieces.pop(0) if pieces else b""

    async def answer() -> Answer:
        call = Call(("zfs", *words), Credentials("admin", root=root), read_file, read)
        return await zfs.program(pools)(call)

    return asyncio.run(answer())


def sent(pools: Pools, *words: str) -> bytes:
    answer = run(pools, "send", *words)
    assert (answer.status, answer.stderr) == (0, "")
    return answer.printed.encode(errors="surrogateescape")


@pytest.fixture
def near() -> Pools:
    pools = make_pools()
    pools.create_volume("tank/v", 100 * MIB, 8192)
    return pools


STEPS = st.lists(st.tuples(st.sampled_from("wwsdr"), st.integers(1, 60)), min_size=1, max_size=20)


@settings(deadline=None)
@given(STEPS)
def test_a_replica_uses_and_references_what_its_source_does(steps: list[tuple[str, int]]) -> None:
    near, far = make_pools(1), make_pools(2)
    near.create_volume("tank/v", 100 * MIB, 8192)
    last = 0
    for kind, count in steps:
        line = near.space.snapshots("tank/v")
        if kind == "w":
            near.write("tank/v", count * MIB)
        elif kind == "s":
            last += 1
            zfs_lineage.take_snapshots(near, [f"tank/v@{last}"])
        elif kind == "r" and line:
            zfs_lineage.rollback(near, "tank/v")
        elif kind == "d" and len(line) > 1:
            zfs_lineage.destroy_snapshots(near, [line[count % (len(line) - 1)]])
    zfs_lineage.take_snapshots(near, ["tank/v@end"])
    stream = sent(near, "-R", "tank/v@end")
    assert run(far, "receive", "tank/v", stdin=stream) == Answer()
    assert far.space.snapshots("tank/v") == near.space.snapshots("tank/v")
    for name in near.snapshots:
        assert far.snapshot(name).guid == near.snapshot(name).guid
        assert total(far.snapshot(name).extents) == total(near.snapshot(name).extents)
        assert far.space.snapshot_written(name) == near.space.snapshot_written(name)
    assert far.space.usage("tank/v") == near.space.usage("tank/v")
    assert far.space.used("tank") == near.space.used("tank")


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_no_broken_stream_is_taken_for_a_whole_one(data: st.DataObject) -> None:
    near, far = make_pools(1), make_pools(2)
    near.create_volume("tank/v", 100 * MIB, 8192)
    near.write("tank/v", MIB)
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    stream = sent(near, "tank/v@s")
    place = data.draw(st.integers(0, len(stream) - 5), label="place")
    if data.draw(st.booleans(), label="cut"):
        broken = stream[:place]
    else:
        broken = stream[:place] + bytes([stream[place] ^ 1]) + stream[place + 1 :]
    answer = run(far, "receive", "tank/v", stdin=broken)
    # Blanks fill up the first line; nothing depends on them.
    if answer.status == 0:
        assert stream[:place].count(b"\n") == 0
        return
    assert answer.status == 1
    assert answer.stderr.startswith("cannot receive")
    assert "tank/v" not in far.datasets


def test_a_stream_is_short_whatever_it_stands_for() -> None:
    near = make_pools(size=4 << 40)
    near.create_volume("tank/v", 1 << 40, 8192)
    near.write("tank/v", 1 << 40)
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    assert MIB < len(sent(near, "tank/v@s")) < MIB + 4096


def test_a_stream_is_made_as_it_is_read(near: Pools) -> None:
    near.write("tank/v", 100 * MIB)
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    stdout = run(near, "send", "tank/v@s").stdout
    assert isinstance(stdout, Iterator)
    assert next(stdout).startswith("sansim snapshots 1: this is no stream of a real ZFS")
    run(near, "destroy", "-r", "tank/v")
    assert sum(map(len, stdout)) > 100 * MIB >> 12


def test_what_is_received_does_not_fit_leaves_nothing(near: Pools) -> None:
    far = make_pools(2, size=256 * MIB)
    near.create_volume("tank/w", GIB, 8192)
    near.write("tank/w", GIB)
    zfs_lineage.take_snapshots(near, ["tank/w@s"])
    answer = run(far, "receive", "tank/w", stdin=sent(near, "tank/w@s"))
    assert answer == Answer(stderr="cannot receive new filesystem stream: out of space\n", status=1)
    assert "tank/w" not in far.datasets


def test_a_volume_that_is_held_open_is_busy(near: Pools) -> None:
    far = make_pools(2)
    zfs_lineage.take_snapshots(near, ["tank/v@a"])
    assert run(far, "receive", "tank/v", stdin=sent(near, "tank/v@a")) == Answer()
    zfs_lineage.take_snapshots(near, ["tank/v@b"])
    far.volumes.open("tank/v", "unit")
    answer = run(far, "receive", "tank/v", stdin=sent(near, "-i", "@a", "tank/v@b"))
    assert answer == Answer(stderr="cannot receive incremental stream: dataset is busy\n", status=1)


def test_unit_metadata_go_with_the_properties_and_not_without(near: Pools) -> None:
    near.volumes.set_lu_metadata("tank/v", "600144F0")
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    far = make_pools(2)
    run(far, "receive", "tank/with", stdin=sent(near, "-p", "tank/v@s"))
    run(far, "receive", "tank/without", stdin=sent(near, "tank/v@s"))
    assert (far.volumes.lu_metadata("tank/with"), far.volumes.lu_metadata("tank/without")) == ("600144F0", None)


def test_holds_go_along_when_asked_for(near: Pools) -> None:
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    zfs_lineage.hold(near, ["tank/v@s"], "keep")
    far = make_pools(2)
    run(far, "receive", "tank/a", stdin=sent(near, "-h", "tank/v@s"))
    run(far, "receive", "-h", "tank/b", stdin=sent(near, "-h", "tank/v@s"))
    assert [held.tag for held in far.snapshot("tank/a@s").holds] == ["keep"]
    assert far.snapshot("tank/b@s").holds == ()


def test_a_broken_stream_that_should_be_kept_is_said_to_be_unsupported(near: Pools) -> None:
    near.write("tank/v", MIB)
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    answer = run(make_pools(2), "receive", "-s", "tank/v", stdin=sent(near, "tank/v@s")[:-100])
    assert answer.status == 1
    assert answer.unsupported is not None


def test_without_rights_nothing_is_received(near: Pools) -> None:
    zfs_lineage.take_snapshots(near, ["tank/v@s"])
    answer = run(near, "receive", "tank/w", stdin=sent(near, "tank/v@s"), root=False)
    assert answer.stderr == "cannot receive new filesystem stream: permission denied\n"


def test_a_replica_is_made_over_ssh_on_another_array() -> None:
    with Simulator(arrays=("solaris",), seed=1) as near, Simulator(arrays=("solaris",), seed=2) as far:
        made = "zfs create -V 1G tank/v && zfs set a:b=c tank/v && zfs snapshot tank/v@s && zfs send -p tank/v@s"
        status, stream, errors = exec_over_ssh(near["solaris"], made)
        assert (status, errors) == (0, b"")
        assert exec_over_ssh(far["solaris"], "zfs receive tank/copy", stream) == (0, b"", b"")
        shown = exec_over_ssh(far["solaris"], "zfs get -H -o value,source volsize,a:b,refreservation tank/copy")
        assert shown[1] == b"1G\tlocal\nc\treceived\n1.03G\treceived\n"
        guids = [
            exec_over_ssh(array["solaris"], f"zfs get -H -o value guid {name}@s")[1]
            for array, name in ((near, "tank/v"), (far, "tank/copy"))
        ]
        assert guids[0] == guids[1]


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (
            "zfs send tank/v@s",
            "Error: Stream can not be written to a terminal.\r\nYou must redirect standard output.\r\n",
        ),
        (
            "zfs receive tank/w",
            "Error: Backup stream can not be read from a terminal.\r\nYou must redirect standard input.\r\n",
        ),
        ("zfs send -nvP tank/v@s", "full\ttank/v@s\t13096\r\nsize\t13096\r\n"),
        ("zfs send tank/v@s | zfs receive tank/w", ""),
    ],
)
def test_a_stream_is_neither_typed_nor_shown(sim: Simulator, command: str, refusal: str) -> None:
    made = exec_over_ssh(sim["solaris"], "zfs create -s -V 1G tank/v && zfs snapshot tank/v@s")
    assert made == (0, b"", b"")

    async def on_a_terminal() -> str:
        async with connect(sim["solaris"]) as connection:
            done = await connection.run(command, term_type="xterm")
            return str(done.stdout)

    assert asyncio.run(on_a_terminal()) == refusal
