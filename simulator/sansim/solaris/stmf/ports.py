"""Target ports as the stmf services see them, and the sessions on them. Source: illumos `stmf.c` (driver)."""

from collections.abc import Callable, Iterator
from datetime import datetime

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.state import State

__all__ = ["Port", "Ports", "Session"]


@frozen
class Port:
    """A target that a port provider has registered; names are stored as device ids are.

    Attributes:
        provider: `iscsit`, `qlt` …
        protocol: `iSCSI`, `Fibre Channel`, `SRP` or `SAS`.
        status: Online, Offline, or Onlining and Offlining while the provider has not answered.
        alias: What the provider calls it, if it does.
        hung: The provider does not answer: the port stays on its way.
    """

    name: str
    provider: str
    protocol: str
    status: str
    alias: str | None = None
    hung: bool = False

    @property
    def online(self) -> bool:
        """Whether initiators can log in."""
        return self.status == "Online"


@frozen
class Session:
    """An initiator that is logged in at a target."""

    target: str
    initiator: str
    since: datetime


class Ports:
    """The registered targets, oldest first, and their sessions.

    Args:
        state: The array's state.
        clock: Its time.
        on_logout: Is told of each session that ends, in the same change.
    """

    def __init__(self, state: State, clock: Clock, on_logout: Callable[[Session], None] = lambda _: None) -> None:
        self._state = state
        self._clock = clock
        self._on_logout = on_logout
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

    def register(
        self, name: str, *, online: bool, provider: str = "iscsit", protocol: str = "iSCSI", alias: str | None = None
    ) -> None:
        """Register a target, by default one of iSCSI."""
        with self._state.change():
            self._table[name] = Port(name, provider, protocol, "Online" if online else "Offline", alias)

    def unregister(self, name: str) -> None:
        """Forget a target and drop its sessions."""
        with self._state.change():
            self._drop_sessions(name)
            del self._table[name]

    def online(self, name: str) -> None:
        """Ask a target to go online.

        Raises:
            StmfError: NOT_FOUND; BUSY while it goes offline.
        """
        self._switch(name, "Online", "Onlining", "Offlining")

    def offline(self, name: str) -> None:
        """Ask a target to go offline; its sessions drop.

        Raises:
            StmfError: NOT_FOUND; BUSY while it comes online.
        """
        self._switch(name, "Offline", "Offlining", "Onlining")

    def hang(self, name: str, *, hung: bool = True) -> None:
        """Say whether a target's provider leaves its state changes unanswered; answering completes them.

        Raises:
            StmfError: NOT_FOUND.
        """
        port = self[name]
        ends = {"Onlining": "Online", "Offlining": "Offline"}
        status = port.status if hung else ends.get(port.status, port.status)
        with self._state.change():
            self._table[name] = evolve(port, hung=hung, status=status)

    def sessions(self, target: str) -> list[Session]:
        """Return a target's sessions, the most recent first."""
        return [session for session in self._sessions.values() if session.target == target][::-1]

    def open_session(self, target: str, initiator: str) -> Session:
        """Note that an initiator logged in; it replaces its earlier session there."""
        session = Session(target, initiator, self._clock.now())
        with self._state.change():
            if _key(session) in self._sessions:
                self._end(session)
            self._sessions[_key(session)] = session
        return session

    def close_session(self, target: str, initiator: str) -> None:
        """Note that an initiator logged out.

        Raises:
            StmfError: NOT_FOUND if it was not logged in there.
        """
        if not self.is_logged_in(target, initiator):
            raise StmfError(StmfCode.NOT_FOUND)
        with self._state.change():
            self._end(self._sessions[f"{target} {initiator}"])

    def is_logged_in(self, target: str, initiator: str) -> bool:
        """Whether an initiator has a session at a target."""
        return f"{target} {initiator}" in self._sessions

    def _switch(self, name: str, end: str, way: str, opposite: str) -> None:
        port = self[name]
        if port.status == opposite:
            raise StmfError(StmfCode.BUSY)
        if port.status in (end, way):
            return
        with self._state.change():
            if end == "Offline":
                self._drop_sessions(name)
            self._table[name] = evolve(port, status=way if port.hung else end)

    def _drop_sessions(self, target: str) -> None:
        for session in self.sessions(target):
            self._end(session)

    def _end(self, session: Session) -> None:
        del self._sessions[_key(session)]
        self._on_logout(session)


def _key(session: Session) -> str:
    return f"{session.target} {session.initiator}"
