"""The configuration of the iSCSI target service by kind, as tests read and change it from Python."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sansim.solaris.iscsit.changes import (
    add_initiator,
    add_portal_group,
    add_target,
    change_initiator,
    change_target,
    remove_initiator,
    remove_portal_group,
    remove_target,
)
from sansim.solaris.iscsit.model import (
    Configuration,
    Initiator,
    IscsiTarget,
    IscsitError,
    IscsitRefusal,
    PortalGroup,
    TargetChanges,
    canonical_target,
)

if TYPE_CHECKING:
    from sansim.solaris.iscsit.iscsit import Iscsit

__all__ = ["Initiators", "PortalGroups", "Targets"]


class _View:
    """What the kinds share: the service that they belong to."""

    def __init__(self, iscsit: "Iscsit") -> None:
        self._iscsit = iscsit

    @property
    def _configuration(self) -> Configuration:
        return self._iscsit.load().configuration


class Targets(_View):
    """All targets of the host, oldest first; names compare case-insensitively."""

    def __contains__(self, name: str) -> bool:
        return self._configuration.target(name) is not None

    def __getitem__(self, name: str) -> IscsiTarget:
        """Return a target.

        Raises:
            IscsitError: NOT_FOUND.
        """
        target = self._configuration.target(name)
        if target is None:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        return target

    def __iter__(self) -> Iterator[IscsiTarget]:
        return reversed(self._configuration.targets)

    def create(self, name: str | None, changes: TargetChanges) -> IscsiTarget:
        """Make a target, by default with a name of its own; it is online at once.

        Raises:
            IscsitError: As `add_target`.
        """
        name = self._iscsit.new_name() if name is None else name
        self._iscsit.commit(add_target(self._configuration, name, changes))
        return self[name]

    def modify(self, name: str, new_name: str | None, changes: TargetChanges) -> IscsiTarget:
        """Change a target. A new name makes it another target to everyone else: its sessions drop.

        Raises:
            IscsitError: As `change_target`.
        """
        self._iscsit.commit(change_target(self._configuration, name, new_name, changes))
        return self[canonical_target(new_name or name)]

    def delete(self, name: str) -> None:
        """Delete a target, whatever its state; its groups at the stmf service stay.

        Raises:
            IscsitError: NOT_FOUND.
        """
        self._iscsit.commit(remove_target(self._configuration, self[name]))


class PortalGroups(_View):
    """All portal groups, oldest first; an address belongs to at most one."""

    def __contains__(self, name: str) -> bool:
        return self._configuration.portal_group(name) is not None

    def __getitem__(self, name: str) -> PortalGroup:
        """Return a portal group.

        Raises:
            IscsitError: NOT_FOUND.
        """
        group = self._configuration.portal_group(name)
        if group is None:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        return group

    def __iter__(self) -> Iterator[PortalGroup]:
        return reversed(self._configuration.portal_groups)

    def create(self, name: str, portals: Iterable[str]) -> None:
        """Create a group of portals, each `address:port`.

        Raises:
            IscsitError: As `add_portal_group`.
        """
        self._iscsit.commit(add_portal_group(self._configuration, name, tuple(portals)))

    def delete(self, name: str, *, force: bool = False) -> None:
        """Delete a group.

        Raises:
            IscsitError: As `remove_portal_group`.
        """
        self._iscsit.commit(remove_portal_group(self._configuration, name, force=force))


class Initiators(_View):
    """The initiators' records, oldest first; names are kept as typed and compare case-insensitively."""

    def __getitem__(self, name: str) -> Initiator:
        """Return a record.

        Raises:
            IscsitError: NOT_FOUND.
        """
        record = self.get(name)
        if record is None:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        return record

    def __iter__(self) -> Iterator[Initiator]:
        return reversed(self._configuration.initiators)

    def get(self, name: str) -> Initiator | None:
        """Return a record, or None."""
        return self._configuration.initiator(name)

    def create(self, name: str, user: str | None = None, secret: str | None = None) -> None:
        """Make a record.

        Raises:
            IscsitError: As `add_initiator`.
        """
        self._iscsit.commit(add_initiator(self._configuration, name, user, secret))

    def modify(self, name: str, user: str | None = None, secret: str | None = None) -> None:
        """Change a record.

        Raises:
            IscsitError: As `change_initiator`.
        """
        self._iscsit.commit(change_initiator(self._configuration, name, user, secret))

    def delete(self, name: str) -> None:
        """Delete a record.

        Raises:
            IscsitError: NOT_FOUND.
        """
        self._iscsit.commit(remove_initiator(self._configuration, name))
