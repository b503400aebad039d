"""What a planner has to know beside what it was asked: what goes before it, what others do, what is there."""

import pytest

import sansdk
from sansdk import Chap, Conflict, Exported, PartialFailure, Secret, Volume
from sansdk.session import SanSession
from sansdk.testing.hand import Hand
from sansdk.transport.base import Answer, Watch
from sansim import SimulatedArray

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
