"""What a planner has to know beside what it was asked: what goes before it, what others do, what is there."""

from typing import Literal

import pytest
from attrs import evolve

import sansdk
from sansdk import (
    AlreadyExists,
    ArrayError,
    Chap,
    Conflict,
    Exported,
    InputError,
    NoEffect,
    NotFound,
    PartialFailure,
    Secret,
    Volume,
)
from sansdk.session import SanSession
from sansdk.testing.hand import Hand
from sansdk.transport.base import Answer, Watch
from sansim import Fault, SimulatedArray

GIB = 1 << 30
HOST = "iqn.1993-08.org.debian:01:host"
OTHER = "iqn.1998-01.com.vmware:other"


def test_a_volume_resized_in_a_plan_is_still_the_one_that_was_read(solaris_san: SanSession):
    solaris_san.create_volume("v", GIB)
    there = solaris_san.create_export("v", initiators=[HOST])
    with solaris_san.plan() as plan:
        plan.ensure_volume("v", 2 * GIB, grow=True)
        plan.ensure_export("v", initiators=[HOST, OTHER])
    _, export = (result.value for result in plan.apply())
    assert (export.target_iqn, export.lun, export.initiators) == (there.target_iqn, there.lun, (HOST, OTHER))
    assert solaris_san.volume("v").size == 2 * GIB

    refused = solaris_san.plan()
    refused.resize_volume("v", 3 * GIB)
    refused.delete_volume("v")
    with pytest.raises(Exported), refused:
        pass

    with solaris_san.plan() as end:
        end.resize_volume("v", 3 * GIB)
        end.remove_export("v", missing_ok=True)
        end.delete_volume("v")
    end.apply()
    assert solaris_san.volumes() == []


def test_a_plan_that_has_to_read_all_still_knows_the_snapshots_of_what_it_deletes(
    solaris_san: SanSession, solaris_hand: Hand
):
    for name in ("shown", "gone"):
        solaris_san.create_volume(name, GIB)
    solaris_hand.run("/usr/sbin/zfs snapshot tank/gone@a")
    with solaris_san.plan() as plan:
        plan.create_export("shown", initiators=[HOST], lun=77)
        plan.delete_volume("gone", snapshots=True)
    plan.apply()
    assert [volume.name for volume in solaris_san.volumes()] == ["shown"]


def test_the_secret_that_was_made_for_one_initiator_of_two_is_told(solaris_san: SanSession):
    solaris_san.create_volume("v", GIB)
    solaris_san.create_volume("w", GIB)
    solaris_san.create_export("v", initiators=[HOST], chap=Chap("known", Secret("correct-horse")))
    chap = solaris_san.create_export("w", initiators=[HOST, OTHER], chap=True).chap
    made = next(i for i in solaris_san.initiators() if i.iqn == OTHER)
    assert chap is not None
    assert chap.secret is not None
    assert chap.user == made.chap_user


def test_a_volume_with_a_large_block_grows_to_a_multiple_of_it(solaris_san: SanSession, solaris_hand: Hand):
    solaris_hand.run("/usr/sbin/zfs create -V 1g -b 128k tank/v")
    assert solaris_san.resize_volume("v", 2 * GIB + 1).size == 2 * GIB + 128 * 1024


def test_ensuring_a_volume_that_others_make_meanwhile_finds_it_there(
    array: SimulatedArray, san: SanSession, monkeypatch: pytest.MonkeyPatch
):
    send = san._executor.transport.exec
    made: list[Volume] = []

    def sent(text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        if not made and ("createVolume" in text or b"zfs create" in stdin):
            with sansdk.connect(array.url, **array.connect_args) as other:
                made.append(other.create_volume("v", GIB))
        return send(text, stdin, watch=watch)

    monkeypatch.setattr(san._executor.transport, "exec", sent)
    assert [san.ensure_volume("v", GIB)] == made


def test_a_host_group_that_others_joined_after_the_plan_shows_them_nothing(solaris_san: SanSession, solaris_hand: Hand):
    for name in ("v", "w"):
        solaris_san.create_volume(name, GIB)
    solaris_san.create_export("v", initiators=[HOST])
    with solaris_san.plan() as plan:
        plan.create_export("w", initiators=[HOST])
    group = next(i.group for i in solaris_san.initiators() if i.iqn == HOST)
    solaris_hand.run(f"/usr/sbin/stmfadm add-hg-member -g {group} {OTHER}")
    with pytest.raises(PartialFailure) as told:
        plan.apply()
    assert isinstance(told.value.results[0].error, Conflict)
    assert [e.volume for e in solaris_san.exports()] == ["v"]


@pytest.mark.parametrize("chap", [None, True])
def test_one_plan_takes_an_export_away_and_gives_it_to_another_host(
    solaris_san: SanSession, chap: Literal[True] | None
):
    solaris_san.create_volume("v", GIB)
    solaris_san.create_export("v", initiators=[HOST], chap=chap)
    with solaris_san.plan() as plan:
        plan.remove_export("v")
        plan.create_export("v", initiators=[HOST, OTHER], chap=chap)
    _, export = (result.value for result in plan.apply())
    assert export.initiators == (HOST, OTHER)
    assert solaris_san.exports() == [export] or chap
    assert not solaris_san.orphans()


def test_one_plan_moves_a_host_from_one_volume_to_another(san: SanSession, hand: Hand):
    for name in ("old", "new"):
        san.create_volume(name, GIB)
    san.create_export("old", initiators=[HOST])
    with san.plan() as plan:
        plan.remove_export("old")
        plan.create_export("new", initiators=[HOST])
    plan.apply()
    assert [export.volume for export in san.exports()] == ["new"]
    assert hand.admits(san.export("new"), HOST)


def test_one_plan_may_say_of_an_export_twice_what_it_needs(san: SanSession):
    san.create_volume("v", GIB)
    with san.plan() as plan:
        plan.ensure_export("v", initiators=[HOST])
        plan.ensure_export("v", initiators=[OTHER])
    plan.apply()
    (export,) = san.exports()
    assert export.initiators == (HOST, OTHER)


def test_a_volume_that_is_to_be_exported_twice_is_refused_before_anything_runs(san: SanSession):
    san.create_volume("v", GIB)
    plan = san.plan()
    plan.create_export("v", initiators=[HOST])
    plan.create_export("v", initiators=[OTHER])
    with pytest.raises(AlreadyExists), plan:
        pass
    assert not san.exports()


def test_what_is_in_a_pool_that_is_away_is_unknown_and_not_gone(solaris_array: SimulatedArray):
    url = solaris_array.url.replace("/tank", "/lost")
    with sansdk.connect(url, **solaris_array.connect_args) as san:
        for call in (
            lambda: san.volume("v"),
            lambda: san.delete_volume("v", missing_ok=True),
            lambda: san.create_volume("v", GIB),
            san.volumes,
            san.exports,
        ):
            with pytest.raises(ArrayError, match="lost") as caught:
                call()
            assert not isinstance(caught.value, NotFound)
        assert [problem.code for problem in san.check()] == ["pool-missing"]


def test_an_adopted_export_gives_the_same_disk_when_it_is_made_anew(solaris_san: SanSession, solaris_hand: Hand):
    solaris_hand.make_volume("v")
    solaris_hand.run("/usr/sbin/stmfadm create-lu /dev/zvol/rdsk/tank/v")
    guid = solaris_san.volume("v").serial
    solaris_hand.run("/usr/sbin/itadm create-target -n iqn.2001-01.com.example:theirs")
    solaris_hand.run(f"/usr/sbin/stmfadm add-view -n 3 {guid}")
    export = solaris_san.ensure_export("v", initiators=sansdk.ANYONE, adopt=True)
    assert export.lun == 3
    assert guid is not None
    assert guid in solaris_hand.run("/usr/sbin/zfs get -Hp -o value sansdk:guid tank/v")


def test_a_volume_of_another_cluster_is_told_at_once(hp_array: SimulatedArray, hp_san: SanSession):
    hp_san.create_volume("v", GIB)
    tables = hp_array.lefthand.group.tables
    with hp_array.state.change():
        tables.clusters["Cluster02"] = evolve(tables.clusters["Cluster01"], name="Cluster02")
        tables.volumes["v"] = evolve(tables.volumes["v"], cluster="Cluster02")
    before = len(hp_array.log)
    with pytest.raises(Conflict, match="Cluster02"):
        hp_san.ensure_volume("v", GIB)
    assert len(hp_array.log) - before <= 3


def test_what_is_in_a_cluster_that_is_not_there_is_unknown_and_not_gone(hp_array: SimulatedArray):
    with sansdk.connect(hp_array.url.replace("Cluster01", "Lost"), **hp_array.connect_args) as san:
        for call in (
            lambda: san.volume("v"),
            lambda: san.delete_volume("v", missing_ok=True),
            san.volumes,
            san.exports,
            san.orphans,
        ):
            with pytest.raises(ArrayError, match="Lost") as caught:
                call()
            assert not isinstance(caught.value, NotFound)
        assert [problem.code for problem in san.check()] == ["cluster-missing"]


def test_a_volume_whose_views_wait_for_its_unit_is_not_deleted(solaris_san: SanSession, solaris_hand: Hand):
    solaris_san.create_volume("v", GIB)
    solaris_san.create_export("v", initiators=[HOST])
    solaris_hand.run(f"/usr/sbin/stmfadm delete-lu -k {solaris_san.volume('v').serial}")
    with pytest.raises(Exported, match="remove_export"):
        solaris_san.delete_volume("v")
    solaris_san.remove_export("v")
    solaris_san.delete_volume("v")
    assert not solaris_san.orphans()


def test_a_volume_that_was_not_made_after_all_is_no_effect(solaris_array: SimulatedArray, solaris_san: SanSession):
    """Row 3: OK from the array is not proof."""
    solaris_array.faults.add(Fault("error", "zfs create*", status=0))
    with pytest.raises(NoEffect, match="not there"):
        solaris_san.create_volume("v", GIB)


def test_a_closed_session_says_so(san: SanSession):
    san.close()
    san.close()
    with pytest.raises(InputError, match="closed"):
        san.volumes()
