"""Exports that others made on a Solaris host: shown, used where they give what is asked, touched only when told to."""

import pytest

from sansdk import ANYONE, AlreadyExists, Ambiguous, Conflict
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, named, nothing_changed
from sansdk.testing.hand import GIB, Hand
from sansim import SimulatedArray

DEVICE = "/dev/zvol/rdsk/tank/v"
GUID = "600144F0AAAABBBBCCCCDDDDEEEEFFFF"
THEIR_TARGET = "iqn.2010-01.org.example:theirs"
SECOND_TARGET = "iqn.2010-01.org.example:second"


pytestmark = pytest.mark.parametrize("array", ["solaris"], indirect=True)


@pytest.fixture(autouse=True)
def theirs(san: SanSession, hand: Hand) -> None:
    """Somebody has made a target, and a logical unit on the volume `v`."""
    san.create_volume("v", GIB)
    hand.run(f"/usr/sbin/itadm create-target -n {THEIR_TARGET}")
    hand.run(f"/usr/sbin/stmfadm create-lu -p guid={GUID} {DEVICE}")


def show_to_all(hand: Hand) -> None:
    hand.run(f"/usr/sbin/stmfadm add-view -n 3 {GUID}")


def test_a_view_for_everybody_is_an_export_to_anyone_at_every_target(san: SanSession, hand: Hand) -> None:
    show_to_all(hand)
    (export,) = san.exports()
    assert (export.volume, export.target_iqn, export.lun) == ("v", THEIR_TARGET, 3)
    assert export.initiators is ANYONE
    assert export.maker is None
    assert san.export("v") == export
    assert san.volume("v").exported


def test_two_exports_of_others_are_ambiguous_and_both_are_told(san: SanSession, hand: Hand) -> None:
    show_to_all(hand)
    hand.run(f"/usr/sbin/itadm create-target -n {SECOND_TARGET}")
    assert {e.target_iqn for e in san.exports()} == {THEIR_TARGET, SECOND_TARGET}
    with pytest.raises(Ambiguous) as caught:
        san.export("v")
    assert set(caught.value.candidates) == set(san.exports())


def test_a_host_group_without_members_admits_nobody_which_is_not_anyone(san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/stmfadm create-hg nobody")
    hand.run(f"/usr/sbin/stmfadm add-view -h nobody -n 3 {GUID}")
    assert san.export("v").initiators == ()


def test_an_export_that_others_made_is_in_the_way_of_another(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    show_to_all(hand)
    with nothing_changed(array), pytest.raises(AlreadyExists) as caught:
        san.create_export("v", initiators=[HOST])
    assert caught.value.existing == san.export("v")


def test_an_export_that_others_made_is_returned_where_it_gives_what_was_asked(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    show_to_all(hand)
    with nothing_changed(array):
        assert san.ensure_export("v", initiators=ANYONE) == san.export("v")


def test_an_export_that_others_made_is_a_conflict_where_it_does_not_give_what_was_asked(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run("/usr/sbin/stmfadm create-hg theirs")
    hand.run("/usr/sbin/stmfadm add-hg-member -g theirs iqn.2010-01.org.example:host")
    hand.run(f"/usr/sbin/stmfadm add-view -h theirs -n 3 {GUID}")
    with nothing_changed(array), pytest.raises(Conflict):
        san.ensure_export("v", initiators=[HOST])


def test_an_export_that_others_made_is_completed_when_it_may_be_adopted(san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/stmfadm create-tg their-tg")
    hand.run(f"/usr/sbin/stmfadm offline-target {THEIR_TARGET}")
    hand.run(f"/usr/sbin/stmfadm add-tg-member -g their-tg {THEIR_TARGET}")
    hand.run(f"/usr/sbin/stmfadm online-target {THEIR_TARGET}")
    hand.run("/usr/sbin/stmfadm create-hg theirs")
    hand.run("/usr/sbin/stmfadm add-hg-member -g theirs iqn.2010-01.org.example:host")
    hand.run(f"/usr/sbin/stmfadm add-view -t their-tg -h theirs -n 3 {GUID}")
    export = san.ensure_export("v", initiators=[HOST], adopt=True)
    assert (export.target_iqn, export.lun) == (THEIR_TARGET, 3)
    assert named(export) == sorted([HOST, "iqn.2010-01.org.example:host"])
    assert hand.admits(export, HOST)
    assert hand.admits(export, "iqn.2010-01.org.example:host")


def test_an_export_that_others_made_is_removed_only_when_it_may_be_adopted(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    show_to_all(hand)
    with nothing_changed(array), pytest.raises(Conflict, match="adopt"):
        san.remove_export("v")
    san.remove_export("v", adopt=True)
    assert san.exports() == []
    assert THEIR_TARGET in hand.run("/usr/sbin/itadm list-target")


def test_an_export_of_ours_beside_one_of_others_is_the_one_that_export_returns(san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/stmfadm create-hg theirs")
    hand.run("/usr/sbin/stmfadm add-hg-member -g theirs iqn.2010-01.org.example:host")
    ours = san.create_export("v", initiators=[HOST])
    hand.run("/usr/sbin/stmfadm create-tg their-tg")
    hand.run(f"/usr/sbin/stmfadm offline-target {THEIR_TARGET}")
    hand.run(f"/usr/sbin/stmfadm add-tg-member -g their-tg {THEIR_TARGET}")
    hand.run(f"/usr/sbin/stmfadm online-target {THEIR_TARGET}")
    hand.run(f"/usr/sbin/stmfadm add-view -t their-tg -h theirs -n 3 {san.volume('v').serial}")
    assert len(san.exports()) == 2
    assert san.export("v") == ours
    san.remove_export("v")
    (left,) = san.exports()
    assert (left.target_iqn, left.lun) == (THEIR_TARGET, 3)


def test_the_export_of_the_driver_in_openstack_nova_is_known_by_its_form(san: SanSession, hand: Hand) -> None:
    target = "iqn.2010-10.org.openstack:v"
    hand.run("/usr/sbin/stmfadm create-tg tg-v")
    hand.run(f"/usr/sbin/stmfadm add-tg-member -g tg-v {target}")
    hand.run(f"/usr/sbin/itadm create-target -n {target}")
    hand.run(f"/usr/sbin/stmfadm add-view -t tg-v {GUID}")
    export = san.export("v")
    assert (export.target_iqn, export.maker) == (target, "nova")
    assert export.initiators is ANYONE
