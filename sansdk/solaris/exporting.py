"""Plans an export: logical unit, then what leads to it, then the views that make it visible.

    zvol → logical unit → view (host group, target group, LUN) ← target

Few targets are shared by many volumes (one kind without CHAP, one with), each initiator has one host group, and
the record with its CHAP secret serves every export of that initiator.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from sansdk.commands import procedures, zfs
from sansdk.commands.base import Command
from sansdk.commands.comstar import stmfadm
from sansdk.errors import Conflict
from sansdk.intents import CreateExport, EnsureExport
from sansdk.inventory import Widen
from sansdk.model import ANYONE, Chap, Export, named
from sansdk.objections import exported_already, exported_otherwise, no_volume
from sansdk.solaris.admitting import admitted
from sansdk.solaris.build import ALL, Build, Place, Unit
from sansdk.solaris.draft import Draft, Planned
from sansdk.solaris.placing import begun_at, place_for, resumed, scaffold
from sansdk.solaris.proving import Confirm, proof
from sansdk.solaris.setting import MARK, NEXT_LUN, dataset_of
from sansdk.steps import Item


def export(intent: CreateExport, draft: Draft) -> Item:
    """Everything that is missing of an export; nothing where it is as asked."""
    volume = intent.volume
    dataset = draft.dataset(volume)
    if dataset is None:
        raise no_volume(volume)
    if dataset.type != "volume":
        raise Conflict(f"{volume!r} is a {dataset.type}, not a volume.")
    planned = draft.exports.get(volume)
    fresh = planned is None and (draft.is_new(volume) or volume in draft.unexported)
    there = None if fresh else _there(draft, volume, dataset)
    if there is not None:
        _refuse_there(intent, there)
        if not _ours(there, intent):
            return Item(intent, confirm=lambda _: there)
    build = Build()
    if planned is not None:
        place, unit = planned.place, planned.unit
    else:
        begun = begun_at(draft, volume, dataset) if there is None and not fresh else None
        place = place_for(intent, draft, there) if begun is None else resumed(intent, draft, begun)
        unit = _unit(draft, volume, dataset, build)
    if there is None:
        scaffold(draft, place, build, intent)
    elif there.maker != "sansdk" and unit.guid is not None and (dataset.lu_guid or "").upper() != unit.guid:
        build.add(_mark(dataset, unit.guid), _marked_again(dataset))
    build.groups = admitted(intent, draft, build, there)
    _views(draft, unit, place, build.groups, build)
    if not build.steps and there is not None:
        return Item(intent, confirm=lambda _: there)
    draft.inventory.refuse_offline()
    draft.exports[volume] = Planned(_as_planned(intent, place, there), evolve(place, chosen=False), unit)
    return Item(intent, tuple(build.steps), proof(unit), Confirm(intent, draft, place, build))


def _there(draft: Draft, volume: str, dataset: zfs.ZfsVolume) -> Export | None:
    """The export as planned so far, else as read: ours first, or what would be one if the unit were put back."""
    if volume in draft.exports:
        return draft.exports[volume].export
    inventory = draft.inventory
    ghost = inventory.ghost(dataset)
    if ghost is not None and not inventory.has_views(ghost):
        raise Widen
    found = inventory.exports_of(volume) or inventory.waiting(volume, dataset)
    return found[0] if found else None


def _refuse_there(intent: CreateExport, there: Export) -> None:
    """Raise what forbids to use an export that is there."""
    if not isinstance(intent, EnsureExport):
        raise exported_already(intent.volume, there)
    differences = tuple(_differences(intent, there))
    if differences:
        raise exported_otherwise(intent.volume, differences)


def _as_planned(intent: CreateExport, place: Place, there: Export | None) -> Export:
    """The export as it will be, as far as that is known."""
    before = () if there is None else named(there.initiators)
    whom = ANYONE if intent.initiators is ANYONE else tuple(dict.fromkeys((*before, *intent.initiators)))
    chap = None if intent.chap is None else Chap("") if intent.chap is True else Chap(intent.chap.user)
    return Export(intent.volume, place.target, place.lun, (), chap, whom, maker="sansdk")


def _ours(there: Export, intent: CreateExport) -> bool:
    """Whether what is missing may be added: in an export of ours, or one that is to be adopted."""
    return there.maker == "sansdk" or (isinstance(intent, EnsureExport) and intent.adopt)


def _differences(intent: EnsureExport, there: Export) -> Iterator[str]:
    if intent.lun is not None and there.lun != intent.lun:
        yield f"as LUN {there.lun}, not {intent.lun}"
    if (intent.initiators is ANYONE) is not (there.initiators is ANYONE):
        yield f"to {'anyone' if there.initiators is ANYONE else 'named initiators only'}"
    elif intent.initiators is not ANYONE and there.initiators is not ANYONE:
        seen, asked = {i.lower() for i in there.initiators}, {i.lower() for i in intent.initiators}
        if intent.exact and seen - asked:
            yield f"also to {', '.join(sorted(seen - asked))}"
        if asked - seen and there.maker != "sansdk" and not intent.adopt:
            yield f"by others (maker {there.maker}), not to {', '.join(sorted(asked - seen))}"
    if intent.chap is None and there.chap is not None:
        yield "with CHAP"
    if intent.chap is not None and there.chap is None:
        yield f"without CHAP: its target {there.target_iqn} asks for none"


def _unit(draft: Draft, volume: str, dataset: zfs.ZfsVolume, build: Build) -> Unit:
    """The logical unit: as it is, mended, or made."""
    inventory, setting = draft.inventory, draft.setting
    device = setting.device(volume)
    lu = draft.unit(volume)
    if lu is not None:
        if lu.status == "Offline":
            build.add(stmfadm.OnlineLu(lu.guid))
        if lu.size is not None and lu.size != dataset.size:
            build.add(stmfadm.ModifyLuSize(lu.guid, dataset.size), stmfadm.ModifyLuSize(lu.guid, lu.size))
        return Unit(dataset.name, lu.guid)
    mark = (dataset.lu_guid or "").upper()
    if not mark:
        adopt = procedures.AdoptLu(dataset.name, device, draft.new_guid())
        build.add(adopt, procedures.DropLu(dataset.name))
        return Unit(dataset.name, None)
    if any(lu.guid == mark and dataset_of(lu.file) not in {None, dataset.name} for lu in inventory.units):
        # The mark came along with a copy: the GUID is another volume's.
        mark = draft.new_guid()
        build.add(_mark(dataset, mark), _marked_again(dataset))
    build.add(stmfadm.CreateLu(device, mark), stmfadm.DeleteLu(mark), tolerates=": in use")
    return Unit(dataset.name, mark)


def _mark(dataset: zfs.ZfsVolume, guid: str) -> zfs.SetProperties:
    return zfs.SetProperties(dataset.name, (f"{MARK}={guid}",))


def _marked_again(dataset: zfs.ZfsVolume) -> Command[Any]:
    return _mark(dataset, dataset.lu_guid) if dataset.lu_guid else zfs.InheritProperty(dataset.name, MARK)


def _views(draft: Draft, unit: Unit, place: Place, groups: Sequence[str | None], build: Build) -> None:
    """The commit: with the first view the volume can be seen."""
    if place.chosen:
        build.add(zfs.SetProperties(draft.setting.parent, (f"{NEXT_LUN}={place.lun + 1}",)))
    if groups and place.group == ALL:
        raise Conflict(
            f"The target {place.target} is in no target group, so that it cannot be given views of its own.",
            mend="Remove the export with adopt=True, and create it anew.",
        )
    for group in groups:
        named = group or ALL
        if unit.guid is None:
            add: Command[Any] = procedures.AddViewOf(unit.dataset, place.lun, place.group, group)
            drop: Command[Any] = procedures.DropViewOf(unit.dataset, named, place.group)
        else:
            add = stmfadm.AddView(unit.guid, place.lun, place.group, group)
            drop = procedures.DropView(unit.guid, named, place.group)
        build.add(add, drop, "view entry exists")
