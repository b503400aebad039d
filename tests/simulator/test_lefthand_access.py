"""Who may log in to a volume of a LeftHand group, and what a session prevents."""

from ipaddress import IPv4Network
from random import Random

import pytest

from sansim.clock import Clock
from sansim.config import ClusterConfig
from sansim.lefthand.access import LoginRefused
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.results import Refusal
from sansim.state import State

GIB = 1 << 30
ESX1 = "iqn.1998-01.com.vmware:esx1"
ESX2 = "iqn.1998-01.com.vmware:esx2"
SECRET = "supersecret12"


@pytest.fixture
def group() -> ManagementGroup:
    group = ManagementGroup(State(), Clock(), Random(1))
    group.found("hp", [ClusterConfig(name="Cluster01", size=1 << 40)], IPv4Network("10.0.0.0/24"))
    group.create_volume("v1", "Cluster01", GIB, thin=True)
    return group


def test_a_volume_that_is_not_assigned_admits_nobody(group: ManagementGroup) -> None:
    with pytest.raises(LoginRefused, match="no permission of v1 admits"):
        group.access.login("v1", ESX1)
    with pytest.raises(LoginRefused, match="not found"):
        group.access.login("v2", ESX1)


def test_a_mask_admits_the_named_initiator_whatever_its_case(group: ManagementGroup) -> None:
    group.access.assign_initiators("v1", (ESX1,))
    assert group.access.login("v1", ESX1.upper()).volume == "v1"
    with pytest.raises(LoginRefused):
        group.access.login("v1", ESX2)


def test_a_server_admits_its_initiators(group: ManagementGroup) -> None:
    group.access.create_server("cluster", (ESX1, ESX2))
    group.access.assign_server("v1", "cluster")
    group.access.login("v1", ESX2)
    with pytest.raises(LoginRefused):
        group.access.login("v1", "iqn.1998-01.com.vmware:esx3")


def test_chap_admits_whoever_knows_the_secret(group: ManagementGroup) -> None:
    group.access.assign_chap("v1", "user", SECRET)
    group.access.login("v1", ESX1, chap_name="user", target_secret=SECRET)
    for name, secret in (("user", "wrongsecret12"), ("other", SECRET), ("", "")):
        with pytest.raises(LoginRefused):
            group.access.login("v1", ESX1, chap_name=name, target_secret=secret)


def test_mutual_chap_proves_the_target_to_who_asks(group: ManagementGroup) -> None:
    group.access.assign_chap("v1", "user", SECRET, "initiator1234")
    proof = {"chap_name": "user", "target_secret": SECRET}
    group.access.login("v1", ESX1, **proof)
    group.access.login("v1", ESX1, **proof | {"initiator_secret": "initiator1234"})
    with pytest.raises(LoginRefused):
        group.access.login("v1", ESX1, **proof | {"initiator_secret": "wrongsecret12"})


def test_a_target_without_an_initiator_secret_proves_nothing(group: ManagementGroup) -> None:
    group.access.assign_chap("v1", "user", SECRET)
    with pytest.raises(LoginRefused):
        group.access.login("v1", ESX1, chap_name="user", target_secret=SECRET, initiator_secret=SECRET)


def test_a_mask_beside_chap_lets_in_without_a_secret(group: ManagementGroup) -> None:
    group.access.create_server("esx1", (ESX1,))
    group.access.assign_chap("v1", "user", SECRET)
    group.access.assign_server("v1", "esx1")
    group.access.login("v1", ESX1)


def test_a_session_prevents_deleting_and_rolling_back(group: ManagementGroup) -> None:
    group.access.assign_initiators("v1", (ESX1,))
    group.create_snapshots([("s1", "v1")], inherit_access=True)
    session = group.access.login("v1", ESX1)
    with pytest.raises(Refusal, match="cannot be rolled back because it has connected sessions"):
        group.roll_back("s1")
    on_snapshot = group.access.login("s1", ESX1)
    with pytest.raises(Refusal, match="cannot be deleted because it has connected sessions"):
        group.delete_snapshot("s1")
    group.access.logout(on_snapshot)
    group.delete_snapshot("s1")
    with pytest.raises(Refusal, match="cannot be deleted because it has connected sessions"):
        group.delete_volume("v1")
    group.access.logout(session)
    group.access.logout(session)
    group.delete_volume("v1")


def test_a_session_ends_with_the_permission_that_admitted_it(group: ManagementGroup) -> None:
    group.access.assign_initiators("v1", (ESX1, ESX2))
    group.access.login("v1", ESX1)
    stays = group.access.login("v1", ESX2)
    group.access.assign_initiators("v1", (ESX2,), "r")
    assert list(group.tables.sessions.values()) == [stays]
    group.access.unassign_all("v1")
    assert not group.tables.sessions


def test_deleting_a_server_takes_its_permissions_and_sessions(group: ManagementGroup) -> None:
    group.access.create_server("esx1", (ESX1,))
    group.access.create_server("esx2", (ESX2,))
    group.access.assign_server("v1", "esx1")
    group.access.assign_server("v1", "esx2")
    group.access.login("v1", ESX1)
    group.access.delete_server("esx1")
    assert [row.auth_group for row in group.volume("v1").permissions] == ["esx2"]
    assert not group.tables.sessions
    group.access.create_server("again", (ESX1,))


def test_a_changed_secret_keeps_the_row(group: ManagementGroup) -> None:
    group.access.assign_chap("v1", "user", SECRET)
    (before,) = group.volume("v1").permissions
    group.access.assign_chap("v1", "user2", "othersecret12")
    (after,) = group.volume("v1").permissions
    assert (after.id, after.auth_group) == (before.id, before.auth_group)
    assert (after.chap_name, after.target_secret) == ("user2", "othersecret12")


def test_exclusive_access_lets_one_initiator_in_while_no_other_is(group: ManagementGroup) -> None:
    group.access.assign_initiators("v1", (ESX1, ESX2), exclusive=True)
    session = group.access.login("v1", ESX1)
    group.access.login("v1", ESX1.upper())
    with pytest.raises(LoginRefused):
        group.access.login("v1", ESX2)
    group.access.assign_initiators("v1", (ESX1, ESX2))
    group.access.login("v1", ESX2)
    group.access.logout(session)


def test_a_server_changes_its_initiators_and_those_that_go_are_logged_out(group: ManagementGroup) -> None:
    group.access.create_server("esx", (ESX1,))
    group.access.assign_server("v1", "esx")
    group.access.login("v1", ESX1)
    group.access.modify_server("esx", initiators=(ESX2,))
    assert not group.tables.sessions_of["v1"]
    group.access.login("v1", ESX2)
    with pytest.raises(LoginRefused):
        group.access.login("v1", ESX1)
    group.access.create_server("other", (ESX1,))
    with pytest.raises(Refusal, match="already used by server 'other'"):
        group.access.modify_server("esx", initiators=(ESX1, ESX2))
    assert group.access.server("esx").initiators == (ESX2,)
