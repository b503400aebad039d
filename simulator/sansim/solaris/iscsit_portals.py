"""Target portal groups: named sets of addresses at which targets listen."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from sansim.solaris.iscsit_model import IscsitError, IscsitRefusal, PortalGroup
from sansim.state import State

__all__ = ["PortalGroups"]


class PortalGroups:
    """All portal groups, oldest first; an address belongs to at most one."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.table("iscsit.portal_groups", PortalGroup)
        self._group_of: dict[str, str] = {}
        self._table.observe(self._index)

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __getitem__(self, name: str) -> PortalGroup:
        return self._table[name]

    def __iter__(self) -> Iterator[PortalGroup]:
        return iter(self._table.values())

    def in_use(self, portal: str) -> bool:
        """Whether a portal belongs to a group."""
        return portal in self._group_of

    def create(self, name: str, portals: Iterable[str]) -> None:
        """Create a group; a portal named twice counts once.

        Raises:
            IscsitError: EXISTS, PORTAL_IN_USE.
        """
        if name in self._table:
            raise IscsitError(IscsitRefusal.EXISTS, name)
        group = PortalGroup(name, ())
        for portal in dict.fromkeys(portals):
            if self.in_use(portal):
                raise IscsitError(IscsitRefusal.PORTAL_IN_USE, portal)
            group = evolve(group, portals=(portal, *group.portals))
        with self._state.change():
            self._table[name] = group

    def delete(self, name: str) -> None:
        """Delete a group.

        Raises:
            IscsitError: NOT_FOUND.
        """
        if name not in self._table:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        with self._state.change():
            del self._table[name]

    def _index(self, old: PortalGroup | None, new: PortalGroup | None) -> None:
        for portal in old.portals if old else ():
            self._group_of.pop(portal, None)
        for portal in new.portals if new else ():
            self._group_of[portal] = new.name if new else ""
