"""Plans for a Solaris host: one function an intent, from a draft to an item.

Rules that hold for all of them: the view is the commit point, so everything else is made before it and removed
after it; `add-view` always says target group and LUN, and host group unless the export is for anyone; `delete-lu`
always keeps the views; nothing is destroyed recursively; what others may lean on is undone only while no view
uses it.
"""

from datetime import UTC, datetime
from typing import Final

from attrs import evolve

from sansdk import names
from sansdk.capabilities import Capability
from sansdk.commands import procedures, zfs
from sansdk.commands.comstar import stmfadm
from sansdk.errors import (
    AlreadyExists,
    ArrayError,
    Conflict,
    HasDependents,
    InputError,
    InvalidName,
    InvalidSize,
    NoEffect,
    SanError,
    Unsupported,
)
from sansdk.intents import CreateExport, CreateVolume, DeleteVolume, EnsureVolume, Intent, RemoveExport, ResizeVolume
from sansdk.model import ANYONE, Chap, Volume
from sansdk.objections import (
    no_volume,
    overtaken,
    refuse_differences,
    refuse_secret,
    refuse_shrinking,
    refuse_snapshots,
    still_exported,
)
from sansdk.solaris.draft import Draft
from sansdk.solaris.exporting import export
from sansdk.solaris.inventory import volume_value
from sansdk.solaris.removing import refuse_busy, remove
from sansdk.solaris.setting import MARK, Setting
from sansdk.steps import Item, Read, Readings, Step, planner
from sansdk.units import format_size, round_up

FORBIDDEN: Final = "@#%"
"""What no name of a volume holds, beside NUL, newline and a leading `-`."""

BLOCK: Final = 16 * 1024
"""Sizes are multiples of this, and of a larger block that a volume has: of 8 KiB, and of newer releases' 16 KiB."""

SMALLEST: Final = 1024 * 1024
"""COMSTAR makes no smaller logical unit."""

_NOT_YET: Final = datetime.min.replace(tzinfo=UTC)
_WAITED: Final = "sd_wait_device "
_LONGEST: Final = 255
_SECRET: Final = (12, 255)
_HIGHEST_LUN: Final = 16383


def check(setting: Setting, intent: Intent) -> None:
    """Refuse what this array cannot do, before anything is sent.

    Raises:
        InputError: A name, size or secret that it does not take.
        Unsupported: CHAP for a volume instead of for an initiator.
    """
    names.check_existing(intent.volume, FORBIDDEN)
    if len(setting.dataset(intent.volume).encode()) > _LONGEST:
        raise InvalidName(f"{setting.dataset(intent.volume)!r} is too long: ZFS takes {_LONGEST} bytes, path and all.")
    if isinstance(intent, CreateVolume | EnsureVolume) and intent.size < SMALLEST:
        raise InvalidSize(f"COMSTAR exports nothing below 1MiB; {format_size(intent.size)} is less.")
    if isinstance(intent, CreateExport):
        _check_export(intent)


def _check_export(intent: CreateExport) -> None:
    if intent.chap is not None and (intent.initiators is ANYONE or not intent.initiators):
        raise Unsupported(
            "COMSTAR keeps CHAP secrets for each initiator, not for a volume.",
            capability=Capability.CHAP_PER_VOLUME,
            mend="Name the initiators beside chap=.",
        )
    if isinstance(intent.chap, Chap):
        refuse_secret(intent.chap, *_SECRET)
    if intent.lun is not None and intent.lun > _HIGHEST_LUN:
        raise InputError(f"A LUN on COMSTAR is at most {_HIGHEST_LUN}, not {intent.lun}.")


plan = planner()
"""The planner: from an intent and a draft to an item."""


@plan.register
def create_volume(intent: CreateVolume, draft: Draft) -> Item:
    """`zfs create`, marked with the GUID that its logical unit will have."""
    setting, name = draft.setting, intent.name
    existing = draft.dataset(name) if draft.knows(name) else None
    if existing is not None:
        raise _exists(setting, name, existing)
    return _made(intent, draft)


@plan.register
def ensure_volume(intent: EnsureVolume, draft: Draft) -> Item:
    """Nothing where it is as asked; `zfs create` where it is missing; a smaller one may grow."""
    existing = draft.dataset(intent.name)
    if existing is None:
        return _made(intent, draft)
    value = volume_value(draft.setting, intent.name, existing, draft.inventory.unit(intent.name))
    only_volumes(intent.name, existing)
    thin, asked = existing.refreservation == 0, round_up(intent.size, max(BLOCK, existing.volblocksize))
    if intent.grow and existing.size < asked and thin is intent.thin:
        return evolve(resize_volume(ResizeVolume(intent.name, intent.size), draft), intent=intent)
    refuse_differences(intent, existing.size, asked, thin=thin)
    return Item(intent, confirm=lambda _: value)


@plan.register
def resize_volume(intent: ResizeVolume, draft: Draft) -> Item:
    """Growing, the device goes first, for the unit takes its size when it is changed; shrinking, the unit does."""
    setting, inventory, name = draft.setting, draft.inventory, intent.name
    dataset = draft.dataset(name)
    if dataset is None:
        raise no_volume(name)
    only_volumes(name, dataset)
    unit = draft.unit(name)
    size = round_up(intent.size, max(BLOCK, dataset.volblocksize))
    refuse_shrinking(name, dataset.size, size, allowed=intent.shrink)
    shrinks = size < dataset.size
    if shrinks and unit is not None:
        refuse_busy(inventory, name, inventory.views(unit))
    steps = [] if size == dataset.size else [_resized(dataset, size, irreversible=shrinks)]
    if unit is not None and unit.size is not None and unit.size != size:
        shown = Step(stmfadm.ModifyLuSize(unit.guid, size), undo=stmfadm.ModifyLuSize(unit.guid, unit.size))
        steps.insert(0 if shrinks else len(steps), shown)
    draft.volumes[name] = evolve(dataset, size=size)
    if not steps:
        value = volume_value(setting, name, dataset, unit)
        return Item(intent, confirm=lambda _: value)
    if dataset.guid:
        steps.insert(0, Step(procedures.CheckGuid(dataset.name, dataset.guid)))
    details = zfs.VolumeDetails(dataset.name)
    show = None if unit is None else stmfadm.ShowLu(unit.guid)

    def confirm(readings: Readings) -> Volume:
        now, lu = readings[details], None if show is None else readings[show]
        if now is None or now.size != size or (show is not None and (lu is None or lu.size != size)):
            raise NoEffect(f"The array said that {name!r} was resized; read again, it is not {format_size(size)}.")
        return volume_value(setting, name, now, lu)

    proof = (Read(details),) if show is None else (Read(details), Read(show))
    return Item(intent, tuple(steps), proof, confirm)


@plan.register
def delete_volume(intent: DeleteVolume, draft: Draft) -> Item:
    """A logical unit that nothing shows goes first, then the snapshots that may go, then the volume."""
    setting, inventory, name = draft.setting, draft.inventory, intent.name
    dataset = draft.dataset(name)
    if dataset is None:
        if intent.missing_ok:
            return Item(intent)
        raise no_volume(name)
    only_volumes(name, dataset)
    steps: list[Step] = []
    unit = draft.unit(name)
    if unit is not None and name not in draft.unexported:
        if unit.views:
            exports = inventory.exports_of(name)
            raise still_exported(name, exports[0] if exports else None)
        steps.append(Step(stmfadm.DeleteLu(unit.guid), undo=stmfadm.ImportLu(setting.device(name))))
    if not draft.is_new(name) and name not in draft.unexported and inventory.ghost(dataset) is not None:
        raise still_exported(name, None)  # its views wait for a unit that is gone
    found = () if draft.is_new(name) else inventory.snapshots(name)
    snapshots = [s.name for s in found]
    refuse_snapshots(intent, snapshots)
    held = [s.name for s in found if s.holds]
    if held:
        mend = f"See by whom, and release them: zfs holds {' '.join(held)}"
        raise HasDependents(f"Snapshots of {name!r} are held: {', '.join(held)}.", dependents=held, mend=mend)
    if dataset.guid:
        steps.append(Step(procedures.CheckGuid(dataset.name, dataset.guid)))
    steps += [Step(zfs.Destroy(s), irreversible=True) for s in (*snapshots, dataset.name)]
    draft.volumes[name] = None

    def confirm(readings: Readings) -> None:
        if readings[proof.command] is not None:
            raise NoEffect(f"The array said that {name!r} was destroyed; it is still there.")

    proof = Read(zfs.VolumeDetails(dataset.name))
    return Item(intent, tuple(steps), (proof,), confirm)


plan.register(CreateExport, export)
plan.register(RemoveExport, remove)


def _made(intent: CreateVolume | EnsureVolume, draft: Draft) -> Item:
    setting, name = draft.setting, intent.name
    dataset, guid, size = setting.dataset(name), draft.new_guid(), round_up(intent.size, BLOCK)
    details = zfs.VolumeDetails(dataset)

    def confirm(readings: Readings) -> Volume:
        made = readings[details]
        if made is None or made.lu_guid != guid:
            raise NoEffect(f"The array said that it made {name!r}; read again, it is not there, or another's.")
        if made.size != size or (made.refreservation == 0) is not intent.thin:
            raise NoEffect(f"The array made {name!r} otherwise than asked: {made.size} bytes instead of {size}.")
        return volume_value(setting, name, made, None)

    def explain(error: ArrayError, readings: Readings) -> SanError:
        there = readings.get(details)
        if there is None and error.command.startswith(_WAITED):
            said = f"The array said that it made {name!r}; read again, it is not there."
            return NoEffect(said, command=error.command)
        if not isinstance(error, AlreadyExists) or there is None:
            return error
        return overtaken(name) if isinstance(intent, EnsureVolume) else _exists(setting, name, there)

    draft.volumes[name] = _planned(dataset, size, guid)
    create = zfs.CreateVolume(dataset, size, intent.thin, (f"{MARK}={guid}",))
    steps = (
        Step(create, undo=procedures.DestroyMarked(dataset, guid)),
        Step(procedures.WaitDevice(setting.device(name))),
    )
    return Item(intent, steps, (Read(details),), confirm, (Read(details),), explain)


def _resized(dataset: zfs.ZfsVolume, size: int, *, irreversible: bool) -> Step:
    """A reservation that was exactly the one of the old size moves along."""
    there, back = (zfs.SetProperties(dataset.name, (f"volsize={n}",)) for n in (size, dataset.size))
    return Step(there, undo=None if irreversible else back, irreversible=irreversible)


def _planned(dataset: str, size: int, guid: str) -> zfs.ZfsVolume:
    """A volume that is only planned: what it will be, as far as that is known."""
    return zfs.ZfsVolume(
        name=dataset,
        type="volume",
        size=size,
        used=0,
        referenced=0,
        created=_NOT_YET,
        origin=None,
        refreservation=0,
        volblocksize=0,
        guid="",
        lu_guid=guid,
        owner=None,
    )


def _exists(setting: Setting, name: str, there: zfs.ZfsVolume) -> AlreadyExists:
    existing = volume_value(setting, name, there, None) if there.type == "volume" else None
    return AlreadyExists(f"There is a {there.type} {name!r} already.", existing=existing)


def only_volumes(name: str, dataset: zfs.ZfsVolume) -> None:
    """Raise `Conflict` for a dataset of another type."""
    if dataset.type != "volume":
        raise Conflict(f"{name!r} is a {dataset.type}, not a volume; it is left alone.")
