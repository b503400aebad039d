"""Plans an export: logical unit, then what leads to it, then the views that make it visible.

    zvol → logical unit → view (host group, target group, LUN) ← target

Few targets are shared by many volumes (one kind without CHAP, one with), each initiator has one host group, and
the record with its CHAP secret serves every export of that initiator.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sansdk.commands import procedures, zfs
from sansdk.commands.base import Command
from sansdk.commands.comstar import stmfadm
from sansdk.errors import AlreadyExists, Conflict
from sansdk.intents import CreateExport, EnsureExport
from sansdk.inventory import Widen
from sansdk.model import ANYONE, Export
from sansdk.objections import no_volume
from sansdk.solaris.admitting import admitted
from sansdk.solaris.build import ALL, Build, Place, Unit
from sansdk.solaris.draft import Draft
from sansdk.solaris.placing import begun_at, place_for, resumed, scaffold
from sansdk.solaris.proving import Confirm, proof
from sansdk.solaris.setting import MARK, NEXT_LUN
from sansdk.steps import Item


def export(intent: CreateExport, draft: Draft) -> Item:
    """Everything that is missing of an export; nothing where it is as asked."""
    volume = intent.volume
    dataset = draft.dataset(volume)
    if dataset is None:
        raise no_volume(volume)
    if dataset.type != "volume":
        raise Conflict(f"{volume!r} is a {dataset.type}, not a volume.")
    planned = draft.is_new(volume)
    there = None if planned else _there(intent, draft, dataset)
    if there is not None and not _ours(there, intent):
        return Item(intent, confirm=lambda _: there)
    build = Build()
    begun = begun_at(draft, volume, dataset) if there is None and not planned else None
    place = place_for(intent, draft, there) if begun is None else resumed(intent, draft, begun)
    unit = _unit(draft, volume, dataset, build)
    if there is None:
        scaffold(draft, place, build, intent)
    build.groups = admitted(intent, draft, build, there)
    _views(draft, unit, place, build.groups, build)
    if not build.steps and there is not None:
        return Item(intent, confirm=lambda _: there)
    return Item(intent, tuple(build.steps), proof(unit), Confirm(intent, draft, place, build))


def _there(intent: CreateExport, draft: Draft, dataset: zfs.ZfsVolume) -> Export | None:
    """The export that is there, if it may be used; whatever forbids that is raised."""
    inventory = draft.inventory
    ghost = inventory.ghost(dataset)
    if ghost is not None and not inventory.has_views(ghost):
        raise Widen
    found = inventory.exports_of(intent.volume) or inventory.waiting(intent.volume, dataset)
    if not found:
        return None
    if not isinstance(intent, EnsureExport):
        raise AlreadyExists(f"The volume {intent.volume!r} is exported already.", existing=found[0])
    there = found[0]
    differences = tuple(_differences(intent, there))
    if differences:
        raise Conflict(
            f"The volume {intent.volume!r} is exported, but {'; '.join(differences)}.", differences=differences
        )
    return there


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
    if any(other.guid == mark and other.file is not None for other in inventory.units):
        # The mark came along with a copy: the GUID is another volume's.
        new = draft.new_guid()
        build.add(
            zfs.SetProperties(dataset.name, (f"{MARK}={new}",)), zfs.SetProperties(dataset.name, (f"{MARK}={mark}",))
        )
        mark = new
    build.add(stmfadm.CreateLu(device, mark), stmfadm.DeleteLu(mark), tolerates=": in use")
    return Unit(dataset.name, mark)


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
