"""What is taken back after a failure: all that this call did, and nothing else."""

import re

import pytest

from sansdk import ArrayError, Busy, EnsureVolume, LeftBehind, NoEffect, PermissionDenied
from sansdk.session import SanSession
from sansdk.testing.hand import Hand
from sansim import Fault, SimulatedArray

GIB = 1 << 30


def answered(array: SimulatedArray, program: str) -> str:
    """What the array last answered to a program."""
    return next(e.stdout.decode() for e in reversed(array.log) if program in e.text)


def test_a_volume_of_others_outlives_an_array_that_says_to_have_made_it_anew(
    hp_array: SimulatedArray, hp_san: SanSession
):
    hp_san.create_volume("first", GIB)
    theirs = hp_san.create_volume("precious", GIB)
    success = answered(hp_array, "createVolume")
    hp_array.faults.add(Fault("error", "createVolume*", status=0, stdout=success))
    with pytest.raises(NoEffect, match="another's"):
        hp_san.create_volume("precious", GIB)
    assert hp_san.volume("precious") == theirs


@pytest.mark.parametrize("verb", ["resize_volume", "ensure_volume"])
def test_a_volume_whose_size_the_array_does_not_tell_is_not_changed(
    hp_array: SimulatedArray, hp_san: SanSession, verb: str
):
    hp_san.create_volume("big", 10 * GIB)
    hp_san.volume("big")
    sizeless = re.sub(r' size="\d+"', "", answered(hp_array, "getVolumeInfo"))
    hp_array.faults.add(Fault("error", "getVolumeInfo*", status=0, stdout=sizeless))
    with pytest.raises(ArrayError, match="does not tell the size"):
        getattr(hp_san, verb)("big", GIB, **({"grow": True} if verb == "ensure_volume" else {}))
    assert hp_san.volume("big").size == 10 * GIB


def test_what_was_destroyed_before_a_refusal_is_named(
    solaris_array: SimulatedArray, solaris_san: SanSession, solaris_hand: Hand
):
    solaris_san.create_volume("v", GIB)
    for name in ("tank/v@a", "tank/v@b"):
        solaris_hand.run(f"/usr/sbin/zfs snapshot {name}")
    busy = "cannot destroy 'tank/v@b': dataset is busy\n"
    solaris_array.faults.add(Fault("error", "zfs destroy tank/v@b", stderr=busy))
    with pytest.raises(LeftBehind) as told:
        solaris_san.delete_volume("v", snapshots=True)
    assert told.value.what == ("the effect of: /usr/sbin/zfs destroy tank/v@a",)
    assert isinstance(told.value.cause, Busy)


def test_all_intents_are_counted_those_with_nothing_to_do_too(san: SanSession):
    san.create_volume("there", GIB)
    counted: list[tuple[int, int]] = []
    san.submit(
        [EnsureVolume("there", GIB), EnsureVolume("new", GIB)], progress=lambda done, of: counted.append((done, of))
    )
    assert counted[-1] == (2, 2)


def test_a_unit_that_cannot_be_marked_does_not_stay(
    solaris_array: SimulatedArray, solaris_san: SanSession, solaris_hand: Hand
):
    solaris_hand.run("/usr/sbin/zfs create -V 1g tank/plain")
    denied = "cannot set property for 'tank/plain': permission denied\n"
    solaris_array.faults.add(Fault("error", "zfs set sansdk:guid*", stderr=denied))
    with pytest.raises(PermissionDenied):
        solaris_san.create_export("plain", initiators=["iqn.1993-08.org.debian:01:host"])
    assert "LU Name" not in solaris_hand.run("/usr/sbin/stmfadm list-lu")
