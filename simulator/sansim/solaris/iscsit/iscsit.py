"""The iSCSI target service: its configuration, what the kernel makes of it, and logins.

Who changes something reads the whole configuration, hands the new one to the kernel, and saves it then; that
another was faster shows at the end only. Source: illumos `libiscsit.c`, `iscsit_tgt.c`.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import TypeVar

from attrs import AttrsInstance, evolve, frozen

from sansim.solaris.iscsit.admission import Admission, Credentials
from sansim.solaris.iscsit.model import (
    Configuration,
    Defaults,
    Initiator,
    IscsiTarget,
    IscsitError,
    IscsitRefusal,
    PortalGroup,
)
from sansim.solaris.iscsit.views import Initiators, PortalGroups, Targets
from sansim.solaris.stmf.names import parse_device_id
from sansim.solaris.stmf.ports import Session
from sansim.solaris.stmf.stmf import Stmf
from sansim.state import State, Table

__all__ = ["Iscsit", "Loaded"]

V = TypeVar("V", bound=AttrsInstance)


@frozen
class _Service:
    """What the service remembers: whether it is online, and how often its configuration was saved."""

    running: bool
    generation: int = 0


@frozen
class Loaded:
    """The configuration as somebody read it, with what shows later whether it is still that."""

    configuration: Configuration
    generation: int


async def _next_turn() -> None:
    await asyncio.sleep(0)


class Iscsit:
    """The iSCSI target service of one host.

    Args:
        state: The array's state.
        stmf: Where targets are registered.
        random: Where names of targets come from.
        prefix: How such names begin.

    Attributes:
        targets, portal_groups, initiators: What is configured, the oldest first, and how a test changes it.
        pause: Is awaited by each itadm that changes something, after it has read the configuration and again
            before it saves the new one: others run then. A test may put a barrier here.
        radius: The accounts that the RADIUS server knows: secrets by user. None is asked without any.
    """

    def __init__(self, state: State, stmf: Stmf, random: Random, prefix: str) -> None:
        self._state = state
        self._stmf = stmf
        self._random = random
        self._prefix = prefix
        self._service = state.table("iscsit.service", _Service)
        self._defaults = state.table("iscsit.defaults", Defaults)
        self._targets = state.table("iscsit.targets", IscsiTarget)
        self._groups = state.table("iscsit.portal_groups", PortalGroup)
        self._records = state.table("iscsit.initiators", Initiator)
        self.targets = Targets(self)
        self.portal_groups = PortalGroups(self)
        self.initiators = Initiators(self)
        self.pause: Callable[[], Awaitable[None]] = _next_turn
        self.radius: Mapping[str, str] = {}
        if "iscsit" not in self._service:
            with state.change():
                self._service["iscsit"] = _Service(running=True)
                self._defaults["defaults"] = Defaults()
        self._kernel = Configuration()
        if self.running:
            self.install(self.load().configuration)
        state.on_replaced(self._recall)

    @property
    def running(self) -> bool:
        """Whether the service is online."""
        return self._service["iscsit"].running

    @property
    def defaults(self) -> Defaults:
        """What holds for targets that say nothing of their own."""
        return self._defaults["defaults"]

    def new_name(self) -> str:
        """Return a name for a target that is given none."""
        return self._prefix + str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    # The configuration.

    def load(self) -> Loaded:
        """Return the configuration that is saved."""
        configuration = Configuration(
            tuple(self._targets.values())[::-1],
            tuple(self._groups.values())[::-1],
            tuple(self._records.values())[::-1],
            self.defaults,
        )
        return Loaded(configuration, self._service["iscsit"].generation)

    def install(self, configuration: Configuration) -> None:
        """Hand a configuration to the kernel: targets that it lacks go, with their sessions; new ones come."""
        ports = self._stmf.ports
        wanted = {target.name for target in configuration.targets}
        with self._state.change():
            for port in [port.name for port in ports if port.provider == "iscsit" and port.name not in wanted]:
                ports.unregister(port)
            for target in configuration.targets:
                if target.name not in ports:
                    ports.register(target.name, online=self._stmf.running)
        self._kernel = configuration

    def _recall(self) -> None:
        """Let the kernel have what is saved, of a state that is another now; its targets came with it."""
        self._kernel = self.load().configuration if self.running else Configuration()

    def save(self, configuration: Configuration, generation: int) -> None:
        """Keep a configuration, if nobody saved one since it was read.

        Raises:
            IscsitError: STALE.
        """
        service = self._service["iscsit"]
        if service.generation != generation:
            raise IscsitError(IscsitRefusal.STALE, str(generation))
        with self._state.change():
            _replace(self._targets, {target.name: target for target in configuration.targets[::-1]})
            _replace(self._groups, {group.name: group for group in configuration.portal_groups[::-1]})
            _replace(self._records, {record.name.lower(): record for record in configuration.initiators[::-1]})
            self._defaults["defaults"] = configuration.defaults
            self._service["iscsit"] = evolve(service, generation=generation + 1)

    def commit(self, configuration: Configuration) -> None:
        """Hand over and save a configuration that was made from the saved one just now."""
        with self._state.change():
            if self.running:
                self.install(configuration)
            self.save(configuration, self._service["iscsit"].generation)

    # The service.

    def start(self) -> None:
        """Take the service online, with its targets: the newest is registered first."""
        with self._state.change():
            self._service["iscsit"] = evolve(self._service["iscsit"], running=True)
            self.install(self.load().configuration)

    def stop(self) -> None:
        """Take the service offline: its targets vanish from the stmf service, their sessions drop."""
        with self._state.change():
            self.install(Configuration())
            self._service["iscsit"] = evolve(self._service["iscsit"], running=False)

    # Initiators.

    def login(
        self,
        initiator: str,
        target: str,
        secret: str | None = None,
        user: str | None = None,
        *,
        portal: str | None = None,
        mutual: tuple[str | None, str] | None = None,
    ) -> Session:
        """Log an initiator in at a target, as an initiator over the network would.

        Args:
            initiator: Its iSCSI name.
            target: The target's name.
            secret: What it answers CHAP with.
            user: Its CHAP user; its name by default.
            portal: The `address:port` that it connects to; any at which the target listens by default.
            mutual: The CHAP user and secret that the target is to prove itself with; a user of None is the
                target's name.

        Raises:
            IscsitError: INVALID_NAME; NOT_FOUND for a target that is not there, not online, or does not listen
                at the portal; LOGIN_REFUSED when one of the two does not prove itself to the other.
        """
        name = parse_device_id(initiator)
        if name is None:
            raise IscsitError(IscsitRefusal.INVALID_NAME, initiator)
        found = self._kernel.target(target)
        if found is None or found.name not in self._stmf.ports or not self._stmf.ports[found.name].online:
            raise IscsitError(IscsitRefusal.NOT_FOUND, target)
        admission = Admission(self._kernel, self.radius)
        if portal is not None and not admission.listens(found, portal):
            raise IscsitError(IscsitRefusal.NOT_FOUND, target)
        if not admission.admits(found, initiator, Credentials(user, secret)):
            raise IscsitError(IscsitRefusal.LOGIN_REFUSED, initiator)
        if mutual is not None and not admission.proves(found, Credentials(*mutual)):
            raise IscsitError(IscsitRefusal.LOGIN_REFUSED, target)
        return self._stmf.ports.open_session(found.name, name)

    def logout(self, initiator: str, target: str) -> None:
        """End an initiator's session.

        Raises:
            StmfError: NOT_FOUND if it is not logged in there.
        """
        self._stmf.ports.close_session(self.targets[target].name, parse_device_id(initiator) or initiator)

    def luns(self, initiator: str, target: str) -> dict[int, str]:
        """Return what a logged-in initiator sees: the GUIDs of logical units by LUN.

        Raises:
            IscsitError: LOGIN_REFUSED if it is not logged in.
        """
        name = parse_device_id(initiator) or initiator
        found = self.targets[target]
        if all(session.initiator != name for session in self._stmf.ports.sessions(found.name)):
            raise IscsitError(IscsitRefusal.LOGIN_REFUSED, initiator)
        return self._stmf.visible(name, found.name)


def _replace(table: Table[V], wanted: Mapping[str, V]) -> None:
    """Let a table hold these objects in this order, and touch only what changes."""
    for key in [key for key in table if key not in wanted]:
        del table[key]
    if list(table) != list(wanted)[: len(table)]:
        # A renamed object keeps its place: those behind it are put in again.
        for key in list(table):
            del table[key]
    for key, value in wanted.items():
        if table.get(key) != value:
            table[key] = value
