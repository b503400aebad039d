"""CHAP: on COMSTAR a fact of the initiator, on LeftHand one of the volume."""

import re

import pytest

from sansdk import ANYONE, Capability, Chap, Conflict, InvalidChap, Secret, Unsupported
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, OTHER_HOST, STRANGER, nothing_changed, nothing_sent
from sansdk.testing.hand import GIB, Hand
from sansim import SimulatedArray

SECRET = Secret("correct-horse-1")
OTHER_SECRET = Secret("battery-staple2")


def whom(san: SanSession) -> tuple[str, ...]:
    """The initiators that an export with CHAP names on this array."""
    return (HOST,) if Capability.CHAP_WITH_MASK in san.capabilities else ()


# Both arrays


def test_whoever_knows_the_secret_is_admitted_and_nobody_else(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    assert export.chap is not None
    assert export.chap.user == "db"
    assert not hand.admits(export, HOST)
    assert not hand.admits(export, HOST, "db", OTHER_SECRET)
    assert not hand.admits(export, HOST, "other", SECRET)
    assert hand.admits(export, HOST, "db", SECRET)


def test_the_call_that_sets_a_secret_returns_it(san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    assert export.chap == Chap("db", SECRET)
    assert export.provider_auth is not None
    assert export.provider_auth.reveal() == f"CHAP db {SECRET.reveal()}"


def test_chap_true_makes_a_user_and_a_secret_of_16_letters_and_digits(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(san), chap=True)
    assert export.chap is not None
    assert re.fullmatch(r"sansdk-[0-9a-f]{8}", export.chap.user)
    assert export.chap.secret is not None
    assert re.fullmatch(r"[A-Za-z0-9]{16}", export.chap.secret.reveal())
    assert hand.admits(export, HOST, export.chap.user, export.chap.secret)


def test_two_secrets_that_are_made_are_not_the_same(san: SanSession) -> None:
    made = []
    for name, host in (("a", HOST), ("b", OTHER_HOST)):
        san.create_volume(name, GIB)
        hosts = (host,) if whom(san) else ()
        export = san.create_export(name, initiators=hosts, chap=True)
        assert export.chap is not None
        made.append(export.chap.secret)
    assert made[0] != made[1]


def test_ensure_export_leaves_chap_that_is_as_asked(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.ensure_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    export = san.export("v")
    with nothing_changed(array):
        assert san.ensure_export("v", initiators=whom(san), chap=Chap("db", SECRET)) == export
        assert san.ensure_export("v", initiators=whom(san), chap=True) == export


def test_another_user_is_a_conflict_unless_it_may_be_replaced(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    with nothing_changed(array), pytest.raises(Conflict) as caught:
        san.ensure_export("v", initiators=whom(san), chap=Chap("other", OTHER_SECRET))
    assert any("db" in difference for difference in caught.value.differences)
    export = san.ensure_export("v", initiators=whom(san), chap=Chap("other", OTHER_SECRET), replace_chap=True)
    assert export.chap == Chap("other", OTHER_SECRET)
    assert hand.admits(export, HOST, "other", OTHER_SECRET)
    assert not hand.admits(export, HOST, "db", SECRET)


def test_no_chap_asked_is_a_conflict_while_chap_is_on(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    with nothing_changed(array), pytest.raises(Conflict) as caught:
        san.ensure_export("v", initiators=[HOST])
    assert any("CHAP" in difference for difference in caught.value.differences)


def test_chap_asked_is_a_conflict_while_chap_is_off(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    san.create_export("v", initiators=[HOST])
    with nothing_changed(array), pytest.raises(Conflict):
        san.ensure_export("v", initiators=whom(san), chap=Chap("db", SECRET))


def test_removing_an_export_with_chap_leaves_nothing_that_admits(san: SanSession, hand: Hand) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    san.remove_export("v")
    assert san.exports() == []
    assert not hand.admits(export, HOST, "db", SECRET)
    assert san.orphans() == []


def test_a_secret_of_11_characters_is_refused_before_anything_is_sent(array: SimulatedArray, san: SanSession) -> None:
    san.create_volume("v", GIB)
    for call in (san.create_export, san.ensure_export):
        with nothing_sent(array), pytest.raises(InvalidChap, match="12") as caught:
            call("v", initiators=whom(san), chap=Chap("db", Secret("elevenchars")))
        assert "elevenchars" not in str(caught.value)


@pytest.mark.parametrize("user", ["", "a b", 'a"b', "a;b", "-u", "a\nb", "$(x)", "x" * 224])
def test_what_is_no_chap_user_is_refused_before_anything_is_sent(
    array: SimulatedArray, san: SanSession, user: str
) -> None:
    san.create_volume("v", GIB)
    with nothing_sent(array), pytest.raises(InvalidChap):
        san.create_export("v", initiators=whom(san), chap=Chap(user, SECRET))


def test_a_secret_shows_in_no_text_of_the_export(san: SanSession) -> None:
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(san), chap=Chap("db", SECRET))
    for text in (repr(export), str(export), f"{export}", repr(export.provider_auth), str(san.history)):
        assert SECRET.reveal() not in text


# COMSTAR: a fact of the initiator


def test_comstar_has_no_chap_without_initiators(solaris_array: SimulatedArray, solaris_san: SanSession) -> None:
    solaris_san.create_volume("v", GIB)
    with nothing_changed(solaris_array), pytest.raises(Unsupported, match="initiator") as caught:
        solaris_san.create_export("v", chap=True)
    assert caught.value.capability is Capability.CHAP_PER_VOLUME
    with nothing_changed(solaris_array), pytest.raises(Unsupported) as caught:
        solaris_san.create_export("v", initiators=ANYONE, chap=Chap("db", SECRET))
    assert caught.value.capability is Capability.CHAP_PER_VOLUME


def test_comstar_never_tells_a_secret_again(solaris_san: SanSession) -> None:
    solaris_san.create_volume("v", GIB)
    solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", SECRET))
    assert solaris_san.export("v").chap == Chap("db", None)
    assert solaris_san.export("v").provider_auth is None
    (initiator,) = solaris_san.initiators()
    assert initiator.chap_user == "db"
    assert initiator.secret_set


def test_comstar_chap_true_keeps_the_secret_that_the_initiator_has(solaris_san: SanSession, solaris_hand: Hand) -> None:
    for name in ("a", "b"):
        solaris_san.create_volume(name, GIB)
    solaris_san.create_export("a", initiators=[HOST], chap=Chap("db", SECRET))
    export = solaris_san.create_export("b", initiators=[HOST], chap=True)
    assert export.chap == Chap("db", None)
    assert solaris_hand.admits(export, HOST, "db", SECRET)


def test_comstar_counts_a_record_with_the_same_user_as_set_and_keeps_it(
    solaris_san: SanSession, solaris_hand: Hand
) -> None:
    for name in ("a", "b"):
        solaris_san.create_volume(name, GIB)
    solaris_san.create_export("a", initiators=[HOST], chap=Chap("db", SECRET))
    export = solaris_san.create_export("b", initiators=[HOST], chap=Chap("db", OTHER_SECRET))
    assert export.chap == Chap("db", None)
    assert solaris_hand.admits(export, HOST, "db", SECRET)


def test_comstar_names_the_other_volumes_that_another_user_would_touch(
    solaris_array: SimulatedArray, solaris_san: SanSession
) -> None:
    for name in ("first", "second", "third"):
        solaris_san.create_volume(name, GIB)
    solaris_san.create_export("first", initiators=[HOST], chap=Chap("db", SECRET))
    solaris_san.create_export("second", initiators=[HOST], chap=True)
    with nothing_changed(solaris_array), pytest.raises(Conflict, match=r"(?s)first.*second"):
        solaris_san.create_export("third", initiators=[HOST], chap=Chap("other", OTHER_SECRET))


def test_comstar_keeps_targets_with_and_without_chap_apart(solaris_san: SanSession, solaris_hand: Hand) -> None:
    for name in ("open", "closed"):
        solaris_san.create_volume(name, GIB)
    without = solaris_san.create_export("open", initiators=[OTHER_HOST])
    chapped = solaris_san.create_export("closed", initiators=[HOST], chap=Chap("db", SECRET))
    assert without.target_iqn != chapped.target_iqn
    assert solaris_hand.admits(without, OTHER_HOST)
    assert not solaris_hand.admits(chapped, HOST)
    assert solaris_hand.admits(chapped, HOST, "db", SECRET)


def test_comstar_shares_one_target_among_all_volumes_with_chap(solaris_san: SanSession) -> None:
    exports = []
    for name, host in (("a", HOST), ("b", OTHER_HOST)):
        solaris_san.create_volume(name, GIB)
        exports.append(solaris_san.create_export(name, initiators=[host], chap=True))
    assert len({e.target_iqn for e in exports}) == 1
    assert len({e.lun for e in exports}) == 2


def test_comstar_gives_every_initiator_of_an_export_the_credentials(
    solaris_san: SanSession, solaris_hand: Hand
) -> None:
    solaris_san.create_volume("v", GIB)
    export = solaris_san.create_export("v", initiators=[HOST, OTHER_HOST], chap=Chap("db", SECRET))
    assert solaris_hand.admits(export, HOST, "db", SECRET)
    assert solaris_hand.admits(export, OTHER_HOST, "db", SECRET)
    assert not solaris_hand.admits(export, STRANGER, "db", SECRET)


def test_comstar_replaces_credentials_only_when_told_to(solaris_san: SanSession, solaris_hand: Hand) -> None:
    solaris_san.create_volume("v", GIB)
    solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", SECRET))
    kept = solaris_san.ensure_export("v", initiators=[HOST], chap=Chap("db", OTHER_SECRET))
    assert kept.chap == Chap("db", None)
    assert solaris_hand.admits(kept, HOST, "db", SECRET)
    solaris_hand.log_out(kept, HOST)
    replaced = solaris_san.ensure_export("v", initiators=[HOST], chap=Chap("db", OTHER_SECRET), replace_chap=True)
    assert replaced.chap == Chap("db", OTHER_SECRET)
    assert solaris_hand.admits(replaced, HOST, "db", OTHER_SECRET)
    assert not solaris_hand.admits(replaced, HOST, "db", SECRET)


def test_comstar_takes_secrets_of_up_to_255_characters(solaris_array: SimulatedArray, solaris_san: SanSession) -> None:
    solaris_san.create_volume("v", GIB)
    with nothing_sent(solaris_array), pytest.raises(InvalidChap, match="255"):
        solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", Secret("x" * 256)))
    longest = Secret("x" * 255)
    assert solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", longest)).chap == Chap("db", longest)


@pytest.mark.parametrize("secret", ["it's $(reboot) `x`", '"; reboot; "123', "blank and \\ slash", "%s%n-%d-%x-12"])
def test_comstar_takes_a_secret_as_it_is_whatever_its_characters(
    solaris_array: SimulatedArray, solaris_san: SanSession, solaris_hand: Hand, secret: str
) -> None:
    solaris_san.create_volume("v", GIB)
    export = solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", Secret(secret)))
    assert solaris_hand.admits(export, HOST, "db", Secret(secret))
    assert not any(program.startswith("reboot") for exec_ in solaris_array.log for program in exec_.programs)


# LeftHand: a fact of the volume


def test_lefthand_has_no_mask_beside_chap(hp_array: SimulatedArray, hp_san: SanSession) -> None:
    hp_san.create_volume("v", GIB)
    for call in (hp_san.create_export, hp_san.ensure_export):
        with nothing_sent(hp_array), pytest.raises(Unsupported) as caught:
            call("v", initiators=[HOST], chap=Chap("db", SECRET))
        assert caught.value.capability is Capability.CHAP_WITH_MASK
        assert caught.value.mend


def test_lefthand_tells_the_secret_to_whoever_may_read(hp_san: SanSession) -> None:
    hp_san.create_volume("v", GIB)
    made = hp_san.create_export("v", chap=Chap("db", SECRET))
    assert made.initiators == ()
    assert hp_san.export("v") == made
    assert hp_san.export("v").chap == Chap("db", SECRET)
    assert hp_san.exports() == [made]


def test_lefthand_takes_another_secret_for_a_conflict_unless_it_may_be_replaced(
    hp_array: SimulatedArray, hp_san: SanSession, hp_hand: Hand
) -> None:
    hp_san.create_volume("v", GIB)
    hp_san.create_export("v", chap=Chap("db", SECRET))
    with nothing_changed(hp_array), pytest.raises(Conflict) as caught:
        hp_san.ensure_export("v", chap=Chap("db", OTHER_SECRET))
    for text in (str(caught.value), *caught.value.differences, caught.value.output, caught.value.command):
        assert SECRET.reveal() not in text
        assert OTHER_SECRET.reveal() not in text
    export = hp_san.ensure_export("v", chap=Chap("db", OTHER_SECRET), replace_chap=True)
    assert export.chap == Chap("db", OTHER_SECRET)
    assert hp_hand.admits(export, STRANGER, "db", OTHER_SECRET)


def test_lefthand_keeps_the_credentials_of_each_volume_apart(hp_san: SanSession, hp_hand: Hand) -> None:
    for name in ("a", "b"):
        hp_san.create_volume(name, GIB)
    hp_san.create_export("a", chap=Chap("db", SECRET))
    export = hp_san.create_export("b", chap=Chap("db", OTHER_SECRET))
    assert hp_hand.admits(export, HOST, "db", OTHER_SECRET)
    assert not hp_hand.admits(export, HOST, "db", SECRET)


@pytest.mark.parametrize("secret", ["x" * 17, "has a blank 12", 'has"a"quote12', "has;semicolon"])
def test_lefthand_refuses_a_secret_that_it_could_not_be_told_before_anything_is_sent(
    hp_array: SimulatedArray, hp_san: SanSession, secret: str
) -> None:
    hp_san.create_volume("v", GIB)
    with nothing_sent(hp_array), pytest.raises(InvalidChap) as caught:
        hp_san.create_export("v", chap=Chap("db", Secret(secret)))
    assert secret not in str(caught.value)
