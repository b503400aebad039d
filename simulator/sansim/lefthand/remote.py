"""Remote copies: volumes that hold copies of another volume's snapshots, and how these get there.

A remote schedule has two ends (seen): NAME_Pri makes snapshots of the primary volume, NAME_Rmt keeps what arrives
at the remote volume, mostly in another management group, which is found by the address of one of its nodes. What a
copy takes, its name, and what becomes of it when one end is gone are inferred.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import attrs

from sansim.lefthand import inferred
from sansim.lefthand.model import RemoteCopy, Schedule, Snapshot, Volume
from sansim.lefthand.results import NOTHING_DONE, Refusal
from sansim.state import change_together

if TYPE_CHECKING:
    from sansim.lefthand.group import ManagementGroup

__all__ = ["RemoteCopies"]

_PRIMARY_END, _REMOTE_END = "_Pri", "_Rmt"


class RemoteCopies:
    """What one group sends to others, and what it receives."""

    def __init__(self, group: "ManagementGroup") -> None:
        self._group = group
        self._tables = group.tables
        self._state = group.tables.state

    def make_remote(self, volume_name: str, snapshot_name: str) -> None:
        """Keep what a primary volume holds in a snapshot, and let it receive copies from then on (seen)."""
        volume = self._group.volume(volume_name)
        if not volume.primary:
            raise Refusal(NOTHING_DONE, f"Volume '{volume_name}' is already a remote volume.")
        self._group.check_idle("Volume", volume, "made remote")
        with self._state.change():
            self._group.create_snapshots([(snapshot_name, volume_name)])
            self._tables.volumes[volume_name] = attrs.evolve(volume, primary=False)

    def make_primary(self, volume_name: str) -> None:
        """Let a remote volume be one of its own again; copies that are not complete are dropped."""
        volume = self._group.volume(volume_name)
        if volume.primary:
            raise Refusal(NOTHING_DONE, f"Volume '{volume_name}' is already a primary volume.")
        with self._state.change():
            for snapshot in self._tables.snapshots_of[volume_name]:
                if self.percent(snapshot) < 100:  # noqa: PLR2004 - a percentage
                    self._group.delete_snapshot(snapshot.name)
            self._tables.volumes[volume_name] = attrs.evolve(volume, primary=True)

    def percent(self, snapshot: Snapshot) -> int:
        """Return how much of a snapshot is here."""
        return 100 if snapshot.copy is None else snapshot.copy.percent(self._group.clock.now())

    def check_complete(self, snapshot: Snapshot) -> None:
        """Refuse what needs a whole snapshot while it is still being copied."""
        if self.percent(snapshot) < 100:  # noqa: PLR2004 - a percentage
            raise Refusal(
                inferred.GENERAL_ERROR, f"Snapshot '{snapshot.name}' is a remote snapshot that is not complete."
            )

    def reach(self, address: str, username: str, password: str) -> "ManagementGroup":
        """Return the group of a node, if the user may change it.

        Raises:
            Refusal: There is no node of that address within reach, it is a virtual IP (seen: refused), or the user
                is not admitted.
        """
        neighbours = self._group.neighbours
        if neighbours.with_vip(address) is not None:
            raise Refusal(
                inferred.INVALID_VALUE,
                f"Parameter 'remoteIp' is the virtual IP address '{address}', not that of a storage node.",
            )
        group = neighbours.with_node(address)
        if group is None:
            raise Refusal(inferred.GENERAL_ERROR, f"Storage node '{address}' cannot be reached.")
        if not group.administrators.admits(username, password):
            raise Refusal(inferred.NOT_AUTHORIZED, f"User '{username}' is not authorized on '{address}'.")
        return group

    def create_schedule(
        self,
        end: Schedule,
        *,
        address: str,
        username: str,
        password: str,
        cluster: str,
        volume: str,
        retention: int,
    ) -> None:
        """Make both ends of a remote schedule.

        Args:
            end: What the schedule is at this end; its number, its name's ending and its partner are filled in here.
            address: A node of the other group.
            username: Who may change it.
            password: Their password.
            cluster: The cluster there.
            volume: The remote volume; it is made if there is none.
            retention: How many copies it keeps.
        """
        there = self.reach(address, username, password)
        primary_name, remote_name = f"{end.name}{_PRIMARY_END}", f"{end.name}{_REMOTE_END}"
        primary = self._group.volume(end.volume)
        with self._as_here(there), change_together([there.tables.state, self._state]):
            made = self._group.schedules.create(
                primary_name,
                end.volume,
                period=end.period,
                start=end.start,
                retention=end.retention,
                description=end.description,
            )
            self._tables.schedules[primary_name] = attrs.evolve(
                made, partner=remote_name, partner_address=address, partner_volume=volume
            )
            there.remote.receive_schedule(
                attrs.evolve(
                    made,
                    name=remote_name,
                    volume=volume,
                    retention=retention,
                    receives=True,
                    partner=primary_name,
                    partner_volume=end.volume,
                ),
                cluster,
                primary,
            )

    def receive_schedule(self, end: Schedule, cluster: str, primary: Volume) -> None:
        """Put the remote end of a schedule down, with its volume; inside `state.change()` only."""
        self._group.schedules.check_free(end.name)
        self._group.cluster(cluster)
        volume = self._tables.volumes.get(end.volume)
        if volume is None:
            self._group.create_volume(end.volume, cluster, primary.size, thin=True)
            self._tables.volumes[end.volume] = attrs.evolve(self._tables.volumes[end.volume], primary=False)
        elif volume.primary:
            raise Refusal(inferred.GENERAL_ERROR, f"Volume '{end.volume}' is not a remote volume.")
        elif volume.cluster != cluster:
            raise Refusal(inferred.GENERAL_ERROR, f"Volume '{end.volume}' is not in cluster '{cluster}'.")
        self._tables.schedules[end.name] = attrs.evolve(end, id=self._tables.next_id())

    def send(self, schedule: Schedule, snapshot: Snapshot, number: int) -> None:
        """Begin to copy a scheduled snapshot to the other end; if that is gone nothing is copied."""
        there = self._group.neighbours.with_node(schedule.partner_address)
        if there is not None:
            age = self._group.clock.now() - snapshot.created
            older = [other for other in self._tables.snapshots_by[str(schedule.id)] if other.id < snapshot.id]
            written = snapshot.bytes_written - older[-1].bytes_written if older else snapshot.size
            there.remote.receive(
                schedule.partner,
                number,
                RemoteCopy(
                    self._tables.group.name,
                    snapshot.name,
                    there.clock.now() - age,
                    max(-(-written // inferred.COPY_RATE), inferred.COPY_LEAST),
                ),
                snapshot.bytes_written,
            )

    def drop_copies(self, snapshots: Collection[str]) -> None:
        """Delete the copies that groups within reach hold of these snapshots, but for those in use."""
        for group in self._group.neighbours:
            for copy in tuple(group.tables.snapshots.values()):
                source = copy.copy
                if source is None or source.group != self._tables.group.name or source.snapshot not in snapshots:
                    continue
                if group.deletable(copy):
                    with self._as_here(group):
                        group.delete_snapshot(copy.name)

    def receive(self, schedule_name: str, number: int, copy: RemoteCopy, bytes_written: int) -> None:
        """Take a snapshot for a remote end, unless it is paused, its volume primary again, or there is no place."""
        schedule = self._tables.schedules.get(schedule_name)
        if schedule is None or not schedule.receives or schedule.paused:
            return
        volume = self._tables.volumes[schedule.volume]
        name = inferred.SCHEDULED_NAME.format(schedule=schedule_name, number=number)
        if volume.primary or self._group.taken(name):
            return
        with self._state.change():
            try:
                self._group.nodes.check_available("Volume", volume)
                with self._state.change():
                    arrived = attrs.evolve(
                        self._group.snapshot_of(volume, name),
                        created=copy.started,
                        bytes_written=bytes_written,
                        schedule=schedule.id,
                        copy=copy,
                    )
                    self._group.add_snapshot(arrived)
            except Refusal:
                # There is no space, or too many nodes are down: the copy is missed.
                return
            self._tables.schedules[schedule_name] = attrs.evolve(schedule, runs=number)
            self._group.schedules.retire(schedule)

    @contextmanager
    def _as_here(self, group: "ManagementGroup") -> Iterator[None]:
        """Let another group take back what is changed in the block where this one does."""
        with ExitStack() as stack:
            if self._state.discarding and group is not self._group:
                stack.enter_context(group.tables.state.discarded())
            yield
