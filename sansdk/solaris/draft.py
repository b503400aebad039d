"""The state of a Solaris host as a planning goes on: what was read, with what is planned so far laid over it."""

import random

from attrs import evolve, frozen

from sansdk.commands.comstar import stmfadm
from sansdk.commands.comstar.itadm import InitiatorRecord
from sansdk.commands.zfs import ZfsVolume
from sansdk.inventory import VOLUMES, Widen
from sansdk.model import Export
from sansdk.solaris.build import Place, Unit
from sansdk.solaris.inventory import SolarisInventory
from sansdk.solaris.setting import Setting, made_here


@frozen
class Planned:
    """An export that is planned: as it will be, where, and by which unit."""

    export: Export
    place: Place
    unit: Unit


class Draft:
    """One planning. Nothing of the inventory is copied; what is planned wins over it.

    Attributes:
        inventory: What was read.
        rng: Where GUIDs, secrets and numbers come from.
        lost: Whether others were faster the last time: then pick at random, not the next.
    """

    def __init__(self, inventory: SolarisInventory, rng: random.Random, lost: bool) -> None:  # noqa: FBT001
        self.inventory = inventory
        self.rng = rng
        self.lost = lost
        self.volumes: dict[str, ZfsVolume | None] = {}
        self.unexported: set[str] = set()
        self.freed: set[str] = set()
        self.exports: dict[str, Planned] = {}
        self.groups: dict[str, tuple[str, ...]] = {}
        self.hosts: dict[str, str] = {}
        self.records: set[str] = set()
        self.luns: dict[str, set[int]] = {}
        self.next_lun: int | None = None

    @property
    def setting(self) -> Setting:
        """The session's."""
        return self.inventory.setting

    def knows(self, volume: str) -> bool:
        """Whether it was read, or planned, that this volume is there or not."""
        return volume in self.volumes or (VOLUMES in self.inventory.scope.parts and self.inventory.scope.has(volume))

    def dataset(self, volume: str) -> ZfsVolume | None:
        """The volume as planned so far."""
        return self.volumes[volume] if volume in self.volumes else self.inventory.dataset(volume)

    def is_new(self, volume: str) -> bool:
        """Whether the volume itself is only planned: the array has given it no guid yet."""
        planned = self.volumes.get(volume)
        return planned is not None and not planned.guid

    def unit(self, volume: str) -> stmfadm.Lu | None:
        """The logical unit on a volume as planned so far: it has followed a new size."""
        if self.is_new(volume) or volume in self.unexported:
            return None
        unit, planned = self.inventory.unit(volume), self.volumes.get(volume)
        return unit if unit is None or unit.size is None or planned is None else evolve(unit, size=planned.size)

    def new_guid(self) -> str:
        """A GUID for a logical unit: `600144f0`, as the array makes them, and 96 random bits."""
        return f"600144F0{self.rng.getrandbits(96):024X}"

    def host_group_of(self, initiator: str) -> str | None:
        """The host group that an initiator is in, as planned so far; one that may go by then counts as gone."""
        made, held = self.hosts.get(initiator.lower()), self.inventory.group_of(initiator)
        return made or (None if held in self.freed else held)

    def members_of(self, group: str) -> tuple[str, ...] | None:
        """The members of a host group as planned so far; None where there is no such group, or may be none by then."""
        return None if group in self.freed else self.inventory.host_groups.get(group)

    def record_of(self, initiator: str) -> InitiatorRecord | None:
        """The CHAP record of an initiator, as planned so far: one that we made goes with its host group."""
        record = self.inventory.records.get(initiator.lower())
        gone = record is not None and made_here(record) and self.inventory.group_of(initiator) in self.freed
        return None if gone else record

    def free_lun(self, group: str) -> int | None:
        """A LUN that nothing else has on this target group; None where all are taken.

        The search begins at the hint on the parent and goes round, so that a number is given anew as late as
        possible. After a lost race it is any free one.

        Raises:
            Widen: A race was lost, and the views of all units are not known.
        """
        highest = self.setting.max_lun
        taken = self.luns.setdefault(group, self.taken(group))
        if self.lost:
            if self.inventory.scope.volumes is not None:
                raise Widen
            free = [n for n in range(highest + 1) if n not in taken]
            return self.rng.choice(free) if free else None
        hint = self.inventory.next_lun if self.next_lun is None else self.next_lun
        start = (hint or 0) % (highest + 1)
        return next((n for n in (*range(start, highest + 1), *range(start)) if n not in taken), None)

    def take_lun(self, group: str, lun: int) -> None:
        """Plan that LUN."""
        self.luns.setdefault(group, self.taken(group)).add(lun)
        self.next_lun = lun + 1

    def taken(self, group: str) -> set[int]:
        """The LUNs that views known here have on this target group, or on all."""
        known = [lu for lu in self.inventory.units if self.inventory.has_views(lu)]
        views = (view for lu in known for view in self.inventory.views(lu))
        return {v.lun for v in views if v.lun is not None and v.target_group in {None, group}}
