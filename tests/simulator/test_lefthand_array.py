"""A LeftHand group over real SSH: what a client sees of its releases, faults, log and memory."""

import asyncio
from pathlib import Path
from typing import Literal

import asyncssh
import pytest

from sansim import SimulatedArray, Simulator
from sansim.config import ArrayConfig
from sansim.faults import Fault

CREATE = "createVolume volumeName=vjm-cluster2 size=2GB clusterName=iSCSI-CL replication=1 thinProvision=1"


async def connect(array: SimulatedArray) -> asyncssh.SSHClientConnection:
    return await asyncssh.connect(
        array.host,
        array.port,
        username=array.username,
        password=array.password,
        known_hosts=asyncssh.import_known_hosts(f"[{array.host}]:{array.port} {array.host_key}\n"),
        client_keys=None,
        agent_path=None,
        config=None,
    )


def run(array: SimulatedArray, *lines: str) -> list[tuple[int | None, str]]:
    """Run each line in an exec of its own on one connection."""

    async def all_lines() -> list[tuple[int | None, str]]:
        async with await connect(array) as connection:
            done = [await connection.run(line) for line in lines]
        return [(one.exit_status, str(one.stdout)) for one in done]

    return asyncio.run(all_lines())


def test_the_first_release_answers_as_it_did_in_2010() -> None:
    config = ArrayConfig(name="VDN", kind="hp", flavour="8.1", cluster="iSCSI-CL", size=15 << 30)
    with Simulator(arrays=(config,), seed=1) as sim:
        array = sim["VDN"]
        (_, _), (status, shown), (_, missing) = run(
            array,
            f'{CREATE} description="vep01-02 datastore"',
            "getVolumeInfo volumeName=vjm-cluster2",
            "getvolumeinfo volumename=testvolume",
        )
        md5 = array.lefthand.group.tables.group.md5
    assert status == 0
    lines = shown.splitlines()
    assert lines[:4] == [
        "",
        "SAN/iQ Command Line Interface, v8.1.00.0047",
        "(C) Copyright 2007-2009 Hewlett-Packard Development Company, L.P.",
        "",
    ]
    assert lines[7:] == [
        " name           CliqSuccess",
        " description    Operation succeeded",
        "",
        "  VOLUME",
        "   thinProvision  true",
        "   stridePages    32",
        "   status         online",
        "   size           2147483648",
        f"   serialNumber   {md5}0000000000000019",
        "   scratchQuota   4194304",
        "   reserveQuota   536870912",
        "   replication    1",
        "   name           vjm-cluster2",
        "   minReplication 1",
        "   maxSize        16106127360",
        "   iscsiIqn       iqn.2003-10.com.lefthandnetworks:vdn:25:vjm-cluster2",
        "   isPrimary      true",
        "   initialQuota   536870912",
        "   groupName      VDN",
        "   friendlyName   ",
        "   description    vep01-02 datastore",
        "   deleting       false",
        "   clusterName    iSCSI-CL",
        "   checkSum       false",
        "   bytesWritten   0",
        "   blockSize      1024",
        "   autogrowPages  512",
        "",
    ]
    assert missing.splitlines()[-2:] == [" description    Volume 'testvolume' not found", ""]


def test_permissions_of_the_first_release_have_its_attributes() -> None:
    config = ArrayConfig(name="VDN", kind="hp", flavour="8.1", cluster="iSCSI-CL")
    with Simulator(arrays=(config,), seed=1) as sim:
        *_, (_, shown) = run(
            sim["VDN"],
            CREATE,
            "createServer serverName=vep01 initiator=iqn.1998-01.com.vmware:vep01-45602bf3",
            "assignVolume volumeName=vjm-cluster2 initiator=iqn.1998-01.com.vmware:vep01-45602bf3",
            "getVolumeInfo volumeName=vjm-cluster2",
        )
    assert shown.splitlines()[-10:] == [
        "    PERMISSION",
        "     targetSecret    ",
        "     loadBalance     true",
        "     iqn             iqn.1998-01.com.vmware:vep01-45602bf3",
        "     initiatorSecret ",
        "     chapRequired    false",
        "     chapName        ",
        "     authGroup       vep01",
        "     access          rw",
        "",
    ]


@pytest.mark.parametrize(
    ("flavour", "banner"),
    [
        ("9.0", "SAN/iQ Command Line Interface, v9.0.00.3561"),
        ("10.x", "HP StoreVirtual LeftHand OS Command Line Interface, v10."),
        ("11.5", "HP StoreVirtual LeftHand OS Command Line Interface, v11.5."),
        ("12.6", "HPE StoreVirtual LeftHand OS Command Line Interface, v12.6.00.0155"),
    ],
)
def test_each_release_has_its_banner(flavour: str, banner: str) -> None:
    with Simulator(arrays=(ArrayConfig(name="hp", kind="hp", flavour=flavour),), seed=1) as sim:
        ((_, shown),) = run(sim["hp"], "getSystemInfo")
    assert shown.splitlines()[1].startswith(banner)
    assert shown.splitlines()[-2].startswith(f"   saniqVersion {flavour.removesuffix('x')}")


def test_connected_sessions_are_shown_between_status_and_permissions() -> None:
    with Simulator(arrays=("hp",), seed=1) as sim:
        array = sim["hp"]
        run(
            array,
            "createVolume volumeName=v1 clusterName=Cluster01 size=1GB",
            "assignVolume volumeName=v1 initiator=iqn.1998-01.com.vmware:esx1",
        )
        array.lefthand.group.access.login("v1", "iqn.1998-01.com.vmware:esx1")
        ((_, shown), (status, refused)) = run(
            array, "getVolumeInfo volumeName=v1", "deleteVolume volumeName=v1 prompt=0"
        )
    titles = [line.strip() for line in shown.splitlines() if line.strip().isupper()]
    assert titles == ["RESPONSE", "VOLUME", "STATUS", "SESSION", "PERMISSION"]
    assert "     status       connected" in shown.splitlines()
    assert status == 167
    assert "cannot be deleted because it has connected sessions." in refused


@pytest.mark.parametrize(("when", "made"), [("before", False), ("after", True)])
def test_a_cut_line_leaves_all_or_nothing(when: Literal["before", "after"], *, made: bool) -> None:
    with Simulator(arrays=("hp",), seed=1) as sim:
        array = sim["hp"]
        fault = array.faults.add(Fault("cut", "createVolume*", when=when))
        assert run(array, "createVolume volumeName=v1 clusterName=Cluster01 size=1GB") == [(None, "")]
        assert array.log.quiet()
        assert fault.struck == 1
        assert ("v1" in array.lefthand.group.tables.volumes) is made
        assert array.log[-1].status is None
        assert array.log[-1].faults == ("cut",)
        ((status, _),) = run(array, "getVolumeInfo volumeName=v1")
        assert status == (0 if made else 139)


def test_the_log_holds_each_command_line_and_what_is_not_simulated() -> None:
    with Simulator(arrays=("hp",), seed=1) as sim:
        array = sim["hp"]
        run(array, "getSystemInfo", "  getTargetInfo  ", "nonsense")
        assert array.log.quiet()
        assert [item.programs for item in array.log] == [
            ("getSystemInfo",),
            ("getTargetInfo",),
            ("nonsense",),
        ]
        assert [item.unsupported for item in array.log] == [(), ("getTargetInfo",), ()]
        assert [item.status for item in array.log] == [0, 134, 134]


def test_a_group_comes_back_from_its_state_file(tmp_path: Path) -> None:
    lines = ("getVolumeInfo verbose=1", "getServerInfo serverName=esx1", "getClusterInfo")

    def shown(array: SimulatedArray) -> list[str]:
        return [
            "\n".join(line for line in text.splitlines() if "processingTime" not in line)
            for _, text in run(array, *lines)
        ]

    with Simulator(arrays=("hp",), state=tmp_path / "state") as sim:
        run(
            sim["hp"],
            "createVolume volumeName=v1 clusterName=Cluster01 size=1GB thinProvision=1",
            "createServer serverName=esx1 initiator=iqn.1998-01.com.vmware:esx1;iqn.1998-01.com.vmware:esx2",
            "assignVolumeToServer volumeName=v1 serverName=esx1",
            "createSnapshot snapshotName=s1 volumeName=v1 inheritAccess=1",
            "cloneSnapshot snapshotName=s1 volumeName=c1",
        )
        before = shown(sim["hp"])
    with Simulator(arrays=("hp",), state=tmp_path / "state") as sim:
        assert shown(sim["hp"]) == before
        ((_, created), (_, found)) = run(
            sim["hp"],
            "createVolume volumeName=v2 clusterName=Cluster01 size=1GB thinProvision=1",
            "getVolumeInfo volumeName=v2",
        )
        assert "CliqSuccess" in created
        numbers = [volume.id for volume in sim["hp"].lefthand.group.tables.volumes.values()]
        assert numbers == sorted(set(numbers))
        assert f":{numbers[-1]}:v2" in found


def test_many_clients_at_once_make_what_each_asked_for() -> None:
    async def crowd(array: SimulatedArray) -> list[int | None]:
        async with await connect(array) as one, await connect(array) as two:
            done = await asyncio.gather(
                *(
                    connection.run(f"createVolume volumeName=v{number % 30} clusterName=Cluster01 size=1GB")
                    for number in range(60)
                    for connection in ((one, two)[number % 2],)
                )
            )
        return [item.exit_status for item in done]

    with Simulator(arrays=("hp",), seed=1) as sim:
        statuses = asyncio.run(crowd(sim["hp"]))
        assert (statuses.count(0), statuses.count(140)) == (30, 30)
        volumes = sim["hp"].lefthand.group.tables.volumes
        assert sorted(volumes) == sorted(f"v{number}" for number in range(30))
        assert len({volume.id for volume in volumes.values()}) == 30


def test_the_same_seed_gives_the_same_bytes() -> None:
    lines = (
        "createVolume volumeName=v1 clusterName=Cluster01 size=1GB",
        "assignVolumeChap volumeName=v1 chapName=u targetSecret=supersecret12",
        "getVolumeInfo output=XML",
    )
    answers = []
    for _ in range(2):
        with Simulator(arrays=("hp",), seed=7) as sim:
            answers.append(run(sim["hp"], *lines))
    assert answers[0] == answers[1]
