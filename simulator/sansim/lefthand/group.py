"""A management group: its cluster, volumes and snapshots, and what must always hold between them.

Names are unique among volumes and snapshots together. A full volume takes its size for every copy from its
cluster, thin ones and snapshots a small reserve. A volume with snapshots cannot be deleted, a snapshot cannot
while more than one SmartClone volume stands on it (source: user guide), and nothing can that somebody is
logged in to. All that hangs together through clone points shares cluster and replication. A remote volume takes
no snapshots but those copied to it. What needs the data of a volume waits until enough of its nodes are up; it can be
described, assigned and deleted meanwhile (inferred).
"""

import random
from collections.abc import Iterable
from ipaddress import IPv4Network

import attrs

from sansim.clock import Clock
from sansim.config import ClusterConfig
from sansim.lefthand import inferred
from sansim.lefthand.access import Access
from sansim.lefthand.administrators import Administrators
from sansim.lefthand.families import protect
from sansim.lefthand.founding import clusters
from sansim.lefthand.managers import Managers
from sansim.lefthand.model import Cluster, Group, Snapshot, Volume
from sansim.lefthand.names import check_name
from sansim.lefthand.neighbours import Neighbours
from sansim.lefthand.nodes import Nodes
from sansim.lefthand.remote import RemoteCopies
from sansim.lefthand.results import NOTHING_DONE, VOLUME_NOT_FOUND, Refusal
from sansim.lefthand.schedules import Schedules
from sansim.lefthand.sizes import PAGE, check_replication, whole_pages
from sansim.lefthand.tables import Tables
from sansim.state import State

__all__ = ["ManagementGroup"]


class ManagementGroup:
    """The engine behind CLIQ: every change of the group goes through here or through one of its parts.

    Attributes:
        tables: All objects, for reading and for tests that prepare a state.
        clock: The group's time.
        access: Servers, permissions and sessions.
        schedules: The schedules of snapshots, and what they are to make.
        remote: Remote volumes, and what is copied to them.
        nodes: Which nodes are up, and which one answers.
        managers: What runs on which node.
        administrators: Who may do what.
        neighbours: The groups that this one can reach, itself among them.
    """

    def __init__(self, state: State, clock: Clock, rng: random.Random) -> None:
        self.tables = Tables(state)
        self.clock = clock
        self.access = Access(self.tables, clock, rng)
        self.schedules = Schedules(self)
        self.remote = RemoteCopies(self)
        self.nodes = Nodes(self.tables)
        self.managers = Managers(self.tables, self.nodes)
        self.administrators = Administrators(self.tables)
        self.neighbours = Neighbours()
        self.neighbours.join(self)
        self._state = state
        self._random = rng

    def found(self, name: str, plans: Iterable[ClusterConfig], network: IPv4Network) -> None:
        """Make the group with its clusters, their nodes in a network, unless the state holds a group already."""
        md5 = f"{self._random.getrandbits(128):032x}"
        with self._state.change():
            self.tables.found(Group(name, md5, inferred.FIRST_ID))
            if not self.tables.clusters:
                for cluster in clusters(name, network, plans):
                    self.tables.clusters[cluster.name] = cluster

    def cluster(self, name: str) -> Cluster:
        """Return a cluster.

        Raises:
            Refusal: There is none of that name.
        """
        cluster = self.tables.clusters.get(name)
        if cluster is None:
            raise Refusal(inferred.CLUSTER_NOT_FOUND, f"Cluster '{name}' not found.")
        return cluster

    def volume(self, name: str) -> Volume:
        """Return a volume.

        Raises:
            Refusal: There is none of that name.
        """
        volume = self.tables.volumes.get(name)
        if volume is None:
            raise Refusal(VOLUME_NOT_FOUND, f"Volume '{name}' not found.")
        return volume

    def snapshot(self, name: str) -> Snapshot:
        """Return a snapshot.

        Raises:
            Refusal: There is none of that name.
        """
        snapshot = self.tables.snapshots.get(name)
        if snapshot is None:
            raise Refusal(inferred.SNAPSHOT_NOT_FOUND, f"Snapshot '{name}' not found.")
        return snapshot

    def taken(self, name: str) -> bool:
        """Tell whether a volume or snapshot has this name."""
        return name in self.tables.volumes or name in self.tables.snapshots

    def deletable(self, snapshot: Snapshot) -> bool:
        """Tell whether a snapshot is no clone point and nobody is logged in to it."""
        return len(self.tables.clones_of[snapshot.name]) <= 1 and not self.tables.sessions_of[snapshot.name]

    def unprovisioned(self, cluster: Cluster) -> int:
        """Return the bytes that nothing takes from a cluster."""
        return cluster.space_total - self.tables.reserved[cluster.name] - cluster.taken

    def largest(self, cluster: Cluster, replication: int, *, beside: int = 0) -> int:
        """Return the size of the largest full volume a cluster could hold, `beside` bytes counting as free."""
        free = max(self.unprovisioned(cluster) + beside, 0)
        return free // replication // PAGE * PAGE

    def iqn(self, item: Volume | Snapshot) -> str:
        """Return the IQN of the target of a volume or snapshot (seen)."""
        group = self.tables.group.name.lower()
        return f"iqn.2003-10.com.lefthandnetworks:{group}:{item.id}:{item.name}"

    def serial_number(self, item: Volume | Snapshot) -> str:
        """Return its serial number: the group's md5 and the object's number (seen)."""
        return f"{self.tables.group.md5}{item.id:016x}"

    def create_volume(
        self,
        name: str,
        cluster_name: str,
        size: int,
        *,
        thin: bool = False,
        replication: int | None = None,
        description: str = "",
        adaptive_optimization: bool = False,
    ) -> None:
        """Make a volume of at least `size` bytes; without `replication` as many copies as is the default."""
        check_name("volumeName", name)
        cluster = self.cluster(cluster_name)
        self._check_free(name)
        copies = replication or min(inferred.DEFAULT_REPLICATION, len(cluster.nodes))
        check_replication(cluster, copies)
        with self._state.change():
            self.tables.volumes[name] = Volume(
                self.tables.next_id(),
                name,
                cluster.name,
                whole_pages(size),
                thin,
                copies,
                self.clock.now(),
                description,
                adaptive_optimization=adaptive_optimization,
            )
            self._check_space(cluster)

    def modify_volume(
        self,
        name: str,
        *,
        size: int | None = None,
        description: str | None = None,
        thin: bool | None = None,
        replication: int | None = None,
        cluster_name: str | None = None,
        adaptive_optimization: bool | None = None,
    ) -> None:
        """Change what is given; the size may shrink.

        Cluster and replication change for all that hangs together with the volume through clone points.
        """
        volume = self.volume(name)
        cluster = self.cluster(volume.cluster if cluster_name is None else cluster_name)
        copies = volume.replication if replication is None else replication
        check_replication(cluster, copies)
        changed = attrs.evolve(
            volume,
            size=volume.size if size is None else whole_pages(size),
            description=volume.description if description is None else description,
            thin=volume.thin if thin is None else thin,
            adaptive_optimization=(
                volume.adaptive_optimization if adaptive_optimization is None else adaptive_optimization
            ),
        )
        protection = (cluster.name, copies)
        if changed == volume and protection == (volume.cluster, volume.replication):
            raise Refusal(NOTHING_DONE, f"Volume '{name}' is already in the requested state.")
        if (changed.size, changed.thin, *protection) != (volume.size, volume.thin, volume.cluster, volume.replication):
            self.nodes.check_available("Volume", volume)
        free = self.unprovisioned(cluster)
        with self._state.change():
            self.tables.volumes[name] = changed
            if protection != (volume.cluster, volume.replication):
                protect(self.tables, changed, cluster.name, copies)
            if self.unprovisioned(cluster) < free:
                self._check_space(cluster)

    def delete_volume(self, name: str) -> None:
        """Delete a volume that has no snapshots and no sessions; its schedules go with it."""
        volume = self.volume(name)
        if self.tables.snapshots_of[name]:
            raise Refusal(inferred.GENERAL_ERROR, f"Volume '{name}' cannot be deleted because it has snapshots.")
        self.check_idle("Volume", volume, "deleted")
        with self._state.change():
            for schedule in self.tables.schedules_of[name]:
                del self.tables.schedules[schedule.name]
            del self.tables.volumes[name]

    def create_snapshots(
        self, names: Iterable[tuple[str, str]], description: str = "", *, inherit_access: bool = False
    ) -> None:
        """Make snapshots, given as pairs of snapshot and volume, all at once or none."""
        with self._state.change():
            for name, volume_name in names:
                check_name("snapshotName", name)
                volume = self.volume(volume_name)
                if not volume.primary:
                    raise Refusal(inferred.GENERAL_ERROR, f"Volume '{volume_name}' is a remote volume.")
                self.nodes.check_available("Volume", volume)
                self.add_snapshot(
                    self.snapshot_of(volume, name, description=description, inherit_access=inherit_access)
                )

    def snapshot_of(
        self, volume: Volume, name: str, *, description: str = "", inherit_access: bool = False
    ) -> Snapshot:
        """Return a snapshot of a volume as it is now, not yet in the tables; inside `state.change()` only."""
        return Snapshot(
            self.tables.next_id(),
            name,
            volume.name,
            volume.cluster,
            volume.size,
            volume.replication,
            self.clock.now(),
            description,
            volume.bytes_written,
            self.access.inherited(volume.permissions) if inherit_access else (),
        )

    def add_snapshot(self, snapshot: Snapshot) -> None:
        """Put a snapshot into the tables; inside `state.change()` only."""
        self._check_free(snapshot.name)
        self.tables.snapshots[snapshot.name] = snapshot
        self._check_space(self.cluster(snapshot.cluster))

    def delete_snapshot(self, name: str) -> None:
        """Delete a snapshot; its last SmartClone volume, if there is one, stands on its own from then on."""
        snapshot = self.snapshot(name)
        self._check_no_clone_point(snapshot)
        self.check_idle("Snapshot", snapshot, "deleted")
        with self._state.change():
            self._remove_snapshot(snapshot)

    def clone_snapshot(self, name: str, volume_name: str, description: str = "") -> None:
        """Make a thin volume that stands on a snapshot (SmartClone)."""
        snapshot = self.snapshot(name)
        self.remote.check_complete(snapshot)
        self.nodes.check_available("Snapshot", snapshot)
        check_name("volumeName", volume_name)
        self._check_free(volume_name)
        with self._state.change():
            self.tables.volumes[volume_name] = Volume(
                self.tables.next_id(),
                volume_name,
                snapshot.cluster,
                snapshot.size,
                thin=True,
                replication=snapshot.replication,
                created=self.clock.now(),
                description=description,
                clone_of=name,
                bytes_written=snapshot.bytes_written,
            )
            self._check_space(self.cluster(snapshot.cluster))

    def roll_back(self, name: str, *, remote_snapshots: bool = False) -> None:
        """Put a volume back to a snapshot; the newer snapshots go, so none may be a clone point.

        With `remote_snapshots` their copies in other groups go too.
        """
        snapshot = self.snapshot(name)
        volume = self.volume(snapshot.volume)
        if not volume.primary:
            raise Refusal(inferred.GENERAL_ERROR, f"Volume '{volume.name}' is a remote volume.")
        self.nodes.check_available("Volume", volume)
        self.check_idle("Volume", volume, "rolled back")
        newer = [other for other in self.tables.snapshots_of[volume.name] if other.id > snapshot.id]
        for other in newer:
            self._check_no_clone_point(other)
            self.check_idle("Snapshot", other, "deleted")
        with self._state.change():
            for other in newer:
                self._remove_snapshot(other)
            self.tables.volumes[volume.name] = attrs.evolve(
                volume, size=snapshot.size, bytes_written=snapshot.bytes_written
            )
            self._check_space(self.cluster(volume.cluster))
        if remote_snapshots:
            self.remote.drop_copies({other.name for other in newer})

    def _remove_snapshot(self, snapshot: Snapshot) -> None:
        for clone in self.tables.clones_of[snapshot.name]:
            self.tables.volumes[clone.name] = attrs.evolve(clone, clone_of="")
        del self.tables.snapshots[snapshot.name]

    def _check_free(self, name: str) -> None:
        if name in self.tables.volumes:
            raise Refusal(inferred.VOLUME_EXISTS, f"Volume '{name}' already exists.")
        if name in self.tables.snapshots:
            raise Refusal(inferred.SNAPSHOT_EXISTS, f"Snapshot '{name}' already exists.")

    def _check_space(self, cluster: Cluster) -> None:
        """Refuse what was just put into the tables if the cluster cannot hold it."""
        if self.unprovisioned(cluster) < 0:
            raise Refusal(inferred.OUT_OF_SPACE, f"Cluster '{cluster.name}' does not have enough space available.")

    def check_idle(self, kind: str, item: Volume | Snapshot, what: str) -> None:
        """Refuse to do something to a volume or snapshot that somebody is logged in to."""
        if self.tables.sessions_of[item.name]:
            raise Refusal(
                inferred.GENERAL_ERROR,
                f"{kind} '{item.name}' cannot be {what} because it has connected sessions.",
            )

    def _check_no_clone_point(self, snapshot: Snapshot) -> None:
        if len(self.tables.clones_of[snapshot.name]) > 1:
            raise Refusal(
                inferred.GENERAL_ERROR,
                f"Snapshot '{snapshot.name}' cannot be deleted because it is a clone point.",
            )
