"""Orphans on a Solaris host: what nothing uses and no verb would make.

Not orphans: a volume without logical unit; a host group or record (it is an initiator); idle targets with their
groups; units on files or in other pools; a GUID with views whose pool may only be away.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sansdk.model import Orphan
from sansdk.solaris.setting import OWN, dataset_of, target_group

if TYPE_CHECKING:
    from sansdk.solaris.inventory import SolarisInventory


def orphans(inventory: "SolarisInventory") -> list[Orphan]:
    """All of them, by kind and name."""
    found = [*_units(inventory), *_views(inventory), *_groups(inventory), *_targets(inventory)]
    return sorted(found, key=lambda orphan: (orphan.kind, orphan.name))


def _units(inventory: "SolarisInventory") -> Iterator[Orphan]:
    for lu in inventory.units:
        volume = inventory.setting.volume(dataset_of(lu.file) or "")
        if volume is not None and lu.views == 0:
            yield Orphan("logical unit", lu.guid, f"No view shows it; it holds the volume {volume!r} open.")


def _views(inventory: "SolarisInventory") -> Iterator[Orphan]:
    """Views of a GUID without unit, through a target group of this pool: the pool is here, the volume is not."""
    marked = {d.lu_guid.upper() for d in inventory.datasets.values() if d.lu_guid}
    for lu in inventory.units:
        if lu.file is None and lu.status == "unregistered" and lu.guid not in marked:
            for view in inventory.views(lu):
                if (view.target_group or "").startswith(_own(inventory)):
                    yield Orphan("view", f"{lu.guid} {view.number}", "Its logical unit, and the volume, are gone.")


def _groups(inventory: "SolarisInventory") -> Iterator[Orphan]:
    for name, members in inventory.target_groups.items():
        if name.startswith(_own(inventory)) and not any(m.lower() in inventory.targets for m in members):
            yield Orphan("target group", name, "Its target is gone.")


def _targets(inventory: "SolarisInventory") -> Iterator[Orphan]:
    own = _own(inventory)
    for name in inventory.targets:
        if own.lower() in name and inventory.group_of_target(name) is None:
            yield Orphan("target", name, "It is in no target group: what All targets show, it shows.")


def _own(inventory: "SolarisInventory") -> str:
    """What the names of this pool's target groups begin with."""
    whole = target_group(inventory.setting.pool, inventory.pool_guid, "", 0)
    return whole.rpartition(":")[0] + ":" if whole.startswith(OWN) else OWN
