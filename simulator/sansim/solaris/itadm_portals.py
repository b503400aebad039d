"""itadm's sub-commands for target portal groups."""

import errno
from collections.abc import Callable, Mapping

from sansim.solaris.iscsit_model import IscsitError, IscsitRefusal, parse_portal
from sansim.solaris.iscsit_portals import PortalGroups
from sansim.solaris.itadm_console import Failure, Run

__all__ = ["PORTAL_COMMANDS"]

_NAME_LENGTH = 255
_NAME_COLUMN = 30


def _create(this: Run) -> None:
    iscsit = this.changing()
    name, *addresses = this.parsed.operands
    if len(name) > _NAME_LENGTH:
        raise Failure("Target Portal Group name must be no longer than 255 characters")
    if not addresses:
        raise Failure("Error, no portal addresses specified")
    if name in iscsit.portal_groups:
        raise Failure(f"Target Portal Group {name} already exists", 1)
    for address in addresses:
        if "," in address:
            raise Failure(f"Bad portal name {address}")
    portals, last = _read_portals(this, iscsit.portal_groups, addresses)
    if last:
        raise Failure("", last)
    iscsit.portal_groups.create(name, portals)


def _read_portals(this: Run, groups: PortalGroups, addresses: list[str]) -> tuple[list[str], int]:
    """Return the portals that can be had, and the outcome of the last one: only that counts in the end."""
    portals: list[str] = []
    last = 0
    for place, address in enumerate(addresses):
        try:
            portal = parse_portal(address)
        except IscsitError as error:
            doing = f"Error adding portal {address}" if place else "Could not create the target portal group"
            raise Failure(f"{doing}: Invalid argument") from error
        last = errno.EEXIST if groups.in_use(portal) else 0
        if not last:
            portals.append(portal)
        elif place:
            this.error(f"Portal {address} already in use")
        else:
            raise Failure(f"Portal {address} already in use", last)
    return portals, last


def _list(this: Run) -> None:
    groups = this.reading().portal_groups
    wanted = list(groups)[::-1]
    if this.parsed.operands:
        (name,) = this.parsed.operands
        if name not in groups:
            raise Failure(f"Target Portal Group {name} not found!\n", 1)
        wanted = [groups[name]]
    verbose = this.parsed.value("v") is not None
    parsable = this.parsed.value("p") is not None
    if wanted and not parsable:
        this.out(f"{'TARGET PORTAL GROUP':<30}{'PORTAL COUNT':<9}")
    for group in wanted:
        portals = ",".join(group.portals) or "<none>"
        count = len(group.portals)
        if parsable:
            this.out(f"{group.name}\t{count}" + (f"\t{portals}" if verbose else ""))
            continue
        gap = "\t" if len(group.name) > _NAME_COLUMN else ""
        this.out(f"{group.name:<30}{gap}{count:<9d}")
        if verbose:
            this.out(f"    portals:\t{portals}")


def _delete(this: Run) -> None:
    (name,) = this.parsed.operands
    try:
        this.changing().delete_portal_group(name, force=this.parsed.value("f") is not None)
    except IscsitError as error:
        if error.refusal is IscsitRefusal.BUSY:
            text = "Target portal group associated with one or more targets.  Cannot delete."
            raise Failure(text, errno.EBUSY) from error
        raise Failure(f"Target portal group {name} does not exist", 1) from error


PORTAL_COMMANDS: Mapping[str, Callable[[Run], None]] = {
    "create-tpg": _create,
    "list-tpg": _list,
    "delete-tpg": _delete,
}
