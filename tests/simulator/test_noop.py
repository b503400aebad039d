"""What a `noop` takes back is gone without a trace: from the tables, from what is derived of them, from the file."""

import asyncio
import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncssh
import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sansim import Fault, SimulatedArray, Simulator
from sansim.state import State, Table
from tests.simulator.chance.invariants import check_state
from tests.simulator.conftest import connect

SOLARIS = (
    "zfs create -V {size}G tank/{a}",
    "zfs create -s -V {size}G tank/{a}",
    "zfs set volsize={size}G tank/{a}",
    "zfs snapshot tank/{a}@{b}",
    "zfs clone tank/{a}@{b} tank/{b}",
    "zfs rename tank/{a} tank/{b}",
    "zfs promote tank/{a}",
    "zfs rollback -r tank/{a}@{b}",
    "zfs destroy -R tank/{a}",
    "sbdadm create-lu /dev/zvol/rdsk/tank/{a}",
    "itadm create-target -n iqn.2010-08.org.illumos:{a}",
    "itadm delete-target -f iqn.2010-08.org.illumos:{a}",
    "stmfadm create-hg {a}",
    "stmfadm add-hg-member -g {a} iqn.1994-05.com.example:{b}",
    "stmfadm delete-hg {a}",
    "svcadm disable stmf",
    "svcadm enable stmf",
)
HP = (
    "createVolume volumeName={a} clusterName=Cluster01 size={size}GB",
    "createVolume volumeName={a} clusterName=Cluster01 size={size}GB thinProvision=1",
    "modifyVolume volumeName={a} size={size}GB",
    "modifyVolume volumeName={a} newVolumeName={b}",
    "createSnapshot volumeName={a} snapshotName={a}{b}",
    "cloneSnapshot snapshotName={a}{b} volumeName={b}",
    "rollbackSnapshot snapshotName={a}{b} prompt=0",
    "deleteSnapshot snapshotName={a}{b} prompt=0",
    "deleteVolume volumeName={a} prompt=0",
    "createServer serverName={a} initiator=iqn.1994-05.com.example:{b} useChap=0",
    "assignVolumeToServer volumeName={a} serverName={b}",
    "deleteServer serverName={a} prompt=0",
)
ARRAYS = {
    "solaris": (
        SOLARIS,
        (
            "zfs list -Hp -t all -o all",
            "zpool list -Hp",
            "zpool get -Hp all",
            "stmfadm list-lu -v",
            "itadm list-target -v",
            "stmfadm list-hg -v",
            "svcs -a",
        ),
    ),
    "hp": (
        HP,
        tuple(
            f"{command} output=XML" for command in ("getClusterInfo", "getVolumeInfo", "getServerInfo", "getGroupInfo")
        ),
    ),
}
"""What changes an array of a kind, and what shows all of it."""

Step = tuple[int, str, str, int, bool]
NAMES = st.sampled_from(("a", "b", "c"))
STEPS = st.lists(st.tuples(st.integers(0, 99), NAMES, NAMES, st.integers(1, 4), st.booleans()), min_size=4, max_size=12)
TIMES = re.compile(r'processingTime="\d+"')


async def look(array: SimulatedArray, connection: asyncssh.SSHClientConnection) -> tuple[list[str], object]:
    """All that the array says of itself, and all that it holds."""
    said = [TIMES.sub("", str((await connection.run(command)).stdout)) for command in ARRAYS[array.kind][1]]
    return said, array.state.content(without=["identity"])


async def carry_out(array: SimulatedArray, steps: list[Step]) -> tuple[list[str], object]:
    """Carry commands out, some of which are taken back, and return what is left at the end."""
    changing = ARRAYS[array.kind][0]
    async with connect(array) as connection:
        for number, a, b, size, honest in steps:
            command = changing[number % len(changing)].format(a=a, b=b, size=size)
            if honest:
                await connection.run(command)
                continue
            before = await look(array, connection)
            fault = array.faults.add(Fault("noop", "*"))
            await connection.run(command)
            assert fault.struck == 1
            assert await look(array, connection) == before
            if array.kind == "solaris":
                check_state(array.solaris)
        return await look(array, connection)


@pytest.mark.parametrize("kind", ARRAYS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(steps=STEPS)
def test_commands_that_are_taken_back_leave_no_trace(kind: str, steps: list[Step]):
    with TemporaryDirectory() as directory:
        file = Path(directory) / "state"
        with Simulator([kind], seed=1, state=file) as simulator:
            last = asyncio.run(carry_out(simulator[kind], steps))
        with Simulator([kind], seed=1, state=file) as again:
            assert asyncio.run(carry_out(again[kind], [])) == last


@frozen
class Thing:
    name: str
    size: int


class Sums:
    """Something derived of a table, as the engines keep it: a sum, and an index by size."""

    def __init__(self, table: Table[Thing]) -> None:
        self.total = 0
        self.by_size: Counter[int] = Counter()
        table.observe(self.changed)

    def changed(self, old: Thing | None, new: Thing | None) -> None:
        for thing, sign in ((old, -1), (new, 1)):
            if thing is not None:
                self.total += sign * thing.size
                self.by_size[thing.size] += sign


CHANGE = st.tuples(NAMES, st.none() | st.integers(0, 9))


def apply(state: State, table: Table[Thing], changes: list[tuple[str, int | None]]) -> None:
    with state.change():
        for name, size in changes:
            if size is not None:
                table[name] = evolve(table[name], size=size) if name in table else Thing(name, size)
            elif name in table:
                del table[name]


@given(
    first=st.lists(CHANGE),
    discarded=st.lists(st.lists(CHANGE), max_size=4),
    others=st.lists(st.lists(CHANGE), max_size=4),
)
def test_what_is_derived_of_a_table_is_right_after_a_discard_beside_changes_of_others(
    first: list[tuple[str, int | None]],
    discarded: list[list[tuple[str, int | None]]],
    others: list[list[tuple[str, int | None]]],
):
    state = State()
    table = state.table("things", Thing)
    sums = Sums(table)
    apply(state, table, first)
    before = dict(table)

    async def liar() -> None:
        with state.discarded():
            for changes in discarded:
                apply(state, table, changes)
                await asyncio.sleep(0)

    async def honest() -> None:
        for changes in others:
            apply(state, table, changes)
            await asyncio.sleep(0)

    async def both() -> None:
        await asyncio.gather(liar(), honest())

    asyncio.run(both())
    assert sums.total == sum(thing.size for thing in table.values())
    assert +sums.by_size == Counter(thing.size for thing in table.values())
    touched = {name for changes in others for name, _ in changes}
    assert {name: table.get(name) for name in set("abc") - touched} == {
        name: before.get(name) for name in set("abc") - touched
    }
