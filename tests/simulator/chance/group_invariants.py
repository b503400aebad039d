"""What holds in a LeftHand group after every command."""

from collections import Counter, defaultdict

from sansim.lefthand.array import LeftHandArray
from sansim.lefthand.model import Snapshot, Volume
from sansim.lefthand.tables import Tables

__all__ = ["check_group"]


def check_group(array: LeftHandArray) -> None:
    """Check the tables of a group, and what is counted over them."""
    with array.state.lock:
        tables = array.group.tables
        _check_names(tables)
        _check_space(tables)
        _check_access(tables)
        _check_indexes(tables)


def _check_names(tables: Tables) -> None:
    assert not {*tables.volumes} & {*tables.snapshots}
    for name, volume in tables.volumes.items():
        assert name == volume.name
        assert volume.cluster in tables.clusters, name
        assert not volume.clone_of or volume.clone_of in tables.snapshots, name
    for name, snapshot in tables.snapshots.items():
        assert name == snapshot.name
        assert snapshot.volume in tables.volumes, name
        assert snapshot.cluster == tables.volumes[snapshot.volume].cluster, name
    for name, schedule in tables.schedules.items():
        assert name == schedule.name
        assert schedule.volume in tables.volumes, name
    numbers = Counter(
        item.id
        for table in (tables.volumes, tables.snapshots, tables.servers, tables.sessions, tables.schedules)
        for item in table.values()
    )
    numbers.update(
        row.id for table in (tables.volumes, tables.snapshots) for item in table.values() for row in item.permissions
    )
    assert not numbers or max(numbers.values()) == 1
    assert not numbers or max(numbers) < tables.group.next_id


def _check_space(tables: Tables) -> None:
    reserved: defaultdict[str, int] = defaultdict(int)
    targets: tuple[Volume | Snapshot, ...] = (*tables.volumes.values(), *tables.snapshots.values())
    for item in targets:
        reserved[item.cluster] += item.reserved
    for name, cluster in tables.clusters.items():
        assert tables.reserved[name] == reserved[name], name
        assert reserved[name] <= cluster.space_total, name


def _check_access(tables: Tables) -> None:
    targets: tuple[Volume | Snapshot, ...] = (*tables.volumes.values(), *tables.snapshots.values())
    for item in targets:
        for row in item.permissions:
            assert not row.server or row.auth_group in tables.servers, item.name
    for session in tables.sessions.values():
        target = tables.volumes.get(session.volume) or tables.snapshots[session.volume]
        assert session.permission in {row.id for row in target.permissions}
    initiators = [iqn.lower() for server in tables.servers.values() for iqn in server.initiators]
    assert len(initiators) == len(set(initiators))
    assert tables.server_of == {
        iqn.lower(): server.name for server in tables.servers.values() for iqn in server.initiators
    }


def _check_indexes(tables: Tables) -> None:
    for name in tables.volumes:
        snapshots = [snapshot for snapshot in tables.snapshots.values() if snapshot.volume == name]
        assert tables.snapshots_of[name] == sorted(snapshots, key=lambda snapshot: snapshot.id)
    for name in ("", *tables.snapshots):
        clones = [volume for volume in tables.volumes.values() if volume.clone_of == name]
        assert tables.clones_of[name] == sorted(clones, key=lambda volume: volume.id)
    for name in (*tables.volumes, *tables.snapshots):
        sessions = [session for session in tables.sessions.values() if session.volume == name]
        assert tables.sessions_of[name] == sorted(sessions, key=lambda session: session.id)
