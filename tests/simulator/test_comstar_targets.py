"""iSCSI targets: who may log in, what is seen, and what a session or a service does to them."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials
from sansim.solaris.comstar import Comstar
from sansim.solaris.iscsit.iscsit import Iscsit
from sansim.solaris.iscsit.model import IscsitError, IscsitRefusal, TargetChanges
from sansim.solaris.pools.pool import Pools
from sansim.solaris.smf.smf import ISCSI_TARGET, STMF
from sansim.solaris.stmf.errors import StmfError
from sansim.solaris.stmf.units import UnitProperties
from sansim.state import State
from sansim.store import Store

GUID = "600144F05F71070000004BC981EC0001"
ESX1 = "iqn.1998-01.com.vmware:esx1"
ESX2 = "iqn.1998-01.com.vmware:esx2"
TARGET = "iqn.2010-08.org.illumos:02:t1"
SECRET = "correct horse battery"


@pytest.fixture
def comstar() -> Comstar:
    state = State()
    clock = Clock(datetime(2026, 11, 4, 9, 5, 1, tzinfo=UTC))
    random = Random(1)
    pools = Pools(state, clock, random)
    pools.create_pool("tank", 1 << 40)
    pools.create_volume("tank/v", 1 << 26, 8192)
    comstar = Comstar(state, pools, clock, random)
    comstar.stmf.units.create("/dev/zvol/rdsk/tank/v", UnitProperties(guid=GUID))
    comstar.iscsit.targets.create(TARGET, TargetChanges())
    return comstar


@pytest.fixture
def iscsit(comstar: Comstar) -> Iscsit:
    return comstar.iscsit


def run(comstar: Comstar, *words: str, root: bool = True, files: dict[str, bytes] | None = None) -> Answer:
    def read_file(path: str) -> bytes:
        if path == "/root/secret":
            raise PermissionError(path)
        if path not in (files or {}):
            raise FileNotFoundError(path)
        return (files or {})[path]

    async def once() -> Answer:
        return await comstar.programs()[words[0]](Call(words, Credentials("admin", root=root), read_file))

    return asyncio.run(once())


def refused(initiator: str, iscsit: Iscsit, secret: str | None = None, user: str | None = None) -> bool:
    try:
        iscsit.login(initiator, TARGET, secret, user)
    except IscsitError as error:
        return error.refusal is IscsitRefusal.LOGIN_REFUSED
    return False


def test_without_chap_anybody_logs_in_but_sees_only_its_views(comstar: Comstar, iscsit: Iscsit) -> None:
    comstar.stmf.host_groups.create("esx1")
    comstar.stmf.host_groups.add("esx1", ESX1)
    comstar.stmf.add_view(GUID, 7, "esx1", None)
    iscsit.login(ESX1.replace("esx", "ESX"), TARGET)
    iscsit.login(ESX2, TARGET)
    assert iscsit.luns(ESX1, TARGET) == {7: GUID}
    assert iscsit.luns(ESX2, TARGET) == {}
    comstar.stmf.units.offline(GUID)
    assert iscsit.luns(ESX1, TARGET) == {}


def test_a_view_for_another_target_group_shows_nothing_here(comstar: Comstar, iscsit: Iscsit) -> None:
    comstar.stmf.target_groups.create("tg")
    comstar.stmf.add_view(GUID, 0, None, "tg")
    iscsit.login(ESX1, TARGET)
    assert iscsit.luns(ESX1, TARGET) == {}
    comstar.stmf.ports.offline(TARGET)
    comstar.stmf.target_groups.add("tg", TARGET)
    comstar.stmf.ports.online(TARGET)
    iscsit.login(ESX1, TARGET)
    assert iscsit.luns(ESX1, TARGET) == {0: GUID}


def test_a_chap_target_admits_who_proves_its_own_record(iscsit: Iscsit) -> None:
    iscsit.targets.modify(TARGET, None, TargetChanges(authentication="chap"))
    assert refused(ESX1, iscsit, SECRET), "no record"
    iscsit.initiators.create(ESX1, user="esx")
    assert refused(ESX1, iscsit, SECRET), "a record without secret"
    iscsit.initiators.modify(ESX1, secret=SECRET)
    assert refused(ESX1, iscsit)
    assert refused(ESX1, iscsit, "another secret")
    assert refused(ESX1, iscsit, SECRET, user="other")
    assert refused(ESX2, iscsit, SECRET, user="esx"), "the record is the initiator's"
    assert not refused(ESX1, iscsit, SECRET)
    assert not refused(ESX1, iscsit, SECRET, user="esx")


def test_the_user_defaults_to_the_initiator_s_name(iscsit: Iscsit) -> None:
    iscsit.targets.modify(TARGET, None, TargetChanges(authentication="chap"))
    iscsit.initiators.create(ESX1, secret=SECRET)
    assert not refused(ESX1, iscsit, SECRET, user=ESX1)
    assert refused(ESX1, iscsit, SECRET, user="esx1")


def test_the_default_authentication_counts_for_targets_that_say_nothing(comstar: Comstar, iscsit: Iscsit) -> None:
    assert run(comstar, "itadm", "modify-defaults", "-a", "chap").status == 0
    assert refused(ESX1, iscsit)
    iscsit.targets.modify(TARGET, None, TargetChanges(authentication="none"))
    assert not refused(ESX1, iscsit)
    iscsit.targets.modify(TARGET, None, TargetChanges(authentication="default"))
    assert refused(ESX1, iscsit)


def test_radius_admits_whom_its_server_knows(comstar: Comstar, iscsit: Iscsit) -> None:
    iscsit.targets.modify(TARGET, None, TargetChanges(authentication="radius"))
    iscsit.initiators.create(ESX1, secret=SECRET)
    iscsit.radius = {ESX1: "what radius knows", "esx": "what radius knows"}
    assert refused(ESX1, iscsit, "what radius knows"), "no server is configured"
    files = {"/tmp/secret": SECRET.encode()}
    assert run(comstar, "itadm", "modify-defaults", "-r", "10.0.0.9", "-D", "/tmp/secret", files=files).status == 0
    assert refused(ESX1, iscsit, SECRET), "the record's secret does not count"
    assert refused(ESX2, iscsit, "what radius knows")
    assert not refused(ESX1, iscsit, "what radius knows")
    assert not refused(ESX2, iscsit, "what radius knows", user="esx")
    iscsit.radius = {}
    assert refused(ESX1, iscsit, "what radius knows")


def test_a_target_proves_itself_with_its_own_secret(iscsit: Iscsit) -> None:
    with pytest.raises(IscsitError, match="LOGIN_REFUSED"):
        iscsit.login(ESX1, TARGET, mutual=(None, SECRET))
    iscsit.targets.modify(TARGET, None, TargetChanges(chap_secret=SECRET))
    iscsit.login(ESX1, TARGET, mutual=(None, SECRET))
    iscsit.login(ESX1, TARGET, mutual=(TARGET, SECRET))
    iscsit.targets.modify(TARGET, None, TargetChanges(chap_user="disks"))
    iscsit.login(ESX1, TARGET, mutual=("disks", SECRET))
    for wrong in ((TARGET, SECRET), ("disks", "another secret")):
        with pytest.raises(IscsitError, match="LOGIN_REFUSED"):
            iscsit.login(ESX1, TARGET, mutual=wrong)


def test_a_target_listens_at_the_portals_of_its_groups(iscsit: Iscsit) -> None:
    iscsit.portal_groups.create("tpg1", ["10.0.0.1:3260", "[fe80::1]:3261"])
    iscsit.login(ESX1, TARGET, portal="192.0.2.7:3260")
    iscsit.targets.modify(TARGET, None, TargetChanges(groups=("tpg1",)))
    iscsit.login(ESX1, TARGET, portal="10.0.0.1:3260")
    iscsit.login(ESX1, TARGET, portal="[fe80::1]:3261")
    for elsewhere in ("192.0.2.7:3260", "10.0.0.1:3261"):
        with pytest.raises(IscsitError, match="NOT_FOUND"):
            iscsit.login(ESX1, TARGET, portal=elsewhere)
    iscsit.login(ESX1, TARGET)


def test_a_change_of_authentication_leaves_sessions_alone(comstar: Comstar, iscsit: Iscsit) -> None:
    iscsit.login(ESX1, TARGET)
    iscsit.targets.modify(TARGET, None, TargetChanges(authentication="chap"))
    assert len(comstar.stmf.ports.sessions(TARGET)) == 1
    assert refused(ESX1, iscsit)


def test_no_secret_is_ever_shown(comstar: Comstar) -> None:
    files = {"/tmp/secret": SECRET.encode() + b"\n"}
    made = run(comstar, "itadm", "create-initiator", "-u", "esx", "-S", "/tmp/secret", ESX1, files=files)
    assert made == Answer()
    changed = run(comstar, "itadm", "modify-target", "-S", "/tmp/secret", TARGET, files=files)
    assert changed.status == 0
    assert comstar.iscsit.initiators[ESX1].chap_secret == SECRET
    shown = [
        run(comstar, "itadm", *words).printed
        for words in (("list-initiator", "-v"), ("list-initiator", "-p"), ("list-target", "-v"), ("list-target", "-pv"))
    ]
    shown += [repr(comstar.iscsit.initiators[ESX1]), repr(comstar.iscsit.targets[TARGET])]
    assert all(SECRET not in text for text in shown)
    assert "set" in shown[0]


def test_a_secret_file_that_may_not_be_read_says_so(comstar: Comstar) -> None:
    answer = run(comstar, "itadm", "create-initiator", "-S", "/root/secret", ESX1)
    assert answer.stderr == "Could not open secret file /root/secret: Permission denied\n"
    assert answer.status == 13
    assert answer.printed.startswith("usage:\n\tcreate-initiator")


def test_sessions_are_listed_most_recent_first(comstar: Comstar, iscsit: Iscsit) -> None:
    iscsit.login(ESX1, TARGET)
    iscsit.login(ESX2, TARGET)
    assert run(comstar, "stmfadm", "list-target", "-v").printed == (
        f"Target: {TARGET}\n"
        "    Operational Status: Online\n"
        "    Provider Name     : iscsit\n"
        "    Alias             : -\n"
        "    Protocol          : iSCSI\n"
        "    Sessions          : 2\n"
        f"        Initiator: {ESX2}\n"
        "            Alias: -\n"
        "            Logged in since: Wed Nov  4 09:05:01 2026\n"
        f"        Initiator: {ESX1}\n"
        "            Alias: -\n"
        "            Logged in since: Wed Nov  4 09:05:01 2026\n"
    )
    assert run(comstar, "itadm", "list-target").printed.splitlines()[1] == f"{TARGET:<61}online   2        "
    iscsit.logout(ESX2, TARGET)
    with pytest.raises(StmfError):
        iscsit.logout(ESX2, TARGET)
    assert [session.initiator for session in comstar.stmf.ports.sessions(TARGET)] == [ESX1]


def test_a_target_that_goes_offline_drops_its_sessions_and_admits_nobody(comstar: Comstar, iscsit: Iscsit) -> None:
    iscsit.login(ESX1, TARGET)
    run(comstar, "stmfadm", "offline-target", TARGET)
    assert comstar.stmf.ports.sessions(TARGET) == []
    with pytest.raises(IscsitError, match="NOT_FOUND"):
        iscsit.login(ESX1, TARGET)


def test_a_forced_delete_drops_sessions_and_leaves_the_group(comstar: Comstar, iscsit: Iscsit) -> None:
    comstar.stmf.target_groups.create("tg")
    iscsit.targets.delete(TARGET)
    comstar.stmf.target_groups.add("tg", TARGET)
    iscsit.targets.create(TARGET, TargetChanges())
    iscsit.login(ESX1, TARGET)
    assert run(comstar, "itadm", "delete-target", "-f", TARGET) == Answer()
    assert comstar.stmf.target_groups["tg"].members == (TARGET,)
    assert TARGET not in comstar.stmf.ports


def test_a_new_name_drops_the_sessions(comstar: Comstar, iscsit: Iscsit) -> None:
    iscsit.login(ESX1, TARGET)
    iscsit.targets.modify(TARGET, "iqn.2010-08.org.illumos:02:T2", TargetChanges())
    assert [target.name for target in iscsit.targets] == ["iqn.2010-08.org.illumos:02:t2"]
    assert comstar.stmf.ports.sessions("iqn.2010-08.org.illumos:02:t2") == []


def test_a_host_that_starts_again_finds_its_configuration(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 11, 4, 9, 5, 1, tzinfo=UTC))
    store = Store(tmp_path / "state")

    def start() -> Comstar:
        state = State(store.array("solaris"))
        return Comstar(state, Pools(state, clock, Random(1)), clock, Random(1))

    first = start()
    for number in (1, 2, 3):
        run(first, "itadm", "create-target", "-n", f"{TARGET}{number}")
    run(first, "itadm", "modify-target", "-n", f"{TARGET}9", f"{TARGET}2")
    run(first, "itadm", "create-tpg", "tpg1", "10.0.0.1")
    run(first, "itadm", "modify-defaults", "-a", "chap", "-i", "enable", "-I", "10.0.0.9")
    lists = [("itadm", f"list-{what}", "-v") for what in ("target", "tpg", "initiator")] + [("itadm", "list-defaults")]
    shown = [run(first, *words) for words in lists]
    assert [target.name[-2:] for target in first.iscsit.targets] == ["11", "19", "13"]
    again = start()
    assert [run(again, *words) for words in lists] == shown
    with pytest.raises(IscsitError, match="LOGIN_REFUSED"):
        again.iscsit.login(ESX1, f"{TARGET}9")
    store.close()


def test_a_target_without_a_name_gets_one(comstar: Comstar) -> None:
    first = run(comstar, "itadm", "create-target").printed
    second = run(comstar, "itadm", "create-target").printed
    assert first.startswith("Target iqn.2010-08.org.illumos:02:")
    assert first.endswith(" successfully created\n")
    assert first != second


def test_a_number_as_portal_group_s_name_is_its_tag_if_it_is_free(iscsit: Iscsit) -> None:
    for place, name in enumerate(("3", "web", "1", "70000", "db")):
        iscsit.portal_groups.create(name, [f"10.0.0.{place}:3260"])
    target = iscsit.targets.modify(TARGET, None, TargetChanges(groups=("web", "3", "1", "70000", "db")))
    assert [(tag.group, tag.number) for tag in target.tags] == [
        ("db", 6),
        ("70000", 5),
        ("1", 4),
        ("3", 3),
        ("web", 2),
    ]
    target = iscsit.targets.modify(TARGET, None, TargetChanges(groups=("3", "web")))
    assert [tag.number for tag in target.tags] == [3, 2]


def test_the_services_take_their_targets_with_them(comstar: Comstar, iscsit: Iscsit) -> None:
    iscsit.login(ESX1, TARGET)
    comstar.smf.disable(STMF)
    assert comstar.smf.online(ISCSI_TARGET), "it does not follow the stmf service"
    assert not comstar.stmf.ports[TARGET].online
    comstar.smf.disable(ISCSI_TARGET)
    assert TARGET not in comstar.stmf.ports
    comstar.smf.enable(ISCSI_TARGET)
    assert comstar.smf[ISCSI_TARGET].state == "offline"
    assert TARGET not in comstar.stmf.ports
    comstar.smf.enable(STMF)
    assert comstar.smf.online(ISCSI_TARGET)
    assert comstar.stmf.ports[TARGET].online
    assert comstar.stmf.ports.sessions(TARGET) == []
    assert comstar.stmf.units[GUID].status == "Online"


@pytest.mark.parametrize(
    ("subcommand", "right"),
    [
        (("create-target",), "modify"),
        (("delete-target", TARGET), "modify"),
        (("create-initiator", ESX1), "modify"),
        (("create-tpg", "tpg", "10.0.0.1"), "modify"),
        (("modify-defaults", "-a", "none"), "modify"),
        (("list-target",), "read"),
        (("list-initiator",), "read"),
        (("list-tpg",), "read"),
        (("list-defaults",), "read"),
    ],
)
def test_who_lacks_the_authorization_is_told_its_name(
    comstar: Comstar, subcommand: tuple[str, ...], right: str
) -> None:
    assert run(comstar, "itadm", *subcommand, root=False) == Answer(
        stderr=f"Error, operation requires authorization solaris.smf.{right}.stmf\n"
        f"itadm {subcommand[0]} failed with error 1\n",
        status=1,
    )


def test_services_change_only_for_who_may_manage_them(comstar: Comstar) -> None:
    assert run(comstar, "svcadm", "disable", STMF, root=False) == Answer(
        stderr="svcadm: svc:/system/stmf:default: Permission denied.\n", status=1
    )
    assert run(comstar, "svcs", "-H", "-o", "state", STMF, root=False) == Answer("online\n")
