"""Plans an export: logical unit, then what leads to it, then the views that make it visible.

    zvol → logical unit → view (host group, target group, LUN) ← target

Few targets are shared by many volumes (one kind without CHAP, one with), each initiator has one host group, and
the record with its CHAP secret serves every export of that initiator.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve, field, frozen, mutable

from sansdk.commands import procedures, zfs
from sansdk.commands.base import Command
from sansdk.commands.comstar import itadm, stmfadm
from sansdk.commands.procedures import AddViewOf, DropViewOf
from sansdk.errors import AlreadyExists, Conflict, LimitReached, NoEffect, NotFound
from sansdk.intents import CreateExport, EnsureExport
from sansdk.inventory import Scope, Widen
from sansdk.model import ANYONE, Chap, Export, named
from sansdk.secrets import Secret
from sansdk.solaris.draft import Draft
from sansdk.solaris.inventory import SolarisInventory
from sansdk.solaris.setting import MARK, NEXT_LUN, OWN, host_group, target_group
from sansdk.steps import Item, Read, Readings, Step

ALL = "All"
"""How COMSTAR writes every host group, or every target group."""

_TARGETS = 255


@frozen
class Place:
    """Where an export is to be: target group, target, LUN; `chosen` says that the LUN was picked here."""

    group: str
    target: str
    lun: int
    chosen: bool = False


@frozen
class Unit:
    """The logical unit of the export; `guid` is None where only the array can tell it."""

    dataset: str
    guid: str | None


@mutable
class Build:
    """Steps as they come together, and the secret that was made on the way."""

    steps: list[Step] = field(factory=list)
    credentials: Chap | None = None

    def add(self, command: Command[Any], undo: Command[Any] | None = None, tolerates: str = "") -> None:
        """The next step."""
        self.steps.append(Step(command, undo, tolerates))


def export(intent: CreateExport, draft: Draft) -> Item:
    """Everything that is missing of an export; nothing where it is as asked."""
    volume = intent.volume
    dataset = draft.dataset(volume)
    if dataset is None:
        raise NotFound(f"There is no volume {volume!r}.")
    if dataset.type != "volume":
        raise Conflict(f"{volume!r} is a {dataset.type}, not a volume.")
    planned = draft.is_new(volume)
    there = None if planned else _there(intent, draft, dataset)
    if there is not None and not _ours(there, intent):
        return Item(intent, confirm=lambda _: there)
    build = Build()
    begun = _begun(draft, volume, dataset) if there is None and not planned else None
    place = _place(intent, draft, there) if begun is None else _resumed(intent, draft, begun)
    unit = _unit(draft, volume, dataset, build)
    if there is None:
        _scaffold(draft, place, build, intent)
    groups = _initiators(intent, draft, build, there)
    _views(draft, unit, place, groups, build)
    if not build.steps and there is not None:
        return Item(intent, confirm=lambda _: there)
    return Item(intent, tuple(build.steps), _proof(unit), _Confirm(intent, draft, place, build))


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


def _place(intent: CreateExport, draft: Draft, there: Export | None) -> Place:
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


def _begun(draft: Draft, volume: str, dataset: zfs.ZfsVolume) -> stmfadm.View | None:
    """A view of ours on the volume that leads to no target: what is left of an export that was begun."""
    inventory = draft.inventory
    unit = inventory.unit(volume) or inventory.ghost(dataset)
    views = () if unit is None else inventory.views(unit)
    return next((v for v in views if v.lun is not None and (v.target_group or "").startswith(OWN)), None)


def _resumed(intent: CreateExport, draft: Draft, begun: stmfadm.View) -> Place:
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


def _scaffold(draft: Draft, place: Place, build: Build, intent: CreateExport) -> None:
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


def _initiators(intent: CreateExport, draft: Draft, build: Build, there: Export | None) -> list[str | None]:
    """The host groups that need a view, each with its one member; None for every initiator."""
    seen = () if there is None else named(there.initiators)
    if intent.initiators is ANYONE:
        return [] if there is not None else [None]
    for initiator in intent.initiators:
        made = _host_group(draft, initiator, build) if initiator.lower() not in {s.lower() for s in seen} else False
        if intent.chap is not None:
            _record(intent, draft, initiator, build, made=made)
    new = [i for i in intent.initiators if i.lower() not in {s.lower() for s in seen}]
    return [draft.host_group_of(i) for i in new]


def _host_group(draft: Draft, initiator: str, build: Build) -> bool:
    """Make the initiator's host group unless it has one; whether it is new."""
    held = draft.host_group_of(initiator)
    if held is not None:
        others = {m for m in draft.inventory.host_groups.get(held, ()) if m.lower() != initiator.lower()}
        if others:
            listed = tuple(sorted(others))
            raise Conflict(
                f"{initiator} is in the host group {held!r} together with {', '.join(listed)}: they would see it too.",
                differences=tuple(f"{other} is in {held!r}" for other in listed),
                mend=f"Take it out: stmfadm remove-hg-member -g {held} {initiator}",
            )
        return False
    group = host_group(initiator)
    members = draft.inventory.host_groups.get(group)
    if members:
        raise Conflict(f"The host group {group!r} holds {', '.join(members)} instead of {initiator}.")
    if members is None:
        build.add(stmfadm.CreateHostGroup(group), procedures.DropHostGroup(group), "already exists")
    undo = None if members is None else stmfadm.RemoveHostGroupMember(group, initiator)
    build.add(stmfadm.AddHostGroupMember(group, initiator), undo, "already exists")
    draft.hosts[initiator.lower()] = group
    return members is None


def _record(intent: CreateExport, draft: Draft, initiator: str, build: Build, *, made: bool) -> None:
    """The initiator's CHAP record: kept where there is one, made where there is none."""
    record = draft.inventory.records.get(initiator.lower())
    asked = intent.chap if isinstance(intent.chap, Chap) else None
    replace = isinstance(intent, EnsureExport) and intent.replace_chap
    if record is not None and record.secret_set and not (replace and asked):
        if asked is not None and (record.user or record.name) != asked.user:
            raise _other_user(draft, initiator, record, asked)
        return
    if initiator.lower() in draft.records:
        return
    draft.records.add(initiator.lower())
    build.credentials = build.credentials or asked or _new_credentials(draft)
    user, secret = build.credentials.user, build.credentials.secret
    if secret is None:
        raise NoEffect("credentials without a secret")
    if record is not None:
        build.steps.append(Step(itadm.ModifyInitiator(record.name, user, secret), irreversible=record.secret_set))
        return
    # A record of ours goes with its host group, and only while no view uses that; one of others stays.
    undo = procedures.DropHostGroup(host_group(initiator), initiator) if made else itadm.DeleteInitiator(initiator)
    build.add(itadm.CreateInitiator(initiator, user, secret), undo, "already exists")


def _other_user(draft: Draft, initiator: str, record: itadm.InitiatorRecord, asked: Chap) -> Conflict:
    if draft.inventory.scope.volumes is not None:
        raise Widen  # the message names the other volumes that the initiator reaches with its record
    shared = sorted(
        {e.volume for e in draft.inventory.exports() if e.initiators is not ANYONE and initiator in e.initiators}
    )
    also = f"; it reaches {', '.join(shared)} with it" if shared else ""
    difference = f"{initiator} logs in as {record.user or record.name!r}, not {asked.user!r}"
    return Conflict(
        f"{difference}{also}.",
        differences=(difference,),
        mend="Use that user, or say replace_chap=True: it counts for all of its volumes.",
    )


def _new_credentials(draft: Draft) -> Chap:
    return Chap(f"sansdk-{draft.rng.getrandbits(32):08x}", Secret.generate(draft.rng))


def _views(draft: Draft, unit: Unit, place: Place, groups: Sequence[str | None], build: Build) -> None:
    """The commit: with the first view the volume can be seen."""
    if place.chosen:
        build.add(zfs.SetProperties(draft.setting.parent, (f"{NEXT_LUN}={place.lun + 1}",)))
    for group in groups:
        named = group or ALL
        if unit.guid is None:
            add: Command[Any] = AddViewOf(unit.dataset, place.lun, place.group, group)
            drop: Command[Any] = DropViewOf(unit.dataset, named, place.group)
        else:
            add = stmfadm.AddView(unit.guid, place.lun, place.group, group)
            drop = procedures.DropView(unit.guid, named, place.group)
        build.add(add, drop, "view entry exists")


def _proof(unit: Unit) -> tuple[Read, ...]:
    own = (
        (Read(stmfadm.ListLu()), Read(procedures.ListViewsOf((unit.dataset,)), each=stmfadm.ListViews))
        if unit.guid is None
        else (Read(stmfadm.ShowLu(unit.guid)), Read(stmfadm.ListViews(unit.guid)))
    )
    return (
        *own,
        Read(stmfadm.ListTargetGroups()),
        Read(stmfadm.ListHostGroups()),
        Read(itadm.ListTargets()),
        Read(itadm.ListTpgs()),
        Read(itadm.ListInitiators()),
    )


class _Confirm:
    """From the proof to the export; `NoEffect` where it shows anything else than what was planned."""

    def __init__(self, intent: CreateExport, draft: Draft, place: Place, build: Build) -> None:
        self._intent = intent
        self._setting = draft.setting
        self._place = place
        self._made = build.credentials

    def __call__(self, readings: Readings) -> Export:
        volume = self._intent.volume
        inventory = SolarisInventory(self._setting, Scope.of(volume), readings)
        place = self._place
        found = [
            e
            for e in inventory.exports_of(volume)
            if e.target_iqn.lower() == place.target.lower() and e.lun == place.lun and self._as_asked(e, inventory)
        ]
        unit = inventory.unit(volume)
        if not found or unit is None or unit.status != "Online":
            raise NoEffect(
                f"The array said that {volume!r} was exported at {place.target} as LUN {place.lun}; read again, it"
                f" shows {inventory.exports_of(volume) or 'no export'}."
            )
        return self._with_secret(found[0])

    def _as_asked(self, there: Export, inventory: SolarisInventory) -> bool:
        if (self._intent.chap is not None) is not (there.chap is not None):
            return False
        if self._intent.initiators is ANYONE or there.initiators is ANYONE:
            return self._intent.initiators is there.initiators
        seen = {i.lower() for i in there.initiators}
        return all(i.lower() in seen and self._can_log_in(i, inventory) for i in self._intent.initiators)

    def _can_log_in(self, initiator: str, inventory: SolarisInventory) -> bool:
        if self._intent.chap is None:
            return True
        record = inventory.records.get(initiator.lower())
        asked = self._intent.chap if isinstance(self._intent.chap, Chap) else None
        return (
            record is not None and record.secret_set and (asked is None or (record.user or record.name) == asked.user)
        )

    def _with_secret(self, there: Export) -> Export:
        """The secret is known to the call that set it, and to no other."""
        made = self._made
        if made is None or there.chap is None or there.chap.user != made.user:
            return there
        return evolve(there, chap=made)
