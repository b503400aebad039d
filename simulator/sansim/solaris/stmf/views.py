"""View entries: which initiators see which logical unit, at which targets, under which number.

Two combinations of host group and target group overlap when their host groups are equal or one is All, and
the same holds for their target groups. A logical unit has at most one view in overlapping combinations, and a
LUN belongs to one logical unit there. Source: illumos `stmf.c` (driver).
"""

from collections import Counter
from collections.abc import Iterator
from itertools import count

from attrs import frozen

from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.state import State

__all__ = ["View", "Views"]

_Pair = tuple[str | None, str | None]

_LUNS = 1 << 14
"""How many LUNs there are in one combination of groups."""


@frozen
class View:
    """One view entry; a group of None means All. The GUID need not have a logical unit.

    Attributes:
        number: The entry's number, of its GUID's own.
        auto: Whether the host chose the LUN.
    """

    guid: str
    number: int
    lun: int
    host_group: str | None
    target_group: str | None
    auto: bool = False


class _Luns:
    """The LUNs of one combination of host group and target group; none below `first` is free."""

    def __init__(self) -> None:
        self.units: dict[int, str] = {}
        self.first = 0

    def add(self, lun: int, guid: str) -> None:
        self.units[lun] = guid
        while self.first in self.units:
            self.first += 1

    def remove(self, lun: int) -> None:
        del self.units[lun]
        self.first = min(self.first, lun)


class Views:
    """All view entries of the host."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.table("stmf.views", View)
        self._by_guid: dict[str, dict[int, View]] = {}
        self._luns: dict[str | None, dict[str | None, _Luns]] = {}  # by target group, then by host group
        self._host_groups: Counter[str | None] = Counter()
        self._table.observe(self._index)

    def guids(self) -> Iterator[str]:
        """Yield the GUIDs that have views."""
        return iter(self._by_guid)

    def of(self, guid: str) -> list[View]:
        """Return the views of a GUID, by their numbers."""
        return [view for _, view in sorted(self._by_guid.get(guid, {}).items())]

    def uses_host_group(self, name: str) -> bool:
        """Whether a view names the host group."""
        return self._host_groups[name] > 0

    def uses_target_group(self, name: str) -> bool:
        """Whether a view names the target group."""
        return name in self._luns

    def add(self, guid: str, lun: int | None, host_group: str | None = None, target_group: str | None = None) -> View:
        """Add a view with the lowest free entry number, and without a LUN with the lowest free one.

        Raises:
            StmfError: VIEW_CONFLICT if the GUID has an overlapping view, LUN_IN_USE if another one has that
                LUN there, STATUS_ERROR if no LUN is free.
        """
        pair = (host_group, target_group)
        if any(_overlap(pair, (view.host_group, view.target_group)) for view in self.of(guid)):
            raise StmfError(StmfCode.VIEW_CONFLICT)
        overlapping = list(self._overlapping(host_group, target_group))
        auto = lun is None
        if lun is None:
            lowest = max((luns.first for luns in overlapping), default=0)
            lun = next(n for n in count(lowest) if not any(n in luns.units for luns in overlapping))
            if lun >= _LUNS:
                raise StmfError(StmfCode.STATUS_ERROR)
        elif any(lun in luns.units for luns in overlapping):
            raise StmfError(StmfCode.LUN_IN_USE)
        numbers = self._by_guid.get(guid, {})
        number = next(n for n in count() if n not in numbers)
        view = View(guid, number, lun, host_group, target_group, auto)
        with self._state.change():
            self._table[f"{guid}/{number}"] = view
        return view

    def remove(self, guid: str, number: int) -> None:
        """Remove a view.

        Raises:
            StmfError: NOT_FOUND.
        """
        if number not in self._by_guid.get(guid, {}):
            raise StmfError(StmfCode.NOT_FOUND)
        with self._state.change():
            del self._table[f"{guid}/{number}"]

    def visible(self, host_group: str | None, target_group: str | None) -> dict[int, str]:
        """Return the GUIDs that a member of these groups sees, by LUN; None is a device in no group."""
        luns: dict[int, str] = {}
        for target in {target_group, None}:
            for host in {host_group, None}:
                found = self._luns.get(target, {}).get(host)
                luns.update(found.units if found else {})
        return dict(sorted(luns.items()))

    def _overlapping(self, host_group: str | None, target_group: str | None) -> Iterator[_Luns]:
        for target in self._luns if target_group is None else (target_group, None):
            hosts = self._luns.get(target, {})
            for host in hosts if host_group is None else (host_group, None):
                if host in hosts:
                    yield hosts[host]

    def _index(self, old: View | None, new: View | None) -> None:
        if old is not None:
            self._forget(old)
        if new is not None:
            self._by_guid.setdefault(new.guid, {})[new.number] = new
            hosts = self._luns.setdefault(new.target_group, {})
            hosts.setdefault(new.host_group, _Luns()).add(new.lun, new.guid)
            self._host_groups[new.host_group] += 1

    def _forget(self, view: View) -> None:
        views = self._by_guid[view.guid]
        del views[view.number]
        if not views:
            del self._by_guid[view.guid]
        hosts = self._luns[view.target_group]
        hosts[view.host_group].remove(view.lun)
        if not hosts[view.host_group].units:
            del hosts[view.host_group]
        if not hosts:
            del self._luns[view.target_group]
        self._host_groups[view.host_group] -= 1


def _overlap(one: _Pair, other: _Pair) -> bool:
    hosts = one[0] == other[0] or one[0] is None or other[0] is None
    return hosts and (one[1] == other[1] or one[1] is None or other[1] is None)
