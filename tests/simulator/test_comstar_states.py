"""Logical units and targets on their way between states, with sessions and commands under way, and on standby."""

import asyncio
from random import Random

import pytest

from sansim.program import Answer, Call, Credentials, Program
from sansim.solaris.iscsit.model import TargetChanges
from sansim.solaris.smf.smf import STMF
from sansim.solaris.stmf.errors import StmfError
from sansim.solaris.stmf.stmf import Alua, Stmf
from sansim.solaris.stmf.units import UnitProperties
from sansim.solaris.stmfadm import program as stmfadm
from sansim.solaris.stmfadm.release import ORACLE_STMF
from sansim.state import State
from tests.simulator.comstar_host import DEVICE, GUID, INITIATOR, TARGET, Host, boot, no_file


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
        call = Call(("stmfadm", "delete-lu", GUID), Credentials("admin", root=True), no_file)
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


def _ask(program: Program, *words: str) -> Answer:
    async def once() -> Answer:
        return await program(Call(("stmfadm", *words), Credentials("admin", root=True), no_file))

    return asyncio.run(once())
