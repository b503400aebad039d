"""SCSI commands that initiators have under way on logical units.

A command that its target port cannot end keeps its unit from going offline: the unit stays Offlining, and
deleting it is refused. Source: illumos `stmf.c` (driver).
"""

from collections import Counter

from attrs import frozen

from sansim.state import State

__all__ = ["Commands", "ScsiCommand"]


@frozen
class ScsiCommand:
    """A command of a session, to the logical unit that it saw under a LUN."""

    target: str
    initiator: str
    lun: int
    guid: str


class Commands:
    """The commands under way."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.table("stmf.commands", ScsiCommand)
        self._count: Counter[str] = Counter()
        self._table.observe(self._index)

    def on(self, guid: str) -> int:
        """Return how many commands are under way on a unit."""
        return self._count[guid]

    def of(self, guid: str) -> list[ScsiCommand]:
        """Return those that are under way on a unit."""
        return [command for command in self._table.values() if command.guid == guid]

    def start(self, command: ScsiCommand) -> None:
        """Note that a command began; a session has one under a LUN here."""
        with self._state.change():
            self._table[_key(command.target, command.initiator, command.lun)] = command

    def finish(self, target: str, initiator: str, lun: int) -> str | None:
        """Note that a command ended, and return its unit's GUID; None if it was not under way."""
        command = self._table.get(_key(target, initiator, lun))
        if command is None:
            return None
        with self._state.change():
            del self._table[_key(target, initiator, lun)]
        return command.guid

    def finish_session(self, target: str, initiator: str) -> list[str]:
        """End all commands of a session, and return the GUIDs of their units."""
        ended = [each for each in self._table.values() if (each.target, each.initiator) == (target, initiator)]
        for command in ended:
            self.finish(target, initiator, command.lun)
        return [command.guid for command in ended]

    def _index(self, old: ScsiCommand | None, new: ScsiCommand | None) -> None:
        if old is not None:
            self._count[old.guid] -= 1
        if new is not None:
            self._count[new.guid] += 1


def _key(target: str, initiator: str, lun: int) -> str:
    return f"{target} {initiator} {lun}"
