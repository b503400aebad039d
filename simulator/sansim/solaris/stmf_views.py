"""View entries: which initiators see which logical unit, at which targets, under which number.

Two combinations of host group and target group overlap when their host groups are equal or one is All, and
the same holds for their target groups. A logical unit has at most one view in overlapping combinations, and a
LUN belongs to one logical unit there. Source: illumos `stmf.c` (driver).
"""

from collections.abc import Iterator
from itertools import count

from attrs import frozen

from sansim.solaris.stmf_errors import StmfCode, StmfError
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


class Views:
    """All view entries of the host."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.table("stmf.views", View)
        self._by_guid: dict[str, dict[int, View]] = {}
        self._luns: dict[_Pair, dict[int, str]] = {}
        self._table.observe(self._index)

    def guids(self) -> Iterator[str]:
        """Yield the GUIDs that have views."""
        return iter(self._by_guid)

    def of(self, guid: str) -> list[View]:
        """Return the views of a GUID, by their numbers."""
        return [view for _, view in sorted(self._by_guid.get(guid, {}).items())]

    def uses_host_group(self, name: str) -> bool:
        """Whether a view names the host group."""
        return any(host_group == name for host_group, _ in self._luns)

    def uses_target_group(self, name: str) -> bool:
        """Whether a view names the target group."""
        return any(target_group == name for _, target_group in self._luns)

    def add(self, guid: str, lun: int | None, host_group: str | None = None, target_group: str | None = None) -> View:
        """Add a view with the lowest free entry number, and without a LUN with the lowest free one.

        Raises:
            StmfError: VIEW_CONFLICT if the GUID has an overlapping view, LUN_IN_USE if another one has that
                LUN there, STATUS_ERROR if no LUN is free.
        """
        pair = (host_group, target_group)
        overlapping = [self._luns[other] for other in self._overlapping(pair)]
        if any(_overlap(pair, (view.host_group, view.target_group)) for view in self.of(guid)):
            raise StmfError(StmfCode.VIEW_CONFLICT)
        auto = lun is None
        if lun is None:
            lun = next(n for n in count() if not any(n in luns for luns in overlapping))
            if lun >= _LUNS:
                raise StmfError(StmfCode.STATUS_ERROR)
        elif any(lun in luns for luns in overlapping):
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
        seen = {(h, t) for h in (host_group, None) for t in (target_group, None)}
        luns: dict[int, str] = {}
        for pair in seen:
            luns.update(self._luns.get(pair, {}))
        return dict(sorted(luns.items()))

    def _overlapping(self, pair: _Pair) -> list[_Pair]:
        host_group, target_group = pair
        if host_group is None or target_group is None:
            return [other for other in self._luns if _overlap(pair, other)]
        pairs = [(h, t) for h in (host_group, None) for t in (target_group, None)]
        return [other for other in pairs if other in self._luns]

    def _index(self, old: View | None, new: View | None) -> None:
        if old is not None:
            views = self._by_guid[old.guid]
            del views[old.number]
            if not views:
                del self._by_guid[old.guid]
            luns = self._luns[old.host_group, old.target_group]
            del luns[old.lun]
            if not luns:
                del self._luns[old.host_group, old.target_group]
        if new is not None:
            self._by_guid.setdefault(new.guid, {})[new.number] = new
            self._luns.setdefault((new.host_group, new.target_group), {})[new.lun] = new.guid


def _overlap(one: _Pair, other: _Pair) -> bool:
    hosts = one[0] == other[0] or one[0] is None or other[0] is None
    return hosts and (one[1] == other[1] or one[1] is None or other[1] is None)
