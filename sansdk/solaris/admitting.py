"""Who may see an export: a host group for each initiator, and the record with its CHAP secret."""

from sansdk.commands import procedures
from sansdk.commands.comstar import itadm, stmfadm
from sansdk.errors import Conflict, InvalidChap
from sansdk.intents import CreateExport, EnsureExport
from sansdk.inventory import Widen
from sansdk.model import ANYONE, Chap, Export, named
from sansdk.solaris.build import Build
from sansdk.solaris.draft import Draft
from sansdk.solaris.setting import host_group
from sansdk.steps import Step


def admitted(intent: CreateExport, draft: Draft, build: Build, there: Export | None) -> list[str | None]:
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
    members = draft.members_of(group)
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
    record = draft.record_of(initiator)
    asked = intent.chap if isinstance(intent.chap, Chap) else None
    replace = isinstance(intent, EnsureExport) and intent.replace_chap
    if record is not None and record.secret_set and not (replace and asked):
        if asked is not None and (record.user or record.name) != asked.user:
            raise _other_user(draft, initiator, record, asked)
        return
    if initiator.lower() in draft.records:
        return
    draft.records.add(initiator.lower())
    build.credentials = build.credentials or asked or Chap.generate(draft.rng)
    user, secret = build.credentials.user, build.credentials.secret
    if secret is None:
        raise InvalidChap("A Chap without secret cannot be set.")
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
