"""Groups of several clusters, nodes and virtual IPs, and what a configuration may say of them."""

from ipaddress import IPv4Network
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sansim import Simulator
from sansim.clock import Clock
from sansim.config import ArrayConfig, ClusterConfig, ConfigError
from sansim.config_file import read
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.model import Snapshot, Volume
from sansim.lefthand.results import Refusal
from sansim.state import State
from tests.simulator.conftest import Run

GIB = 1 << 30
TIB = 1 << 40
CONFIG = """
[[array]]
name = "hp"
nodes = 3

[[array.cluster]]
name = "Fast"
size = "2TiB"
vips = 2

[[array.cluster]]
name = "Slow"
size = "8TiB"
nodes = 1
"""


@pytest.fixture
def group() -> ManagementGroup:
    group = ManagementGroup(State(), Clock(), Random(1))
    plans = [ClusterConfig(name="A", size=5 * GIB), ClusterConfig(name="B", size=8 * GIB, nodes=3)]
    group.found("hp", plans, IPv4Network("10.0.0.0/24"))
    return group


def test_a_file_names_the_clusters_and_the_first_is_that_of_the_url(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "arrays.toml"
    path.write_text(CONFIG)
    with Simulator(arrays=read(path), seed=1) as sim:
        assert sim["hp"].url.endswith("/Fast")
        fast, slow = sim["hp"].lefthand.group.tables.clusters.values()
        assert run(sim["hp"], "createVolume volumeName=v clusterName=Slow size=1GB")[0] == 0
    assert (fast.name, fast.space_total, len(fast.nodes), len(fast.vips)) == ("Fast", 2 * TIB, 3, 2)
    assert (slow.name, slow.space_total, len(slow.nodes), len(slow.vips)) == ("Slow", 8 * TIB, 1, 1)
    assert [node.ip_address for node in (*fast.nodes, *slow.nodes)] == [f"10.0.0.{11 + n}" for n in range(4)]
    assert [vip.ip_address for vip in (*fast.vips, *slow.vips)] == ["10.0.0.10", "10.0.0.201", "10.0.0.202"]


def test_a_network_of_its_own_can_be_chosen() -> None:
    config = ArrayConfig(name="hp", kind="hp", network="192.168.7.0/24")
    with Simulator(arrays=(config, ArrayConfig(name="other", kind="hp")), seed=1) as sim:
        addresses = [array.lefthand.group.nodes.answering.ip_address for array in sim.values()]
    assert addresses == ["192.168.7.11", "10.0.1.11"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"nodes": 0}, "at least one node"),
        ({"vips": -1}, "less than none"),
        ({"nodes": 181}, "too many"),
        ({"vips": 41}, "too many"),
        ({"network": "10.0.0.0/25"}, "no room"),
        ({"network": "somewhere"}, "no room"),
        ({"clusters": (ClusterConfig(name="Cluster01"),)}, "two clusters"),
    ],
)
def test_a_configuration_that_no_group_can_have_is_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        ArrayConfig(**{"name": "hp", "kind": "hp", **wrong})


def test_a_cluster_that_says_too_much_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "arrays.toml"
    path.write_text(f"{CONFIG}\ncolour = 'red'\n")
    with pytest.raises(ConfigError, match="array hp: cluster 2: 'colour'"):
        read(path)


def test_each_cluster_has_space_of_its_own(group: ManagementGroup) -> None:
    group.create_volume("a", "A", 2 * GIB)
    group.create_volume("thin", "A", 100 * GIB, thin=True, replication=1)
    with pytest.raises(Refusal, match="CliqInsufficientSpace"):
        group.create_volume("b", "A", GIB)
    assert group.unprovisioned(group.cluster("B")) == 8 * GIB
    group.create_volume("b", "B", GIB, replication=3)
    assert group.unprovisioned(group.cluster("B")) == 5 * GIB


def test_a_volume_moves_with_all_that_stands_on_it(group: ManagementGroup) -> None:
    group.create_volume("v", "A", GIB, thin=True)
    group.create_snapshots([("s", "v")])
    group.clone_snapshot("s", "c")
    group.create_snapshots([("cs", "c")])
    group.create_volume("other", "A", GIB, thin=True, replication=1)
    group.modify_volume("c", cluster_name="B", replication=3)
    tables = group.tables
    items: list[Volume | Snapshot] = [*tables.volumes.values(), *tables.snapshots.values()]
    assert {item.name: (item.cluster, item.replication) for item in items} == {
        "other": ("A", 1),
        **dict.fromkeys(("v", "s", "c", "cs"), ("B", 3)),
    }
    assert group.unprovisioned(group.cluster("A")) == 5 * GIB - GIB // 2
    assert group.unprovisioned(group.cluster("B")) == 2 * GIB


def test_a_move_that_does_not_fit_leaves_everything_where_it_was(group: ManagementGroup) -> None:
    group.create_volume("v", "B", 4 * GIB, replication=1)
    group.create_snapshots([("s", "v")])
    before = dict(group.tables.volumes)
    group.create_volume("filler", "A", GIB, replication=1)
    with pytest.raises(Refusal, match="CliqInsufficientSpace"):
        group.modify_volume("v", cluster_name="A")
    with pytest.raises(Refusal, match="which is 2"):
        group.modify_volume("v", cluster_name="A", replication=3)
    assert group.volume("v") == before["v"]
    assert group.unprovisioned(group.cluster("A")) == 4 * GIB


def test_thinner_and_fewer_copies_give_space_back_even_when_there_is_none(group: ManagementGroup) -> None:
    group.create_volume("v", "A", 5 * GIB // 2)
    assert group.unprovisioned(group.cluster("A")) == 0
    group.modify_volume("v", replication=1)
    assert group.unprovisioned(group.cluster("A")) == 5 * GIB // 2
    group.modify_volume("v", thin=True)
    assert group.unprovisioned(group.cluster("A")) == 5 * GIB - GIB // 2
