"""Which volumes and snapshots hang together through clone points.

Cluster and data protection level are shared by all of them (source: user guide): they stand on the same data.
"""

import attrs
from attrs import frozen

from sansim.lefthand.model import Snapshot, Volume
from sansim.lefthand.tables import Tables

__all__ = ["Family", "family", "protect"]


@frozen
class Family:
    """Volumes and snapshots that stand on each other, in no order."""

    volumes: tuple[Volume, ...]
    snapshots: tuple[Snapshot, ...]


def family(tables: Tables, volume: Volume) -> Family:
    """Return a volume and whatever shares data with it: its snapshots, their clones, what it is a clone of."""
    volumes: dict[str, Volume] = {}
    snapshots: dict[str, Snapshot] = {}
    open_ends = [volume]
    while open_ends:
        found = open_ends.pop()
        if found.name in volumes:
            continue
        volumes[found.name] = found
        if found.clone_of:
            open_ends.append(tables.volumes[tables.snapshots[found.clone_of].volume])
        for snapshot in tables.snapshots_of[found.name]:
            snapshots[snapshot.name] = snapshot
            open_ends.extend(tables.clones_of[snapshot.name])
    return Family(tuple(volumes.values()), tuple(snapshots.values()))


def protect(tables: Tables, volume: Volume, cluster: str, replication: int) -> None:
    """Move a volume's family to a cluster and a number of copies; inside `state.change()` only."""
    whole = family(tables, volume)
    for member in whole.volumes:
        tables.volumes[member.name] = attrs.evolve(member, cluster=cluster, replication=replication)
    for snapshot in whole.snapshots:
        tables.snapshots[snapshot.name] = attrs.evolve(snapshot, cluster=cluster, replication=replication)
