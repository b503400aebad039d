"""Logical units on volumes: what they keep, what holds them, what loses them."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from attrs import frozen

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.comstar import Comstar
from sansim.solaris.pool import Pools
from sansim.solaris.smf import STMF
from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.stmf_units import UnitProperties
from sansim.solaris.zfs_errors import Busy
from sansim.solaris.zfs_lineage import clone, rename, rollback, take_snapshots
from sansim.state import State
from sansim.store import Store

MIB = 1 << 20
GUID = "600144F05F71070000004BC981EC0001"
DEVICE = "/dev/zvol/rdsk/tank/v"


@frozen
class Host:
    pools: Pools
    comstar: Comstar
    clock: Clock

    @property
    def stmf(self) -> Stmf:
        return self.comstar.stmf

    def stmfadm(self, *words: str, root: bool = True) -> Answer:
        program = self.comstar.programs()["stmfadm"]

        async def once() -> Answer:
            return await program(Call(("stmfadm", *words), Credentials("admin", root=root), _no_file))

        return asyncio.run(once())


def _no_file(path: str) -> bytes:
    raise FileNotFoundError(path)


def boot(state: State | None = None) -> Host:
    state = state or State()
    clock = Clock(datetime(2010, 4, 17, 9, 39, 56, tzinfo=UTC))
    random = Random(1)
    pools = Pools(state, clock, random)
    if "tank" not in pools.pools:
        pools.create_pool("tank", 1 << 40)
        pools.create_volume("tank/v", 64 * MIB, 8192)
    return Host(pools, Comstar(state, pools, clock, random), clock)


@pytest.fixture
def host() -> Host:
    return boot()


def refusal(error: pytest.ExceptionInfo[StmfError]) -> StmfCode:
    return error.value.code


def test_a_guid_is_made_of_oui_host_time_and_a_counter(host: Host) -> None:
    host.pools.create_volume("tank/w", 64 * MIB, 8192)
    first = host.stmf.units.create(DEVICE, UnitProperties(host_id="0007715F")).guid
    own = UnitProperties(host_id="0007715F", oui="ABCDEF")
    second = host.stmf.units.create("/dev/zvol/rdsk/tank/w", own).guid
    assert first == "600144F05F71070000004BC981EC0001"
    assert second == "6ABCDEF05F71070000004BC981EC0002"


def test_a_held_volume_cannot_go_until_its_unit_does(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    with pytest.raises(Busy):
        host.pools.destroy("tank/v")
    host.stmf.units.offline(GUID)
    with pytest.raises(Busy):
        host.pools.destroy("tank/v")
    host.stmf.units.delete(GUID)
    host.pools.destroy("tank/v")


def test_a_refused_unit_holds_nothing(host: Host) -> None:
    host.pools.create_volume("tank/w", 64 * MIB, 8192)
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    with pytest.raises(StmfError) as error:
        host.stmf.units.create("/dev/zvol/rdsk/tank/w", UnitProperties(guid=GUID))
    assert refusal(error) is StmfCode.GUID_IN_USE
    assert not host.pools.is_open("tank/w")
    assert host.pools.lu_metadata("tank/w") is None
    assert host.pools.is_open("tank/v")


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


def test_a_rename_under_a_unit_is_not_noticed_until_the_service_starts_again(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    rename(host.pools, "tank/v", "tank/renamed")
    assert host.stmf.units[GUID].data_file == DEVICE
    with pytest.raises(Busy):
        host.pools.destroy("tank/renamed")
    assert host.stmfadm("modify-lu", "-p", "wp=true", GUID).stderr == ("stmfadm: could not set property: wp: 32768\n")
    host.comstar.smf.restart(STMF)
    assert GUID not in host.stmf.units
    assert host.stmf.units.load("/dev/zvol/rdsk/tank/renamed").guid == GUID


def test_a_new_volume_under_the_old_name_is_not_taken_for_the_unit_s(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    rename(host.pools, "tank/v", "tank/renamed")
    host.pools.create_volume("tank/v", 32 * MIB, 8192)
    host.comstar.smf.restart(STMF)
    assert GUID not in host.stmf.units
    assert not host.pools.is_open("tank/v")


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
    assert host.pools.volsize("tank/v") == 64 * MIB


def test_deleting_a_busy_unit_is_refused_and_takes_every_view_all_the_same(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    host.stmf.add_view(GUID, 3, None, None)
    host.stmf.units.set_draining(GUID, draining=True)
    assert host.stmfadm("delete-lu", GUID) == Answer(stderr="stmfadm: resource busy\n", status=1)
    assert host.stmf.views.of(GUID) == []
    assert host.stmf.units[GUID].status == "Offlining"
    assert host.stmfadm("online-lu", GUID) == Answer(stderr="stmfadm: resource busy\n", status=1)
    host.stmf.units.set_draining(GUID, draining=False)
    assert host.stmf.units[GUID].status == "Offline"
    assert host.stmfadm("delete-lu", GUID) == Answer()


def test_deleting_a_busy_unit_with_its_views_kept_keeps_them(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    view = host.stmf.add_view(GUID, 3, None, None)
    host.stmf.units.set_draining(GUID, draining=True)
    assert host.stmfadm("delete-lu", "-k", GUID).status == 1
    assert host.stmf.views.of(GUID) == [view]
    answer = host.stmfadm("offline-lu", GUID)
    assert answer.stderr == ("stmfadm: Logical Unit state change request submitted. Waiting for completion timed out\n")


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
        ("delete-lu", GUID),
    ],
)
def test_who_has_no_right_is_refused(host: Host, words: tuple[str, ...]) -> None:
    assert host.stmfadm(*words, root=False) == Answer(stderr="stmfadm: permission denied\n", status=1)


@pytest.mark.parametrize("words", [("list-state",), ("online-lu", GUID), ("online-target", "iqn.2010-08.a:t")])
def test_a_refusal_before_the_state_is_known_exits_with_the_library_s_code(host: Host, words: tuple[str, ...]) -> None:
    assert host.stmfadm(*words, root=False) == Answer(stderr="stmfadm: permission denied\n", status=5)
