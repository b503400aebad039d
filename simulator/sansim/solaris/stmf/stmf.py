"""The SCSI target framework: logical units, views, groups and target ports, and what holds between them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from random import Random

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.shell.files import Files
from sansim.solaris.pools.pool import Pools
from sansim.solaris.stmf.commands import ScsiCommand
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.groups import Groups
from sansim.solaris.stmf.ports import Ports, Session
from sansim.solaris.stmf.units import LogicalUnit, UnitProperties, Units
from sansim.solaris.stmf.views import View, Views
from sansim.solaris.stmfadm.release import ILLUMOS_STMF, StmfRelease
from sansim.state import State

__all__ = ["Alua", "Stmf"]


@frozen
class Alua:
    """Asymmetric access: whether this host is one of a pair that serve the same units, and which of the two."""

    enabled: bool = False
    node: int = 0


@frozen
class _Service:
    running: bool
    alua: Alua = Alua()


class Stmf:
    """The stmf kernel service of one host.

    Attributes:
        units: Logical units by GUID (upper case).
        views: View entries.
        host_groups, target_groups: Groups of initiators and of targets.
        ports: Registered targets and their sessions.
        release: What the programs over it print.
        clock: Its time.
    """

    def __init__(
        self,
        state: State,
        pools: Pools,
        clock: Clock,
        random: Random,
        *,
        files: Files | None = None,
        release: StmfRelease = ILLUMOS_STMF,
    ) -> None:
        self.release = release
        self.clock = clock
        self._state = state
        self._service = state.table("stmf.service", _Service)
        self.views = Views(state)
        self.units = Units(state, pools, files or Files(), clock, random)
        self.ports = Ports(state, clock, self._end_session)
        self.host_groups = Groups(state, "stmf.host_groups", self.views.uses_host_group)
        self.target_groups = Groups(
            state, "stmf.target_groups", self.views.uses_target_group, self._check_target_offline
        )
        if "stmf" not in self._service:
            with state.change():
                self._service["stmf"] = _Service(running=True)

    @property
    def running(self) -> bool:
        """Whether the service is to be online."""
        return self._service["stmf"].running

    @property
    def status(self) -> str:
        """Online, offline, or on the way as long as a unit or a target is."""
        states = {unit.status for unit in self.units} | {port.status for port in self.ports}
        if self.running:
            return "onlining" if "Onlining" in states else "online"
        return "offlining" if "Offlining" in states else "offline"

    def change(self) -> AbstractContextManager[None]:
        """Let what is changed in a block be one change, undone by an error."""
        return self._state.change()

    @property
    def alua(self) -> Alua:
        """The state of asymmetric access."""
        return self._service["stmf"].alua

    def set_alua(self, alua: Alua) -> None:
        """Set asymmetric access, as the proxy daemon of a pair does; without it, units on standby go."""
        with self._state.change():
            self._service["stmf"] = evolve(self._service["stmf"], alua=alua)
            for unit in [] if alua.enabled else [unit for unit in self.units if unit.access == "Standby"]:
                self.units.delete(unit.guid)

    def start(self) -> None:
        """Take the service online: its targets and units follow, also those that were taken offline one by one."""
        with self._state.change():
            self._service["stmf"] = evolve(self._service["stmf"], running=True)
            for port in [port for port in self.ports if port.status == "Offline"]:
                self.ports.online(port.name)
            for unit in [unit for unit in self.units if unit.status == "Offline"]:
                self.units.online(unit.guid)

    def stop(self) -> None:
        """Take the service offline, with every unit, target and session."""
        with self._state.change():
            self._service["stmf"] = evolve(self._service["stmf"], running=False)
            for port in [port for port in self.ports if port.status == "Online"]:
                self.ports.offline(port.name)
            for unit in [unit for unit in self.units if unit.status == "Online"]:
                self.units.offline(unit.guid)

    def create_unit(self, data_file: str, properties: UnitProperties) -> LogicalUnit:
        """Make a unit; it is online at once if the service is.

        Raises:
            StmfError: As `Units.create`.
        """
        return self.units.create(data_file, properties, online=self.running)

    def import_unit(self, path: str) -> LogicalUnit:
        """Make a unit of kept metadata; it is online at once if the service is.

        Raises:
            StmfError: As `Units.load`.
        """
        return self.units.load(path, online=self.running)

    def knows(self, guid: str) -> bool:
        """Whether a GUID has a unit or views."""
        return guid in self.units or bool(self.views.of(guid))

    def guids(self) -> list[str]:
        """Return the GUIDs of units and those that only have views, in ascending order."""
        return sorted({unit.guid for unit in self.units} | set(self.views.guids()))

    def add_view(self, guid: str, lun: int | None, host_group: str | None, target_group: str | None) -> View:
        """Add a view; the unit need not exist, the groups must.

        Raises:
            StmfError: INVALID_HOST_GROUP, INVALID_TARGET_GROUP, and as `Views.add`.
        """
        # The kernel's group of all is called `*`, and can be named so.
        host_group, target_group = (None if name == "*" else name for name in (host_group, target_group))
        if host_group is not None and host_group not in self.host_groups:
            raise StmfError(StmfCode.INVALID_HOST_GROUP)
        if target_group is not None and target_group not in self.target_groups:
            raise StmfError(StmfCode.INVALID_TARGET_GROUP)
        return self.views.add(guid, lun, host_group, target_group)

    def visible(self, initiator: str, target: str) -> dict[int, str]:
        """Return what an initiator sees at a target: the GUIDs of online units, by LUN."""
        luns = self.views.visible(self.host_groups.group_of(initiator), self.target_groups.group_of(target))
        return {lun: guid for lun, guid in luns.items() if guid in self.units and self.units[guid].status == "Online"}

    def seen_by(self, view: View) -> Iterator[str]:
        """Yield the initiators that are logged in and see a view's unit by it, as targets and sessions are listed."""
        for port in reversed(list(self.ports)):
            if view.target_group not in (None, self.target_groups.group_of(port.name)):
                continue
            for session in self.ports.sessions(port.name):
                if view.host_group in (None, self.host_groups.group_of(session.initiator)):
                    yield session.initiator

    def start_command(self, initiator: str, target: str, lun: int) -> None:
        """Let a logged-in initiator send a command that stays under way until `finish_command` or its logout.

        Raises:
            StmfError: NOT_FOUND if it is not logged in, or sees no unit under the LUN.
        """
        guid = self.visible(initiator, target).get(lun)
        if guid is None or not self.ports.is_logged_in(target, initiator):
            raise StmfError(StmfCode.NOT_FOUND)
        self.units.commands.start(ScsiCommand(target, initiator, lun, guid))

    def finish_command(self, initiator: str, target: str, lun: int) -> None:
        """End a command; a unit that waited for it to go offline gets there.

        Raises:
            StmfError: NOT_FOUND if no command is under way.
        """
        with self._state.change():
            guid = self.units.commands.finish(target, initiator, lun)
            if guid is None:
                raise StmfError(StmfCode.NOT_FOUND)
            self.units.settle(guid)

    def _end_session(self, session: Session) -> None:
        for guid in self.units.commands.finish_session(session.target, session.initiator):
            self.units.settle(guid)

    def _check_target_offline(self, target: str) -> None:
        if target in self.ports and self.ports[target].status != "Offline":
            raise StmfError(StmfCode.TARGET_ONLINE)
