"""What drivers and scripts of other people ask of a LeftHand group, and what they read out of its answers.

The commands, and the ways in which values are found, are those of OpenStack Nova's HpSanISCSIDriver of 2011
(nova/volume/san.py), of Cinder's CLIQ proxy of 2014 (cinder/volume/drivers/san/hp/hp_lefthand_cliq_proxy.py), of HPE's
OneView test library (VsaHelper), and of public scripts: a Ruby class for getClusterInfo and getPerformanceStats,
PowerShell functions that cut text at the names of attributes, a Python script that mounts the newest complete remote
snapshot. Each runs its commands with paramiko or ssh, one a connection. None of them is copied here.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Protocol
from xml.etree import ElementTree as ET

import paramiko
import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator

GROUP: Final = ArrayConfig(name="Group01", kind="hp")
HOST: Final = "iqn.1993-08.org.debian:01:compute"


class Type(Protocol):
    """Runs a command and returns its standard output and its status."""

    def __call__(self, command: str) -> tuple[str, int]: ...


@pytest.fixture
def group() -> Iterator[SimulatedArray]:
    with Simulator([GROUP], seed=1) as simulator:
        yield simulator["Group01"]


@pytest.fixture
def typed(group: SimulatedArray) -> Type:
    return typing_at(group)


def typing_at(array: SimulatedArray) -> Type:
    """Return what types a command on a connection of its own, to a node that is trusted without a look."""

    def typed(command: str) -> tuple[str, int]:
        with paramiko.SSHClient() as client:
            client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
            client.connect(array.host, array.port, array.username, array.password, look_for_keys=False)
            stdin, stdout, _ = client.exec_command(command)
            stdin.close()
            return stdout.read().decode(), stdout.channel.recv_exit_status()

    return typed


def document(text: str) -> ET.Element:
    """Read all that was printed as XML, as it is; nothing but a simulator wrote it."""
    return ET.fromstring(text.encode())  # noqa: S314 - see above


class Refused(Exception):
    """The driver's own error for a result that is not 0; it carries the answer, in which a driver looks for words."""


class Ended(Exception):
    """The driver's own error for an exit status that is not 0, which it looks at before it reads an answer."""


class Driver:
    """How both drivers talk: parameters as they come, XML, the exit status first and the result after it."""

    def __init__(self, typed: Type) -> None:
        self._typed = typed

    def run(self, verb: str, **parameters: object) -> ET.Element:
        """Run a command whose exit status and result must be good."""
        return self.ask(verb, parameters, checked=True)

    def ask(self, verb: str, parameters: Mapping[str, object], *, checked: bool) -> ET.Element:
        """Run a command, and unless told otherwise expect a good end of it."""
        words = [verb, *(f"{name}={value}" for name, value in parameters.items()), "output=XML"]
        out, status = self._typed(" ".join(words))
        if checked and status != 0:
            raise Ended(out)
        answer = document(out)
        response = answer.find("response")
        assert response is not None, out
        if checked and response.attrib["result"] != "0":
            raise Refused(out)
        return answer

    def flat(self, kind: str, name: str) -> Mapping[str, str]:
        """Return the attributes of a volume or snapshot, of its status and its first permission, each with a prefix."""
        item = self.ask(f"get{kind.capitalize()}Info", {f"{kind}Name": name}, checked=True).find(f"response/{kind}")
        assert item is not None
        found = {f"{kind}.{key}": value for key, value in item.attrib.items()}
        for part in ("status", "permission"):
            node = item.find(part)
            found |= {f"{part}.{key}": value for key, value in node.attrib.items()} if node is not None else {}
        return found

    def portal(self, cluster: str) -> str:
        answer = self.run("getClusterInfo", clusterName=cluster, searchDepth="1", verbose="0")
        (vip,) = (vip.attrib["ipAddress"] for vip in answer.findall("response/cluster/vip"))
        return f"{vip}:3260,1"


@pytest.fixture
def driver(typed: Type) -> Driver:
    return Driver(typed)


# OpenStack.


@pytest.mark.parametrize("flavour", ["9.0", "10.x", "11.5", "12.6"])
def test_nova_makes_exports_and_removes_a_volume(flavour: str) -> None:
    with Simulator([ArrayConfig(name="Group01", kind="hp", flavour=flavour)], seed=1) as simulator:
        driver = Driver(typing_at(simulator["Group01"]))
        driver.run(
            "createVolume", clusterName="Cluster01", thinProvision="1", volumeName="volume-00000001", size="100MB"
        )
        made = driver.flat("volume", "volume-00000001")
        assert re.fullmatch(r"iqn\.2003-10\.com\.lefthandnetworks:group01:\d+:volume-00000001", made["volume.iscsiIqn"])
        assert driver.portal(made["volume.clusterName"]) == "10.0.0.10:3260,1"
        assert "permission.authGroup" not in made
        secret = "project_secret_1"
        driver.run("assignVolumeChap", volumeName="volume-00000001", chapName="proj_1", targetSecret=secret)
        shared = driver.flat("volume", "volume-00000001")
        assert shared["status.value"] == "2"
        assert (shared["permission.chapName"], shared["permission.targetSecret"]) == ("proj_1", secret)
        driver.run("unassignVolume", volumeName="volume-00000001")
        driver.run("deleteVolume", volumeName="volume-00000001", prompt="false")
        with pytest.raises(Ended, match="8000100c"):
            driver.flat("volume", "volume-00000001")


def test_cinder_makes_extends_and_reads_a_volume(driver: Driver) -> None:
    driver.run("createVolume", clusterName="Cluster01", thinProvision="0", volumeName="v", size="1GB")
    driver.run("modifyVolume", volumeName="v", size="5GB")
    assert driver.flat("volume", "v")["volume.size"] == str(5 << 30)
    cluster = driver.run("getClusterInfo", clusterName="Cluster01", searchDepth="1", verbose="0").find(
        "response/cluster"
    )
    assert cluster is not None
    total, free = (int(cluster.attrib[name]) for name in ("spaceTotal", "unprovisionedSpace"))
    assert total - free == 2 * (5 << 30)


def test_cinder_clones_from_a_snapshot_that_is_then_busy(driver: Driver) -> None:
    driver.run("createVolume", clusterName="Cluster01", thinProvision="1", volumeName="v", size="2GB")
    driver.run("createSnapshot", snapshotName="snapshot-7849288e", volumeName="v", inheritAccess=1)
    assert driver.flat("snapshot", "snapshot-7849288e")["snapshot.size"] == str(2 << 30)
    for clone in ("c1", "c2"):
        driver.run("cloneSnapshot", snapshotName="snapshot-7849288e", volumeName=clone)
        assert driver.flat("volume", clone)["volume.size"] == str(2 << 30)
    with pytest.raises(Ended, match="cannot be deleted because it is a clone point"):
        driver.run("deleteSnapshot", snapshotName="snapshot-7849288e", prompt="false")
    for volume in ("c1", "c2"):
        driver.run("deleteVolume", volumeName=volume, prompt="false")
    driver.run("deleteSnapshot", snapshotName="snapshot-7849288e", prompt="false")


@pytest.mark.parametrize("kind", ["volume", "snapshot"])
def test_cinder_knows_by_the_status_that_something_is_gone(driver: Driver, kind: str) -> None:
    with pytest.raises(Ended):
        driver.flat(kind, "nosuch")


def test_cinder_makes_a_server_when_it_is_unknown_and_assigns_to_it(driver: Driver) -> None:
    driver.run("createVolume", clusterName="Cluster01", thinProvision="1", volumeName="v", size="1GB")
    for _ in range(2):
        response = driver.ask("getServerInfo", {"serverName": "compute-1"}, checked=False).find("response")
        assert response is not None
        if response.attrib["result"] != "0":
            driver.run("createServer", serverName="compute-1", initiator=HOST)
    driver.run("assignVolumeToServer", volumeName="v", serverName="compute-1")
    assert driver.flat("volume", "v")["permission.iqn"] == HOST
    driver.run("unassignVolumeToServer", volumeName="v", serverName="compute-1")
    assert "permission.iqn" not in driver.flat("volume", "v")


# OneView's tests: text, by titles.


def test_oneview_finds_connected_sessions_between_two_titles(group: SimulatedArray, typed: Type) -> None:
    typed("createVolume volumeName=v clusterName=Cluster01 size=1GB")
    typed(f"assignVolume volumeName=v initiator={HOST}")
    assert "SESSION" not in typed("getVolumeInfo volumeName=v")[0]
    group.lefthand.group.access.login("v", HOST)
    text = typed("getVolumeInfo volumeName=v")[0]
    sessions = text[text.index("SESSION") : text.index("PERMISSION") - 4]
    assert ["connected" in session for session in sessions.split("SESSION")] == [False, True]


def test_oneview_reads_attributes_below_titles(typed: Type) -> None:
    typed("createVolume volumeName=v clusterName=Cluster01 size=1GB description=plain")
    typed("assignVolumeChap volumeName=v chapName=user targetSecret=abcdefabcdef initiatorSecret=ghijklghijkl")
    found: dict[str, dict[str, str]] = {}
    section: dict[str, str] | None = None
    for words in map(str.split, typed("getVolumeInfo volumeName=v")[0].splitlines()):
        if words and words[0] in {"RESPONSE", "VOLUME", "STATUS", "PERMISSION"}:
            section = found.setdefault(words[0], {})
        elif words and section is not None:
            section[words[0]] = " ".join(words[1:])
    assert (found["RESPONSE"]["result"], found["VOLUME"]["size"], found["STATUS"]["value"]) == ("0", str(1 << 30), "2")
    secrets = [found["PERMISSION"][name] for name in ("targetSecret", "initiatorSecret", "chapRequired")]
    assert secrets == ["abcdefabcdef", "ghijklghijkl", "true"]


# Scripts.


def test_ruby_reads_clusters_and_counters_as_nested_hashes(group: SimulatedArray, typed: Type) -> None:
    out, status = typed("getClusterInfo searchDepth=1 verbose=0 output=xml")
    (cluster,) = document(out).findall("response/cluster")
    assert status == 0
    assert {"nsm", "vip"} == {part.tag for part in cluster}
    group.clock.advance(60)
    counters = document(typed("getPerformanceStats interval=6000 output=xml")[0]).findall("response/cluster/counter")
    values = {counter.attrib["name"]: int(counter.attrib["value"]) for counter in counters}
    assert values["ClusterIoTotal"] == values["ClusterIoReads"] + values["ClusterIoWrites"]


def test_powershell_cuts_text_at_the_names_of_attributes(typed: Type) -> None:
    """It joins the lines, and takes 15 characters from a name on for the name and its padding."""
    for number in range(3):
        command = (
            "createvolume volumename=Volume{} clustername=Cluster01 size={}GB replication=2 adaptiveoptimization=1"
        )
        assert (
            typed(f"{command.format(number, number + 1)} thinprovision=1 login=10.0.0.10 username=a password=b")[1] == 0
        )
        assert typed(f"assignvolume volumename=Volume{number} initiator={HOST} login=10.0.0.10")[1] == 0
    text = typed("getvolumeinfo login=10.0.0.10 keyfile=C:\\keyfile.dat")[0]
    sizes = []
    while "VOLUME" in text:
        text = text[text.index("VOLUME") :]
        values = []
        for name in ("size", "name", "bytesWritten"):
            text = text[text.index(f" {name} ") + 16 :]
            values.append(text[: text.index("\n")])
        sizes.append((int(values[0]) >> 30, values[1], int(values[2])))
    assert sizes == [(1, "Volume0", 0), (2, "Volume1", 0), (3, "Volume2", 0)]


def test_a_mounting_script_finds_the_newest_complete_remote_snapshot() -> None:
    configs = [ArrayConfig(name=name, kind="hp") for name in ("near", "far")]
    with Simulator(configs, seed=1) as simulator:
        near, far = (typing_at(simulator[name]) for name in ("near", "far"))
        node = document(far("getClusterInfo output=XML")[0]).find("response/cluster/nsm")
        assert node is not None
        assert near("createVolume volumeName=v clusterName=Cluster01 size=1GB")[1] == 0
        made = near(
            "createSnapshotSchedule volumeName=v scheduleName=copies recurPeriod=3600 startTime=2026-01-01T00:00:00Z"
            " retentionCount=4 remoteCluster=Cluster01 remoteRetentionCount=4 remoteVolume=v-remote"
            f" remoteIp={node.attrib['ipAddress']} remoteUserName={simulator['far'].username}"
            f" remotePassword={simulator['far'].password}"
        )
        assert made[1] == 0, made
        for name in ("near", "far"):
            simulator[name].clock.advance(3600)
        assert near("getVolumeInfo volumeName=v")[1] == 0
        for name in ("near", "far"):
            simulator[name].clock.advance(1800)
        out, status = far("getVolumeInfo volumeName=v-remote output=xml")
        assert status == 0
        answer = document(out)
        complete = {item.attrib["name"]: int(item.attrib["percentComplete"]) for item in answer.iter("remoteSnapshot")}
        newest = max(
            (datetime.strptime(item.attrib["created"], "%Y-%m-%dT%H:%M:%SZ"), item.attrib["name"])  # noqa: DTZ007 - as it does
            for item in answer.iter("snapshot")
            if item.attrib["deleting"] == "false" and complete[item.attrib["name"]] == 100
        )
        assert f"{newest[0]:%H:%M}" == "01:00"
        assert far(f"assignVolume volumeName={newest[1]} initiator={HOST} exclusiveAccess=0")[1] == 0
        simulator["far"].lefthand.group.access.login(newest[1], HOST)
