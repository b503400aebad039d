"""What is taken back after a failure: all that this call did, and nothing else."""

import re

import pytest

from sansdk import ArrayError, NoEffect
from sansdk.session import SanSession
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
