"""What arrays hold as TOML: written, read back as the same, refused with a mend and then nothing changed."""

import tomllib
from datetime import datetime
from typing import Any

import attrs
import pytest

from sansim import ArrayConfig, ImportRefused, Simulator
from tests.simulator.chance.invariants import check_state
from tests.simulator.conftest import Run

LIVED = (
    "zfs create -V 1G tank/db1 && g=$(stmfadm create-lu /dev/zvol/rdsk/tank/db1 | sed 's/.*: //')"
    " && zfs snapshot tank/db1@monday && zfs clone tank/db1@monday tank/db2"
    " && zfs hold keep tank/db1@monday && zfs bookmark tank/db1@monday tank/db1#b && zfs set org.example:o=é tank"
    " && itadm create-target -n iqn.2026-01.org.example:t1 && itadm create-tpg one 10.0.0.1"
    " && stmfadm create-hg web && stmfadm add-hg-member -g web iqn.1998-01.com.vmware:esx1"
    ' && stmfadm add-view -n 5 -h web "$g"'
    " && svcadm disable iscsi/target"
)
CLIQ = (
    'createVolume volumeName=v1 clusterName=Cluster01 size=1GB thinProvision=1 description="the first"',
    "createServer serverName=esx1 initiator=iqn.1998-01.com.vmware:esx1",
    "assignVolumeToServer volumeName=v1 serverName=esx1",
    "createSnapshot volumeName=v1 snapshotName=monday",
    "cloneSnapshot snapshotName=monday volumeName=v2",
    "assignVolumeChap volumeName=v2 chapName=joe targetSecret=secretsecret1",
)


@pytest.fixture
def lived(sim: Simulator, run: Run) -> Simulator:
    assert run(sim["solaris"], LIVED)[0] == 0
    for line in CLIQ:
        assert run(sim["hp"], line)[0] == 0
    return sim


def test_an_export_is_toml_that_a_person_finds_things_in(lived: Simulator) -> None:
    document: dict[str, Any] = tomllib.loads(lived.export())
    assert document["format"] == 1
    solaris, hp = document["array"]
    assert (solaris["name"], solaris["kind"], solaris["flavour"]) == ("solaris", "solaris", "omnios")
    assert (hp["name"], hp["kind"], hp["flavour"]) == ("hp", "hp", "12.6")
    volume = solaris["zfs"]["datasets"]["tank/db1"]
    assert (volume["kind"], volume["volsize"]) == ("volume", 1 << 30)
    assert isinstance(volume["creation"], datetime)
    assert hp["volumes"]["v1"]["description"] == "the first"


def test_an_export_tells_nobody_how_to_log_in(lived: Simulator) -> None:
    text = lived.export()
    for array in lived.values():
        assert array.password not in text
    assert "[array.identity" not in text


def test_what_is_exported_is_imported_as_the_same(lived: Simulator, run: Run) -> None:
    text = lived.export()
    with Simulator(seed=2) as other:
        other.import_(text)
        assert other.export() == text
        check_state(other["solaris"].solaris)
        for command in ("zfs list -Hp -t all", "stmfadm list-lu -v", "itadm list-target -v", "svcs iscsi/target"):
            assert run(other["solaris"], command) == run(lived["solaris"], command)
        assert b"busy" in run(other["solaris"], "zfs destroy -R tank/db1")[2]
        # What is invented from now on is nothing that came with the text, though both began alike.
        lived.import_(text)
        assert run(lived["solaris"], "zfs create tank/new")[0] == 0
        check_state(lived["solaris"].solaris)


def test_one_array_is_exported_and_imported_under_any_name(lived: Simulator) -> None:
    text = lived["hp"].export()
    with Simulator((ArrayConfig(name="san1", kind="hp"), "solaris"), seed=1) as other:
        untouched = other["solaris"].export()
        other["san1"].import_(text)
        assert list(other["san1"].lefthand.group.tables.volumes) == ["v1", "v2"]
        assert other["solaris"].export() == untouched
        with pytest.raises(ImportRefused, match="no array 'hp' here; name one of san1, solaris"):
            other.import_(text)
        with pytest.raises(ImportRefused, match=r"several arrays in this \(solaris, hp\)"):
            other["san1"].import_(lived.export())


def test_bytes_that_are_no_text_come_back(sim: Simulator) -> None:
    host = sim["solaris"].solaris
    with host.state.change():
        dataset = host.pools.datasets["tank"]
        host.pools.datasets["tank"] = attrs.evolve(dataset, lu_metadata="a\udcff\n\t\"'\\é")
    host.comstar.stmf.host_groups.create("g\udcff")
    text = sim.export()
    text.encode()
    sim.reset()
    sim.import_(text)
    assert host.pools.datasets["tank"].lu_metadata == "a\udcff\n\t\"'\\é"
    assert "g\udcff" in [group.name for group in host.comstar.stmf.host_groups]
    assert sim.export() == text
    with pytest.raises(ImportRefused, match="'bytes:!' is no name in base64"):
        sim.import_(text.replace('."bytes:', '."bytes:!').replace('"bytes:!Z/8="', '"bytes:!"'))


def test_tables_that_are_left_out_are_as_freshly_made(sim: Simulator, run: Run) -> None:
    text = """
        format = 1
        [[array]]
        name = "hp"
        kind = "hp"
        flavour = "12.6"
    """
    fresh = sim["hp"].export()
    run(sim["hp"], CLIQ[0])
    sim.import_(text)
    assert not sim["hp"].lefthand.group.tables.volumes
    assert sim["hp"].export() == fresh


def test_the_same_again_writes_nothing(lived: Simulator) -> None:
    table = lived["solaris"].solaris.pools.datasets
    heard: list[object] = []
    table.observe(lambda old, new: heard.append((old, new)))
    heard.clear()
    lived.import_(lived.export())
    assert heard == []


HEAD = 'format = 1\n[[array]]\nname = "hp"\nkind = "hp"\nflavour = "12.6"\n'


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("[[array", "this is no TOML"),
        ("", "this has no format, this sansim reads format = 1"),
        ("format = 2\n", "this has format 2, this sansim reads format = 1"),
        ("format = true\n", "this has format True"),
        ("format = 1\n", r"write a table \[\[array\]\]"),
        ("format = 1\narray = 5\n", r"write a table \[\[array\]\]"),
        ("format = 1\nfromat = 1\n", "'fromat' stands beside"),
        ('format = 1\n[[array]]\nkind = "hp"\n', 'name = None; write name = "…"'),
        (HEAD + HEAD.partition("\n")[2], "two arrays are called 'hp'"),
        (HEAD.replace('"hp"', '"solaris"').replace("12.6", "omnios"), "of that kind and flavour"),
        (HEAD.replace("12.6", "9.0"), "array hp is hp 9.0, array hp is hp 12.6"),
        (HEAD + "[array.volume.v1]\nid = 1\n", "no hp array has a table 'volume'; it has .*clusters, groups"),
        (HEAD + "volumes = 5\n", "volumes = 5 is no table"),
        (HEAD + '[array.identity.array]\npassword = "x"\n', "no hp array has a table 'identity'"),
        (HEAD + "[array.volumes.v1]\nid = 1\n", 'volumes."v1": name is missing'),
        (HEAD + '[array.servers.s1]\nid = "x"\n', "servers.\"s1\".id: 'x' is no int"),
        (HEAD + "[array.servers.s1]\nid = true\n", 'servers."s1".id: True is no int'),
        (HEAD + "[array.servers.s1]\nidd = 1\n", "s1"),
        (HEAD + "[array.servers]\ns1 = 5\n", 'servers."s1": 5 is no table of a Server'),
        (
            HEAD + '[array.clusters.c]\nname = "c"\nvips = []\nspace_total = 1\nnodes = [{ name = 5 }]\n',
            r'clusters."c".nodes\[0\].name: 5 is no str',
        ),
    ],
)
def test_a_text_that_cannot_be_used_says_why_and_changes_nothing(sim: Simulator, text: str, mend: str) -> None:
    before, array = sim.export(), sim["hp"]
    with pytest.raises(ImportRefused, match=mend):
        array.import_(text)
    assert sim.export() == before


@pytest.mark.parametrize(
    ("change", "mend"),
    [
        (
            ("array.snapshots.monday]", "array.snapshots.tuesday]"),
            r'snapshots\."tuesday"\.name: monday is another name',
        ),
        (('volume = "v1"', 'volume = "v3"'), r'snapshots\."monday": there is no volume v3'),
        (('cluster = "Cluster01"', 'cluster = "Cluster02"'), r'volumes\."v1": there is no cluster Cluster02'),
        (('clone_of = "monday"', 'clone_of = "sunday"'), r'volumes\."v2": there is no snapshot sunday'),
        (("array.servers.esx1]\nid", "array.servers.esx2]\nid"), r"servers\."),
        (('array.zfs.snapshots."tank/db1@monday"]', 'array.zfs.snapshots."tank/db3@monday"]'), "do not fit together"),
        (
            ('snapshots."tank/db1@monday"]\nname = "tank/db1@monday"', 'snapshots."tank/x@m"]\nname = "tank/x@m"'),
            r'zfs\.datasets\."tank/db2": there is no snapshot tank/db1@monday',
        ),
        (
            ('datasets."tank/db1"]\nname = "tank/db1"', 'datasets."tank/x/y"]\nname = "tank/x/y"'),
            r'zfs\.datasets\."tank/x/y": there is no dataset tank/x above it',
        ),
        (('host_group = "web"', 'host_group = "app"'), "there is no host group app"),
        (('origin = "tank/db1@monday"', 'origin = "tank/db1@sunday"'), "there is no snapshot tank/db1@sunday"),
        (('array.zfs.pools.tank]\nname = "tank"', 'array.zfs.pools.tub]\nname = "tub"'), "name is missing"),
        (('members = [\n    "iqn', 'members_ = [\n    "iqn'), "there is no members_; write members, name"),
        (
            (
                '[array.smf.services."svc:/system/svc/restarter:default"]\nfmri = "svc:/system/svc/restarter:default"',
                '[array.smf.services."svc:/x:default"]\nfmri = "svc:/x:default"',
            ),
            "svc:/x:default",
        ),
    ],
)
def test_objects_that_do_not_fit_together_are_refused(lived: Simulator, change: tuple[str, str], mend: str) -> None:
    text = lived.export()
    assert change[0] in text
    with pytest.raises(ImportRefused, match=mend):
        lived.import_(text.replace(*change, 1))
    assert lived.export() == text
    check_state(lived["solaris"].solaris)


def test_of_several_arrays_none_is_changed_when_one_cannot_be(lived: Simulator) -> None:
    text = lived.export()
    lived.reset()
    fresh = lived.export()
    wrong = text.replace('cluster = "Cluster01"\nsize = 1073741824', 'cluster = "Cluster01"\nsize = "1G"', 1)
    with pytest.raises(ImportRefused, match=r'volumes\."v1"\.size'):
        lived.import_(wrong)
    assert lived.export() == fresh
