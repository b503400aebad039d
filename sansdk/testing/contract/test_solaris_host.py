"""Solaris: records of initiators, services and datasets that others keep."""

import pytest

import sansdk
from sansdk import AlreadyExists, Chap, Conflict, HasDependents, PermissionDenied, SanError, Secret, ServiceDown
from sansdk.session import SanSession
from sansdk.testing.contract.checks import HOST, nothing_changed
from sansdk.testing.contract.comstar import sees_only
from sansdk.testing.hand import GIB, Hand
from sansdk.testing.listing import listing
from sansdk.testing.race import meanwhile
from sansim import ArrayConfig, Fault, SimulatedArray, Simulator

SECRET = Secret("correct-horse-1")
THEIR_SECRET = "their-own-secret"  # noqa: S105 - of a simulated record
MAKE_RECORD = """
printf %s {secret} >/tmp/secret-by-hand
/usr/sbin/itadm create-initiator -u {user} -S /tmp/secret-by-hand {iqn}
"""


pytestmark = pytest.mark.parametrize("array", ["solaris"], indirect=True)


@pytest.fixture(autouse=True)
def volumes(san: SanSession) -> None:
    """Two volumes, `v` and `w`."""
    for name in ("v", "w"):
        san.create_volume(name, GIB)


# Records of initiators


def test_a_record_that_somebody_made_is_kept_by_chap_true(san: SanSession, hand: Hand) -> None:
    hand.run("/bin/sh -s", MAKE_RECORD.format(user="theirs", secret=SECRET.reveal(), iqn=HOST))
    export = san.create_export("v", initiators=[HOST], chap=True)
    assert export.chap == Chap("theirs", None)
    assert hand.admits(export, HOST, "theirs", SECRET)
    san.remove_export("v", force=True)
    assert [(i.iqn, i.chap_user, i.secret_set) for i in san.initiators()] == [(HOST, "theirs", True)]


def test_a_record_that_somebody_made_for_another_user_is_a_conflict_until_it_may_be_replaced(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run("/bin/sh -s", MAKE_RECORD.format(user="theirs", secret=THEIR_SECRET, iqn=HOST))
    for call in (san.create_export, san.ensure_export):
        with nothing_changed(array), pytest.raises(Conflict, match="theirs"):
            call("v", initiators=[HOST], chap=Chap("db", SECRET))
    export = san.ensure_export("v", initiators=[HOST], chap=Chap("db", SECRET), replace_chap=True)
    assert export.chap == Chap("db", SECRET)
    assert hand.admits(export, HOST, "db", SECRET)


def test_a_record_that_another_just_made_for_another_user_is_a_conflict(array: SimulatedArray, san: SanSession) -> None:
    initiators = array.solaris.comstar.iscsit.initiators
    before = listing(array)
    race = meanwhile(array, "itadm create-initiator*", lambda _: initiators.create(HOST, "theirs", THEIR_SECRET))
    with pytest.raises(Conflict, match="theirs"):
        san.create_export("v", initiators=[HOST], chap=Chap("db", SECRET))
    assert race.struck == 1
    assert {k for k in listing(array) if k not in before} == {f"record {HOST}"}


def test_a_record_of_ours_goes_with_the_last_export_of_its_initiator(san: SanSession) -> None:
    for name in ("v", "w"):
        san.create_export(name, initiators=[HOST], chap=True)
    san.remove_export("v")
    assert [i.secret_set for i in san.initiators()] == [True]
    san.remove_export("w")
    assert san.initiators() == []


# Services


def test_nothing_is_exported_and_nothing_taken_for_absent_while_the_stmf_service_is_down(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    export = san.create_export("w", initiators=[HOST])
    hand.run("/usr/sbin/svcadm disable -s svc:/system/stmf:default")
    with nothing_changed(array):
        assert san.exports() == [export]
        assert [(volume.name, volume.exported) for volume in san.volumes()] == [("v", False), ("w", True)]
        with pytest.raises(ServiceDown) as caught:
            san.create_export("v", initiators=[HOST])
    assert "stmf" in caught.value.service.lower()
    assert caught.value.mend
    problem = san.check()[0]
    assert problem.code == "stmf-disabled"
    assert "svcadm enable" in problem.mend


def test_nothing_is_made_while_the_iscsi_target_service_is_down(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.run("/usr/sbin/svcadm disable -s svc:/network/iscsi/target:default")
    with nothing_changed(array), pytest.raises(ServiceDown) as caught:
        san.create_export("v", initiators=[HOST])
    assert "iscsi" in caught.value.service.lower()
    assert [p.code for p in san.check()] == ["iscsi-target-disabled"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("itadm create-target*", "Configuration changed during processing. Check the configuration, then retry"),
        ("stmfadm add-view*", "stmfadm: resource busy"),
        ("stmfadm create-lu*", "stmfadm: STMF service version incorrect"),
    ],
)
def test_what_passes_by_itself_is_waited_for_on_the_array(
    array: SimulatedArray, san: SanSession, hand: Hand, program: str, words: str
) -> None:
    fault = array.faults.add(Fault("error", program, status=1, stderr=f"{words}\n"))
    san.create_export("v", initiators=[HOST])
    assert fault.struck == 1
    sees_only(hand, san, HOST)


# Datasets


def test_a_filesystem_of_the_name_is_in_the_way_of_a_volume(array: SimulatedArray, san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/zfs create tank/fs")
    with nothing_changed(array), pytest.raises(AlreadyExists):
        san.create_volume("fs", GIB)
    with nothing_changed(array), pytest.raises(Conflict):
        san.ensure_volume("fs", GIB)


def test_a_nested_volume_is_named_from_the_pool_on_and_can_be_exported_and_deleted(san: SanSession, hand: Hand) -> None:
    hand.run("/usr/sbin/zfs create tank/x")
    hand.run("/usr/sbin/zfs create -s -V 1g tank/x/y")
    assert [v.name for v in san.volumes()] == ["v", "w", "x/y"]
    export = san.create_export("x/y", initiators=[HOST])
    assert hand.admits(export, HOST)
    san.remove_export("x/y", force=True)
    san.delete_volume("x/y")
    assert [v.name for v in san.volumes()] == ["v", "w"]


def test_a_volume_with_a_clone_is_not_deleted_with_its_snapshots(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    hand.make_snapshot("v", "s")
    hand.run("/usr/sbin/zfs clone tank/v@s tank/c")
    with nothing_changed(array), pytest.raises(HasDependents) as caught:
        san.delete_volume("v", snapshots=True)
    assert any(name.endswith("c") for name in caught.value.dependents)
    assert san.volume("c").origin == "v@s"


def test_a_held_snapshot_is_not_deleted(array: SimulatedArray, san: SanSession, hand: Hand) -> None:
    hand.make_snapshot("v", "s")
    hand.run("/usr/sbin/zfs hold keep tank/v@s")
    with nothing_changed(array), pytest.raises(HasDependents):
        san.delete_volume("v", snapshots=True)


def test_a_session_below_a_parent_names_its_volumes_from_there_on(
    array: SimulatedArray, san: SanSession, hand: Hand
) -> None:
    with sansdk.connect(f"{array.url}/below", **array.connect_args) as below:
        assert [p.code for p in below.check()] == ["parent-missing"]
        with pytest.raises(SanError, match="below"):
            below.volumes()
        hand.run("/usr/sbin/zfs create tank/below")
        assert below.check() == []
        below.create_volume("v", GIB)
        export = below.create_export("v", initiators=[HOST])
        assert [v.name for v in below.volumes()] == ["v"]
        assert below.export("v") == export
    assert [v.name for v in san.volumes()] == ["below/v", "v", "w"]
    assert san.export("below/v").target_iqn == export.target_iqn


def test_what_the_login_may_not_do_is_refused_with_the_right_that_is_missing() -> None:
    config = ArrayConfig(name="solaris", kind="solaris", root=False)
    with Simulator(arrays=(config,)) as simulator:
        array = simulator["solaris"]
        array.solaris.pools.create_volume("tank/v", GIB, 8192)
        with sansdk.connect(array.url, **array.connect_args) as san, nothing_changed(array):
            for call in (san.volumes, san.exports, san.orphans):
                with pytest.raises(PermissionDenied):
                    call()
            with pytest.raises(PermissionDenied) as caught:
                san.create_export("v", initiators=[HOST])
            assert caught.value.mend
