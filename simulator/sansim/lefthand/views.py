"""Objects of a group as the elements of an answer.

Attributes and their order of nesting were seen unless a comment says otherwise; where the values are constant
here, they were in every published sample.
"""

from sansim.lefthand import inferred
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.model import Cluster, Permission, Server, Session, Snapshot, Volume
from sansim.lefthand.rendering import Element
from sansim.lefthand.sizes import PAGE
from sansim.lefthand.words import flag, moment

__all__ = ["DEEPEST", "Views"]

_VOLUMES, _SNAPSHOTS, _REMOTE_SNAPSHOTS = 2, 3, 4
DEEPEST = _REMOTE_SNAPSHOTS
"""The depths of search from which on a cluster shows its volumes, they their snapshots and their remote ones."""


class Views:
    """Makes elements in the way of one release."""

    def __init__(self, group: ManagementGroup, flavour: Flavour) -> None:
        self._group = group
        self._flavour = flavour

    def cluster(self, cluster: Cluster, *, depth: int, verbose: bool) -> Element:
        """Return a cluster with its nodes and virtual IPs, and volumes down to a depth of search."""
        group = self._group
        attributes = {
            "blockSize": "1024",
            "description": cluster.description,
            "minVolumeSize": str(PAGE),
            "name": cluster.name,
            "pageSize": str(PAGE),
            "spaceTotal": str(cluster.space_total),
            "storageNodeCount": str(len(cluster.nodes)),
            "unprovisionedSpace": str(group.unprovisioned(cluster)),
            "useVip": flag(bool(cluster.vips)),
        }
        for copies in range(1, len(cluster.nodes) + 1):
            attributes[f"maxVolumeSizeReplication{copies}"] = str(group.largest(cluster, copies))
        if self._flavour.adaptive_optimization:
            attributes["adaptiveOptimization"] = "false"
        volumes = [volume for volume in group.tables.volumes.values() if volume.cluster == cluster.name]
        return Element(
            "cluster",
            attributes,
            (
                *(Element("nsm", {"ipAddress": n.ip_address, "name": n.name}) for n in cluster.nodes),
                *(Element("vip", {"ipAddress": v.ip_address, "subnetMask": v.subnet_mask}) for v in cluster.vips),
                # Their place is inferred.
                *(self.volume(volume, verbose=verbose, depth=depth) for volume in volumes if depth >= _VOLUMES),
            ),
        )

    def volume(self, volume: Volume, *, verbose: bool, depth: int = DEEPEST) -> Element:
        """Return a volume: in summary, or with status, sessions, permissions and, down to a depth, snapshots."""
        if not verbose:
            return Element(
                "volume",
                {
                    "autogrowPages": str(self._flavour.autogrow_pages),
                    "blockSize": "1024",
                    "clusterName": volume.cluster,
                    "deleting": "false",
                    "groupName": self._group.tables.group.name,
                    "name": volume.name,
                    "serialNumber": self._group.serial_number(volume),
                },
            )
        cluster = self._group.cluster(volume.cluster)
        attributes = self._common(volume, primary=volume.primary) | {
            "autogrowPages": str(self._flavour.autogrow_pages),
            "blockSize": "1024",
            "checkSum": "false",
            "maxSize": str(self._group.largest(cluster, volume.replication, beside=volume.reserved)),
            "thinProvision": flag(volume.thin),
        }
        if self._flavour.first_schema:
            attributes |= {"friendlyName": "", "status": self._availability(volume)}
        else:
            attributes["parity"] = "0"
        found = self._group.tables.snapshots_of[volume.name]
        # That snapshots and remote snapshots stand below their volume was seen, that they come last is inferred.
        return Element(
            "volume",
            attributes,
            (
                *self._parts(volume),
                *(self.snapshot(snapshot) for snapshot in found if depth >= _SNAPSHOTS),
                *(
                    self.remote_snapshot(snapshot)
                    for snapshot in found
                    if depth >= _REMOTE_SNAPSHOTS and snapshot.copy is not None
                ),
            ),
        )

    def snapshot(self, snapshot: Snapshot) -> Element:
        """Return a snapshot with status, sessions and permissions."""
        parent = self._group.volume(snapshot.volume)
        attributes = self._common(snapshot, primary=snapshot.copy is None) | {
            "applicationManaged": "false",
            "automatic": flag(bool(snapshot.schedule)),
            "autogrowPages": "32768",
            "id": str(snapshot.id),
            "scheduleId": str(snapshot.schedule),
            "scratchWritten": "0",
            "volumeSerial": self._group.serial_number(parent),
        }
        if self._flavour.snapshot_names_volume:
            attributes["volumeName"] = snapshot.volume
        return Element("snapshot", attributes, self._parts(snapshot))

    def remote_snapshot(self, snapshot: Snapshot) -> Element:
        """Return a snapshot as a copy of another one; inferred but for name and percentComplete."""
        attributes = {
            "name": snapshot.name,
            "percentComplete": str(self._group.remote.percent(snapshot)),
            "volumeName": snapshot.volume,
        }
        if snapshot.copy is not None:
            attributes |= {"primaryGroupName": snapshot.copy.group, "primarySnapshotName": snapshot.copy.snapshot}
        return Element("remoteSnapshot", attributes)

    def server(self, server: Server) -> Element:
        """Return a server with its initiators and what is assigned to it; all inferred but the element's name."""
        row = Permission(server.id, server.name, server=True)
        return Element(
            "server",
            {"description": server.description, "id": str(server.id), "name": server.name},
            (
                *(self._permission(row, iqn) for iqn in server.initiators),
                *(
                    Element("volume", {"name": target.name, "access": assigned.access})
                    for target in self._group.access.targets_of(server.name)
                    for assigned in target.permissions
                    if assigned.auth_group == server.name
                ),
            ),
        )

    def _common(self, item: Volume | Snapshot, *, primary: bool) -> dict[str, str]:
        attributes = {
            "bytesWritten": str(item.bytes_written),
            "clusterName": item.cluster,
            "deleting": "false",
            "description": item.description,
            "groupName": self._group.tables.group.name,
            "initialQuota": str(item.reserve_quota),
            "isPrimary": flag(primary),
            "iscsiIqn": self._group.iqn(item),
            "minReplication": "1",
            "name": item.name,
            "replication": str(item.replication),
            "reserveQuota": str(item.reserve_quota),
            "scratchQuota": "4194304",
            "serialNumber": self._group.serial_number(item),
            "size": str(item.size),
            "stridePages": "32",
        }
        if not self._flavour.first_schema:
            attributes |= {
                "availability": self._availability(item),
                "created": moment(item.created),
                "md5": self._group.tables.group.md5,
            }
        return attributes

    def _parts(self, item: Volume | Snapshot) -> tuple[Element, ...]:
        """Return the status, the sessions and the permissions, in this order (seen)."""
        status = () if self._flavour.first_schema else (self._status(item),)
        return (
            *status,
            *(_session(session) for session in self._group.tables.sessions_of[item.name]),
            *(
                self._permission(row, iqn)
                for row in item.permissions
                for iqn in self._group.access.initiators(row) or ("",)
            ),
        )

    def _availability(self, item: Volume | Snapshot) -> str:
        return "online" if self._group.nodes.available(item) else inferred.UNAVAILABLE

    def _status(self, item: Volume | Snapshot) -> Element:
        known = ("OK", "2") if self._group.nodes.available(item) else inferred.UNAVAILABLE_STATUS
        return Element("status", dict(zip(("description", "value"), known, strict=True)))

    def _permission(self, row: Permission, iqn: str) -> Element:
        """Return a permission; that a server of several initiators has a row for each is inferred."""
        attributes = {
            "access": row.access,
            "authGroup": row.auth_group,
            "chapName": row.chap_name,
            "chapRequired": flag(row.chap_required),
            "initiatorSecret": row.initiator_secret,
            "iqn": iqn,
            "loadBalance": "true",
            "targetSecret": row.target_secret,
        }
        if not self._flavour.first_schema:
            attributes |= {"id": str(row.id), "iscsiEnabled": "true"}
        return Element("permission", attributes)


def _session(session: Session) -> Element:
    """Return a session: that it holds the word `connected` was seen, its attributes are inferred."""
    return Element(
        "session",
        {"initiatorIqn": session.initiator, "since": moment(session.since), "status": "connected"},
    )
