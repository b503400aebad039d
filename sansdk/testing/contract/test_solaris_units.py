"""Solaris: logical units and views, and what others do to them before us or in the same moment."""

import pytest

from sansdk import Conflict
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, nothing_changed
from sansdk.testing.contract.comstar import DEVICE, GUID, OTHER_DEVICE, make_unit, sees_only, word_after
from sansdk.testing.hand import GIB, Hand
from sansdk.testing.race import meanwhile
from sansim import SimulatedArray

pytestmark = pytest.mark.parametrize("array", ["solaris"], indirect=True)


@pytest.fixture(autouse=True)
def volumes(san: SanSession) -> None:
    """Two volumes, `v` and `w`."""
    for name in ("v", "w"):
        san.create_volume(name, GIB)


# Logical units


def test_a_logical_unit_that_is_there_already_keeps_its_guid(san: SanSession, hand: Hand) -> None:
    hand.run(f"/usr/sbin/stmfadm create-lu -p guid={GUID} {DEVICE}")
    san.create_export("v", initiators=[HOST])
    assert (san.volume("v").serial or "").upper() == GUID
    sees_only(hand, san, HOST)


def test_a_logical_unit_that_another_just_made_is_read_and_used(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    units = array.solaris.comstar.stmf.units
    race = meanwhile(array, "stmfadm create-lu*", lambda _: make_unit(array, DEVICE, GUID))
    san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    assert [u.guid for u in units] == [GUID]
    sees_only(hand, san, HOST)


def test_a_guid_that_another_volume_has_is_not_used_a_second_time(san: SanSession, hand: Hand) -> None:
    san.create_export("w", initiators=[OTHER_HOST])
    guid = san.volume("w").serial
    hand.run(f"/usr/sbin/zfs set sansdk:guid={guid} tank/v")
    export = san.create_export("v", initiators=[HOST])
    assert (san.volume("v").serial or "").upper() != (guid or "").upper()
    assert hand.admits(export, HOST)
    assert hand.admits(san.export("w"), OTHER_HOST)


def test_a_guid_that_another_just_took_is_replaced_by_a_new_one(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    units = array.solaris.comstar.stmf.units

    def act(line: str) -> None:
        guid = line.split("guid=")[1].split(maxsplit=1)[0].upper()
        make_unit(array, OTHER_DEVICE, guid)

    race = meanwhile(array, "stmfadm create-lu*", act)
    export = san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    assert {u.data_file for u in units} == {DEVICE, OTHER_DEVICE}
    assert hand.admits(export, HOST)


def test_a_logical_unit_that_is_gone_while_its_views_stay_is_put_back_by_ensure(san: SanSession, hand: Hand) -> None:
    export = san.create_export("v", initiators=[HOST])
    serial = san.volume("v").serial
    hand.run(f"/usr/sbin/stmfadm delete-lu -k {serial}")
    assert not hand.admits(export, HOST)
    assert san.ensure_export("v", initiators=[HOST]) == export
    assert san.volume("v").serial == serial
    sees_only(hand, san, HOST)


def test_a_logical_unit_that_is_offline_is_put_online_by_ensure(san: SanSession, hand: Hand) -> None:
    export = san.create_export("v", initiators=[HOST])
    hand.run(f"/usr/sbin/stmfadm offline-lu {san.volume('v').serial}")
    assert not hand.admits(export, HOST)
    assert san.ensure_export("v", initiators=[HOST]) == export
    sees_only(hand, san, HOST)


def test_a_logical_unit_of_another_size_than_its_volume_is_mended_by_ensure(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    export = san.create_export("v", initiators=[HOST])
    hand.resize_volume("v", 2 * GIB)
    assert san.ensure_export("v", initiators=[HOST]) == export
    assert [u.size for u in array.solaris.comstar.stmf.units] == [2 * GIB]


def test_a_logical_unit_without_a_view_is_an_orphan_and_no_obstacle_to_deleting_the_export(
    san: SanSession, hand: Hand
) -> None:
    hand.run(f"/usr/sbin/stmfadm create-lu -p guid={GUID} {DEVICE}")
    assert [(o.kind, o.name.upper()) for o in san.orphans()] == [("logical unit", GUID)]


# Views and LUNs


def test_the_lun_of_a_view_for_everybody_is_taken_on_our_target_too(san: SanSession, hand: Hand) -> None:
    hand.run(f"/usr/sbin/stmfadm create-lu -p guid={GUID} {OTHER_DEVICE}")
    hand.run(f"/usr/sbin/stmfadm add-view -n 0 {GUID}")
    export = san.create_export("v", initiators=[HOST])
    assert export.lun != 0
    assert hand.admits(export, HOST)


def test_a_lun_that_a_view_for_everybody_has_is_a_conflict_where_it_was_asked_for(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run(f"/usr/sbin/stmfadm create-lu -p guid={GUID} {OTHER_DEVICE}")
    hand.run(f"/usr/sbin/stmfadm add-view -n 5 {GUID}")
    with nothing_changed(array), pytest.raises(Conflict, match="5"):
        san.create_export("v", initiators=[HOST], lun=5)


def test_a_lun_that_another_just_took_is_replaced_by_a_free_one(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    stmf = array.solaris.comstar.stmf

    def act(line: str) -> None:
        make_unit(array, OTHER_DEVICE, GUID)
        stmf.add_view(GUID, int(line.split(" -n ")[1].split(maxsplit=1)[0]), None, None)

    race = meanwhile(array, "stmfadm add-view*", act)
    export = san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    assert export.lun != stmf.views.of(GUID)[0].lun
    assert hand.admits(export, HOST)


def test_a_lun_that_was_asked_for_and_another_just_took_is_a_conflict(array: SimulatedArray, san: SanSession) -> None:
    stmf = array.solaris.comstar.stmf

    def act(_: str) -> None:
        make_unit(array, OTHER_DEVICE, GUID)
        stmf.add_view(GUID, 5, None, None)

    meanwhile(array, "stmfadm add-view*", act)
    with pytest.raises(Conflict, match="5"):
        san.create_export("v", initiators=[HOST], lun=5)
    assert list(stmf.views.guids()) == [GUID]
    assert [u.data_file for u in stmf.units] == [OTHER_DEVICE]


def test_a_view_that_another_just_made_of_the_same_volume_is_not_doubled(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    stmf = array.solaris.comstar.stmf

    def act(line: str) -> None:
        stmf.add_view(line.rpartition(" ")[2].upper(), 77, word_after("-h", line), word_after("-t", line))

    race = meanwhile(array, "stmfadm add-view*", act)
    export = san.ensure_export("v", initiators=[HOST])
    assert race.struck == 1
    assert export.lun == 77
    assert [v.lun for guid in stmf.views.guids() for v in stmf.views.of(guid)] == [77]
    sees_only(hand, san, HOST)


@pytest.mark.parametrize("gone", [("views",), ("unit",), ("views", "unit")], ids=" and ".join)
def test_removing_an_export_goes_on_where_steps_of_it_are_done_already(
    array: SimulatedArray, san: SanSession, hand: Hand, gone: tuple[str, ...]
) -> None:
    san.create_export("v", initiators=[HOST, OTHER_HOST])
    guid = san.volume("v").serial
    if "views" in gone:
        hand.run(f"/usr/sbin/stmfadm remove-view -l {guid} -a")
    if "unit" in gone:
        hand.run(f"/usr/sbin/stmfadm delete-lu -k {guid}")
    san.remove_export("v", missing_ok=True)
    stmf = array.solaris.comstar.stmf
    assert list(stmf.guids()) == []
    assert san.exports() == []
    assert san.orphans() == []
    san.delete_volume("v")
