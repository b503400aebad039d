"""Faults, latencies and conditions that say something else than they can: what is wrong is said in words of tables."""

from collections.abc import Mapping
from typing import Any

import pytest

from sansim import Fault, Latency, Simulator
from sansim.faults import condition_of, fault_of, latency_of

CUT: Mapping[str, Any] = {"kind": "cut", "pattern": "zfs*"}


@pytest.mark.parametrize(
    ("says", "complaint"),
    [
        ({"pattern": ""}, "an empty pattern fits no program"),
        ({"pattern": 1}, "pattern = 1 is no text"),
        ({"skip": 1.5}, "skip = 1.5 is no whole number"),
        ({"skip": True}, "skip = True is no whole number"),
        ({"probability": "often"}, "probability = 'often' is no number"),
        ({"times": 0}, "at least once"),
        ({"kind": "slow", "seconds": "long"}, "seconds = 'long' is no number"),
        ({"kind": "slow", "seconds": float("inf")}, "'seconds' must be < inf"),
        ({"kind": "condition"}, "a fault of kind condition says which condition"),
        ({"condition": {"kind": "moved-vip"}}, "condition says nothing about a fault of kind cut"),
        ({"kind": "condition", "condition": {"kind": "clock-jump"}}, "the condition clock-jump needs seconds"),
    ],
)
def test_what_a_fault_cannot_say_is_told(says: Mapping[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        fault_of({**CUT, **says})


@pytest.mark.parametrize(
    ("says", "complaint"),
    [
        ({}, "a latency needs pattern and seconds"),
        ({"pattern": "", "seconds": 1}, "an empty pattern fits no program"),
        ({"pattern": "*", "seconds": "1"}, "seconds = '1' is no number"),
        ({"pattern": "*", "seconds": float("inf")}, "'seconds' must be < inf"),
        ({"pattern": "*", "seconds": 1, "spread": "x"}, "spread = 'x' is no number"),
    ],
)
def test_what_a_latency_cannot_say_is_told(says: Mapping[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        latency_of(says)


@pytest.mark.parametrize(
    ("kind", "says", "complaint"),
    [
        ("clock-jump", {}, "the condition clock-jump needs seconds"),
        ("clock-jump", {"seconds": "noon"}, "seconds = 'noon' is no number"),
        ("connected-initiator", {}, "the condition connected-initiator needs volume and initiator"),
        ("connected-initiator", {"volume": 1, "initiator": "x"}, "volume = 1 is no text"),
        ("full-storage", {"free": "much"}, "free = 'much' is no whole number"),
        ("late-devices", {"looks": "x"}, "looks = 'x' is no whole number"),
        ("node-down", {"node": 2}, "node = 2 is no text"),
        ("other-admin", {"command": ["zfs", "list"]}, "is no text"),
    ],
)
def test_what_a_condition_cannot_say_is_told(kind: str, says: Mapping[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        condition_of({"kind": kind, **says})


def test_what_is_set_in_the_wrong_place_is_refused() -> None:
    with Simulator(["solaris"]) as sim:
        faults = sim["solaris"].faults
        with pytest.raises(TypeError, match=r"is no latency; set a fault, of kind slow too, with add\(\)"):
            faults.slow(Fault("slow", "zfs*", seconds=1))  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"is no fault; set a latency with slow\(\)"):
            faults.add(Latency("zfs*", seconds=1))  # type: ignore[arg-type]
        assert (len(faults), faults.latencies) == (0, ())
