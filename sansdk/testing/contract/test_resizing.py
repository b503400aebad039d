"""Resizing a volume: what initiators see follows, and nothing is lost on a guess."""

import pytest

from sansdk import AlreadyExists, Conflict, InvalidSize, NotFound, SanSession

GIB = 1024**3
HOST = "iqn.1993-08.org.debian:01:bar"


def test_a_volume_grows(san: SanSession) -> None:
    san.create_volume("v", GIB)
    assert san.resize_volume("v", "2GiB").size == 2 * GIB
    assert san.volume("v").size == 2 * GIB


def test_an_exported_volume_grows_and_keeps_its_export(san: SanSession) -> None:
    """Row 10: the resize reaches the initiator, LU and volume agree."""
    san.create_volume("v", GIB)
    before = san.create_export("v", initiators=[HOST])
    assert san.resize_volume("v", "2GiB").size == 2 * GIB
    assert san.ensure_export("v", initiators=[HOST]) == before


def test_the_same_size_changes_nothing(san: SanSession) -> None:
    san.create_volume("v", GIB)
    before = len(san.history)
    assert san.resize_volume("v", GIB).size == GIB
    assert not [ran for ran in list(san.history)[before:] if "set" in str(ran) or "modify" in str(ran)]


def test_shrinking_is_refused_unless_said(san: SanSession) -> None:
    san.create_volume("v", 2 * GIB)
    with pytest.raises(Conflict, match="shrink=True"):
        san.resize_volume("v", GIB)
    assert san.volume("v").size == 2 * GIB
    assert san.resize_volume("v", GIB, shrink=True).size == GIB


def test_an_unknown_volume_is_not_found_and_no_size_is_refused(san: SanSession) -> None:
    with pytest.raises(NotFound):
        san.resize_volume("v", GIB)
    with pytest.raises(InvalidSize, match="2GiB"):
        san.resize_volume("v", "2G")


def test_ensure_lets_a_smaller_volume_grow_only_where_that_is_said(san: SanSession) -> None:
    san.create_volume("v", GIB)
    with pytest.raises(Conflict, match="size"):
        san.ensure_volume("v", 2 * GIB)
    assert san.ensure_volume("v", 2 * GIB, grow=True).size == 2 * GIB
    with pytest.raises(Conflict, match="size"):
        san.ensure_volume("v", GIB, grow=True)


def test_a_plan_makes_and_grows_a_volume(san: SanSession) -> None:
    with san.plan() as plan:
        plan.create_volume("v", GIB)
        plan.resize_volume("v", 2 * GIB)
    plan.apply()
    assert san.volume("v").size == 2 * GIB
    with pytest.raises(AlreadyExists):
        san.create_volume("v", GIB)
