"""Who administers a group: groups of administrators with their rights, and the login that the array has."""

import re

import attrs

from sansim.lefthand.inferred import (
    ADMIN_GROUP_EXISTS,
    ADMIN_GROUP_NOT_FOUND,
    ADMIN_GROUPS,
    GENERAL_ERROR,
    INVALID_VALUE,
)
from sansim.lefthand.model import AdminGroup
from sansim.lefthand.names import check_name
from sansim.lefthand.results import NOTHING_DONE, Refusal
from sansim.lefthand.tables import Tables

__all__ = ["Administrators"]

_PERMISSIONS = re.compile("[rwf]{3}r")


class Administrators:
    """The groups of administrators, and the one administrator there is."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._login = ("", "")

    def found(self, username: str, password: str) -> None:
        """Let an administrator in, and make the groups that every management group has unless the state has some."""
        self._login = (username, password)
        if self._tables.admin_groups:
            return
        with self._tables.state.change():
            for name, permissions in ADMIN_GROUPS.items():
                users = (username,) if not self._tables.admin_groups else ()
                self._tables.admin_groups[name] = AdminGroup(name, permissions, users=users)

    def admits(self, username: str, password: str) -> bool:
        """Whether somebody may change this management group from another one."""
        return (username, password) == self._login

    def group(self, name: str) -> AdminGroup:
        """Return a group of administrators.

        Raises:
            Refusal: There is none of that name.
        """
        group = self._tables.admin_groups.get(name)
        if group is None:
            raise Refusal(ADMIN_GROUP_NOT_FOUND, f"Administrative group '{name}' not found.")
        return group

    def create(self, name: str, permissions: str, description: str = "", users: tuple[str, ...] = ()) -> None:
        """Make a group of administrators."""
        check_name("adminGroupName", name)
        if name in self._tables.admin_groups:
            raise Refusal(ADMIN_GROUP_EXISTS, f"Administrative group '{name}' already exists.")
        self._put(AdminGroup(name, permissions, description, users))

    def modify(
        self,
        name: str,
        *,
        permissions: str | None = None,
        description: str | None = None,
        users: tuple[str, ...] | None = None,
    ) -> None:
        """Change what is given; the users replace those that belonged to it."""
        group = self.group(name)
        changed = attrs.evolve(
            group,
            permissions=group.permissions if permissions is None else permissions,
            description=group.description if description is None else description,
            users=group.users if users is None else users,
        )
        if changed == group:
            raise Refusal(NOTHING_DONE, f"Administrative group '{name}' is already in the requested state.")
        self._put(changed)

    def _put(self, group: AdminGroup) -> None:
        if not _PERMISSIONS.fullmatch(group.permissions):
            raise Refusal(INVALID_VALUE, f"Parameter 'permissions' has an invalid value '{group.permissions}'.")
        for user in group.users:
            if user != self._login[0]:
                raise Refusal(GENERAL_ERROR, f"Administrator '{user}' not found.")
        with self._tables.state.change():
            self._tables.admin_groups[group.name] = group
