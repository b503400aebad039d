"""The tables of a management group, what is counted over them, and the numbers it gives out."""

from collections import defaultdict
from collections.abc import Callable
from typing import Generic, TypeVar

import attrs
from attrs import AttrsInstance

from sansim.lefthand.model import AdminGroup, Cluster, Group, Schedule, Server, Session, Snapshot, Volume
from sansim.state import State, Table

__all__ = ["Index", "Tables"]

V = TypeVar("V", bound=AttrsInstance)

_GROUP = "group"


class Index(Generic[V]):
    """The objects of a table by one of their fields, kept while the table changes."""

    def __init__(self, table: Table[V], field: Callable[[V], str], number: Callable[[V], int]) -> None:
        self._found: defaultdict[str, dict[int, V]] = defaultdict(dict)
        self._field = field
        self._number = number
        table.observe(self._changed)

    def __getitem__(self, value: str) -> list[V]:
        """Return the objects whose field has this value, oldest first."""
        found = self._found.get(value, {})
        return [found[number] for number in sorted(found)]

    def _changed(self, old: V | None, new: V | None) -> None:
        if old is not None:
            key = self._field(old)
            del self._found[key][self._number(old)]
            if not self._found[key]:
                del self._found[key]
        if new is not None:
            self._found[self._field(new)][self._number(new)] = new


class Tables:
    """All objects of a management group by name (sessions by number).

    Attributes:
        reserved: The bytes that volumes and snapshots take, by cluster.
        snapshots_of: The snapshots of a volume.
        clones_of: The SmartClone volumes of a snapshot; the key `""` finds the volumes that are none.
        sessions_of: The sessions of a volume or snapshot.
        schedules_of: The schedules of a volume.
        snapshots_by: The snapshots that a schedule made, by its number as text; `"0"` finds those made by hand.
        server_of: The name of the server that has an initiator, by the initiator in small letters.
    """

    def __init__(self, state: State) -> None:
        self.state = state
        self._groups = state.table("groups", Group)
        self.clusters = state.table("clusters", Cluster)
        self.volumes = state.table("volumes", Volume)
        self.snapshots = state.table("snapshots", Snapshot)
        self.servers = state.table("servers", Server)
        self.sessions = state.table("sessions", Session)
        self.schedules = state.table("schedules", Schedule)
        self.admin_groups = state.table("admin_groups", AdminGroup)
        self.reserved: defaultdict[str, int] = defaultdict(int)
        self.volumes.observe(self._count)
        self.snapshots.observe(self._count)
        self.snapshots_of = Index(self.snapshots, lambda snapshot: snapshot.volume, lambda snapshot: snapshot.id)
        self.clones_of = Index(self.volumes, lambda volume: volume.clone_of, lambda volume: volume.id)
        self.sessions_of = Index(self.sessions, lambda session: session.volume, lambda session: session.id)
        self.schedules_of = Index(self.schedules, lambda schedule: schedule.volume, lambda schedule: schedule.id)
        self.snapshots_by = Index(self.snapshots, lambda snapshot: str(snapshot.schedule), lambda snapshot: snapshot.id)
        self.server_of: dict[str, str] = {}
        self.servers.observe(self._note_initiators)

    def found(self, group: Group) -> None:
        """Put the group itself down, unless the state holds one already."""
        if _GROUP not in self._groups:
            self._groups[_GROUP] = group

    @property
    def group(self) -> Group:
        """The management group itself."""
        return self._groups[_GROUP]

    def next_id(self) -> int:
        """Give out a number; inside `state.change()` only."""
        number = self.group.next_id
        self._groups[_GROUP] = attrs.evolve(self.group, next_id=number + 1)
        return number

    def _count(self, old: Volume | Snapshot | None, new: Volume | Snapshot | None) -> None:
        if old is not None:
            self.reserved[old.cluster] -= old.reserved
        if new is not None:
            self.reserved[new.cluster] += new.reserved

    def _note_initiators(self, old: Server | None, new: Server | None) -> None:
        if old is not None:
            for iqn in old.initiators:
                self.server_of.pop(iqn.lower(), None)
        if new is not None:
            for iqn in new.initiators:
                self.server_of[iqn.lower()] = new.name
