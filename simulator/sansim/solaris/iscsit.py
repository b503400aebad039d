"""The iSCSI target service: targets, portal groups, initiators, defaults, and logins."""

from collections.abc import Callable, Iterator
from random import Random

from attrs import evolve, frozen

from sansim.solaris.iscsit_model import (
    AUTHENTICATIONS,
    Defaults,
    Initiator,
    IscsitError,
    IscsitRefusal,
    is_iscsi_name,
)
from sansim.solaris.iscsit_portals import PortalGroups
from sansim.solaris.iscsit_targets import Targets
from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_names import parse_device_id
from sansim.solaris.stmf_ports import Session
from sansim.state import State

__all__ = ["Initiators", "Iscsit"]


@frozen
class _Service:
    running: bool


class Initiators:
    """The initiators' records, oldest first; names are kept as typed and compare case-insensitively."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._table = state.table("iscsit.initiators", Initiator)

    def __getitem__(self, name: str) -> Initiator:
        """Return a record.

        Raises:
            IscsitError: NOT_FOUND.
        """
        record = self.get(name)
        if record is None:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        return record

    def __iter__(self) -> Iterator[Initiator]:
        return iter(self._table.values())

    def get(self, name: str) -> Initiator | None:
        """Return a record, or None."""
        return self._table.get(name.lower())

    def create(self, name: str, user: str | None = None, secret: str | None = None) -> None:
        """Make a record.

        Raises:
            IscsitError: EXISTS (the subject is the name as it is kept), INVALID_NAME.
        """
        known = self.get(name)
        if known is not None:
            raise IscsitError(IscsitRefusal.EXISTS, known.name)
        if not is_iscsi_name(name):
            raise IscsitError(IscsitRefusal.INVALID_NAME, name)
        with self._state.change():
            self._table[name.lower()] = Initiator(name, None if user == "none" else user, secret)

    def modify(self, name: str, user: str | None = None, secret: str | None = None) -> None:
        """Change a record: None leaves a thing as it is, the user `none` clears it.

        Raises:
            IscsitError: NOT_FOUND.
        """
        record = self[name]
        if user is not None:
            record = evolve(record, chap_user=None if user == "none" else user)
        if secret is not None:
            record = evolve(record, chap_secret=secret)
        with self._state.change():
            self._table[name.lower()] = record

    def delete(self, name: str) -> None:
        """Delete a record.

        Raises:
            IscsitError: NOT_FOUND.
        """
        _ = self[name]
        with self._state.change():
            del self._table[name.lower()]


class Iscsit:
    """The iSCSI target service of one host.

    Attributes:
        targets, portal_groups, initiators: What is configured.
    """

    def __init__(self, state: State, stmf: Stmf, random: Random) -> None:
        self._state = state
        self._stmf = stmf
        self._service = state.table("iscsit.service", _Service)
        self._defaults = state.table("iscsit.defaults", Defaults)
        self.portal_groups = PortalGroups(state)
        self.targets = Targets(state, stmf, self.portal_groups, random)
        self.initiators = Initiators(state)
        if "iscsit" not in self._service:
            with state.change():
                self._service["iscsit"] = _Service(running=True)
                self._defaults["defaults"] = Defaults()

    @property
    def running(self) -> bool:
        """Whether the service is online."""
        return self._service["iscsit"].running

    @property
    def defaults(self) -> Defaults:
        """What holds for targets that say nothing of their own."""
        return self._defaults["defaults"]

    def start(self) -> None:
        """Take the service online, with its targets."""
        with self._state.change():
            self._service["iscsit"] = _Service(running=True)
            self.targets.register_all()

    def stop(self) -> None:
        """Take the service offline: its targets vanish from the stmf service, their sessions drop."""
        with self._state.change():
            self.targets.unregister_all()
            self._service["iscsit"] = _Service(running=False)

    def change_defaults(self, change: Callable[[Defaults], Defaults]) -> None:
        """Change the defaults.

        Raises:
            IscsitError: INVALID_AUTHENTICATION; MISSING_PROPERTY if RADIUS is asked for without its server or
                secret.
        """
        defaults = change(self.defaults)
        if defaults.authentication is not None and defaults.authentication not in AUTHENTICATIONS:
            raise IscsitError(IscsitRefusal.INVALID_AUTHENTICATION, defaults.authentication)
        if defaults.authentication == "radius" and defaults.radius_server is None:
            raise IscsitError(IscsitRefusal.MISSING_PROPERTY, "radiusserver")
        if defaults.authentication == "radius" and defaults.radius_secret is None:
            raise IscsitError(IscsitRefusal.MISSING_PROPERTY, "radiussecret")
        with self._state.change():
            self._defaults["defaults"] = defaults

    def delete_portal_group(self, name: str, *, force: bool) -> None:
        """Delete a portal group.

        Raises:
            IscsitError: NOT_FOUND; BUSY if a target listens there and this is not forced.
        """
        if name not in self.portal_groups:
            raise IscsitError(IscsitRefusal.NOT_FOUND, name)
        if not force and any(tag.group == name for target in self.targets for tag in target.tags):
            raise IscsitError(IscsitRefusal.BUSY, name)
        with self._state.change():
            self.targets.drop_group(name)
            self.portal_groups.delete(name)

    def login(self, initiator: str, target: str, secret: str | None = None, user: str | None = None) -> Session:
        """Log an initiator in at a target, as an initiator over the network would.

        Args:
            initiator: Its iSCSI name.
            target: The target's name.
            secret: What it answers CHAP with.
            user: Its CHAP user; its name by default.

        Raises:
            IscsitError: NOT_FOUND for a target that is not there or not online; LOGIN_REFUSED when the target
                wants CHAP and the initiator's record has no secret or another, and always with RADIUS, whose
                server nobody plays here.
        """
        name = parse_device_id(initiator)
        if name is None:
            raise IscsitError(IscsitRefusal.INVALID_NAME, initiator)
        found = self.targets[target]
        if found.name not in self._stmf.ports or not self._stmf.ports[found.name].online:
            raise IscsitError(IscsitRefusal.NOT_FOUND, target)
        authentication = found.authentication or self.defaults.authentication or "none"
        if authentication != "none" and not (authentication == "chap" and self._proves(initiator, user, secret)):
            raise IscsitError(IscsitRefusal.LOGIN_REFUSED, initiator)
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

    def _proves(self, initiator: str, user: str | None, secret: str | None) -> bool:
        record = self.initiators.get(initiator)
        if record is None or record.chap_secret is None:
            return False
        expected = (record.chap_user or record.name.lower(), record.chap_secret)
        return ((user if user is not None else expected[0]), secret) == expected
