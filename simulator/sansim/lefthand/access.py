"""Who may log in where: servers, permissions, sessions.

A session lives only while the permission that admitted it does. A server's name leads to its initiators at
the time of the login; deleting a server takes its permissions along (source: user guide).
"""

import random
from collections.abc import Callable, Iterable

import attrs

from sansim.clock import Clock
from sansim.lefthand.inferred import (
    ALREADY_ASSIGNED,
    AUTH_GROUP_DIGITS,
    GENERAL_ERROR,
    INVALID_VALUE,
    NOT_ASSIGNED,
    SECRET_LENGTH,
    SERVER_EXISTS,
    SERVER_NOT_FOUND,
)
from sansim.lefthand.model import Permission, Server, Session, Snapshot, Volume
from sansim.lefthand.names import check_name
from sansim.lefthand.nodes import Nodes
from sansim.lefthand.results import NOTHING_DONE, VOLUME_NOT_FOUND, Refusal
from sansim.lefthand.tables import Tables

__all__ = ["Access", "LoginRefused"]


class LoginRefused(Exception):
    """An iSCSI login that the array does not let in."""


class Access:
    """Servers, the permissions of volumes and snapshots, and the sessions of initiators."""

    def __init__(self, tables: Tables, clock: Clock, rng: random.Random) -> None:
        self._tables = tables
        self._state = tables.state
        self._clock = clock
        self._random = rng

    def server(self, name: str) -> Server:
        """Return a server.

        Raises:
            Refusal: There is none of that name.
        """
        server = self._tables.servers.get(name)
        if server is None:
            raise Refusal(SERVER_NOT_FOUND, f"Server '{name}' not found.")
        return server

    def create_server(self, name: str, initiators: tuple[str, ...], description: str = "") -> None:
        """Make a server. An initiator belongs to one server at most."""
        check_name("serverName", name)
        if name in self._tables.servers:
            raise Refusal(SERVER_EXISTS, f"Server '{name}' already exists.")
        self._check_initiators(Server(0, name, initiators))
        with self._state.change():
            self._tables.servers[name] = Server(self._tables.next_id(), name, initiators, description)

    def modify_server(
        self, name: str, *, initiators: tuple[str, ...] | None = None, description: str | None = None
    ) -> None:
        """Change what is given; sessions of initiators that are the server's no more end."""
        server = self.server(name)
        changed = attrs.evolve(
            server,
            initiators=server.initiators if initiators is None else initiators,
            description=server.description if description is None else description,
        )
        if changed == server:
            raise Refusal(NOTHING_DONE, f"Server '{name}' is already in the requested state.")
        self._check_initiators(changed)
        rows = {row.id for target in self.targets_of(name) for row in target.permissions if _is_for(row, name)}
        kept = {iqn.lower() for iqn in changed.initiators}
        with self._state.change():
            self._tables.servers[name] = changed
            for session in tuple(self._tables.sessions.values()):
                if session.permission in rows and session.initiator.lower() not in kept:
                    del self._tables.sessions[str(session.id)]

    def delete_server(self, name: str) -> None:
        """Delete a server with the permissions that name it."""
        server = self.server(name)
        with self._state.change():
            for target in list(self.targets_of(server.name)):
                self._assign(target, [row for row in target.permissions if not _is_for(row, server.name)])
            del self._tables.servers[name]

    def targets_of(self, server: str) -> Iterable[Volume | Snapshot]:
        """Return the volumes and snapshots assigned to a server."""
        for table in (self._tables.volumes, self._tables.snapshots):
            for target in table.values():
                if any(_is_for(row, server) for row in target.permissions):
                    yield target

    def initiators(self, row: Permission) -> tuple[str, ...]:
        """Return the initiators that a permission names; one that admits by secret names none."""
        if row.server:
            return self._tables.servers[row.auth_group].initiators
        return (row.iqn,) if row.iqn else ()

    def assign_initiators(
        self, name: str, initiators: tuple[str, ...], access: str = "rw", *, exclusive: bool = False
    ) -> None:
        """Assign to these initiators instead of all that was assigned before."""
        target = self._target(name)
        with self._state.change():
            # One row for each initiator that is no server's, and one for a server however many of its are named.
            named = {self._tables.server_of.get(iqn.lower(), iqn.lower()): iqn for iqn in initiators}
            rows = (self._row_for(target, iqn) for iqn in named.values())
            self._assign(target, [attrs.evolve(row, access=access, exclusive=exclusive) for row in rows])

    def assign_chap(
        self,
        name: str,
        chap_name: str,
        target_secret: str,
        initiator_secret: str = "",
        access: str = "rw",
        *,
        exclusive: bool = False,
    ) -> None:
        """Assign to whoever knows the secret, instead of all that was assigned before."""
        target = self._target(name)
        for parameter, secret in (("targetSecret", target_secret), ("initiatorSecret", initiator_secret)):
            if len(secret) not in SECRET_LENGTH and (secret or parameter == "targetSecret"):
                raise Refusal(
                    INVALID_VALUE,
                    f"Parameter '{parameter}' must have {SECRET_LENGTH.start} to {SECRET_LENGTH.stop - 1} characters.",
                )
        with self._state.change():
            row = self._kept(target, lambda row: row.chap_required)
            self._assign(
                target,
                [
                    attrs.evolve(
                        row,
                        access=access,
                        chap_name=chap_name,
                        target_secret=target_secret,
                        initiator_secret=initiator_secret,
                        exclusive=exclusive,
                    )
                ],
            )

    def assign_server(self, name: str, server_name: str) -> None:
        """Assign to a server, beside what is assigned already."""
        target = self._target(name)
        server = self.server(server_name)
        if any(_is_for(row, server.name) for row in target.permissions):
            raise Refusal(ALREADY_ASSIGNED, f"Volume '{name}' is already assigned to server '{server.name}'.")
        with self._state.change():
            row = Permission(self._tables.next_id(), server.name, server=True)
            self._assign(target, [*target.permissions, row])

    def unassign_server(self, name: str, server_name: str) -> None:
        """Take a server's permission away."""
        target = self._target(name)
        server = self.server(server_name)
        self._unassign(
            target,
            lambda row: _is_for(row, server.name),
            f"Volume '{name}' is not assigned to server '{server.name}'.",
        )

    def unassign_chap(self, name: str) -> None:
        """Take the permission by secret away."""
        self._unassign(
            self._target(name),
            lambda row: row.chap_required,
            f"Volume '{name}' is not assigned by CHAP.",
        )

    def unassign_all(self, name: str) -> None:
        """Take every permission away."""
        self._unassign(self._target(name), lambda _row: True, f"Volume '{name}' is not assigned.")

    def inherited(self, rows: Iterable[Permission]) -> tuple[Permission, ...]:
        """Return permissions as a snapshot takes them over; inside `state.change()` only."""
        return tuple(attrs.evolve(row, id=self._tables.next_id()) for row in rows)

    def login(
        self,
        volume: str,
        initiator: str,
        *,
        chap_name: str = "",
        target_secret: str = "",
        initiator_secret: str = "",
    ) -> Session:
        """Log an initiator in to a volume or snapshot, as iSCSI would.

        Args:
            volume: The volume's or snapshot's name.
            initiator: The initiator's IQN; case does not count.
            chap_name: The user it offers, or nothing.
            target_secret: The secret by which it proves itself.
            initiator_secret: The secret by which it wants the target to prove itself, or nothing.

        Raises:
            LoginRefused: No permission admits it, or there is no such volume.
        """
        try:
            target = self._target(volume)
        except Refusal as refusal:
            raise LoginRefused(refusal.description) from refusal
        if not self._is_whole(target):
            raise LoginRefused(f"{volume} is a remote volume, or a remote snapshot that is not complete")
        if not Nodes(self._tables).available(target):
            raise LoginRefused(f"{volume} is not available: too many of its nodes are down")
        others = [other for other in self._tables.sessions_of[volume] if other.initiator.lower() != initiator.lower()]
        for row in target.permissions:
            if row.exclusive and others:
                continue
            named = initiator.lower() in (iqn.lower() for iqn in self.initiators(row))
            offered = (chap_name, target_secret, initiator_secret or row.initiator_secret)
            known = row.chap_required and offered == (
                row.chap_name,
                row.target_secret,
                row.initiator_secret,
            )
            if named or known:
                with self._state.change():
                    session = Session(self._tables.next_id(), volume, initiator, row.id, self._clock.now())
                    self._tables.sessions[str(session.id)] = session
                return session
        raise LoginRefused(f"no permission of {volume} admits {initiator}")

    def logout(self, session: Session) -> None:
        """End a session; one that the array ended already is no error."""
        with self._state.change():
            if str(session.id) in self._tables.sessions:
                del self._tables.sessions[str(session.id)]

    def _is_whole(self, target: Volume | Snapshot) -> bool:
        if isinstance(target, Volume):
            return target.primary
        return target.copy is None or target.copy.percent(self._clock.now()) == 100  # noqa: PLR2004 - a percentage

    def _check_initiators(self, server: Server) -> None:
        for iqn in server.initiators:
            other = self._tables.server_of.get(iqn.lower())
            if other not in {None, server.name}:
                raise Refusal(GENERAL_ERROR, f"Initiator '{iqn}' is already used by server '{other}'.")

    def _target(self, name: str) -> Volume | Snapshot:
        target = self._tables.volumes.get(name) or self._tables.snapshots.get(name)
        if target is None:
            raise Refusal(VOLUME_NOT_FOUND, f"Volume '{name}' not found.")
        return target

    def _row_for(self, target: Volume | Snapshot, iqn: str) -> Permission:
        server = self._tables.server_of.get(iqn.lower())
        if server is None:
            row = self._kept(target, lambda row: row.iqn.lower() == iqn.lower())
            return attrs.evolve(row, iqn=iqn)
        row = self._kept(target, lambda row: _is_for(row, server))
        return attrs.evolve(row, auth_group=server, server=True)

    def _kept(self, target: Volume | Snapshot, same: Callable[[Permission], bool]) -> Permission:
        """Return the row that stays, so that its sessions do, or a new one."""
        kept = next((row for row in target.permissions if same(row)), None)
        if kept is not None:
            return kept
        digits = f"{self._random.getrandbits(4 * AUTH_GROUP_DIGITS):0{AUTH_GROUP_DIGITS}X}"
        return Permission(self._tables.next_id(), f"api-{digits}")

    def _unassign(self, target: Volume | Snapshot, goes: Callable[[Permission], bool], nothing: str) -> None:
        rows = [row for row in target.permissions if not goes(row)]
        if len(rows) == len(target.permissions):
            raise Refusal(NOT_ASSIGNED, nothing)
        with self._state.change():
            self._assign(target, rows)

    def _assign(self, target: Volume | Snapshot, rows: Iterable[Permission]) -> None:
        permissions = tuple(rows)
        if isinstance(target, Volume):
            self._tables.volumes[target.name] = attrs.evolve(target, permissions=permissions)
        else:
            self._tables.snapshots[target.name] = attrs.evolve(target, permissions=permissions)
        admitting = {row.id for row in permissions}
        for session in self._tables.sessions_of[target.name]:
            if session.permission not in admitting:
                del self._tables.sessions[str(session.id)]


def _is_for(row: Permission, server: str) -> bool:
    return row.server and row.auth_group == server
