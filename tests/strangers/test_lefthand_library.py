"""HPE's Python client for LeftHand (python-lefthandclient on PyPI), unmodified, against two simulated groups.

Its part for remote copies speaks SSH: it types a command and `exit` at the prompt of a terminal at once, splits what
comes at CRLF and drops the first eight pieces and the last three. What is asserted is what its own tests assert of live
arrays (test/test_HPELeftHandClient_volume.py, 2016). It needs a Python of its own, which the tests look for
as the program `python-lefthandclient`. Tried with 2.1.0.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sansim import ArrayConfig, SimulatedArray, Simulator
from tests.simulator.conftest import exec_over_ssh

PYTHON = shutil.which(
    "python-lefthandclient", path=f"{os.environ.get('SANSDK_STRANGERS', '')}:{os.environ.get('PATH', '')}"
)
pytestmark = pytest.mark.skipif(PYTHON is None, reason="needs python-lefthandclient on the PATH or in SANSDK_STRANGERS")

# Calls methods as standard input says, and writes what they return, or what they raise.
PROGRAM = """
import json, sys
from hpelefthandclient.client import HPELeftHandClient

asked = json.load(sys.stdin)
client = HPELeftHandClient(asked["rest"])
client.setSSHOptions(**asked["ssh"])
for name, arguments in asked["calls"]:
    try:
        said = {"returned": getattr(client, name)(*arguments)}
    except Exception as error:
        said = {"raised": type(error).__name__, "text": str(error)}
    print(json.dumps(said))
client.ssh.close()
"""
START = "2026-02-01T00:00:00Z"


@pytest.fixture
def groups() -> Iterator[Simulator]:
    """Two groups that reach each other."""
    with Simulator([ArrayConfig(name=name, kind="hp") for name in ("near", "far")], seed=1) as simulator:
        yield simulator


class _Rest(BaseHTTPRequestHandler):
    """Answers each request for a volume by name as if there were one."""

    def do_GET(self) -> None:
        (name,) = parse_qs(urlsplit(self.path).query)["name"]
        body = json.dumps({"name": name}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


@pytest.fixture
def rest() -> Iterator[str]:
    """The other half of the library's interface, of which the half that is tried here asks for one thing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Rest) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Library:
    """The library, talking to one group."""

    def __init__(self, array: SimulatedArray, rest: str, folder: Path) -> None:
        self._rest = rest
        self._ssh = {
            "ip": array.host,
            "port": array.port,
            "login": array.username,
            "password": array.password,
            "known_hosts_file": str(folder / "known"),
            "missing_key_policy": "AutoAddPolicy",
        }

    def __call__(self, *calls: tuple[str, *tuple[object, ...]]) -> list[dict[str, Any]]:
        """Make calls, each a method and its arguments, on one connection."""
        assert PYTHON is not None
        asked = {"rest": self._rest, "ssh": self._ssh, "calls": [(name, arguments) for name, *arguments in calls]}
        done = subprocess.run(
            [PYTHON, "-c", PROGRAM], input=json.dumps(asked), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def near(groups: Simulator, rest: str, tmp_path: Path) -> Library:
    return Library(groups["near"], rest, tmp_path)


@pytest.fixture
def far(groups: Simulator, rest: str, tmp_path: Path) -> Library:
    return Library(groups["far"], rest, tmp_path)


DONE = {"returned": True}
REFUSED = {"raised": "SSHException", "text": "The command did not execute successfully."}


def test_it_makes_a_volume_remote_and_primary_again(groups: Simulator, near: Library) -> None:
    asked = partial(exec_over_ssh, groups["near"])
    assert asked("createVolume volumeName=v clusterName=Cluster01 size=1GB")[0] == 0
    assert near(("makeVolumeRemote", "v", "s")) == [DONE]
    assert b'isPrimary="false"' in asked("getVolumeInfo volumeName=v verbose=1 output=XML")[1].split(b"<snapshot")[0]
    assert b'isPrimary="true"' in asked("getSnapshotInfo snapshotName=s output=XML")[1]
    assert near(("makeVolumePrimary", "v"), ("makeVolumePrimary", "none")) == [DONE, REFUSED]
    assert b'isPrimary="false"' not in asked("getVolumeInfo volumeName=v output=XML")[1]


def test_it_schedules_remote_snapshots(groups: Simulator, near: Library, far: Library) -> None:
    for name in ("near", "far"):
        assert exec_over_ssh(groups[name], "createVolume volumeName=v clusterName=Cluster01 size=1GB")[0] == 0
    assert far(("makeVolumeRemote", "v", "v_SS")) == [DONE]
    cluster = exec_over_ssh(groups["far"], "getClusterInfo clusterName=Cluster01 searchDepth=1 output=XML")[1].decode()
    node = re.findall(r'<nsm ipAddress="([^"]+)"', cluster)[0]
    remote = ("Cluster01", 5, "v", node, groups["far"].username, groups["far"].password)
    created, there, schedule, *rest = near(
        ("createRemoteSnapshotSchedule", "v", "copies", 1800, START, 10, *remote),
        ("doesRemoteSnapshotScheduleExist", "copies_Pri"),
        ("getRemoteSnapshotSchedule", "copies_Pri"),
        ("stopRemoteSnapshotSchedule", "copies_Pri"),
        ("getRemoteSnapshotSchedule", "copies_Pri"),
        ("startRemoteSnapshotSchedule", "copies_Pri"),
        ("getRemoteSnapshotSchedule", "copies_Pri"),
    )
    assert [created, there] == [DONE, DONE]
    assert far(("doesRemoteSnapshotScheduleExist", "copies_Rmt")) == [DONE]
    text = "".join(schedule["returned"])
    for name, value in (
        ("volumeName", "v"),
        ("name", "copies"),
        ("period", "1800"),
        ("startTime", START),
        ("retentionCount", "10"),
    ):
        assert re.search(rf".*{name}\s+{value}", text), text
    stopped, paused, started, running = rest
    assert [stopped, started] == [DONE, DONE]
    for shown, value in ((paused, "true"), (running, "false")):
        found = re.search(r".*paused\s+(\w+)", "".join(shown["returned"]))
        assert found
        assert found[1].startswith(value)
    assert near(("deleteRemoteSnapshotSchedule", "copies_Pri"), ("doesRemoteSnapshotScheduleExist", "copies_Pri")) == [
        DONE,
        REFUSED,
    ]


def test_it_finds_the_volume_of_a_snapshot(groups: Simulator, near: Library) -> None:
    for line in (
        "createVolume volumeName=v clusterName=Cluster01 size=1GB",
        "createSnapshot snapshotName=s volumeName=v",
    ):
        assert exec_over_ssh(groups["near"], line)[0] == 0
    found, missing = near(("getSnapshotParentVolume", "s"), ("getSnapshotParentVolume", "none"))
    assert found == {"returned": {"name": "v"}}
    assert missing["raised"] == "HTTPNotFound"
