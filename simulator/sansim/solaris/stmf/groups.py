"""Host groups and target groups: named sets of device ids, each id in at most one group of its kind."""

from collections.abc import Callable, Iterator

from attrs import evolve, frozen

from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.state import State

__all__ = ["Group", "Groups"]


@frozen
class Group:
    """A group; members stand in the order in which they were added."""

    name: str
    members: tuple[str, ...] = ()


class Groups:
    """The groups of one kind.

    Args:
        state: The array's state.
        table: The table's name.
        in_use: Whether a view names the group.
        check_member: Raises if the device may not enter or leave a group now.
    """

    def __init__(
        self,
        state: State,
        table: str,
        in_use: Callable[[str], bool],
        check_member: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._state = state
        self._table = state.table(table, Group)
        self._in_use = in_use
        self._check_member = check_member
        self._group_of: dict[str, str] = {}
        self._table.observe(self._index)

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __iter__(self) -> Iterator[Group]:
        return iter(self._table.values())

    def __getitem__(self, name: str) -> Group:
        return self._table[name]

    def group_of(self, member: str) -> str | None:
        """Return the name of the group that a device is in."""
        return self._group_of.get(member)

    def create(self, name: str) -> None:
        """Create an empty group.

        Raises:
            StmfError: EXISTS; STATUS_ERROR for a name that starts with `*`, which the kernel keeps for "all".
        """
        _check_name(name)
        if name in self._table:
            raise StmfError(StmfCode.EXISTS)
        with self._state.change():
            self._table[name] = Group(name)

    def delete(self, name: str) -> None:
        """Delete a group and with it its members' membership.

        Raises:
            StmfError: NOT_FOUND, GROUP_IN_USE; STATUS_ERROR as for `create`.
        """
        _check_name(name)
        if name not in self._table:
            raise StmfError(StmfCode.NOT_FOUND)
        if self._in_use(name):
            raise StmfError(StmfCode.GROUP_IN_USE)
        with self._state.change():
            del self._table[name]

    def add(self, name: str, member: str) -> None:
        """Add a device to a group.

        Raises:
            StmfError: GROUP_NOT_FOUND; EXISTS if it is in a group of this kind; what the member check raises.
        """
        group = self._find(name)
        if member in self._group_of:
            raise StmfError(StmfCode.EXISTS)
        self._check_member(member)
        with self._state.change():
            self._table[name] = evolve(group, members=(*group.members, member))

    def remove(self, name: str, member: str) -> None:
        """Remove a device from a group.

        Raises:
            StmfError: GROUP_NOT_FOUND, MEMBER_NOT_FOUND; what the member check raises.
        """
        group = self._find(name)
        if member not in group.members:
            raise StmfError(StmfCode.MEMBER_NOT_FOUND)
        self._check_member(member)
        with self._state.change():
            self._table[name] = evolve(group, members=tuple(m for m in group.members if m != member))

    def _find(self, name: str) -> Group:
        _check_name(name)
        if name not in self._table:
            raise StmfError(StmfCode.GROUP_NOT_FOUND)
        return self._table[name]

    def _index(self, old: Group | None, new: Group | None) -> None:
        for member in old.members if old else ():
            self._group_of.pop(member, None)
        for member in new.members if new else ():
            self._group_of[member] = new.name if new else ""


def _check_name(name: str) -> None:
    if name.startswith("*"):
        raise StmfError(StmfCode.STATUS_ERROR)
