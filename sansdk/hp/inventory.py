"""What was read of a LeftHand group: volumes with their permissions, clusters, and the values they make.

A volume is its own target, as LUN 0; its portals are the cluster's virtual IPs. A permission row names one
initiator, or nobody and CHAP. Rows bear no mark of who made them: all of them count as ours.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar

from sansdk.commands import cliq
from sansdk.commands.base import Command
from sansdk.errors import ArrayError
from sansdk.hp.setting import Setting, portal
from sansdk.inventory import Inventory, NotRead, Scope, Widen
from sansdk.model import ArrayInfo, Chap, Export, Initiator, Orphan, Pool, Problem, Volume
from sansdk.steps import Readings

T = TypeVar("T")


class HpInventory(Inventory):
    """What was read of a scope."""

    def __init__(self, setting: Setting, scope: Scope, readings: Readings) -> None:
        self.setting = setting
        self.scope = scope
        self._readings = readings

    @cached_property
    def group(self) -> Mapping[str, cliq.CliqVolume]:
        """The volumes that were read, those of other clusters too: names are unique in the group."""
        if self.scope.volumes is None:
            return {v.name: v for v in self._read(cliq.GetVolumes()) or ()}
        found = ((name, self._read(cliq.GetVolume(name))) for name in self.scope.volumes)
        return {name: volume for name, volume in found if volume is not None}

    @cached_property
    def own(self) -> Mapping[str, cliq.CliqVolume]:
        """The volumes in scope that are this cluster's, and not the copy of another group's."""
        cluster = self.setting.cluster
        return {n: v for n, v in self.group.items() if v.cluster == cluster and v.primary and not v.deleting}

    @cached_property
    def listed(self) -> Mapping[str, cliq.CliqVolume]:
        """The same, for whoever takes absence for an answer.

        Raises:
            ArrayError: There is no such cluster: what is in it is unknown, not gone.
            Widen: No volume of it was read, nor whether it is there.
        """
        if not self.own:
            if cliq.GetClusters() not in self._readings:
                raise Widen
            _ = self.cluster
        return self.own

    def volume(self, name: str) -> cliq.CliqVolume | None:
        """One volume; None where the cluster, if it is there, has none of that name."""
        if not self.scope.has(name):
            raise NotRead(name)
        return self.own.get(name)

    @cached_property
    def cluster(self) -> cliq.Cluster:
        """The session's cluster."""
        clusters = self._read(cliq.GetClusters()) or ()
        found = next((c for c in clusters if c.name == self.setting.cluster), None)
        if found is None:
            names = ", ".join(repr(c.name) for c in clusters)
            raise ArrayError(f"The group has no cluster {self.setting.cluster!r}; it has {names}.")
        return found

    def servers(self) -> Mapping[str, tuple[str, ...]]:
        """Initiators by the server object that the rows read here put them in."""
        servers: dict[str, tuple[str, ...]] = {}
        for row in (row for volume in self.group.values() for row in volume.permissions):
            if row.iqn and row.group and row.iqn not in servers.get(row.group, ()):
                servers[row.group] = (*servers.get(row.group, ()), row.iqn)
        return servers

    def volumes(self) -> list[Volume]:
        """Every volume in scope, by name."""
        return [volume_value(self.setting, v) for _, v in sorted(self.listed.items())]

    def exports(self) -> list[Export]:
        """Every export in scope, by volume."""
        return [e for name in sorted(self.listed) for e in self.exports_of(name)]

    def exports_of(self, volume: str) -> list[Export]:
        """The one export of a volume, or none."""
        found = self.listed.get(volume)
        if found is None or not found.permissions:
            return []
        addresses = self.cluster.vips or tuple(n.address for n in self.cluster.nodes)
        return [export_value(found, tuple(portal(a) for a in addresses))]

    def initiators(self) -> list[Initiator]:
        """Those that a permission row names, by name."""
        servers = self.servers()
        names = sorted({iqn for members in servers.values() for iqn in members})
        return [Initiator(iqn, next(s for s, members in servers.items() if iqn in members)) for iqn in names]

    def pools(self) -> list[Pool]:
        """The cluster. Space is before replication; `used` is what was promised."""
        cluster = self.cluster
        provisioned = sum(v.size or 0 for v in self._read(cliq.GetVolumes()) or () if v.cluster == cluster.name)
        used = cluster.space_total - cluster.unprovisioned
        return [Pool(cluster.name, cluster.space_total, used, cluster.unprovisioned, provisioned, "online")]

    def orphans(self) -> list[Orphan]:
        """None: one command is one change, and a server without volumes is an initiator."""
        _ = self.cluster
        return []

    def problems(self) -> list[Problem]:
        """A missing cluster, or one without virtual IP."""
        clusters = self._read(cliq.GetClusters()) or ()
        found = next((c for c in clusters if c.name == self.setting.cluster), None)
        if found is None:
            names = ", ".join(c.name for c in clusters) or "none"
            text = f"The group has no cluster {self.setting.cluster}."
            return [Problem("cluster-missing", text, f"Connect with one that it has: {names}.")]
        if not found.vips:
            text = f"The cluster {found.name} has no virtual IP: its nodes are the portals."
            return [Problem("vip-missing", text, "Give the cluster a virtual IP, so that portals survive a node.")]
        return []

    def info(self) -> ArrayInfo:
        """As found when connecting."""
        flavour = ".".join(self.setting.version.split(".")[:2]) or "unknown"
        return ArrayInfo(self.setting.array, "hp", flavour, self.setting.version)

    def facts(self, volume: str) -> Mapping[str, str]:
        """Identity, size, and who may use it."""
        found = self.volume(volume)
        if found is None:
            return {}
        rows = sorted((row.group or "", row.iqn or "", row.chap_user or "") for row in found.permissions)
        return {"volume": f"{found.serial} of {found.size} bytes", "permissions": str(rows)}

    def _read(self, command: Command[T]) -> T | None:
        if command not in self._readings:
            raise NotRead(command)
        value: T | None = self._readings[command]
        return value


def volume_value(setting: Setting, volume: cliq.CliqVolume) -> Volume:
    """A volume of the group as a value. What it was cloned from cannot be read; nor, surely, what it uses."""
    return Volume(
        name=volume.name,
        size=volume.size or 0,
        thin=bool(volume.thin),
        pool=volume.cluster,
        array=setting.array,
        serial=volume.serial,
        exported=bool(volume.permissions),
        created=volume.created,
        status=volume.status or "",
    )


def export_value(volume: cliq.CliqVolume, portals: tuple[str, ...]) -> Export:
    """The permissions of a volume as an export."""
    chap = next((row for row in volume.permissions if row.chap_required), None)
    return Export(
        volume=volume.name,
        target_iqn=volume.iqn or "",
        lun=0,
        portals=portals,
        chap=None if chap is None else Chap(chap.chap_user or "", chap.target_secret),
        initiators=tuple(sorted(row.iqn for row in volume.permissions if row.iqn)),
        maker="sansdk",
    )
