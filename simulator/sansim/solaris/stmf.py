"""The SCSI target framework: logical units, views, groups and target ports, and what holds between them."""

from random import Random

from attrs import frozen

from sansim.clock import Clock
from sansim.solaris.pool import Pools
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.stmf_groups import Groups
from sansim.solaris.stmf_ports import Ports
from sansim.solaris.stmf_units import Units
from sansim.solaris.stmf_views import View, Views
from sansim.state import State

__all__ = ["Stmf"]


@frozen
class _Service:
    running: bool


class Stmf:
    """The stmf kernel service of one host.

    Attributes:
        units: Logical units by GUID (upper case).
        views: View entries.
        host_groups, target_groups: Groups of initiators and of targets.
        ports: Registered targets and their sessions.
    """

    def __init__(self, state: State, pools: Pools, clock: Clock, random: Random) -> None:
        self._state = state
        self._service = state.table("stmf.service", _Service)
        self.views = Views(state)
        self.ports = Ports(state, clock)
        self.units = Units(state, pools, clock, random)
        self.host_groups = Groups(state, "stmf.host_groups", self.views.uses_host_group)
        self.target_groups = Groups(
            state, "stmf.target_groups", self.views.uses_target_group, self._check_target_offline
        )
        if "stmf" not in self._service:
            with state.change():
                self._service["stmf"] = _Service(running=True)

    @property
    def running(self) -> bool:
        """Whether the service is online."""
        return self._service["stmf"].running

    def start(self) -> None:
        """Take the service online: its targets and the units that are still found follow."""
        with self._state.change():
            self._service["stmf"] = _Service(running=True)
            self.units.restart()
            for port in list(self.ports):
                self.ports.online(port.name)

    def stop(self) -> None:
        """Take the service offline, with every unit, target and session."""
        with self._state.change():
            for unit in list(self.units):
                self.units.offline(unit.guid)
            for port in list(self.ports):
                self.ports.offline(port.name)
            self._service["stmf"] = _Service(running=False)

    def guids(self) -> list[str]:
        """Return the GUIDs of units and those that only have views, in ascending order."""
        return sorted({unit.guid for unit in self.units} | set(self.views.guids()))

    def add_view(self, guid: str, lun: int | None, host_group: str | None, target_group: str | None) -> View:
        """Add a view; the unit need not exist, the groups must.

        Raises:
            StmfError: INVALID_HOST_GROUP, INVALID_TARGET_GROUP, and as `Views.add`.
        """
        if host_group is not None and host_group not in self.host_groups:
            raise StmfError(StmfCode.INVALID_HOST_GROUP)
        if target_group is not None and target_group not in self.target_groups:
            raise StmfError(StmfCode.INVALID_TARGET_GROUP)
        return self.views.add(guid, lun, host_group, target_group)

    def visible(self, initiator: str, target: str) -> dict[int, str]:
        """Return what an initiator sees at a target: the GUIDs of online units, by LUN."""
        luns = self.views.visible(self.host_groups.group_of(initiator), self.target_groups.group_of(target))
        return {lun: guid for lun, guid in luns.items() if guid in self.units and self.units[guid].status == "Online"}

    def _check_target_offline(self, target: str) -> None:
        if target in self.ports and self.ports[target].online:
            raise StmfError(StmfCode.TARGET_ONLINE)
