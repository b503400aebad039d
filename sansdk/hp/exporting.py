"""Plans exports on a LeftHand group: by CHAP, or by server objects with one initiator each.

Assigning to a server adds a row and disturbs no other; `assignVolume` would replace them all and is not used.
"""

from typing import Any, Final

from sansdk.commands import cliq
from sansdk.commands.base import Command
from sansdk.errors import Busy, Conflict, NoEffect
from sansdk.hp.draft import Draft
from sansdk.hp.inventory import export_value
from sansdk.hp.setting import portal, server_name
from sansdk.intents import CreateExport, EnsureExport, RemoveExport
from sansdk.inventory import Widen
from sansdk.model import Chap, Export, named
from sansdk.objections import exported_already, exported_otherwise, made_in_plan, not_exported
from sansdk.steps import Item, Read, Readings, Step

_WHATEVER: Final = "result="
"""In every answer: the refusal for a server that exists is not published, and the proof decides."""

_SO_ALREADY: Final = 'result="1"'
"""CliqNothingDone, the manual's "already in the requested state": somebody else was faster, and the proof decides."""


def export(intent: CreateExport, draft: Draft) -> Item:
    """What is missing of an export; nothing where it is as asked."""
    volume = draft.volume(intent.volume)
    if volume is None:
        raise draft.missing(intent.volume)
    there = draft.export(intent.volume)
    if there is not None:
        if not isinstance(intent, EnsureExport):
            raise exported_already(intent.volume, there)
        _refuse_differences(intent, there)
    steps = _by_chap(intent, draft, there) if intent.chap is not None else _by_server(intent, draft, there)
    if not steps:
        return Item(intent, confirm=lambda _: there)
    draft.exports[intent.volume] = _as_planned(intent, there)
    return Item(intent, tuple(steps), (Read(cliq.GetVolume(intent.volume)),), _Confirm(intent, draft, steps))


def remove(intent: RemoveExport, draft: Draft) -> Item:
    """Each row as it was read: servers one by one, CHAP by `unassignVolume`."""
    name = intent.volume
    volume = draft.volume(name)
    if name in draft.exports:
        raise made_in_plan(name)
    rows = () if volume is None or name in draft.unexported else volume.permissions
    if volume is None or not rows:
        missing = draft.missing(name) if volume is None else not_exported(name)
        if intent.missing_ok:
            return Item(intent)
        raise missing
    if volume.sessions and not intent.force:
        raise Busy(
            f"{volume.sessions} initiators are logged in to {name!r}; the array does not tell which.",
            mend="Log them out, or say force=True.",
        )
    draft.unexported.add(name)
    read = cliq.GetVolume(name)

    def confirm(readings: Readings) -> None:
        left = readings[read]
        if left is not None and left.permissions:
            raise NoEffect(f"The array said that the export of {name!r} was removed; it is still there.")

    return Item(intent, tuple(_unassign(name, row) for row in rows), (Read(read),), confirm)


def _as_planned(intent: CreateExport, there: Export | None) -> Export:
    """The export as it will be, as far as that is known: the array names its target."""
    before = () if there is None else named(there.initiators)
    whom = tuple(dict.fromkeys((*before, *named(intent.initiators))))
    chap = None if intent.chap is None else Chap("") if intent.chap is True else intent.chap
    return Export(intent.volume, "", 0, (), chap, whom, maker="sansdk")


def _unassign(volume: str, row: cliq.Permission) -> Step:
    if row.iqn and row.group:
        undo = cliq.AssignVolumeToServer(volume, row.group)
        return Step(cliq.UnassignVolumeToServer(volume, row.group), undo=undo, tolerates=_SO_ALREADY)
    return Step(cliq.UnassignVolume(volume), undo=_assigned_again(volume, row), tolerates=_SO_ALREADY)


def _assigned_again(volume: str, row: cliq.Permission) -> Command[Any] | None:
    if row.chap_user is None or row.target_secret is None:
        return None
    return cliq.AssignVolumeChap(volume, row.chap_user, row.target_secret)


def _refuse_differences(intent: EnsureExport, there: Export) -> None:
    differences = []
    if intent.chap is None and there.chap is not None:
        differences.append("with CHAP")
    if intent.chap is not None and there.initiators:
        differences.append(f"to {', '.join(named(there.initiators))} without CHAP")
    if isinstance(intent.chap, Chap) and there.chap is not None and not intent.replace_chap:
        if there.chap.user != intent.chap.user:
            differences.append(f"with the CHAP user {there.chap.user!r}, not {intent.chap.user!r}")
        elif there.chap.secret != intent.chap.secret:
            differences.append("with another CHAP secret")
    more = set(named(there.initiators)) - set(named(intent.initiators))
    if intent.exact and more and intent.chap is None:
        differences.append(f"also to {', '.join(sorted(more))}")
    if differences:
        raise exported_otherwise(intent.volume, differences)


def _by_chap(intent: CreateExport, draft: Draft, there: Export | None) -> list[Step]:
    if there is not None and (intent.chap is True or there.chap == intent.chap):
        return []
    chap = intent.chap if isinstance(intent.chap, Chap) else Chap.generate(draft.rng)
    if chap.secret is None:
        raise NoEffect("credentials without a secret")
    undo: Command[Any] = cliq.UnassignVolume(intent.volume)
    if there is not None and there.chap is not None and there.chap.secret is not None:
        undo = cliq.AssignVolumeChap(intent.volume, there.chap.user, there.chap.secret)
    return [Step(cliq.AssignVolumeChap(intent.volume, chap.user, chap.secret), undo=undo)]


def _by_server(intent: CreateExport, draft: Draft, there: Export | None) -> list[Step]:
    seen = {i.lower() for i in named(there.initiators)} if there is not None else set()
    steps: list[Step] = []
    for initiator in (i for i in named(intent.initiators) if i.lower() not in seen):
        server = _server(draft, initiator, steps)
        assign = cliq.AssignVolumeToServer(intent.volume, server)
        undo = cliq.UnassignVolumeToServer(intent.volume, server)
        steps.append(Step(assign, undo=undo, tolerates=_SO_ALREADY))
    return steps


def _server(draft: Draft, initiator: str, steps: list[Step]) -> str:
    """The server object that holds an initiator alone; made where the rows know of none."""
    if initiator.lower() in draft.servers:
        return draft.servers[initiator.lower()]
    if draft.inventory.scope.volumes is not None:
        raise Widen  # another volume's rows may know it
    for name, members in draft.inventory.servers().items():
        if initiator.lower() in {m.lower() for m in members}:
            others = sorted(m for m in members if m.lower() != initiator.lower())
            if others:
                raise Conflict(
                    f"{initiator} is in the server {name!r} together with {', '.join(others)}: they would see it too.",
                    differences=tuple(f"{other} is in {name!r}" for other in others),
                )
            return name
    name = server_name(initiator)
    steps.append(Step(cliq.CreateServer(name, initiator), undo=cliq.DeleteServer(name), tolerates=_WHATEVER))
    draft.servers[initiator.lower()] = name
    return name


class _Confirm:
    """From the proof to the export; `NoEffect` where it shows anything else than what was planned."""

    def __init__(self, intent: CreateExport, draft: Draft, steps: list[Step]) -> None:
        self._intent = intent
        cluster = draft.inventory.cluster
        self._portals = tuple(portal(a) for a in cluster.vips or tuple(n.address for n in cluster.nodes))
        assigned = (s.command for s in steps if isinstance(s.command, cliq.AssignVolumeChap))
        self._chap = next((Chap(c.user, c.secret) for c in assigned), None)

    def __call__(self, readings: Readings) -> Export:
        name = self._intent.volume
        volume = readings[cliq.GetVolume(name)]
        there = None if volume is None else export_value(volume, self._portals)
        if there is None or not self._as_asked(there, len(volume.permissions)):
            raise NoEffect(f"The array said that {name!r} was exported; read again, it shows {there}.")
        return there

    def _as_asked(self, there: Export, rows: int) -> bool:
        if self._chap is not None:
            # Two rows would mean that either lets in.
            return rows == 1 and there.chap == self._chap
        seen = {i.lower() for i in named(there.initiators)}
        return there.chap is None and all(i.lower() in seen for i in named(self._intent.initiators))
