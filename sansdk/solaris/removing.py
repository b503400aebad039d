"""Plans the end of an export: the views first, then what nothing else uses."""

from collections.abc import Sequence

from sansdk.commands import procedures
from sansdk.commands.comstar import stmfadm
from sansdk.errors import Busy, Conflict, NoEffect
from sansdk.intents import RemoveExport
from sansdk.inventory import Scope, Widen
from sansdk.objections import made_in_plan, no_volume, not_exported
from sansdk.solaris.build import ALL
from sansdk.solaris.draft import Draft
from sansdk.solaris.inventory import SolarisInventory
from sansdk.solaris.setting import OWN, Setting, made_here
from sansdk.steps import Item, Read, Readings, Step


def remove(intent: RemoveExport, draft: Draft) -> Item:
    """The views of ours, or all of them where that is asked; the unit if none is left; host groups that are free."""
    inventory, volume = draft.inventory, intent.volume
    dataset = draft.dataset(volume)
    if volume in draft.exports:
        raise made_in_plan(volume)
    unit = None
    if dataset is not None and not draft.is_new(volume):
        unit = draft.unit(volume) or inventory.ghost(dataset)
    if unit is None:
        if intent.missing_ok:
            return Item(intent)
        raise no_volume(volume) if dataset is None else not_exported(volume)
    if not inventory.has_views(unit):
        raise Widen  # its views wait for a logical unit that is gone, and are known to a survey of all only
    views = inventory.views(unit)
    going = [v for v in views if intent.adopt or (v.target_group or "").startswith(OWN)]
    if views and not going:
        raise Conflict(f"The export of {volume!r} was made by others.", mend="Say adopt=True to remove it.")
    if not intent.force:
        refuse_busy(inventory, volume, going)
    steps = [_drop(unit.guid, view) for view in going]
    if len(going) == len(views) and unit.file is not None:
        steps.append(Step(stmfadm.DeleteLu(unit.guid), undo=stmfadm.ImportLu(draft.setting.device(volume))))
    steps += [step for group in _own_groups(going) for step in _free(inventory, group)]
    draft.unexported.add(volume)
    draft.freed.update(_own_groups(going))
    return Item(
        intent, tuple(steps), _proof(unit.guid), _Gone(draft.setting, intent, unit.guid, last=len(going) == len(views))
    )


def refuse_busy(inventory: SolarisInventory, volume: str, views: Sequence[stmfadm.View]) -> None:
    """Raise `Busy` where initiators that see these views are logged in: on a shared target that is possible use."""
    using: set[str] = set()
    for view in views:
        members = inventory.target_groups.get(view.target_group or "", tuple(inventory.targets))
        logged_in = {i for target in members for i in inventory.sessions.get(target.lower(), ())}
        hosts = inventory.host_groups.get(view.host_group or "", ())
        using |= logged_in if view.host_group is None else logged_in & {h.lower() for h in hosts}
    if using:
        raise Busy(
            f"Initiators that see {volume!r} are logged in: {', '.join(sorted(using))}.",
            sessions=sorted(using),
            mend="Log them out, or say force=True: the views go, the sessions stay.",
        )


def _drop(guid: str, view: stmfadm.View) -> Step:
    drop = procedures.DropView(guid, view.host_group or ALL, view.target_group or ALL)
    if view.lun is None or view.target_group is None:
        return Step(drop, irreversible=True)
    return Step(drop, undo=stmfadm.AddView(guid, view.lun, view.target_group, view.host_group))


def _own_groups(views: Sequence[stmfadm.View]) -> list[str]:
    return sorted({v.host_group for v in views if v.host_group is not None and v.host_group.startswith(OWN)})


def _free(inventory: SolarisInventory, group: str) -> list[Step]:
    """A host group of ours goes unless a view uses it; with it the record, if the SDK made that."""
    members = inventory.host_groups.get(group, ())
    if len(members) != 1:
        return []
    initiator = members[0]
    record = inventory.records.get(initiator.lower())
    ours = record is not None and made_here(record)
    drop = procedures.DropHostGroup(group, initiator if ours else None)
    return [Step(drop, undo=procedures.MakeHostGroup(group, initiator), irreversible=ours)]


def _proof(guid: str) -> tuple[Read, ...]:
    return Read(stmfadm.ShowLu(guid)), Read(stmfadm.ListViews(guid))


class _Gone:
    """From the proof to None; `NoEffect` where a view or the unit is still there."""

    def __init__(self, setting: Setting, intent: RemoveExport, guid: str, *, last: bool) -> None:
        self._setting = setting
        self._intent = intent
        self._guid = guid
        self._last = last

    def __call__(self, readings: Readings) -> None:
        inventory = SolarisInventory(self._setting, Scope.of(self._intent.volume), readings)
        unit = next((lu for lu in inventory.units if lu.guid == self._guid), None)
        left = [] if unit is None else inventory.views(unit)
        ours = [v for v in left if self._intent.adopt or (v.target_group or "").startswith(OWN)]
        if ours or (self._last and unit is not None and unit.file is not None):
            raise NoEffect(f"The array said that the export of {self._intent.volume!r} was removed; it is still there.")
