"""Logical units on volumes: what they keep, what holds them, what loses them."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from attrs import frozen

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials, Program
from sansim.shell.files import Device, Files
from sansim.solaris.comstar import Comstar
from sansim.solaris.iscsit.model import TargetChanges
from sansim.solaris.pools.errors import Busy
from sansim.solaris.pools.lineage import clone, rename, rollback, take_snapshots
from sansim.solaris.pools.pool import Pools
from sansim.solaris.smf.smf import STMF
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.stmf import Alua, Stmf
from sansim.solaris.stmf.units import UnitProperties
from sansim.solaris.stmfadm import program as stmfadm
from sansim.solaris.stmfadm.release import ORACLE_STMF
from sansim.state import State
from sansim.store import Store

MIB = 1 << 20
GUID = "600144F05F71070000004BC981EC0001"
DEVICE = "/dev/zvol/rdsk/tank/v"
TARGET = "iqn.2010-08.org.illumos:02:t1"
INITIATOR = "iqn.1998-01.com.vmware:esx1"


@frozen
class Host:
    pools: Pools
    comstar: Comstar
    clock: Clock
    files: Files

    @property
    def stmf(self) -> Stmf:
        return self.comstar.stmf

    def stmfadm(self, *words: str, root: bool = True) -> Answer:
        return self.run("stmfadm", *words, root=root)

    def run(self, *words: str, root: bool = True) -> Answer:
        program = self.comstar.programs()[words[0]]

        async def once() -> Answer:
            return await program(Call(words, Credentials("admin", root=root), _no_file))

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
    files = Files()
    files.mkdir("/tmp")
    return Host(pools, Comstar(state, pools, clock, random, files=files), clock, files)


@pytest.fixture
def host() -> Host:
    return boot()


@pytest.fixture
def exported(host: Host) -> Host:
    """A unit that an initiator sees as LUN 3 of a target, where it is logged in."""
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    host.stmf.add_view(GUID, 3, None, None)
    host.comstar.iscsit.targets.create(TARGET, TargetChanges())
    host.comstar.iscsit.login(INITIATOR, TARGET)
    return host


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


def test_deleting_a_busy_unit_is_refused_and_takes_every_view_all_the_same(exported: Host) -> None:
    exported.stmf.start_command(INITIATOR, TARGET, 3)
    before = exported.clock.now()
    assert exported.stmfadm("delete-lu", GUID) == Answer(stderr="stmfadm: resource busy\n", status=1)
    assert (exported.clock.now() - before).total_seconds() == pytest.approx(5, abs=0.5)
    assert exported.stmf.views.of(GUID) == []
    assert exported.stmf.units[GUID].status == "Offlining"
    assert exported.stmfadm("online-lu", GUID) == Answer(stderr="stmfadm: resource busy\n", status=1)
    exported.stmf.finish_command(INITIATOR, TARGET, 3)
    assert exported.stmf.units[GUID].status == "Offline"
    assert exported.stmfadm("delete-lu", GUID) == Answer()


def test_deleting_a_busy_unit_with_its_views_kept_keeps_them(exported: Host) -> None:
    exported.stmf.start_command(INITIATOR, TARGET, 3)
    views = exported.stmf.views.of(GUID)
    assert exported.stmfadm("delete-lu", "-k", GUID).status == 1
    assert exported.stmf.views.of(GUID) == views


def test_a_unit_that_cannot_go_offline_is_waited_for(exported: Host) -> None:
    exported.stmf.start_command(INITIATOR, TARGET, 3)
    before = exported.clock.now()
    answer = exported.stmfadm("offline-lu", GUID)
    late = "stmfadm: Logical Unit state change request submitted. Waiting for completion timed out\n"
    assert answer == Answer(stderr=late, status=1)
    assert (exported.clock.now() - before).total_seconds() == pytest.approx(9, abs=0.5)
    exported.comstar.iscsit.logout(INITIATOR, TARGET)
    assert exported.stmf.units[GUID].status == "Offline"


def test_a_command_that_ends_meanwhile_lets_a_unit_be_deleted(exported: Host) -> None:
    exported.stmf.start_command(INITIATOR, TARGET, 3)
    delete = exported.comstar.programs()["stmfadm"]

    async def both() -> Answer:
        call = Call(("stmfadm", "delete-lu", GUID), Credentials("admin", root=True), _no_file)
        deleting: asyncio.Future[Answer] = asyncio.ensure_future(delete(call))
        await asyncio.sleep(0)
        assert exported.stmf.units[GUID].status == "Offlining"
        exported.stmf.finish_command(INITIATOR, TARGET, 3)
        return await deleting

    assert asyncio.run(both()) == Answer()
    assert GUID not in exported.stmf.units


@pytest.mark.parametrize("lun", [3, 4])
def test_commands_need_a_session_and_a_unit(exported: Host, lun: int) -> None:
    other = INITIATOR if lun != 3 else "iqn.1998-01.com.vmware:esx2"
    with pytest.raises(StmfError):
        exported.stmf.start_command(other, TARGET, lun)
    with pytest.raises(StmfError):
        exported.stmf.finish_command(other, TARGET, lun)


def test_a_stopped_service_waits_for_its_units(exported: Host) -> None:
    port = "wwn.2100001B32199999"
    exported.stmf.ports.register(port, online=True, provider="qlt", protocol="Fibre Channel", alias="qlt0,0")
    exported.stmf.ports.hang(port)
    exported.comstar.smf.disable(STMF)
    assert exported.stmfadm("list-state").printed.splitlines()[0] == "Operational Status: offlining"
    assert exported.stmfadm("online-lu", GUID).stderr == "stmfadm: STMF service is offline\n"
    exported.stmf.ports.hang(port, hung=False)
    assert exported.stmfadm("list-state").printed.splitlines()[0] == "Operational Status: offline"


def test_a_target_that_does_not_answer_is_waited_for(host: Host) -> None:
    port = "wwn.2100001B32199999"
    host.stmf.ports.register(port, online=True, provider="qlt", protocol="Fibre Channel", alias="qlt0,0")
    host.stmf.ports.hang(port)
    late = "stmfadm: Target state change request submitted. Waiting for completion timed out.\n"
    assert host.stmfadm("offline-target", port.lower()) == Answer(stderr=late, status=1)
    assert host.stmfadm("online-target", port) == Answer(stderr="stmfadm: resource busy\n", status=1)
    assert host.stmfadm("list-target", "-v").stdout == (
        f"Target: {port}\n"
        "    Operational Status: Offlining\n"
        "    Provider Name     : qlt\n"
        "    Alias             : qlt0,0\n"
        "    Protocol          : Fibre Channel\n"
        "    Sessions          : 0\n"
    )
    host.stmf.ports.hang(port, hung=False)
    assert host.stmf.ports[port].status == "Offline"
    host.stmf.ports.hang(port)
    assert host.stmfadm("online-target", port).stderr == late
    assert host.stmfadm("list-state").printed.splitlines()[0] == "Operational Status: onlining"
    assert host.stmfadm("offline-target", port).stderr == "stmfadm: resource busy\n"


def test_sessions_are_listed_the_latest_first(exported: Host) -> None:
    exported.clock.advance(86400)
    exported.comstar.iscsit.login("iqn.1998-01.com.vmware:ESX2", TARGET)
    assert exported.stmfadm("list-target", "-v", TARGET).stdout == (
        f"Target: {TARGET}\n"
        "    Operational Status: Online\n"
        "    Provider Name     : iscsit\n"
        "    Alias             : -\n"
        "    Protocol          : iSCSI\n"
        "    Sessions          : 2\n"
        "        Initiator: iqn.1998-01.com.vmware:esx2\n"
        "            Alias: -\n"
        "            Logged in since: Sun Apr 18 09:39:56 2010\n"
        "        Initiator: iqn.1998-01.com.vmware:esx1\n"
        "            Alias: -\n"
        "            Logged in since: Sat Apr 17 09:39:56 2010\n"
    )


def test_oracle_s_host_tells_who_sees_a_view(exported: Host) -> None:
    oracle = stmfadm.program(Stmf(State(), exported.pools, exported.clock, Random(1), release=ORACLE_STMF))
    assert "-v, --verbose" in _ask(oracle, "list-view", "-?").printed
    exported.stmf.release = ORACLE_STMF
    answer = exported.run("stmfadm", "list-view", "-v", "-l", GUID)
    assert answer.stdout == (
        "View Entry: 0\n"
        "    Host group   : All\n"
        "    Target Group : All\n"
        "    LUN          : 3\n"
        f"    Lun : 3 for {INITIATOR}\n"
    )


def test_a_unit_on_standby_tells_little_and_changes_not_at_all(host: Host) -> None:
    host.stmf.units.create(DEVICE, UnitProperties(guid=GUID))
    host.stmf.set_alua(Alua(enabled=True, node=1))
    host.stmf.units.standby(GUID)
    assert host.stmfadm("list-state").printed.splitlines()[2:] == [
        "ALUA Status       : enabled",
        "ALUA Node         : 1",
    ]
    lines = host.stmfadm("list-lu", "-v").printed.splitlines()
    assert lines[-11:-1] == [f"    {label:<18}: prop unavailable in standby" for label in _STANDBY_LABELS]
    assert lines[-1] == "    Access State      : Standby"
    refused = host.stmfadm("modify-lu", "-p", "wp=true", GUID)
    assert refused == Answer(stderr="stmfadm: cannot modify while in standby mode\n", status=1)
    assert host.run("sbdadm", "modify-lu", "-s", "1G", GUID).stderr == "sbdadm: could not set property: size: 33034\n"
    assert host.run("sbdadm", "list-lu").printed.splitlines()[-2:] == [
        f"{GUID.lower()}<error retrieving property>",
        "<error retrieving property>",
    ]
    assert not host.pools.volumes.is_open("tank/v")
    assert host.stmfadm("import-lu", DEVICE).stdout == f"Logical unit imported: {GUID}\n"
    assert host.stmf.units[GUID].access == "Active"
    assert host.pools.volumes.is_open("tank/v")
    host.stmf.units.standby(GUID)
    host.stmf.set_alua(Alua())
    assert GUID not in host.stmf.units


_STANDBY_LABELS = (
    "Data File", "Meta File", "Size", "Block Size", "Management URL", "Vendor ID", "Product ID", "Serial Num",
    "Write Protect", "Writeback Cache",
)  # fmt: skip


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


def _ask(program: Program, *words: str) -> Answer:
    async def once() -> Answer:
        return await program(Call(("stmfadm", *words), Credentials("admin", root=True), _no_file))

    return asyncio.run(once())
