"""Solaris: targets, groups and their names, and what others do to them before us or in the same moment."""

import re

import pytest

import sansdk
from sansdk import Chap, Conflict, LimitReached, Secret
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, STRANGER, nothing_changed
from sansdk.testing.contract.comstar import sees_only
from sansdk.testing.hand import GIB, Hand
from sansdk.testing.listing import listing
from sansdk.testing.race import meanwhile
from sansim import SimulatedArray
from sansim.solaris.iscsit.model import TargetChanges

SECRET = Secret("correct-horse-1")
MAKE_TARGETS = """
i=0
while [ $i -lt {count} ]; do
  /usr/sbin/itadm create-target -n iqn.2010-01.org.example:t$i >/dev/null || exit 1
  i=$((i + 1))
done
"""


pytestmark = pytest.mark.parametrize("array", ["solaris"], indirect=True)


@pytest.fixture(autouse=True)
def volumes(san: SanSession) -> None:
    """Two volumes, `v` and `w`."""
    for name in ("v", "w"):
        san.create_volume(name, GIB)


# What an export is made of


def test_one_target_and_its_group_serve_all_volumes_and_are_named_for_the_pool(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    targets = {san.create_export(name, initiators=[HOST]).target_iqn for name in ("v", "w")}
    (target,) = targets
    guid = int(hand.run("/usr/sbin/zpool get -H -o value guid tank"))
    assert target == f"iqn.2010-08.org.illumos:02:sansdk:tank-{guid:016x}"[:-8] + ":none.0"
    (group,) = array.solaris.comstar.stmf.target_groups
    assert group.name == target[target.index("sansdk:") :]
    assert group.members == (target,)


def test_each_initiator_has_one_host_group_for_all_its_volumes(array: SimulatedArray, san: SanSession) -> None:
    for name in ("v", "w"):
        san.create_export(name, initiators=[HOST, OTHER_HOST])
    groups = {g.name: g.members for g in array.solaris.comstar.stmf.host_groups}
    assert groups == {f"sansdk:{HOST}": (HOST,), f"sansdk:{OTHER_HOST}": (OTHER_HOST,)}


def test_every_view_names_its_groups_and_its_lun(array: SimulatedArray, san: SanSession) -> None:
    export = san.create_export("v", initiators=[HOST, OTHER_HOST])
    views = [p for e in array.log for p in e.programs if p.startswith("stmfadm add-view")]
    assert len(views) == 2
    for view in views:
        assert " -t " in view
        assert " -h " in view
        assert f" -n {export.lun} " in view


def test_the_logical_unit_has_the_guid_that_the_volume_is_marked_with(san: SanSession, hand: Hand) -> None:
    san.create_export("v", initiators=[HOST])
    mark = hand.run("/usr/sbin/zfs get -Hp -o value sansdk:guid tank/v").strip()
    assert re.fullmatch(r"(?i)600144f0[0-9a-f]{24}", mark)
    assert (san.volume("v").serial or "").lower() == mark.lower()


def test_the_default_portal_is_the_address_that_was_connected_to(array: SimulatedArray, san: SanSession) -> None:
    assert san.create_export("v", initiators=[HOST]).portals == (f"{array.host}:3260,1",)


def test_the_right_of_the_way_is_asked_for_only_what_it_needs_when_removing(
    array: SimulatedArray, san: SanSession
) -> None:
    san.create_export("v", initiators=[HOST])
    before = len(array.log)
    san.remove_export("v")
    ran = [p for e in array.log[before:] for p in e.programs]
    assert not any(p.startswith("stmfadm remove-view") and " -a" in p for p in ran)
    assert all(" -k" in p for p in ran if p.startswith("stmfadm delete-lu"))
    assert not any(p.startswith(("itadm delete-target", "stmfadm offline-target")) for p in ran)


# Portals


def test_the_portals_that_were_configured_stand_for_those_of_every_interface(array: SimulatedArray) -> None:
    portals = ("192.0.2.1", "192.0.2.2:3261")
    with sansdk.connect(array.url, **array.connect_args, portals=portals) as san:
        assert san.create_export("v", initiators=[HOST]).portals == ("192.0.2.1:3260,1", "192.0.2.2:3261,1")


def test_a_target_with_portal_groups_is_told_with_their_addresses_and_tags(san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/itadm create-tpg 7 192.0.2.7")
    hand.run("/usr/sbin/itadm create-tpg named 192.0.2.8:3270")
    hand.run("/usr/sbin/itadm create-target -n iqn.2010-01.org.example:theirs -t 7,named")
    hand.run("/usr/sbin/stmfadm create-lu -p guid=600144F0AAAABBBBCCCCDDDDEEEEFFFF /dev/zvol/rdsk/tank/v")
    hand.run("/usr/sbin/stmfadm add-view -n 3 600144F0AAAABBBBCCCCDDDDEEEEFFFF")
    assert sorted(san.export("v").portals) == ["192.0.2.7:3260,7", "192.0.2.8:3270,8"]


# Limits


def test_the_256th_target_is_refused_with_the_limit(array: SimulatedArray, san: SanSession, hand: Hand) -> None:
    hand.run("/bin/sh -s", MAKE_TARGETS.format(count=255))
    with nothing_changed(array), pytest.raises(LimitReached, match="255"):
        san.create_export("v", initiators=[HOST])


def test_a_full_host_takes_further_exports_on_the_shared_target(san: SanSession, hand: Hand) -> None:
    first = san.create_export("w", initiators=[OTHER_HOST])
    hand.run("/bin/sh -s", MAKE_TARGETS.format(count=254))
    assert san.create_export("v", initiators=[HOST]).target_iqn == first.target_iqn
    sees_only(hand, san, HOST)


# Host groups


def test_a_foreign_host_group_with_the_initiator_alone_is_used_and_left_alone(san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/stmfadm create-hg theirs")
    hand.run(f"/usr/sbin/stmfadm add-hg-member -g theirs {HOST}")
    assert san.create_export("v", initiators=[HOST]).initiators == (HOST,)
    assert [i.group for i in san.initiators()] == ["theirs"]
    sees_only(hand, san, HOST)
    san.remove_export("v", force=True)
    assert HOST in hand.run("/usr/sbin/stmfadm list-hg -v theirs")


def test_a_host_group_that_holds_others_too_is_a_conflict_that_names_them(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run("/usr/sbin/stmfadm create-hg theirs")
    hand.run(f"/usr/sbin/stmfadm add-hg-member -g theirs {HOST} {OTHER_HOST}")
    with nothing_changed(array), pytest.raises(Conflict, match="theirs") as caught:
        san.create_export("v", initiators=[HOST])
    assert OTHER_HOST in f"{caught.value} {caught.value.differences}"


def test_an_initiator_that_another_just_put_beside_others_is_a_conflict_too(
    array: SimulatedArray, san: SanSession
) -> None:
    groups = array.solaris.comstar.stmf.host_groups

    def act(_: str) -> None:
        groups.create("theirs")
        groups.add("theirs", HOST)
        groups.add("theirs", OTHER_HOST)

    before = listing(array)
    race = meanwhile(array, "stmfadm add-hg-member*", act)
    with pytest.raises(Conflict) as caught:
        san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    assert OTHER_HOST in f"{caught.value} {caught.value.differences}"
    assert listing(array) == {**before, "host group theirs": sorted([HOST, OTHER_HOST])}


def test_a_host_group_that_another_program_of_ours_just_made_is_shared(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    groups = array.solaris.comstar.stmf.host_groups

    def act(_: str) -> None:
        groups.create(f"sansdk:{HOST}")
        groups.add(f"sansdk:{HOST}", HOST)

    race = meanwhile(array, "stmfadm create-hg*", act)
    san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    sees_only(hand, san, HOST)


# Targets and target groups


def test_a_target_of_ours_without_its_group_is_an_orphan_and_no_obstacle(san: SanSession, hand: Hand) -> None:
    target = san.create_export("v", initiators=[HOST]).target_iqn
    san.remove_export("v")
    hand.run(f"/usr/sbin/stmfadm delete-tg {target[target.index('sansdk:') :]}")
    assert [o.name for o in san.orphans()] == [target]
    san.create_export("v", initiators=[HOST])
    sees_only(hand, san, HOST)


def test_a_target_of_ours_without_its_group_is_left_to_those_who_are_logged_in(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    first = san.create_export("v", initiators=[HOST])
    san.remove_export("v")
    hand.run(f"/usr/sbin/stmfadm delete-tg {first.target_iqn[first.target_iqn.index('sansdk:') :]}")
    array.solaris.comstar.iscsit.login(STRANGER, first.target_iqn)
    second = san.create_export("v", initiators=[HOST])
    assert second.target_iqn != first.target_iqn
    assert second.target_iqn.endswith(":none.1")
    assert hand.admits(second, HOST)
    assert [s.initiator for s in array.solaris.comstar.stmf.ports.sessions(first.target_iqn)] == [STRANGER]


def test_a_target_group_of_ours_without_its_target_is_an_orphan_and_no_obstacle(san: SanSession, hand: Hand) -> None:
    target = san.create_export("v", initiators=[HOST]).target_iqn
    san.remove_export("v")
    hand.run(f"/usr/sbin/itadm delete-target -f {target}")
    assert [o.kind for o in san.orphans()] == ["target group"]
    assert san.create_export("v", initiators=[HOST]).target_iqn == target
    sees_only(hand, san, HOST)


def test_a_target_that_somebody_put_into_another_group_is_not_used(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    target = san.create_export("v", initiators=[HOST]).target_iqn
    san.remove_export("v")
    hand.run(f"/usr/sbin/stmfadm delete-tg {target[target.index('sansdk:') :]}")
    hand.run("/usr/sbin/stmfadm create-tg theirs")
    hand.run(f"/usr/sbin/stmfadm offline-target {target}")
    hand.run(f"/usr/sbin/stmfadm add-tg-member -g theirs {target}")
    hand.run(f"/usr/sbin/stmfadm online-target {target}")
    before = listing(array)
    try:
        export = san.create_export("v", initiators=[HOST])
    except Conflict:
        assert listing(array) == before
    else:
        assert export.target_iqn != target
        assert hand.admits(export, HOST)
    assert array.solaris.comstar.stmf.target_groups["theirs"].members == (target,)


def test_a_target_that_another_program_of_ours_just_made_is_shared(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    def act(line: str) -> None:
        hand.array.solaris.comstar.iscsit.targets.create(line.split(" -n ")[1].split(maxsplit=1)[0], TargetChanges())

    race = meanwhile(array, "itadm create-target*", act)
    san.create_export("v", initiators=[HOST])
    assert race.struck == 1
    sees_only(hand, san, HOST)


def test_targets_that_ask_for_chap_by_default_are_a_conflict_where_no_chap_was_asked(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run("/usr/sbin/itadm modify-defaults -a chap")
    with nothing_changed(array), pytest.raises(Conflict, match="chap"):
        san.create_export("v", initiators=[HOST])
    export = san.create_export("v", initiators=[HOST], chap=Chap("db", SECRET))
    assert hand.admits(export, HOST, "db", SECRET)
