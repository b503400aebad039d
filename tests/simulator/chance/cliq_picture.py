"""What a management group shows of itself, read over SSH, and what must hold of it whatever was done."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from attrs import field, frozen

from tests.simulator.chance.cliq_answers import Node, Reply
from tests.simulator.chance.cliq_model import Model, Row

__all__ = ["Picture", "agrees", "check", "picture"]

MOST_KEPT: Final = 50
_PREFIX: Final = "iqn.2003-10.com.lefthandnetworks"
_NOTHING_FOUND: Final = "4"


@frozen
class Picture:
    """The volumes, snapshots, servers and schedules of a group, as elements by name, and its cluster."""

    volumes: Mapping[str, Node]
    snapshots: Mapping[str, Node]
    servers: Mapping[str, Node]
    schedules: Mapping[str, Node]
    cluster: Node
    parents: Mapping[str, str] = field(repr=False)

    @property
    def serials(self) -> dict[tuple[str, str], str]:
        """The serial number of each volume and snapshot."""
        return {
            (kind, name): item.attributes["serialNumber"]
            for kind, items in (("volume", self.volumes), ("snapshot", self.snapshots))
            for name, item in items.items()
        }

    @property
    def automatic(self) -> dict[str, str]:
        """The volume of each snapshot that a schedule made."""
        return {
            name: self.parents[name] for name, item in self.snapshots.items() if item.attributes["automatic"] == "true"
        }

    @property
    def busy(self) -> frozenset[str]:
        """The names of the volumes and snapshots that somebody is logged in to."""
        items = {**self.volumes, **self.snapshots}
        return frozenset(name for name, item in items.items() if any(item.all("session")))


def picture(ask: Callable[[str], Reply], servers: Iterable[str], schedules: Iterable[str]) -> Picture:
    """Read a group: all its volumes with their snapshots, its cluster, the servers and schedules of these names."""
    volumes = ask("getVolumeInfo output=XML")
    assert volumes.result in ("0", _NOTHING_FOUND), volumes
    found = {item.attributes["name"]: item for item in volumes.elements}
    assert len(found) == len(volumes.elements)
    parents = {snapshot.attributes["name"]: name for name, item in found.items() for snapshot in item.all("snapshot")}
    snapshots: dict[str, Node] = {}
    if parents:
        reply = ask(f"getSnapshotInfo snapshotName={';'.join(parents)} output=XML")
        assert reply.result == "0", reply
        snapshots = {item.attributes["name"]: item for item in reply.elements}
        assert list(snapshots) == list(parents)

    def shown(read: str, names: Iterable[str]) -> dict[str, Node]:
        replies = {name: ask(f"{read}={name} output=XML") for name in names}
        return {name: reply.elements[0] for name, reply in replies.items() if reply.result == "0"}

    (cluster,) = ask("getClusterInfo searchDepth=1 output=XML").elements
    return Picture(
        found,
        snapshots,
        shown("getServerInfo serverName", servers),
        shown("getSnapshotScheduleInfo scheduleName", schedules),
        cluster,
        parents,
    )


def agrees(seen: Picture, model: Model) -> list[str]:
    """Return where a group and the model differ."""
    differs: list[str] = []

    def compare(what: str, is_: object, should: object) -> None:
        if is_ != should:
            differs.append(f"{what}: {is_!r}, not {should!r}")

    compare("volumes", sorted(seen.volumes), sorted(model.volumes))
    parents = {name: volume for name, volume in seen.parents.items() if name not in seen.automatic}
    compare("snapshots", parents, {name: snapshot.volume for name, snapshot in model.snapshots.items()})
    compare("servers", sorted(seen.servers), sorted(model.servers))
    compare("schedules", sorted(seen.schedules), sorted(model.schedules))
    if differs:
        return differs
    for name, volume in model.volumes.items():
        is_ = seen.volumes[name].attributes
        compare(f"{name}.cluster", is_["clusterName"], volume.cluster)
        compare(f"{name}.size", is_["size"], str(volume.size))
        compare(f"{name}.thin", is_["thinProvision"], str(volume.thin).lower())
        compare(f"{name}.replication", is_["replication"], str(volume.replication))
        compare(f"{name}.description", is_["description"], volume.description)
        compare(f"{name}.primary", is_["isPrimary"], str(volume.primary).lower())
        compare(f"{name}.permissions", _rows(seen.volumes[name], model), model.rows(volume.grants))
    for name, snapshot in model.snapshots.items():
        is_ = seen.snapshots[name].attributes
        compare(f"{name}.size", is_["size"], str(snapshot.size))
        compare(f"{name}.replication", is_["replication"], str(snapshot.replication))
        compare(f"{name}.description", is_["description"], snapshot.description)
        compare(f"{name}.permissions", _rows(seen.snapshots[name], model), model.rows(snapshot.grants))
    for name, server in model.servers.items():
        is_ = seen.servers[name].attributes
        compare(f"{name}.description", is_["description"], server.description)
    for name, schedule in model.schedules.items():
        is_ = seen.schedules[name].attributes
        should = (schedule.volume, schedule.period, schedule.start, schedule.retention, str(schedule.paused).lower())
        said = tuple(is_[key] for key in ("volumeName", "period", "startTime", "retentionCount", "paused"))
        compare(f"{name}", said, should)
    return differs


def _rows(item: Node, model: Model) -> list[Row]:
    rows = []
    for row in item.all("permission"):
        is_ = row.attributes
        assert is_["chapRequired"] == str(bool(is_["chapName"])).lower(), is_
        server = is_["authGroup"] if is_["authGroup"] in model.servers else ""
        assert server or is_["authGroup"].startswith("api-"), is_
        rows.append((is_["access"], server, is_["iqn"], is_["chapName"], is_["targetSecret"], is_["initiatorSecret"]))
    return rows


def check(seen: Picture, group: str) -> None:
    """Check what holds of every group: its numbers, its names, and that its space adds up."""
    items = [*seen.volumes.values(), *seen.snapshots.values()]
    assert not set(seen.volumes) & set(seen.snapshots)
    assert len({item.attributes["serialNumber"][:32] for item in items}) <= 1, "one md5 for the group"
    for item in items:
        is_ = item.attributes
        number = int(is_["serialNumber"][32:], 16)
        assert is_["iscsiIqn"] == f"{_PREFIX}:{group}:{number}:{is_['name']}", is_
        assert is_["groupName"] == group
    serials = Counter(item.attributes["serialNumber"] for item in items)
    assert not serials or max(serials.values()) == 1, serials
    for name, item in seen.snapshots.items():
        parent = seen.volumes[seen.parents[name]].attributes
        assert item.attributes["volumeSerial"] == parent["serialNumber"], name
        assert item.attributes["clusterName"] == parent["clusterName"], name
    kept = Counter(item.attributes["scheduleId"] for item in seen.snapshots.values())
    assert all(count <= MOST_KEPT for number, count in kept.items() if number != "0"), kept
    for name, item in seen.snapshots.items():
        assert (item.attributes["automatic"] == "true") == (item.attributes["scheduleId"] != "0"), name
    _check_space(seen, items)


def _check_space(seen: Picture, items: Iterable[Node]) -> None:
    cluster = {name: int(value) for name, value in seen.cluster.attributes.items() if value.isdigit()}
    taken = sum(int(item.attributes["reserveQuota"]) * int(item.attributes["replication"]) for item in items)
    assert cluster["spaceTotal"] - taken == cluster["unprovisionedSpace"] >= 0
    for copies in range(1, cluster["storageNodeCount"] + 1):
        assert cluster[f"maxVolumeSizeReplication{copies}"] * copies <= cluster["unprovisionedSpace"]
    for volume in seen.volumes.values():
        is_ = volume.attributes
        if is_["thinProvision"] == "false":
            assert is_["reserveQuota"] == is_["size"], is_
        assert int(is_["reserveQuota"]) <= int(is_["size"]), is_
        assert int(is_["size"]) % cluster["pageSize"] == 0, is_
        assert 1 <= int(is_["replication"]) <= cluster["storageNodeCount"], is_
