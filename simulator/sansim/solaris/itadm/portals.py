"""itadm's sub-commands for target portal groups. Source: illumos `itadm.c`, `libiscsit.c`."""

import errno
from collections.abc import Awaitable, Callable, Mapping

from sansim.solaris.iscsit.changes import add_portal_group, remove_portal_group
from sansim.solaris.iscsit.model import Configuration, IscsitError, IscsitRefusal, PortalGroup, parse_portal
from sansim.solaris.itadm.console import Failure, Run

__all__ = ["PORTAL_COMMANDS"]

_NAME_LENGTH = 255
_NAME_COLUMN = 30


async def _create(this: Run) -> None:
    this.may_change()
    name, *addresses = this.parsed.operands
    if len(name.encode(errors="surrogateescape")) > _NAME_LENGTH:
        text = f"Target Portal Group name must be no longer than {_NAME_LENGTH} characters{this.release.period}"
        raise Failure(text)
    if not addresses:
        raise Failure("Error, no portal addresses specified")
    loaded = await this.load()
    if loaded.configuration.portal_group(name) is not None:
        raise Failure(f"Target Portal Group {name} already exists", 1)
    for address in addresses:
        if "," in address:
            raise Failure(f"Bad portal name {address}")
    portals, last = _portals(this, loaded.configuration, addresses)
    if last:
        raise Failure("", last)
    await this.commit(loaded, add_portal_group(loaded.configuration, name, tuple(portals)))


def _portals(this: Run, configuration: Configuration, addresses: list[str]) -> tuple[list[str], int]:
    """Return the portals that can be had, and the outcome of the last one: only that counts in the end."""
    used = {portal for group in configuration.portal_groups for portal in group.portals}
    portals: list[str] = []
    last = 0
    for place, address in enumerate(addresses):
        try:
            portal = parse_portal(address)
        except IscsitError as error:
            raise _bad(this, address, first=place == 0) from error
        last = errno.EEXIST if portal in used else 0
        if not last:
            portals.append(portal)
        elif place:
            this.error(f"Portal {address} already in use")
        else:
            raise Failure(f"Portal {address} already in use", last)
    return portals, last


def _bad(this: Run, address: str, *, first: bool) -> Failure:
    """Return the refusal of an address; before 2014 nothing was said about the first one."""
    if not first:
        return this.failure(f"Error adding portal {address}", errno.EINVAL)
    if not this.release.worded:
        return Failure("", errno.EINVAL)
    return this.failure("Could not create the target portal group", errno.EINVAL)


async def _list(this: Run) -> None:
    configuration = this.read()
    groups: tuple[PortalGroup, ...] = configuration.portal_groups
    if this.parsed.operands:
        (name,) = this.parsed.operands
        found = configuration.portal_group(name)
        if found is None:
            raise Failure(f"Target Portal Group {name} not found!\n", 1)
        groups = (found,)
    if groups and not this.has("p"):
        this.out(f"{'TARGET PORTAL GROUP':<30}{'PORTAL COUNT':<9}")
    for group in groups:
        portals = ",".join(group.portals) or "<none>"
        count = len(group.portals)
        if this.has("p"):
            this.out(f"{group.name}\t{count}" + (f"\t{portals}" if this.has("v") else ""))
            continue
        gap = "\t" if len(group.name) > _NAME_COLUMN else ""
        this.out(f"{group.name:<30}{gap}{count:<9d}")
        if this.has("v"):
            this.out(f"    portals:\t{portals}")


async def _delete(this: Run) -> None:
    this.may_change()
    loaded = await this.load()
    (name,) = this.parsed.operands
    try:
        changed = remove_portal_group(loaded.configuration, name, force=this.has("f"))
    except IscsitError as error:
        if error.refusal is IscsitRefusal.BUSY:
            text = "Target portal group associated with one or more targets.  Cannot delete."
            raise Failure(text, errno.EBUSY) from error
        raise Failure(f"Target portal group {name} does not exist{this.release.period}", 1) from error
    await this.commit(loaded, changed)


PORTAL_COMMANDS: Mapping[str, Callable[[Run], Awaitable[None]]] = {
    "create-tpg": _create,
    "list-tpg": _list,
    "delete-tpg": _delete,
}
