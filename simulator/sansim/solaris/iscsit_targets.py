"""iSCSI targets: their properties and the ports that they are for the stmf service."""

import uuid
from collections.abc import Iterator
from random import Random

from attrs import evolve

from sansim.solaris.iscsit_model import (
    AUTHENTICATIONS,
    IscsiTarget,
    IscsitError,
    IscsitRefusal,
    Tag,
    TargetChanges,
    canonical_target,
    is_iscsi_name,
)
from sansim.solaris.iscsit_portals import PortalGroups
from sansim.solaris.stmf import Stmf
from sansim.state import State

__all__ = ["MAXIMUM", "Targets"]

MAXIMUM = 255
"""How many targets a host can have."""

_PREFIX = "iqn.2010-08.org.illumos:02:"
_FIRST_TAG = 2
_LAST_TAG = 65534


class Targets:
    """All targets of the host, oldest first."""

    def __init__(self, state: State, stmf: Stmf, groups: PortalGroups, random: Random) -> None:
        self._state = state
        self._stmf = stmf
        self._groups = groups
        self._random = random
        self._table = state.table("iscsit.targets", IscsiTarget)

    def __contains__(self, name: str) -> bool:
        return canonical_target(name) in self._table

    def __getitem__(self, name: str) -> IscsiTarget:
        """Return a target; names compare case-insensitively.

        Raises:
            IscsitError: NOT_FOUND.
        """
        target = self._table.get(canonical_target(name))
        if target is None:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        return target

    def __iter__(self) -> Iterator[IscsiTarget]:
        return iter(self._table.values())

    def create(self, name: str | None, changes: TargetChanges) -> IscsiTarget:
        """Make a target, by default with a name of its own; it is online at once.

        Raises:
            IscsitError: INVALID_NAME, EXISTS, TOO_MANY_TARGETS, UNKNOWN_PORTAL_GROUP, INVALID_AUTHENTICATION,
                checked in this order.
        """
        if name is None:
            name = _PREFIX + str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        if not is_iscsi_name(name):
            raise IscsitError(IscsitRefusal.INVALID_NAME, name)
        if name in self:
            raise IscsitError(IscsitRefusal.EXISTS, name)
        if len(self._table) >= MAXIMUM:
            raise IscsitError(IscsitRefusal.TOO_MANY_TARGETS, name)
        target = self._changed(IscsiTarget(canonical_target(name)), changes)
        with self._state.change():
            self._table[target.name] = target
            self._stmf.ports.register(target.name, online=self._stmf.running)
        return target

    def modify(self, name: str, new_name: str | None, changes: TargetChanges) -> IscsiTarget:
        """Change a target. A new name makes it another target to everyone else: its sessions drop.

        Raises:
            IscsitError: INVALID_NAME, EXISTS, NOT_FOUND, UNKNOWN_PORTAL_GROUP, INVALID_AUTHENTICATION, in this
                order.
        """
        if new_name is not None and not is_iscsi_name(new_name):
            raise IscsitError(IscsitRefusal.INVALID_NAME, new_name)
        if new_name is not None and new_name in self:
            raise IscsitError(IscsitRefusal.EXISTS, new_name)
        target = self[name]
        changed = self._changed(target, changes)
        if new_name is not None:
            changed = evolve(changed, name=canonical_target(new_name))
        with self._state.change():
            if new_name is not None:
                del self._table[target.name]
                self._stmf.ports.unregister(target.name)
                self._stmf.ports.register(changed.name, online=self._stmf.running)
            self._table[changed.name] = changed
        return changed

    def delete(self, name: str, *, force: bool) -> None:
        """Delete a target; its groups at the stmf service stay.

        Raises:
            IscsitError: NOT_FOUND; BUSY if it is online and this is not forced.
        """
        target = self[name]
        if not force and self._stmf.ports[target.name].online:
            raise IscsitError(IscsitRefusal.BUSY, name)
        with self._state.change():
            self._stmf.ports.unregister(target.name)
            del self._table[target.name]

    def drop_group(self, group: str) -> None:
        """Take a portal group away from every target."""
        with self._state.change():
            for target in list(self):
                tags = tuple(tag for tag in target.tags if tag.group != group)
                if tags != target.tags:
                    self._table[target.name] = evolve(target, tags=tags)

    def register_all(self) -> None:
        """Register every target with the stmf service, as a start of the service does."""
        with self._state.change():
            for target in self:
                self._stmf.ports.register(target.name, online=self._stmf.running)

    def unregister_all(self) -> None:
        """Take every target away from the stmf service, with its sessions."""
        with self._state.change():
            for target in self:
                self._stmf.ports.unregister(target.name)

    def _changed(self, target: IscsiTarget, changes: TargetChanges) -> IscsiTarget:
        if changes.groups is not None:
            target = evolve(target, tags=self._tags(target.tags, changes.groups))
        if changes.authentication == "default":
            target = evolve(target, authentication=None)
        elif changes.authentication is not None:
            if changes.authentication not in AUTHENTICATIONS:
                raise IscsitError(IscsitRefusal.INVALID_AUTHENTICATION, changes.authentication)
            target = evolve(target, authentication=changes.authentication)
        if changes.alias is not None:
            target = evolve(target, alias=_unless_none(changes.alias))
        if changes.chap_user is not None:
            target = evolve(target, chap_user=_unless_none(changes.chap_user))
        if changes.chap_secret is not None:
            target = evolve(target, chap_secret=changes.chap_secret)
        return target

    def _tags(self, tags: tuple[Tag, ...], groups: tuple[str, ...]) -> tuple[Tag, ...]:
        """Return the tags for these groups: those that are there stay, others are added before them."""
        if groups == ("default",):
            return ()
        for group in groups:
            if group not in self._groups:
                raise IscsitError(IscsitRefusal.UNKNOWN_PORTAL_GROUP, group)
        kept = tuple(tag for tag in tags if tag.group in groups)
        for group in groups:
            if group not in {tag.group for tag in kept}:
                kept = (Tag(group, _tag_number(group, {tag.number for tag in kept})), *kept)
        return kept


def _tag_number(group: str, used: set[int]) -> int:
    """Return the tag of a group: its name if that is a free number, else one above the highest in use."""
    if group.isascii() and group.isdigit():
        number = int(group)
        if _FIRST_TAG <= number <= _LAST_TAG and number not in used:
            return number
    return max(used, default=_FIRST_TAG - 1) + 1


def _unless_none(text: str) -> str | None:
    return None if text == "none" else text
