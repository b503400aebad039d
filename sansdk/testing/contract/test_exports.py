"""Exports: who sees a volume, where, and under which number."""

import re

import pytest

from sansdk import (
    ANYONE,
    AlreadyExists,
    Busy,
    Capability,
    Conflict,
    InputError,
    InvalidName,
    NotFound,
    SanError,
    Unsupported,
)
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, STRANGER, named, nothing_changed, nothing_sent
from sansdk.testing.hand import GIB, Hand
from sansim import SimulatedArray


def test_create_export_returns_the_whole_export(san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    assert export.volume == "v"
    assert export.target_iqn.startswith("iqn.")
    assert isinstance(export.lun, int)
    assert export.portals
    assert all(re.fullmatch(r"(\[[0-9a-f:]+\]|[^:\s]+):\d+,\d+", portal) for portal in export.portals)
    assert export.initiators == (HOST,)
    assert export.chap is None


def test_an_export_is_read_as_it_was_made(san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    assert san.export("v") == export
    assert san.exports() == [export]


def test_an_exported_volume_says_so_and_has_a_serial_number(san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    assert san.volume("v").exported
    assert san.volume("v").serial


def test_an_export_tells_where_it_is_as_nova_stores_it(san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    assert export.provider_location == f"{export.portals[0]} {export.target_iqn} {export.lun}"
    assert export.provider_auth is None


def test_an_initiator_that_was_named_sees_the_volume_and_no_other_does(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    assert hand.admits(export, HOST)
    assert not hand.admits(export, STRANGER)


def test_several_initiators_see_the_volume_under_the_same_target_and_lun(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST, OTHER_HOST])
    assert named(export) == sorted([HOST, OTHER_HOST])
    assert san.exports() == [export]
    assert hand.admits(export, HOST)
    assert hand.admits(export, OTHER_HOST)
    assert not hand.admits(export, STRANGER)


def test_the_same_initiator_sees_several_volumes_each_as_a_disk_of_its_own(san: SanSession, hand: Hand) -> None:
    exports = []
    for name in ("a", "b", "c"):
        san.create_volume(name, GIB)
        exports.append(san.create_export(name, initiators=[HOST]))
    assert len({(e.target_iqn, e.lun) for e in exports}) == 3
    assert all(hand.admits(e, HOST) for e in exports)
    assert san.exports() == exports


def test_an_initiator_is_known_once_however_many_volumes_it_sees(san: SanSession) -> None:
    for name in ("a", "b"):
        san.create_volume(name, GIB)
        san.create_export(name, initiators=[HOST, OTHER_HOST])
    initiators = san.initiators()
    assert sorted(i.iqn for i in initiators) == sorted([HOST, OTHER_HOST])
    assert len({i.group for i in initiators}) == 2


def test_an_export_without_initiators_and_chap_is_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession
) -> None:
    san.create_volume("v", GIB)
    for call in (san.create_export, san.ensure_export):
        with nothing_sent(array), pytest.raises(InputError, match=r"open to everyone.*ANYONE"):
            call("v")


@pytest.mark.parametrize("name", ["", "host", "iqn.x", "iqn.1993-08.org.debian:a b", "iqn.1993-08.a:$(x)", "-h", "iqn"])
def test_what_is_no_initiator_name_is_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession, name: str
) -> None:
    with nothing_sent(array), pytest.raises(InvalidName, match="no initiator name"):
        san.create_export("v", initiators=[name])


def test_one_text_where_a_sequence_of_initiators_belongs_is_refused(array: SimulatedArray, san: SanSession) -> None:
    with nothing_sent(array), pytest.raises(InputError, match="sequence"):
        san.create_export("v", initiators=HOST)


def test_create_export_raises_not_found_for_a_volume_that_is_not_there(array: SimulatedArray, san: SanSession) -> None:
    for call in (san.create_export, san.ensure_export):
        with nothing_changed(array), pytest.raises(NotFound, match="absent"):
            call("absent", initiators=[HOST])


def test_create_export_raises_already_exists_with_the_export_that_is_there(
    array: SimulatedArray, san: SanSession
) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    for initiators in ([HOST], [OTHER_HOST]):
        with nothing_changed(array), pytest.raises(AlreadyExists, match="v") as caught:
            san.create_export("v", initiators=initiators)
        assert caught.value.existing == export


def test_ensure_export_makes_a_missing_one_and_leaves_a_right_one(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.ensure_export("v", initiators=[HOST])
    assert san.export("v") == export
    with nothing_changed(array):
        assert san.ensure_export("v", initiators=[HOST]) == export


def test_names_of_initiators_compare_whatever_their_case(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=["iqn.1993-08.org.debian:01:MiXeD"])
    with nothing_changed(array):
        export = san.ensure_export("v", initiators=["iqn.1993-08.org.debian:01:mixed"])
    assert [i.lower() for i in named(export)] == ["iqn.1993-08.org.debian:01:mixed"]


def test_ensure_export_adds_an_initiator_that_is_missing(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    before = san.create_export("v", initiators=[HOST])
    after = san.ensure_export("v", initiators=[HOST, OTHER_HOST])
    assert named(after) == sorted([HOST, OTHER_HOST])
    assert (after.target_iqn, after.lun) == (before.target_iqn, before.lun)
    assert hand.admits(after, HOST)
    assert hand.admits(after, OTHER_HOST)


def test_ensure_export_leaves_further_initiators_and_shows_them(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST, OTHER_HOST])
    with nothing_changed(array):
        assert san.ensure_export("v", initiators=[HOST]) == export


def test_ensure_export_takes_further_initiators_for_a_conflict_when_it_must_be_exact(
    array: SimulatedArray, san: SanSession
) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST, OTHER_HOST])
    with nothing_changed(array), pytest.raises(Conflict) as caught:
        san.ensure_export("v", initiators=[HOST], exact=True)
    assert any(OTHER_HOST in difference for difference in caught.value.differences)
    with nothing_changed(array):
        san.ensure_export("v", initiators=[HOST, OTHER_HOST], exact=True)


def test_an_export_open_to_everyone_must_be_said_and_is_made_where_the_array_can(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    san.create_volume("v", GIB)
    if Capability.ANYONE not in san.capabilities:
        with nothing_sent(array), pytest.raises(Unsupported) as caught:
            san.create_export("v", initiators=ANYONE)
        assert caught.value.capability is Capability.ANYONE
        return
    export = san.create_export("v", initiators=ANYONE)
    assert export.initiators is ANYONE
    assert san.export("v") == export
    assert hand.admits(export, STRANGER)
    with nothing_changed(array):
        assert san.ensure_export("v", initiators=ANYONE) == export


def test_a_mask_is_not_opened_by_ensure(array: SimulatedArray, san: SanSession) -> None:
    if Capability.ANYONE not in san.capabilities:
        pytest.skip("this array has no export that is open to everyone")
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    with nothing_changed(array), pytest.raises(Conflict):
        san.ensure_export("v", initiators=ANYONE)


def test_what_is_open_to_everyone_is_a_conflict_where_a_mask_was_asked(array: SimulatedArray, san: SanSession) -> None:
    if Capability.ANYONE not in san.capabilities:
        pytest.skip("this array has no export that is open to everyone")
    san.create_volume("v", GIB)
    san.create_export("v", initiators=ANYONE)
    with nothing_changed(array), pytest.raises(Conflict):
        san.ensure_export("v", initiators=[HOST])


def test_the_lun_that_was_asked_for_is_given_where_the_array_lets_it_be_chosen(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    san.create_volume("v", GIB)
    if Capability.CHOOSE_LUN not in san.capabilities:
        with nothing_sent(array), pytest.raises(Unsupported) as caught:
            san.create_export("v", initiators=[HOST], lun=7)
        assert caught.value.capability is Capability.CHOOSE_LUN
        assert san.create_export("v", initiators=[HOST], lun=0).lun == 0
        return
    export = san.create_export("v", initiators=[HOST, OTHER_HOST], lun=7)
    assert export.lun == 7
    assert hand.admits(export, HOST)
    assert hand.admits(export, OTHER_HOST)
    with nothing_changed(array):
        assert san.ensure_export("v", initiators=[HOST], lun=7) == export


def test_a_lun_that_another_volume_has_is_a_conflict(array: SimulatedArray, san: SanSession) -> None:
    if Capability.CHOOSE_LUN not in san.capabilities:
        pytest.skip("each volume is LUN 0 of its own target")
    for name in ("a", "b"):
        san.create_volume(name, GIB)
    san.create_export("a", initiators=[HOST], lun=7)
    with nothing_changed(array), pytest.raises(Conflict, match="7"):
        san.create_export("b", initiators=[HOST], lun=7)


def test_ensure_does_not_move_an_export_to_another_lun(array: SimulatedArray, san: SanSession) -> None:
    if Capability.CHOOSE_LUN not in san.capabilities:
        pytest.skip("each volume is LUN 0 of its own target")
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST], lun=7)
    with nothing_changed(array), pytest.raises(Conflict) as caught:
        san.ensure_export("v", initiators=[HOST], lun=8)
    assert any("LUN" in difference for difference in caught.value.differences)


@pytest.mark.parametrize("lun", [-1, 16_384, 100_000])
def test_a_lun_out_of_range_is_refused(array: SimulatedArray, san: SanSession, lun: int) -> None:
    san.create_volume("v", GIB)
    with nothing_changed(array), pytest.raises(SanError):
        san.create_export("v", initiators=[HOST], lun=lun)


def test_a_freed_lun_is_not_the_next_one_given(san: SanSession) -> None:
    if Capability.CHOOSE_LUN not in san.capabilities:
        pytest.skip("targets are never used again")
    for name in ("a", "b", "c"):
        san.create_volume(name, GIB)
    san.create_export("a", initiators=[HOST])
    freed = san.create_export("b", initiators=[HOST]).lun
    san.remove_export("b")
    assert san.create_export("c", initiators=[HOST]).lun != freed


def test_remove_export_takes_the_volume_away_from_every_initiator_and_keeps_it(san: SanSession, hand: Hand) -> None:
    volume = san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST, OTHER_HOST])
    san.remove_export("v")
    assert san.exports() == []
    assert san.volume("v").size == volume.size
    assert not san.volume("v").exported
    assert not hand.admits(export, HOST)
    assert not hand.admits(export, OTHER_HOST)
    assert san.orphans() == []


def test_remove_export_leaves_the_exports_of_other_volumes(san: SanSession, hand: Hand) -> None:
    for name in ("a", "b"):
        san.create_volume(name, GIB)
    san.create_export("a", initiators=[HOST])
    kept = san.create_export("b", initiators=[HOST])
    san.remove_export("a")
    assert san.exports() == [kept]
    assert hand.admits(kept, HOST)


def test_remove_export_raises_not_found_unless_absence_is_no_error(array: SimulatedArray, san: SanSession) -> None:
    with pytest.raises(NotFound, match="absent"):
        san.remove_export("absent")
    san.create_volume("v", GIB)
    with pytest.raises(NotFound, match="v"):
        san.remove_export("v")
    with nothing_changed(array):
        san.remove_export("v", missing_ok=True)
        san.remove_export("absent", missing_ok=True)


def test_a_volume_keeps_its_serial_number_when_it_is_exported_again(san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    serial = san.volume("v").serial
    san.remove_export("v")
    san.create_export("v", initiators=[HOST])
    assert san.volume("v").serial == serial


def test_remove_export_refuses_while_an_initiator_is_logged_in(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    assert hand.admits(export, HOST)
    with nothing_changed(array), pytest.raises(Busy) as caught:
        san.remove_export("v")
    if array.kind == "solaris":
        assert caught.value.sessions == (HOST,)
    hand.log_out(export, HOST)
    san.remove_export("v")
    assert san.exports() == []


def test_remove_export_goes_on_when_forced_although_an_initiator_is_logged_in(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    assert hand.admits(export, HOST)
    san.remove_export("v", force=True)
    assert san.exports() == []
    assert not hand.admits(export, HOST)


def test_nothing_is_left_after_the_last_export_and_the_volume_are_gone(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    san.remove_export("v")
    san.delete_volume("v")
    assert san.volumes() == []
    assert san.exports() == []
    assert san.orphans() == []
    if array.kind == "solaris":
        assert san.initiators() == []


def test_two_sessions_on_one_array_see_the_same(array: SimulatedArray, san: SanSession) -> None:
    import sansdk  # noqa: PLC0415 - the one test that opens a session itself

    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=[HOST])
    with sansdk.connect(array.url, **array.connect_args) as other:
        assert other.export("v") == export
        other.remove_export("v")
    assert san.exports() == []
