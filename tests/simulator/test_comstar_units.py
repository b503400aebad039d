"""Logical units on volumes: what they keep, what holds them, what loses them."""

from pathlib import Path

import pytest

from sansim.program import Answer
from sansim.shell.files import Device
from sansim.solaris.pools.errors import Busy
from sansim.solaris.pools.lineage import clone, rename, rollback, take_snapshots
from sansim.solaris.smf.smf import STMF
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.units import UnitProperties
from sansim.state import State
from sansim.store import Store
from tests.simulator.comstar_host import DEVICE, GUID, INITIATOR, MIB, TARGET, Host, boot


@pytest.fixture
def host() -> Host:
    return boot()


def refusal(error: pytest.ExceptionInfo[StmfError]) -> StmfCode:
    return error.value.code


def test_a_guid_is_made_of_oui_host_time_and_a_counter(host: Host) -> None:
    host.pools.create_volume("tank/w", 64 * MIB, 8192)
    first = host.stmf.units.create(DEVICE, UnitProperties()).guid
    own = UnitProperties(host_id="0007715F", oui="ABCDEF")
    second = host.stmf.units.create("/dev/zvol/rdsk/tank/w", own).guid
    swapped = bytes.fromhex(host.stmf.units.guids.host_id)[::-1].hex().upper()
    assert first == f"600144F0{swapped}00004BC981EC0001"
    assert second == "6ABCDEF00007715F00004BC981EC0002"
    host.comstar.smf.restart(STMF)
    host.pools.create_volume("tank/x", 64 * MIB, 8192)
    assert host.stmf.units.create("/dev/zvol/rdsk/tank/x", UnitProperties()).guid.endswith("0003")


def test_a_held_volume_cannot_go_until_its_unit_does(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    with pytest.raises(Busy):
        host.pools.destroy("tank/v")
    host.stmf.units.offline(GUID)
    with pytest.raises(Busy):
        host.pools.destroy("tank/v")
    host.stmf.units.delete(GUID)
    host.pools.destroy("tank/v")


def test_a_unit_refused_for_its_guid_holds_nothing_but_leaves_its_metadata(host: Host) -> None:
    host.pools.create_volume("tank/w", 64 * MIB, 8192)
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    taken = host.stmfadm("create-lu", "-p", f"guid={GUID}", "/dev/zvol/rdsk/tank/w")
    assert taken == Answer(stderr="stmfadm: guid in use\n", status=1)
    assert not host.pools.volumes.is_open("tank/w")
    assert host.stmfadm("import-lu", "/dev/zvol/rdsk/tank/w") == taken
    host.stmf.units.delete(GUID)
    assert host.stmfadm("import-lu", "/dev/zvol/rdsk/tank/w").stdout == f"Logical unit imported: {GUID}\n"


def test_a_unit_refused_before_its_guid_is_made_leaves_nothing(host: Host) -> None:
    assert host.stmfadm("create-lu", "-s", "1K", DEVICE).stderr == "stmfadm: file size invalid\n"
    assert not host.pools.volumes.is_open("tank/v")
    assert host.pools.volumes.lu_metadata("tank/v") is None


def test_the_other_device_of_a_held_volume_is_busy(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    answer = host.stmfadm("create-lu", "/dev/zvol/dsk/tank/v")
    assert answer == Answer(stderr="stmfadm: resource busy\n", status=1)
    assert host.stmfadm("import-lu", "/dev/zvol/dsk/tank/v") == answer


def test_properties_stay_with_the_volume_wherever_it_goes(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID, vendor="ACME", serial="1", write_cache=False))
    host.stmf.units.delete(GUID)
    rename(host.pools, "tank/v", "tank/renamed")
    unit = host.stmf.units.load("/dev/zvol/dsk/tank/renamed")
    assert (unit.guid, unit.vendor, unit.serial, unit.write_cache) == (GUID, "ACME", "1", False)
    assert unit.alias == DEVICE, "the alias is kept, so it names the old path"
    assert unit.data_file == "/dev/zvol/dsk/tank/renamed"


def test_a_clone_carries_no_unit(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    take_snapshots(host.pools, ["tank/v@s"])
    clone(host.pools, "tank/v@s", "tank/clone")
    with pytest.raises(StmfError) as error:
        host.stmf.units.load("/dev/zvol/rdsk/tank/clone")
    assert refusal(error) is StmfCode.META_FILE_NAME


def test_a_rename_under_a_unit_is_not_noticed(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    rename(host.pools, "tank/v", "tank/renamed")
    assert host.stmf.units[GUID].data_file == DEVICE
    with pytest.raises(Busy):
        host.pools.destroy("tank/renamed")
    host.comstar.smf.restart(STMF)
    assert host.stmf.units[GUID].status == "Online"
    assert host.stmfadm("import-lu", "/dev/zvol/rdsk/tank/renamed").stderr == "stmfadm: resource busy\n"


def test_a_change_that_cannot_be_kept_holds_all_the_same(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    rename(host.pools, "tank/v", "tank/renamed")
    answer = host.stmfadm("modify-lu", "-p", "wp=true", GUID)
    assert answer == Answer(stderr="stmfadm: could not create meta file\n", status=1)
    assert host.stmf.units[GUID].write_protect
    host.stmf.units.delete(GUID)
    assert not host.stmf.units.load("/dev/zvol/rdsk/tank/renamed").write_protect


def test_a_new_volume_under_the_old_name_gets_the_metadata_of_the_unit(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    rename(host.pools, "tank/v", "tank/renamed")
    host.pools.create_volume("tank/v", 32 * MIB, 8192)
    assert host.stmfadm("modify-lu", "-p", "alias=a", GUID) == Answer()
    assert not host.pools.volumes.is_open("tank/v")
    assert host.pools.volumes.lu_metadata("tank/v") is not None
    assert host.stmfadm("import-lu", DEVICE).stderr == f"stmfadm: filename {DEVICE}: in use\n"


def test_a_unit_keeps_its_size_when_its_volume_changes(host: Host) -> None:
    take_snapshots(host.pools, ["tank/v@s"])
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    host.pools.resize("tank/v", 128 * MIB)
    assert host.stmf.units[GUID].size == 64 * MIB
    host.stmf.units.modify(GUID, size=128 * MIB)
    with pytest.raises(Busy):
        rollback(host.pools, "tank/v")
    host.stmf.units.delete(GUID)
    rollback(host.pools, "tank/v")
    assert host.stmf.units.load(DEVICE).size == 128 * MIB
    assert host.pools.volumes.size("tank/v") == 64 * MIB


def test_a_copy_of_a_file_is_taken_for_the_same_unit(host: Host) -> None:
    host.files.create("/tmp/disk", content=bytes(2 * MIB))
    created = host.stmfadm("create-lu", "/tmp/disk").printed
    guid = created.split()[-1]
    assert host.stmf.units[guid].size == 2 * MIB - 64 * 1024
    host.files.create("/tmp/copy", content=host.files.read("/tmp/disk"))
    assert host.stmfadm("import-lu", "/tmp/copy").stderr == "stmfadm: guid in use\n"
    assert host.stmfadm("delete-lu", guid) == Answer()
    assert host.stmfadm("import-lu", "/tmp/copy").stdout == f"Logical unit imported: {guid}\n"


def test_metadata_that_make_no_sense_are_none(host: Host) -> None:
    host.files.create("/tmp/disk", content=bytes(2 * MIB))
    guid = host.stmfadm("create-lu", "/tmp/disk").printed.split()[-1]
    host.stmfadm("delete-lu", guid)
    content = host.files.read("/tmp/disk")
    host.files.create("/tmp/disk", content=content.replace(b"{", b"("))
    assert host.stmfadm("import-lu", "/tmp/disk").stderr == "stmfadm: meta file error\n"


def test_a_volume_as_meta_file_is_not_simulated(host: Host) -> None:
    host.pools.create_volume("tank/w", 64 * MIB, 8192)
    answer = host.stmfadm("create-lu", "-p", "meta=/dev/zvol/rdsk/tank/w", DEVICE)
    assert answer == Answer(stderr="stmfadm: unknown error\n", status=1, unsupported="a volume as meta file")
    assert not host.pools.volumes.is_open("tank/v")


def test_a_disk_under_a_unit_is_not_simulated(host: Host) -> None:
    host.files.find_device = {"/dev/rdsk/c0t9d0s0": Device("c", 197, 0, size=1 << 30)}.get
    answer = host.stmfadm("create-lu", "/dev/rdsk/c0t9d0s0")
    assert answer == Answer(stderr="stmfadm: unknown error\n", status=1, unsupported="a disk under a logical unit")
    assert host.stmfadm("create-lu", "/dev/null") == Answer(stderr="stmfadm: unknown error\n", status=1)


def test_units_views_and_holds_outlive_the_process(tmp_path: Path) -> None:
    store = Store(tmp_path / "state")
    host = boot(State(store.array("solaris")))
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    made = host.stmf.units.create("/dev/zvol/rdsk/tank/" + _volume(host, "w"), UnitProperties()).guid
    view = host.stmf.add_view(GUID, 3, None, None)
    rename(host.pools, "tank/v", "tank/renamed")
    store.close()
    host = boot(State(Store(tmp_path / "state").array("solaris")))
    assert host.stmf.guids() == sorted([GUID, made])
    assert host.stmf.views.of(GUID) == [view]
    with pytest.raises(Busy):
        host.pools.destroy("tank/renamed")
    third = host.stmf.units.create("/dev/zvol/rdsk/tank/" + _volume(host, "x"), UnitProperties()).guid
    assert third != made


def _volume(host: Host, name: str) -> str:
    host.pools.create_volume(f"tank/{name}", 64 * MIB, 8192)
    return name


@pytest.mark.parametrize(
    "words",
    [
        ("list-lu",),
        ("create-lu", DEVICE),
        ("create-hg", "hg"),
        ("add-view", GUID),
        ("list-view", "-l", GUID),
        ("list-target",),
        ("list-hg",),
        ("list-tg", "-v"),
        ("delete-lu", "-k", GUID),
        ("delete-tg", "tg"),
        ("modify-lu", "-s", "1G", GUID),
        ("modify-lu", "-f", "-s", "1G", DEVICE),
        ("import-lu", DEVICE),
        ("remove-view", "-l", GUID, "0"),
        ("add-hg-member", "-g", "hg", INITIATOR),
        ("remove-tg-member", "-g", "tg", TARGET),
        ("offline-lu", GUID),
        ("offline-target", TARGET),
    ],
)
def test_who_has_no_right_is_refused(host: Host, words: tuple[str, ...]) -> None:
    assert host.stmfadm(*words, root=False) == Answer(stderr="stmfadm: permission denied\n", status=1)


@pytest.mark.parametrize("words", [("list-state",), ("online-lu", GUID), ("online-target", "iqn.2010-08.a:t")])
def test_a_refusal_before_the_state_is_known_exits_with_the_library_s_code(host: Host, words: tuple[str, ...]) -> None:
    assert host.stmfadm(*words, root=False) == Answer(stderr="stmfadm: permission denied\n", status=5)


def test_deleting_a_unit_without_right_complains_twice(host: Host) -> None:
    answer = host.stmfadm("delete-lu", GUID, root=False)
    assert answer == Answer(stderr="stmfadm: permission denied\nstmfadm: unable to remove view entries\n\n", status=2)


@pytest.mark.parametrize(
    ("words", "status"),
    [(("create-lu", DEVICE), 6), (("import-lu", DEVICE), 6), (("list-lu",), 1), (("delete-lu", "-k", GUID), 1)],
)
def test_sbdadm_s_status_without_right_is_the_library_s_code_and_one(
    host: Host, words: tuple[str, ...], status: int
) -> None:
    assert host.run("sbdadm", *words, root=False) == Answer(stderr="sbdadm: permission denied\n", status=status)
