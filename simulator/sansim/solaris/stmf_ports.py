"""Target ports as the stmf services see them, and the sessions on them. Source: illumos `stmf.c` (driver)."""

from collections.abc import Iterator
from datetime import datetime

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.state import State

__all__ = ["Port", "Ports", "Session"]


@frozen
class Port:
    """A target that a port provider has registered; names are stored as device ids are."""

    name: str
    provider: str
    protocol: str
    online: bool


@frozen
class Session:
    """An initiator that is logged in at a target."""

    target: str
    initiator: str
    since: datetime


class Ports:
    """The registered targets, oldest first, and their sessions."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._table = state.table("stmf.targets", Port)
        self._sessions = state.table("stmf.sessions", Session)

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def __getitem__(self, name: str) -> Port:
        """Return a target.

        Raises:
            StmfError: NOT_FOUND.
        """
        if name not in self._table:
            raise StmfError(StmfCode.NOT_FOUND)
        return self._table[name]

    def __iter__(self) -> Iterator[Port]:
        return iter(self._table.values())

    def register(self, name: str, *, online: bool) -> None:
        """Register an iSCSI target."""
        with self._state.change():
            self._table[name] = Port(name, "iscsit", "iSCSI", online)

    def unregister(self, name: str) -> None:
        """Forget a target and drop its sessions."""
        with self._state.change():
            self._drop_sessions(name)
            del self._table[name]

    def online(self, name: str) -> None:
        """Take a target online.

        Raises:
            StmfError: NOT_FOUND.
        """
        port = self[name]
        with self._state.change():
            self._table[name] = evolve(port, online=True)

    def offline(self, name: str) -> None:
        """Take a target offline and drop its sessions.

        Raises:
            StmfError: NOT_FOUND.
        """
        port = self[name]
        with self._state.change():
            self._drop_sessions(name)
            self._table[name] = evolve(port, online=False)

    def sessions(self, target: str) -> list[Session]:
        """Return a target's sessions, the most recent first."""
        return [session for session in self._sessions.values() if session.target == target][::-1]

    def open_session(self, target: str, initiator: str) -> Session:
        """Note that an initiator logged in; it replaces its earlier session there."""
        key = f"{target} {initiator}"
        session = Session(target, initiator, self._clock.now())
        with self._state.change():
            if key in self._sessions:
                del self._sessions[key]
            self._sessions[key] = session
        return session

    def close_session(self, target: str, initiator: str) -> None:
        """Note that an initiator logged out.

        Raises:
            StmfError: NOT_FOUND if it was not logged in there.
        """
        key = f"{target} {initiator}"
        if key not in self._sessions:
            raise StmfError(StmfCode.NOT_FOUND)
        with self._state.change():
            del self._sessions[key]

    def _drop_sessions(self, target: str) -> None:
        for session in self.sessions(target):
            del self._sessions[f"{target} {session.initiator}"]
