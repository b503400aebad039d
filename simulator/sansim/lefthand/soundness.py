"""Whether the objects of a group fit together, for those that came from outside: a text that people edit."""

from collections.abc import Iterator

from sansim.lefthand.model import Snapshot, Volume
from sansim.lefthand.tables import Tables

__all__ = ["flaws"]


def flaws(tables: Tables) -> Iterator[str]:
    """Yield what does not fit together in a group, each with the place of the object that refers to nothing."""
    yield from _names(tables)
    yield from _volumes(tables)
    yield from _access(tables)
    for name, cluster in tables.clusters.items():
        if tables.reserved[name] > cluster.space_total:
            yield f'clusters."{name}": what is in it takes {tables.reserved[name]} bytes, it has {cluster.space_total}'


def _names(tables: Tables) -> Iterator[str]:
    for kind, items in (("volumes", tables.volumes), ("snapshots", tables.snapshots), ("servers", tables.servers)):
        for name, item in items.items():
            if name != item.name:
                yield f'{kind}."{name}".name: {item.name} is another name'
    for name in tables.volumes:
        if name in tables.snapshots:
            yield f'volumes."{name}": a snapshot has that name'


def _volumes(tables: Tables) -> Iterator[str]:
    for name, volume in tables.volumes.items():
        if volume.cluster not in tables.clusters:
            yield f'volumes."{name}": there is no cluster {volume.cluster}'
        if volume.clone_of and volume.clone_of not in tables.snapshots:
            yield f'volumes."{name}": there is no snapshot {volume.clone_of} that it is a clone of'
    for kind, items in (
        ("snapshots", tables.snapshots),
        ("schedules", tables.schedules),
        ("sessions", tables.sessions),
    ):
        for key, item in items.items():
            if item.volume not in tables.volumes and not (kind == "sessions" and item.volume in tables.snapshots):
                yield f'{kind}."{key}": there is no volume {item.volume}'


def _access(tables: Tables) -> Iterator[str]:
    targets: tuple[Volume | Snapshot, ...] = (*tables.volumes.values(), *tables.snapshots.values())
    for target in targets:
        for row in target.permissions:
            if row.server and row.auth_group not in tables.servers:
                yield f'permissions of "{target.name}": there is no server {row.auth_group}'
