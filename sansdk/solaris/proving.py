"""What is read after an export was made, and what it must show."""

from attrs import evolve

from sansdk.commands import procedures
from sansdk.commands.comstar import itadm, stmfadm
from sansdk.errors import Conflict, NoEffect
from sansdk.intents import CreateExport
from sansdk.inventory import Scope
from sansdk.model import ANYONE, Chap, Export, named
from sansdk.solaris.build import Build, Place, Unit
from sansdk.solaris.draft import Draft
from sansdk.solaris.inventory import SolarisInventory
from sansdk.steps import Read, Readings


def proof(unit: Unit) -> tuple[Read, ...]:
    """The reads that show an export whole."""
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


class Confirm:
    """From the proof to the export; `NoEffect` where it shows anything else than what was planned."""

    def __init__(self, intent: CreateExport, draft: Draft, place: Place, build: Build) -> None:
        self._intent = intent
        self._setting = draft.setting
        self._place = place
        self._made = build.credentials
        self._groups = [group for group in build.groups if group is not None]

    def __call__(self, readings: Readings) -> Export:
        """The export that was read; its secret is known where it was set just now."""
        volume = self._intent.volume
        inventory = SolarisInventory(self._setting, Scope.of(volume), readings)
        self._refuse_shared(inventory)
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
        return self._with_secret(found[0], inventory)

    def _refuse_shared(self, inventory: SolarisInventory) -> None:
        """A host group that others joined since it was read would show them the volume, too."""
        for group in self._groups:
            members = inventory.host_groups.get(group, ())
            if len(members) > 1:
                raise Conflict(
                    f"The host group {group!r} holds {', '.join(members)} by now: all of them would see the volume.",
                    differences=tuple(f"{member} is in {group!r}" for member in members),
                    mend=f"Take out who is too many: stmfadm remove-hg-member -g {group} …",
                )

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

    def _with_secret(self, there: Export, inventory: SolarisInventory) -> Export:
        """The secret is known to the call that set it, and to no other; it may be that of some initiators only."""
        made = self._made
        records = (inventory.records.get(initiator.lower()) for initiator in named(self._intent.initiators))
        if made is None or all(record is None or (record.user or record.name) != made.user for record in records):
            return there
        return evolve(there, chap=made)
