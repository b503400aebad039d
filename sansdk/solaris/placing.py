"""Where an export is to be: the target that it shares with others, and a LUN that nothing else has there."""

from typing import Final

from sansdk.commands import procedures, zfs
from sansdk.commands.comstar import itadm, stmfadm
from sansdk.errors import Conflict, LimitReached
from sansdk.intents import CreateExport
from sansdk.inventory import Widen
from sansdk.model import ANYONE, Export
from sansdk.solaris.build import ALL, Build, Place
from sansdk.solaris.draft import Draft
from sansdk.solaris.setting import OWN, target_group

_TARGETS: Final = 255


def place_for(intent: CreateExport, draft: Draft, there: Export | None) -> Place:
    """That of the export that is there; else the first target of ours with a LUN to give.

    Raises:
        Conflict: The host's default authentication, or the LUN that was asked for, forbids it.
        LimitReached: Every target is full.
        Widen: A LUN was asked for, and the views of all units are not known.
    """
    inventory = draft.inventory
    if there is not None:
        group = inventory.group_of_target(there.target_iqn) or ALL
        return Place(group, there.target_iqn, there.lun or 0)
    auth = "none" if intent.chap is None else "chap"
    if auth == "none" and inventory.default_auth != "none":
        raise Conflict(
            f"Targets of this host ask for {inventory.default_auth} by default, and no CHAP was asked for.",
            mend="Give chap=, or set the default back: itadm modify-defaults -a none.",
        )
    for number in range(_TARGETS):
        group = target_group(draft.setting.pool, inventory.pool_guid, auth, number)
        target = f"{draft.setting.target_prefix}{group}"
        if not _usable(draft, group, target):
            continue
        if intent.lun is not None:
            if inventory.scope.volumes is not None:
                raise Widen  # whether another volume has it
            if intent.lun in draft.taken(group) | draft.luns.get(group, set()):
                raise Conflict(f"LUN {intent.lun} is taken on {target}.", mend="Choose another, or leave lun= out.")
            draft.take_lun(group, intent.lun)
            return Place(group, target, intent.lun)
        lun = draft.free_lun(group)
        if lun is not None:
            draft.take_lun(group, lun)
            return Place(group, target, lun, chosen=True)
    raise LimitReached(f"All LUNs of all {_TARGETS} targets of this host are taken.")


def begun_at(draft: Draft, volume: str, dataset: zfs.ZfsVolume) -> stmfadm.View | None:
    """A view of ours on the volume that leads to no target: what is left of an export that was begun."""
    inventory = draft.inventory
    unit = inventory.unit(volume) or inventory.ghost(dataset)
    views = () if unit is None else inventory.views(unit)
    return next((v for v in views if v.lun is not None and (v.target_group or "").startswith(OWN)), None)


def resumed(intent: CreateExport, draft: Draft, begun: stmfadm.View) -> Place:
    """Where an export that was begun goes on, if that gives what is asked."""
    group, lun = begun.target_group or ALL, begun.lun or 0
    target = f"{draft.setting.target_prefix}{group}"
    differences = []
    if intent.lun not in {None, lun}:
        differences.append(f"as LUN {lun}, not {intent.lun}")
    if (begun.host_group is None) is not (intent.initiators is ANYONE):
        differences.append(f"to {'anyone' if begun.host_group is None else 'named initiators only'}")
    if (":chap." in group) is not (intent.chap is not None):
        differences.append("without CHAP" if intent.chap else "with CHAP")
    if not _usable(draft, group, target):
        differences.append(f"at {target}, which others use")
    if differences:
        raise Conflict(
            f"An export of {intent.volume!r} was begun, but {'; '.join(differences)}.",
            differences=differences,
            mend="Call remove_export first.",
        )
    return Place(group, target, lun)


def _usable(draft: Draft, group: str, target: str) -> bool:
    """Whether a target of ours is as we would make it, is not there, or can be made anew."""
    inventory = draft.inventory
    members = draft.groups.get(group) or inventory.target_groups.get(group, ())
    if {m.lower() for m in members} - {target.lower()}:
        return False
    holder = inventory.group_of_target(target)
    if target.lower() not in inventory.targets or holder == group:
        return holder in {None, group}
    return holder is None and not inventory.sessions.get(target.lower())


def scaffold(draft: Draft, place: Place, build: Build, intent: CreateExport) -> None:
    """The target group, the target in it, and the target: membership comes first, while the target is not online."""
    inventory = draft.inventory
    group, target = place.group, place.target
    members = draft.groups.get(group, inventory.target_groups.get(group))
    exists = target.lower() in inventory.targets or group in draft.groups
    if exists and group not in draft.groups and inventory.group_of_target(target) is None:
        build.add(itadm.DeleteTarget(target))
        exists = False
    if not exists and len(inventory.targets) >= _TARGETS:
        raise LimitReached(
            f"This host has {_TARGETS} iSCSI targets, as many as it can have, and none of them is {target}.",
            mend="Delete targets that nothing uses.",
        )
    if members is None:
        build.add(stmfadm.CreateTargetGroup(group), procedures.DropTarget(group, target), "already exists")
    if not members:
        undo = None if members is None else stmfadm.RemoveTargetGroupMember(group, target)
        build.add(stmfadm.AddTargetGroupMember(group, target), undo, "already exists")
    if not exists:
        undone = None if members is None else procedures.DropTarget(group, target, keep=True)
        auth = None if intent.chap is None else "chap"
        build.add(itadm.CreateTarget(target, auth), undone, "already configured")
    draft.groups[group] = (target,)
