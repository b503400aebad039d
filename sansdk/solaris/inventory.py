"""What was read of a Solaris host: datasets, logical units, views, groups and targets, and the values they make.

What belongs to what is always read, never derived from a name: a volume is the data file of a logical unit (never
its alias, which keeps the old path after a rename), the unit has views, a view names a target group and a host
group, those have members. Names of initiators and targets are compared folded.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from sansdk.commands.base import Command
from sansdk.commands.comstar import itadm, stmfadm, svcs
from sansdk.commands.zfs import (
    ListAvailable,
    ListPools,
    ListSnapshots,
    ListVolumes,
    PoolGuid,
    VolumeDetails,
    ZfsSnapshot,
    ZfsVolume,
)
from sansdk.errors import ArrayError, ServiceDown
from sansdk.inventory import Inventory, NotRead, Scope
from sansdk.model import ANYONE, ArrayInfo, Chap, Export, Initiator, Initiators, Orphan, Pool, Problem, Volume
from sansdk.solaris import leftovers, problems
from sansdk.solaris.setting import NEXT_LUN, OWN, Setting, dataset_of, own_groups
from sansdk.solaris.survey import parent
from sansdk.steps import Readings

T = TypeVar("T")


class SolarisInventory(Inventory):
    """What was read of a scope."""

    def __init__(self, setting: Setting, scope: Scope, readings: Readings) -> None:
        self.setting = setting
        self.scope = scope
        self._readings = readings

    # Datasets

    @cached_property
    def datasets(self) -> Mapping[str, ZfsVolume]:
        """The volumes in scope by name, nested ones too."""
        self._read(parent(self.setting), f"the dataset {self.setting.parent}")
        if self.scope.volumes is None:
            listed = self._read(ListVolumes(self.setting.parent), f"the dataset {self.setting.parent}")
        else:
            details = (self.read(VolumeDetails(self.setting.dataset(v))) for v in sorted(self.scope.volumes))
            listed = tuple(d for d in details if d is not None)
        named = ((self.setting.volume(d.name), d) for d in listed)
        return {name: d for name, d in named if name is not None}

    def dataset(self, volume: str) -> ZfsVolume | None:
        """One volume; None where the host has none of that name."""
        if not self.scope.has(volume):
            raise NotRead(volume)
        return self.datasets.get(volume)

    def snapshots(self, volume: str) -> Sequence[ZfsSnapshot]:
        """Its snapshots, oldest first; only where the volume was named in the scope."""
        return self.read(ListSnapshots(self.setting.dataset(volume))) or ()

    @cached_property
    def next_lun(self) -> int | None:
        """Our hint, which LUN is to be given next."""
        value = self._read(parent(self.setting), f"the dataset {self.setting.parent}")[NEXT_LUN].value
        return int(value) if value.isdecimal() else None

    @cached_property
    def pool_guid(self) -> str:
        """The pool's own."""
        return self._read(PoolGuid(self.setting.pool), f"the pool {self.setting.pool}")

    # Logical units

    @cached_property
    def units(self) -> tuple[stmfadm.Lu, ...]:
        """Every logical unit of the host, and every GUID that only has views; of a proof those that it shows."""
        if stmfadm.ListLu() in self._readings:
            return self._read(stmfadm.ListLu(), "the logical units")
        shown = (value for command, value in self._readings.items() if isinstance(command, stmfadm.ShowLu))
        return tuple(lu for lu in shown if lu is not None)

    @cached_property
    def _units_by_dataset(self) -> Mapping[str, stmfadm.Lu]:
        return {name: lu for lu in self.units if (name := dataset_of(lu.file)) is not None}

    def unit(self, volume: str) -> stmfadm.Lu | None:
        """The logical unit on a volume."""
        return self._units_by_dataset.get(self.setting.dataset(volume))

    def ghost(self, dataset: ZfsVolume) -> stmfadm.Lu | None:
        """The views that wait for a volume's logical unit, under the GUID that the volume is marked with."""
        mark = (dataset.lu_guid or "").upper()
        return next((lu for lu in self.units if lu.guid == mark and lu.file is None), None)

    def has_views(self, unit: stmfadm.Lu) -> bool:
        """Whether the views of a logical unit were read."""
        return not unit.views or stmfadm.ListViews(unit.guid) in self._readings

    def views(self, unit: stmfadm.Lu) -> tuple[stmfadm.View, ...]:
        """The views of a logical unit; raises NotRead for one outside the scope."""
        return (self.read(stmfadm.ListViews(unit.guid)) or ()) if unit.views else ()

    # Groups, targets, initiators

    @cached_property
    def target_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Members of each target group."""
        return {g.name: g.members for g in self._read(stmfadm.ListTargetGroups(), "the target groups")}

    @cached_property
    def host_groups(self) -> Mapping[str, tuple[str, ...]]:
        """Members of each host group."""
        return {g.name: g.members for g in self._read(stmfadm.ListHostGroups(), "the host groups")}

    @cached_property
    def targets(self) -> Mapping[str, itadm.ItTarget]:
        """Every iSCSI target, by its folded name."""
        return {t.name.lower(): t for t in self._read(itadm.ListTargets(), "the targets")}

    @cached_property
    def sessions(self) -> Mapping[str, tuple[str, ...]]:
        """The initiators that are logged in, folded, by the target's folded name."""
        listed = self._read(stmfadm.ListTargets(), "the targets")
        return {t.name.lower(): tuple(s.initiator.lower() for s in t.sessions) for t in listed}

    @cached_property
    def records(self) -> Mapping[str, itadm.InitiatorRecord]:
        """CHAP records, by the initiator's folded name."""
        return {r.name.lower(): r for r in self._read(itadm.ListInitiators(), "the initiators")}

    @cached_property
    def default_auth(self) -> str:
        """What counts for targets without a setting of their own."""
        return self._read(itadm.ListDefaults(), "the defaults").auth

    def group_of(self, initiator: str) -> str | None:
        """The host group that an initiator is in."""
        return _holder(self.host_groups, initiator)

    def group_of_target(self, target: str) -> str | None:
        """The target group that a target is in."""
        return _holder(self.target_groups, target)

    # Values

    def volumes(self) -> list[Volume]:
        """Every volume in scope, by name."""
        return [self.volume_value(name, d) for name, d in sorted(self.datasets.items()) if d.type == "volume"]

    def volume_value(self, name: str, dataset: ZfsVolume) -> Volume:
        """A dataset as a volume."""
        lu = self.unit(name)
        return volume_value(self.setting, name, dataset, lu)

    def exports(self) -> list[Export]:
        """Every export in scope, by volume, target and LUN."""
        return [e for name in sorted(self.datasets) for e in self.exports_of(name)]

    def exports_of(self, volume: str) -> list[Export]:
        """One a target and LUN, ours first; views that differ in host group only are one."""
        return self._exports(volume, self.unit(volume))

    def waiting(self, volume: str, dataset: ZfsVolume) -> list[Export]:
        """What would be its exports if its logical unit, which is gone, were put back under its GUID."""
        return self._exports(volume, self.ghost(dataset))

    def _exports(self, volume: str, lu: stmfadm.Lu | None) -> list[Export]:
        if lu is None:
            return []

        def place(view: stmfadm.View) -> tuple[str, int]:
            return view.target_group or "", -1 if view.lun is None else view.lun

        found = [
            self._export(volume, target, lun, same)
            for (group, lun), views in groupby(sorted(self.views(lu), key=place), key=place)
            for same in [tuple(views)]
            for target in self._targets_of(group or None)
        ]
        return sorted(found, key=lambda e: (e.maker != "sansdk", e.target_iqn, e.lun or -1))

    def initiators(self) -> list[Initiator]:
        """Members of host groups, CHAP records and sessions, by name."""
        logged_in = (i for sessions in self.sessions.values() for i in sessions)
        members = (m.lower() for group in self.host_groups.values() for m in group)
        return [self._initiator(iqn) for iqn in sorted({*members, *self.records, *logged_in})]

    def pools(self) -> list[Pool]:
        """The pool, by what is left below the parent: slop and reservations count."""
        listed = self._read(ListPools(self.setting.pool), f"the pool {self.setting.pool}")
        space = self._read(ListAvailable(self.setting.parent), f"the dataset {self.setting.parent}")
        volumes = self._read(ListVolumes(self.setting.parent), f"the dataset {self.setting.parent}")
        provisioned = sum(v.size for v in volumes)
        return [Pool(p.name, p.size, p.allocated, space.available, provisioned, p.health) for p in listed]

    def orphans(self) -> list[Orphan]:
        """Kinds and exceptions: see `leftovers`."""
        own = own_groups(self.setting.pool, self.pool_guid)
        marks = {d.lu_guid.upper() for d in self.datasets.values() if d.lu_guid}
        found = (
            *leftovers.idle_units(self.setting, self.units),
            *leftovers.dead_views(own, self.units, self.views, marks),
            *leftovers.groups_without_target(own, self.target_groups, self.targets),
            *leftovers.targets_without_group(own, self.target_groups, self.targets),
        )
        return sorted(found, key=lambda orphan: (orphan.kind, orphan.name))

    def problems(self) -> list[Problem]:
        """Kinds: see `problems`."""
        return problems.found(
            self.setting,
            stmf=self.read(svcs.ServiceState(svcs.STMF)),
            iscsi=self.read(svcs.ServiceState(svcs.ISCSI_TARGET)),
            pools=self.read(ListPools(self.setting.pool)),
            parent=self.read(ListAvailable(self.setting.parent)),
        )

    def refuse_offline(self) -> None:
        """Raise `ServiceDown` where nothing that is exported would be online."""
        for problem in problems.stmf_service(self.read(svcs.ServiceState(svcs.STMF))):
            raise ServiceDown(problem.text, service=svcs.STMF, mend=problem.mend)

    def info(self) -> ArrayInfo:
        """As found when connecting."""
        return ArrayInfo(self.setting.array, "solaris", self.setting.flavour, self.setting.version)

    def facts(self, volume: str) -> Mapping[str, str]:
        """Identity, size, unit, views, and the groups and targets that they go through."""
        dataset = self.dataset(volume)
        lu = self.unit(volume)
        facts = {} if dataset is None else {"volume": f"{dataset.type} {dataset.guid} of {dataset.size} bytes"}
        if lu is not None:
            facts["logical unit"] = f"{lu.guid} of {lu.size} bytes"
            for export in self.exports_of(volume):
                facts[f"export at {export.target_iqn} LUN {export.lun}"] = (
                    f"initiators {export.initiators}, user {export.chap and export.chap.user}"
                )
        return facts

    # Reading

    def read(self, command: Command[T]) -> T | None:
        """What a command read, None where the array says that the thing is not there.

        Raises:
            NotRead: The command is not part of this inventory's scope.
        """
        if command not in self._readings:
            raise NotRead(command)
        value: T | None = self._readings[command]
        return value

    def _read(self, command: Command[T], what: str) -> T:
        """The same, where absence is an error: unknown is never absent."""
        value = self.read(command)
        if value is None:
            raise ArrayError(f"{self.setting.array} does not show {what}.", mend="check() tells what is wrong.")
        return value

    def _targets_of(self, group: str | None) -> Iterable[str]:
        if group is None:
            return sorted(self.targets)
        return [m.lower() for m in self.target_groups.get(group, ()) if m.lower() in self.targets]

    def _export(self, volume: str, target: str, lun: int, views: Sequence[stmfadm.View]) -> Export:
        listed = self.targets[target]
        initiators = self._initiators_of(views)
        return Export(
            volume=volume,
            target_iqn=listed.name,
            lun=None if lun < 0 else lun,
            portals=self._portals(listed),
            chap=Chap(self._chap_user(initiators)) if listed.auth == "chap" else None,
            initiators=initiators,
            maker=self._maker(volume, views[0]),
        )

    def _initiators_of(self, views: Sequence[stmfadm.View]) -> Initiators:
        if any(view.host_group is None for view in views):
            return ANYONE
        members = (self.host_groups.get(view.host_group or "", ()) for view in views)
        return tuple(sorted({m for group in members for m in group}))

    def _chap_user(self, initiators: Initiators) -> str:
        """The user of the first initiator with a record: COMSTAR has one an initiator."""
        names = () if initiators is ANYONE else initiators
        records = (self.records.get(name.lower()) for name in names)
        return next((r.user or r.name for r in records if r is not None), "")

    def _portals(self, target: itadm.ItTarget) -> tuple[str, ...]:
        if not target.tpgs:
            return self.setting.default_portals()
        tpgs = {t.name: t.portals for t in self._read(itadm.ListTpgs(), "the portal groups")}
        tags = sorted(target.tpgs, key=lambda tag: tag.number)
        return tuple(f"{portal},{tag.number}" for tag in tags for portal in reversed(tpgs.get(tag.tpg, ())))

    def _maker(self, volume: str, view: stmfadm.View) -> str | None:
        group = view.target_group or ""
        if group.startswith(OWN):
            return "sansdk"
        return "nova" if group == f"tg-{volume}" and view.host_group is None else None

    def _initiator(self, iqn: str) -> Initiator:
        record = self.records.get(iqn)
        return Initiator(
            iqn=iqn,
            group=self.group_of(iqn),
            chap_user=None if record is None else record.user or record.name,
            secret_set=record is not None and record.secret_set,
        )


def volume_value(setting: Setting, name: str, dataset: ZfsVolume, lu: stmfadm.Lu | None) -> Volume:
    """A dataset and the logical unit on it as a volume."""
    origin = dataset.origin and (setting.volume(dataset.origin) or dataset.origin)
    return Volume(
        name=name,
        size=dataset.size,
        thin=dataset.refreservation == 0,
        pool=setting.parent,
        array=setting.array,
        serial=None if lu is None else lu.guid,
        origin=origin,
        exported=lu is not None and lu.views > 0,
        used=dataset.used,
        created=dataset.created,
        status="no logical unit" if lu is None else lu.status.lower(),
    )


def _holder(groups: Mapping[str, tuple[str, ...]], member: str) -> str | None:
    return next((name for name, members in groups.items() if member.lower() in {m.lower() for m in members}), None)
