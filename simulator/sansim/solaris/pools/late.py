"""Device nodes of volumes that come late: who looks too early finds nothing.

The zvol is made by the kernel, its node by devfsadm or udev some time after. Here it takes a number of looks: one
command that looks at a node, however often, is one.
"""

from fnmatch import fnmatchcase

from attrs import frozen

from sansim.solaris.pools.model import Dataset
from sansim.state import State, Table

__all__ = ["Late", "LateRule"]


@frozen
class LateRule:
    """Which nodes come late, and for how long.

    Attributes:
        volumes: A shell-style pattern on the names of volumes, with or without their pool.
        looks: How many looks find nothing.
        before: The guids of the volumes that were there before, which are not concerned.
    """

    volumes: str
    looks: int
    before: tuple[int, ...] = ()

    def concerns(self, volume: Dataset) -> bool:
        """Tell whether the node of a volume comes late."""
        _pool, _, name = volume.name.partition("/")
        return volume.guid not in self.before and any(
            fnmatchcase(each, self.volumes) for each in (volume.name, name, name.rpartition("/")[2])
        )


@frozen
class _Looked:
    """How often somebody looked at the node of a volume and found nothing."""

    looks: int


class Late:
    """Which device nodes are not there yet."""

    def __init__(self, state: State, datasets: Table[Dataset]) -> None:
        self._state = state
        self._datasets = datasets
        self._rules = state.table("zfs.late_rules", LateRule)
        self._looked = state.table("zfs.late_looks", _Looked)
        self._seen: set[int] = set()

    def begin(self, volumes: str, looks: int) -> None:
        """Let the nodes of volumes that are made from now on come late; a rule that holds already stays."""
        before = tuple(one.guid for one in self._datasets.values() if one.kind == "volume")
        with self._state.change():
            if (key := f"{looks} {volumes}") not in self._rules:
                self._rules[key] = LateRule(volumes, looks, before)

    def end(self, volumes: str, looks: int) -> None:
        """Let nodes come at once again, by that rule; those that are not there yet come now."""
        with self._state.change():
            if (key := f"{looks} {volumes}") in self._rules:
                del self._rules[key]
            if not self._rules:
                for guid in list(self._looked):
                    del self._looked[guid]

    def next_command(self) -> None:
        """Let the next look be another one: a command begins.

        What the one before looked at is counted now: whatever that one changed may have been taken back.
        """
        if not self._seen:
            return
        seen, self._seen = self._seen, set()
        with self._state.change():
            for guid in sorted(seen):
                self._looked[str(guid)] = _Looked(self._taken(guid) + 1)

    def hides(self, volume: Dataset) -> bool:
        """Tell whether a node is not there yet, for somebody who does not look at it itself."""
        looks = max((rule.looks for rule in self._rules.values() if rule.concerns(volume)), default=0)
        return self._taken(volume.guid) < looks

    def look(self, volume: Dataset) -> bool:
        """Look at a node, and tell whether it is not there yet."""
        hidden = self.hides(volume)
        if hidden:
            self._seen.add(volume.guid)
        return hidden

    def _taken(self, guid: int) -> int:
        looked = self._looked.get(str(guid))
        return 0 if looked is None else looked.looks
