"""Every state that commands lead to is exported and imported as the same, and every older file is read."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import get_args, get_type_hints

import attrs
import pytest
from attrs import AttrsInstance
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sansim import ArrayConfig, SimulatedArray, Simulator, StoreError
from sansim.config import FLAVOURS
from sansim.state import Content, State
from tests.simulator.chance.client import Client
from tests.simulator.chance.group_invariants import check_group
from tests.simulator.chance.invariants import check_state
from tests.simulator.chance.lines import Nth, Words, lines, quoted
from tests.simulator.conftest import Run, type_lines

HERE = Path(__file__).parent
MANY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Simulator, Simulator]]:
    files = [tmp_path_factory.mktemp("states") / f"{number}.db" for number in range(2)]
    with Simulator(seed=1, state=files[0]) as one, Simulator(seed=2, state=files[1]) as other:
        yield one, other


@pytest.fixture(scope="module")
def client(pair: tuple[Simulator, Simulator]) -> Iterator[Client]:
    with Client(pair[0]["solaris"]) as client:
        yield client


def kept(array: SimulatedArray, sim: Simulator) -> Content:
    """Return what the file holds of an array."""
    assert sim._store is not None
    state = State(sim._store.array(array.name))
    for name, kind in array.state.tables.items():
        state.table(name, kind)
    return state.content()


def hold_against(pair: tuple[Simulator, Simulator], name: str) -> None:
    """Hold what the first simulator has against its file, its export, and the second after the import."""
    one, other = (sim[name] for sim in pair)
    text = one.export()
    other.import_(text)
    assert other.export() == text
    for array, sim in zip((one, other), pair, strict=True):
        assert kept(array, sim) == array.state.content()
    assert other.snapshot().content == {
        table: tuple(attrs.evolve(entry, order=order) for order, entry in enumerate(entries))
        for table, entries in one.snapshot().content.items()
    }


LIVED = (
    "zfs create -V 1G tank/v1 && g=$(stmfadm create-lu /dev/zvol/rdsk/tank/v1 | sed 's/.*: //')"
    ' && stmfadm add-view "$g" && zfs snapshot tank/v1@s1 && zfs clone tank/v1@s1 tank/v2'
    " && zfs hold keep tank/v1@s1 && itadm create-target"
)


@MANY
@given(st.lists(lines(["zfs", "zpool", "stmfadm", "sbdadm", "itadm", "svcadm"]), min_size=1, max_size=12))
def test_any_state_of_a_solaris_host_is_exported_and_imported_as_the_same(
    pair: tuple[Simulator, Simulator], client: Client, typed: list[Words]
) -> None:
    one, other = (sim["solaris"] for sim in pair)
    one.reset()
    assert client.run(LIVED).status == 0
    for words in typed:
        units = [unit.guid for unit in one.solaris.comstar.stmf.units]
        targets = [target.name for target in one.solaris.comstar.iscsit.targets]
        things: dict[str, Sequence[str]] = {"unit": units or ["none"], "target": targets or ["none"]}
        line = [
            things[word.kind][word.number % len(things[word.kind])] if isinstance(word, Nth) else word for word in words
        ]
        client.run(f"{quoted(line)} < /dev/null")
    hold_against(pair, "solaris")
    check_state(other.solaris)


NAMES = st.sampled_from(["a", "b", "c", "Ä;b", "d e"])
CLIQ = st.one_of(
    st.builds(
        'createVolume volumeName="{}" clusterName=Cluster01 size={}GB thinProvision={} description="{}"'.format,
        NAMES,
        st.integers(1, 3),
        st.integers(0, 1),
        NAMES,
    ),
    st.builds('modifyVolume volumeName="{}" size={}GB'.format, NAMES, st.integers(1, 3)),
    st.builds('createSnapshot snapshotName="s{}" volumeName="{}"'.format, NAMES, NAMES),
    st.builds('cloneSnapshot snapshotName="s{}" volumeName="{}"'.format, NAMES, NAMES),
    st.builds('createServer serverName="{}" initiator=iqn.1993-08.org.debian:01:{}'.format, NAMES, st.integers(0, 3)),
    st.builds('assignVolumeToServer volumeName="{}" serverName="{}"'.format, NAMES, NAMES),
    st.builds('assignVolume volumeName="{}" initiator=iqn.1993-08.org.debian:01:{}'.format, NAMES, st.integers(0, 3)),
    st.builds(
        'assignVolumeChap volumeName="{}" chapName=u targetSecret=secretsecret{}'.format, NAMES, st.integers(0, 3)
    ),
    st.builds('deleteSnapshot snapshotName="s{}" prompt=0'.format, NAMES),
    st.builds('deleteVolume volumeName="{}" prompt=0'.format, NAMES),
)


@MANY
@given(st.lists(CLIQ, max_size=12))
def test_any_state_of_a_group_is_exported_and_imported_as_the_same(
    pair: tuple[Simulator, Simulator], typed: list[str]
) -> None:
    one, other = (sim["hp"] for sim in pair)
    one.reset()
    asyncio.run(type_lines(one, typed))
    hold_against(pair, "hp")
    check_group(one.lefthand)
    check_group(other.lefthand)


@pytest.mark.parametrize(("kind", "flavour"), [(kind, one) for kind, all_ in FLAVOURS.items() for one in all_])
def test_every_flavour_is_exported_and_imported_as_the_same(kind: str, flavour: str) -> None:
    config = ArrayConfig(name="a", kind=kind, flavour=flavour)
    with Simulator((config,), seed=1) as one, Simulator((config,), seed=2) as other:
        text = one.export()
        other.import_(text)
        assert other.export() == text


def test_no_class_of_a_table_has_what_toml_cannot_hold(sim: Simulator) -> None:
    """TOML has no null: a field that may be None is None when it is left out, and no list holds one."""
    seen: set[object] = set()

    def check(kind: object) -> None:
        if kind in seen:
            return
        seen.add(kind)
        if isinstance(kind, type) and attrs.has(kind):
            hints = get_type_hints(kind)
            for item in attrs.fields(kind):
                assert item.init, item
                if type(None) in get_args(hints[item.name]):
                    assert item.default in (attrs.NOTHING, None), item
                    assert len(get_args(hints[item.name])) == 2, item
                for inner in get_args(hints[item.name]) or (hints[item.name],):
                    check(inner)
        assert not isinstance(kind, tuple)

    kinds: list[type[AttrsInstance]] = [kind for array in sim.values() for kind in array.state.tables.values()]
    assert len(kinds) > 20
    for kind in kinds:
        check(kind)


# Files of the present format, as an earlier version wrote them.


@pytest.fixture
def older(tmp_path: Path) -> Path:
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((HERE / "states" / "format-1.sql").read_text())
    return path


def test_a_file_of_an_earlier_version_is_read_whole(older: Path, run: Run) -> None:
    for _ in range(2):
        with Simulator(state=older) as sim:
            array = sim["solaris"]
            assert array.password == "only-for-tests-2"
            check_state(array.solaris)
            listed = run(array, "zfs list -H -t all -o name; stmfadm list-lu; stmfadm list-hg")[1]
            for name in (b"tank/db1@monday", b"tank/db1#tuesday", b"tank/db2", b"LU Name", b"Host Group: web"):
                assert name in listed
            assert [target.name for target in array.solaris.comstar.iscsit.targets] == ["iqn.2026-01.org.example:t1"]
            assert run(array, "svcs -H -o state iscsi/target") == (0, b"disabled\n", b"")
            assert array.solaris.pools.volumes.is_open("tank/db1")
            volume = run(sim["hp"], "getVolumeInfo volumeName=v1")[1]
            for said in (b"esx1", b"first", b"monday"):
                assert said in volume
            assert len(sim["hp"].lefthand.group.tables.sessions) == 1
            text = sim.export()
            sim.import_(text)
            assert sim.export() == text


def test_text_that_is_no_utf_8_is_kept(tmp_path: Path) -> None:
    for _ in range(2):
        with Simulator(("solaris",), seed=1, state=tmp_path / "state.db") as sim:
            stmf = sim["solaris"].solaris.comstar.stmf
            if "g\udcff" not in stmf.host_groups:
                stmf.host_groups.create("g\udcff")
                stmf.host_groups.add("g\udcff", "wwn.5000000000000000")
    assert [group.members for group in stmf.host_groups] == [("wwn.5000000000000000",)]
    with Simulator(("solaris",), seed=1, state=tmp_path / "state.db") as sim:
        sim["solaris"].solaris.comstar.stmf.host_groups.delete("g\udcff")
        assert not [*sim["solaris"].solaris.comstar.stmf.host_groups]
    with Simulator(("solaris",), seed=1, state=tmp_path / "state.db") as sim:
        assert not [*sim["solaris"].solaris.comstar.stmf.host_groups]


def test_a_field_that_an_earlier_version_did_not_know_has_its_default(older: Path) -> None:
    with closing(sqlite3.connect(older)) as db:
        db.execute("UPDATE objects SET json = json_remove(json, '$.description') WHERE kind = 'volumes'")
        db.commit()
    with Simulator(state=older) as sim:
        assert {volume.description for volume in sim["hp"].lefthand.group.tables.volumes.values()} == {""}


def test_a_file_of_an_unknown_format_is_refused_by_name_and_left_alone(older: Path) -> None:
    with closing(sqlite3.connect(older)) as db:
        db.execute("UPDATE meta SET value = '2'")
        db.commit()
    before = older.read_bytes()
    with pytest.raises(StoreError, match="has format 2, this sansim reads 1; use the sansim that wrote it"):
        Simulator(state=older).__enter__()
    assert older.read_bytes() == before
