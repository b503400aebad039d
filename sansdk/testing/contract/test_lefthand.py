"""What others do on a LeftHand group, before us or in the same moment, and what an export makes of it."""

import pytest

from sansdk import AlreadyExists, Chap, Conflict, NotFound, Secret
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, STRANGER, named, nothing_changed
from sansdk.testing.hand import GIB, Hand
from sansdk.testing.race import meanwhile
from sansim import SimulatedArray

SECRET = Secret("correct-horse-1")


pytestmark = pytest.mark.parametrize("array", ["hp"], indirect=True)


@pytest.fixture(autouse=True)
def volumes(san: SanSession) -> None:
    """Two volumes, `v` and `w`."""
    for name in ("v", "w"):
        san.create_volume(name, GIB)


def test_each_volume_is_lun_0_of_a_target_of_its_own_at_the_virtual_address(
    array: SimulatedArray, san: SanSession
) -> None:
    (vip,) = array.lefthand.group.tables.clusters[array.storage].vips
    exports = [san.create_export(name, initiators=[HOST]) for name in ("v", "w")]
    assert [e.lun for e in exports] == [0, 0]
    assert len({e.target_iqn for e in exports}) == 2
    assert {e.portals for e in exports} == {(f"{vip.ip_address}:3260,1",)}


def test_a_server_that_holds_the_initiator_alone_is_used_and_left_alone(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run(f"createServer serverName=theirs initiator={HOST}")
    hand.run("assignVolumeToServer volumeName=w serverName=theirs")
    export = san.create_export("v", initiators=[HOST])
    assert list(array.lefthand.group.tables.servers) == ["theirs"]
    assert hand.admits(export, HOST)
    san.remove_export("v", force=True)
    assert list(array.lefthand.group.tables.servers) == ["theirs"]
    assert san.export("w").initiators == (HOST,)


def test_a_server_that_holds_others_too_is_a_conflict(array: SimulatedArray, san: SanSession, hand: Hand) -> None:
    hand.run(f"createServer serverName=theirs initiator={HOST};{OTHER_HOST}")
    hand.run("assignVolumeToServer volumeName=w serverName=theirs")
    with nothing_changed(array), pytest.raises(Conflict, match="theirs") as caught:
        san.create_export("v", initiators=[HOST])
    assert OTHER_HOST in f"{caught.value} {caught.value.differences}"


def test_a_host_that_somebody_else_assigned_stays_assigned(san: SanSession, hand: Hand) -> None:
    hand.run(f"createServer serverName=theirs initiator={OTHER_HOST}")
    hand.run("assignVolumeToServer volumeName=v serverName=theirs")
    export = san.ensure_export("v", initiators=[HOST])
    assert named(export) == sorted([HOST, OTHER_HOST])
    assert hand.admits(export, OTHER_HOST)


def test_a_host_that_somebody_just_assigned_stays_assigned(array: SimulatedArray, san: SanSession) -> None:
    access = array.lefthand.group.access

    def act(_: str) -> None:
        access.create_server("theirs", (OTHER_HOST,))
        access.assign_server("v", "theirs")

    race = meanwhile(array, "assignVolumeToServer*", act)
    export = san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    assert named(export) == sorted([HOST, OTHER_HOST])


def test_an_export_that_somebody_just_made_or_removed_is_as_good_as_ours(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    access = array.lefthand.group.access
    san.create_export("w", initiators=[HOST])
    (server,) = array.lefthand.group.tables.servers
    race = meanwhile(array, "assignVolumeToServer volumeName=v*", lambda _: access.assign_server("v", server))
    export = san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    assert hand.admits(export, HOST)
    hand.log_out(export, HOST)
    race = meanwhile(array, "unassignVolumeToServer*", lambda _: access.unassign_server("v", server))
    san.remove_export("v")
    assert race.struck == 1
    assert [e.volume for e in san.exports()] == ["w"]


def test_chap_that_somebody_set_is_a_conflict_where_initiators_were_asked(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run(f"assignVolumeChap volumeName=v chapName=proj_x targetSecret={SECRET.reveal()}")
    assert san.export("v").chap == Chap("proj_x", SECRET)
    with nothing_changed(array), pytest.raises(AlreadyExists):
        san.create_export("v", initiators=[HOST])
    with nothing_changed(array), pytest.raises(Conflict) as caught:
        san.ensure_export("v", initiators=[HOST])
    assert SECRET.reveal() not in f"{caught.value} {caught.value.differences} {caught.value.output}"


def test_the_same_user_on_many_volumes_is_no_conflict(san: SanSession, hand: Hand) -> None:
    exports = [san.create_export(name, chap=Chap("proj_x", SECRET)) for name in ("v", "w")]
    assert all(hand.admits(e, STRANGER, "proj_x", SECRET) for e in exports)


def test_a_volume_that_somebody_just_made_is_told_apart_from_ours(array: SimulatedArray, san: SanSession) -> None:
    group = array.lefthand.group
    race = meanwhile(array, "createVolume*", lambda _: group.create_volume("x", array.storage, 2 * GIB, thin=True))
    with pytest.raises(AlreadyExists) as caught:
        san.create_volume("x", GIB)
    assert race.struck == 1
    assert caught.value.existing == san.volume("x")
    assert san.volume("x").size == 2 * GIB


def test_a_volume_that_somebody_just_deleted_is_not_found(array: SimulatedArray, san: SanSession) -> None:
    group = array.lefthand.group
    race = meanwhile(array, "deleteVolume*", lambda _: group.delete_volume("v"))
    with pytest.raises(NotFound):
        san.delete_volume("v")
    assert race.struck == 1


def test_the_volumes_of_other_clusters_are_not_ours(array: SimulatedArray, san: SanSession) -> None:
    from attrs import evolve  # noqa: PLC0415 - the one test that edits a state

    tables = array.lefthand.group.tables
    with array.state.change():
        tables.clusters["Cluster02"] = evolve(tables.clusters[array.storage], name="Cluster02")
    array.lefthand.group.create_volume("elsewhere", "Cluster02", GIB, thin=True)
    assert [v.name for v in san.volumes()] == ["v", "w"]
    with pytest.raises(NotFound):
        san.volume("elsewhere")


def test_an_export_is_no_orphan_and_a_server_without_volumes_is_none_either(san: SanSession, hand: Hand) -> None:
    hand.run(f"createServer serverName=theirs initiator={STRANGER}")
    san.create_export("v", initiators=[HOST])
    san.remove_export("v")
    assert san.orphans() == []
