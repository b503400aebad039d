"""A LeftHand group with full storage, connected initiators, a jumping clock and another administrator."""

import re

import pytest

from sansim import Fault, SimulatedArray, Simulator
from sansim.faults import OTHER_ADMIN, ClockJump, ConnectedInitiator, FullStorage, OtherAdmin
from tests.simulator.conditions import DAY, INITIATOR
from tests.simulator.conditions.lefthand import refused, said, value, volume
from tests.simulator.conftest import exec_over_ssh

# Full storage.


def test_a_full_cluster_refuses_what_takes_space_and_keeps_what_is_there(group: SimulatedArray) -> None:
    volume(group, "v")
    before = int(value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace"))
    standing = group.befall(FullStorage())
    cluster = said(group, "getClusterInfo clusterName=Cluster01")
    assert value(cluster, "unprovisionedSpace") == value(cluster, "maxVolumeSizeReplication1") == "0"
    for line in (
        "createVolume volumeName=w clusterName=Cluster01 size=1GB",
        "createVolume volumeName=w clusterName=Cluster01 size=1GB thinProvision=1",
        "createSnapshot volumeName=v snapshotName=s",
        "modifyVolume volumeName=v thinProvision=0",
    ):
        assert refused(group, line) == "CliqInsufficientSpace"
    assert value(said(group, "getVolumeInfo volumeName=v"), "availability") == "online"
    group.lift(standing)
    after = said(group, "getClusterInfo clusterName=Cluster01")
    assert int(value(after, "unprovisionedSpace")) == before
    said(group, "createSnapshot volumeName=v snapshotName=s")


def test_a_cluster_is_full_but_for_some_bytes(group: SimulatedArray) -> None:
    group.befall(FullStorage("Cluster01", free=3 << 29))
    assert value(said(group, "getClusterInfo clusterName=Cluster01"), "unprovisionedSpace") == str(3 << 29)
    volume(group, "v")
    assert refused(group, "createVolume volumeName=w clusterName=Cluster01 size=1GB thinProvision=1") == (
        "CliqInsufficientSpace"
    )


# Initiators.


@pytest.mark.parametrize(
    "assign",
    [
        f"assignVolume volumeName=v initiator={INITIATOR}",
        "assignVolumeChap volumeName=v targetSecret=aSecretOfTwelve chapName=us",
    ],
)
def test_a_connected_initiator_is_told_of_and_keeps_the_volume(group: SimulatedArray, assign: str) -> None:
    volume(group, "v")
    with pytest.raises(ValueError, match="assign the volume to it first"):
        group.befall(ConnectedInitiator("v", INITIATOR))
    said(group, assign)
    standing = group.befall(ConnectedInitiator("v", INITIATOR))
    told = exec_over_ssh(group, "getVolumeInfo volumeName=v")[1].decode()
    assert "SESSION" in told
    assert "connected" in told
    assert INITIATOR in told
    assert refused(group, "deleteVolume volumeName=v prompt=0") == "CliqGeneralError"
    group.lift(standing)
    assert "SESSION" not in exec_over_ssh(group, "getVolumeInfo volumeName=v")[1].decode()
    said(group, "deleteVolume volumeName=v prompt=0")


# The clock.


@pytest.mark.parametrize("seed", [1, None], ids=["fixed", "running"])
def test_a_clock_jumps_both_ways_and_schedules_go_on(seed: int | None) -> None:
    with Simulator(["hp"], seed=seed) as sim:
        group = sim["hp"]
        volume(group, "v")
        said(
            group,
            "createSnapshotSchedule volumeName=v scheduleName=daily recurPeriod=86400 "
            f"startTime={group.clock.now():%Y-%m-%dT%H:%M:%SZ} retentionCount=3",
        )

        def snapshots() -> list[str]:
            info = said(group, "getVolumeInfo volumeName=v")
            return re.findall(r'<snapshot [^>]*\bname="(daily[^"]*)"', info)

        group.befall(ClockJump(10 * DAY))
        there = snapshots()
        assert len(there) == 3
        group.befall(ClockJump(-30 * DAY))
        assert snapshots() == there
        volume(group, "earlier")
        said(group, "getPerformanceStats")
        created = [value(said(group, f"getVolumeInfo volumeName={name}"), "created") for name in ("v", "earlier")]
        assert created[0] > created[1]
        group.befall(ClockJump(60 * DAY))
        later = snapshots()
        assert len(later) == 3
        assert not {*later} & {*there}


# Another administrator.


def test_another_administrator_strikes_between_two_steps(group: SimulatedArray) -> None:
    fault = group.faults.add(
        Fault("condition", "createVolume*", when="after", condition=OtherAdmin("deleteVolume volumeName=v"))
    )
    volume(group, "v")
    assert refused(group, "getVolumeInfo volumeName=v") == "CliqVolumeNotFound"
    assert fault.struck == 1
    theirs = group.log[0]
    assert (theirs.user, theirs.text, theirs.status) == (OTHER_ADMIN, "deleteVolume volumeName=v", 0)
    assert theirs.programs == ("deleteVolume volumeName=v",)
    assert b"CliqSuccess" in theirs.stdout


def test_no_fault_strikes_another_administrator_whose_refusals_are_logged(group: SimulatedArray) -> None:
    error = group.faults.add(Fault("error", "*", times=None, status=7))
    group.befall(OtherAdmin("getVolumeInfo volumeName=nix"))
    assert error.struck == 0
    (theirs,) = group.log
    assert b"CliqVolumeNotFound" in theirs.stdout
    assert theirs.status not in (0, 7)
