"""Plans for a LeftHand group: one function an intent, from a draft to an item.

One command is one change. What the array's manual does not publish is sent, and only what the next read shows is
believed.
"""

from typing import Final

from attrs import evolve

from sansdk import names
from sansdk.capabilities import Capability
from sansdk.commands import cliq
from sansdk.errors import (
    AlreadyExists,
    ArrayError,
    Busy,
    Conflict,
    NoEffect,
    SanError,
    Unsupported,
)
from sansdk.hp.draft import Draft
from sansdk.hp.exporting import export, remove
from sansdk.hp.inventory import volume_value
from sansdk.hp.setting import MEBIBYTE, Setting
from sansdk.intents import CreateExport, CreateVolume, DeleteVolume, EnsureVolume, Intent, RemoveExport, ResizeVolume
from sansdk.model import ANYONE, Chap, Volume
from sansdk.objections import (
    overtaken,
    refuse_differences,
    refuse_secret,
    refuse_shrinking,
    refuse_snapshots,
    still_exported,
)
from sansdk.steps import Guard, Item, Read, Readings, Step, planner
from sansdk.units import format_size, round_up

FORBIDDEN: Final = '"'
"""What no name of a volume holds, beside NUL, newline and a leading `-`: CLIQ has no escape for it."""

_SECRET: Final = (12, 16)
_FORBIDDEN_IN_CHAP: Final = " \"';"


def check(_: Setting, intent: Intent) -> None:
    """Refuse what this array cannot do, before anything is sent.

    Raises:
        InputError: A name or secret that it does not take.
        Unsupported: ANYONE, a LUN, or CHAP together with initiators.
    """
    names.check_existing(intent.volume, FORBIDDEN)
    if isinstance(intent, CreateExport):
        _check_export(intent)


def _check_export(intent: CreateExport) -> None:
    if intent.initiators is ANYONE:
        raise Unsupported(
            "LeftHand assigns a volume to servers or by CHAP, never to everyone.",
            capability=Capability.ANYONE,
            mend="Name the initiators, or say chap=True.",
        )
    if intent.chap is not None and intent.initiators:
        raise Unsupported(
            "LeftHand admits whoever knows the CHAP secret: initiators beside it would only look like a mask.",
            capability=Capability.CHAP_WITH_MASK,
            mend="Give chap= or initiators=, not both.",
        )
    if intent.lun not in {None, 0}:
        raise Unsupported("A volume on LeftHand is LUN 0 of its own target.", capability=Capability.CHOOSE_LUN)
    if isinstance(intent.chap, Chap):
        refuse_secret(intent.chap, *_SECRET, _FORBIDDEN_IN_CHAP)


plan = planner()
"""The planner: from an intent and a draft to an item."""


@plan.register
def create_volume(intent: CreateVolume, draft: Draft) -> Item:
    """`createVolume`, with a nonce as its description."""
    existing = draft.volume(intent.name) if draft.knows(intent.name) else None
    if existing is not None:
        raise _exists(draft.setting, existing)
    return _made(intent, draft)


@plan.register
def ensure_volume(intent: EnsureVolume, draft: Draft) -> Item:
    """Nothing where it is as asked; `createVolume` where it is missing; a smaller one may grow."""
    existing = draft.volume(intent.name)
    if existing is None:
        return _made(intent, draft)
    size, asked = _size(existing), round_up(intent.size, MEBIBYTE)
    if intent.grow and size < asked and existing.thin in {None, intent.thin}:
        return evolve(resize_volume(ResizeVolume(intent.name, intent.size), draft), intent=intent)
    refuse_differences(intent, size, asked, thin=existing.thin)
    value = volume_value(draft.setting, existing)
    return Item(intent, confirm=lambda _: value)


@plan.register
def resize_volume(intent: ResizeVolume, draft: Draft) -> Item:
    """`modifyVolume`; a volume that grew stays so, for shrinking it back could lose data."""
    name, volume = intent.name, draft.volume(intent.name)
    if volume is None:
        raise draft.missing(name)
    old, size = _size(volume), round_up(intent.size, MEBIBYTE)
    refuse_shrinking(name, old, size, allowed=intent.shrink)
    if size < old and volume.sessions:
        raise Busy(f"{volume.sessions} initiators are logged in to {name!r}.", mend="Log them out first.")
    draft.volumes[name] = evolve(volume, size=size)
    if size == old:
        return Item(intent, confirm=lambda _: volume_value(draft.setting, volume))
    read = cliq.GetVolume(name)

    def confirm(readings: Readings) -> Volume:
        now = readings[read]
        if now is None or now.size is None or now.size < size or (size < old and now.size >= old):
            raise NoEffect(f"The array said that {name!r} was resized; read again, it is not {format_size(size)}.")
        return volume_value(draft.setting, now)

    step = Step(cliq.ModifyVolume(name, cliq.cliq_size(size)), irreversible=True)
    return Item(intent, (step,), (Read(read),), confirm)


@plan.register
def delete_volume(intent: DeleteVolume, draft: Draft) -> Item:
    """`deleteVolume`; its snapshots first, where they may go."""
    name = intent.name
    volume = draft.volume(name)
    if volume is None:
        missing = draft.missing(name)
        if intent.missing_ok:
            return Item(intent)
        raise missing
    if volume.permissions and name not in draft.unexported:
        export = draft.inventory.exports_of(name)[0]
        raise still_exported(name, export)
    if volume.sessions:
        raise Busy(f"{volume.sessions} initiators are logged in to {name!r}.", mend="Log them out first.")
    snapshots = [s.name for s in volume.snapshots]
    refuse_snapshots(intent, snapshots)
    steps = [Step(cliq.DeleteSnapshot(s), irreversible=True) for s in snapshots]
    steps.append(Step(cliq.DeleteVolume(name), irreversible=True))
    draft.volumes[name] = None
    read = cliq.GetVolume(name)

    def confirm(readings: Readings) -> None:
        left = readings[read]
        if left is not None and not left.deleting:
            raise NoEffect(f"The array said that {name!r} was deleted; it is still there.")

    return Item(intent, tuple(steps), (Read(read),), confirm)


plan.register(CreateExport, export)
plan.register(RemoveExport, remove)


def _made(intent: CreateVolume | EnsureVolume, draft: Draft) -> Item:
    setting, name, size = draft.setting, intent.name, round_up(intent.size, MEBIBYTE)
    elsewhere = draft.elsewhere(name)
    if elsewhere is not None:
        raise Conflict(
            f"The group has a volume {name!r} already, in the cluster {elsewhere.cluster!r}.",
            differences=(f"it is in the cluster {elsewhere.cluster!r}",),
            mend="Names are unique in a group: choose another.",
        )
    nonce = f"sansdk:{draft.rng.getrandbits(64):016x}"
    read = cliq.GetVolume(name)

    def confirm(readings: Readings) -> Volume:
        made = readings[read]
        if made is None or made.description != nonce or made.cluster != setting.cluster:
            raise NoEffect(f"The array said that it made {name!r}; read again, it is not there, or another's.")
        if (made.size or 0) < size or (made.thin is not None and made.thin is not intent.thin):
            raise NoEffect(f"The array made {name!r} otherwise than asked: {made.size} bytes instead of {size}.")
        return volume_value(setting, made)

    def explain(error: ArrayError, readings: Readings) -> SanError:
        # Which result means "exists" is not published: the volume itself tells.
        there = readings.get(read)
        if there is None:
            return error
        return overtaken(name) if isinstance(intent, EnsureVolume) else _exists(setting, there)

    create = cliq.CreateVolume(name, setting.cluster, cliq.cliq_size(size), intent.thin, nonce)
    ours = Guard(read, lambda there: there is not None and there.description == nonce)
    step = Step(create, undo=cliq.DeleteVolume(name), guard=ours)
    draft.volumes[name] = planned(setting, intent, size)
    return Item(intent, (step,), (Read(read),), confirm, (Read(read),), explain)


def _size(volume: cliq.CliqVolume) -> int:
    """The size of a volume: where the array does not tell it, whatever is asked might shrink the volume."""
    if volume.size is None:
        raise ArrayError(f"The array does not tell the size of the volume {volume.name!r}; it is left as it is.")
    return volume.size


def planned(setting: Setting, intent: CreateVolume | EnsureVolume, size: int) -> cliq.CliqVolume:
    """A volume that is only planned: its IQN and serial are known after it was made."""
    return cliq.CliqVolume(
        name=intent.name,
        cluster=setting.cluster,
        serial="",
        size=size,
        thin=intent.thin,
        iqn=None,
        description="",
        created=None,
        replication=None,
        primary=True,
        deleting=False,
        status=None,
        sessions=0,
        permissions=(),
        snapshots=(),
    )


def _exists(setting: Setting, there: cliq.CliqVolume) -> AlreadyExists:
    return AlreadyExists(f"There is a volume {there.name!r} already.", existing=volume_value(setting, there))
