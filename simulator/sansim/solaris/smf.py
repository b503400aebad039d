"""The service management facility: the two services of COMSTAR, and what they depend on.

Source: illumos `svcs.c`, `svcadm.c`, `svcprop.c`.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from fnmatch import fnmatchcase

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.state import State

__all__ = ["ISCSI_TARGET", "STMF", "Service", "Smf"]

STMF = "svc:/system/stmf:default"
ISCSI_TARGET = "svc:/network/iscsi/target:default"

_DEPENDENCIES: Mapping[str, tuple[str, ...]] = {STMF: (), ISCSI_TARGET: (STMF,)}


@frozen
class Service:
    """A service instance.

    Attributes:
        state: online, offline or disabled.
        enabled: Whether it is enabled for good.
        temporary: Enabled (or not) until the next boot, whatever `enabled` says; None without such an order.
        since: When it entered its state.
    """

    fmri: str
    state: str
    enabled: bool
    since: datetime
    temporary: bool | None = None

    @property
    def wanted(self) -> bool:
        """Whether it is to run now."""
        return self.enabled if self.temporary is None else self.temporary


class Smf:
    """The services of one host."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._table = state.table("smf.services", Service)
        self._methods: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {}
        if not self._table:
            with state.change():
                for fmri in _DEPENDENCIES:
                    self._table[fmri] = Service(fmri, "online", enabled=True, since=clock.now())

    def __iter__(self) -> Iterator[Service]:
        return iter(self._table.values())

    def __getitem__(self, fmri: str) -> Service:
        return self._table[fmri]

    def online(self, fmri: str) -> bool:
        """Whether a service is online."""
        return self._table[fmri].state == "online"

    def on_change(self, fmri: str, *, start: Callable[[], None], stop: Callable[[], None]) -> None:
        """Say what a service does when it comes online and when it stops."""
        self._methods[fmri] = (start, stop)

    def find(self, pattern: str) -> list[Service]:
        """Return the services that a pattern names: an FMRI, a trailing part of one, or a glob over either.

        `svc:/network/iscsi/target:default`, `network/iscsi/target`, `iscsi/target:default`, `target` and
        `*/iscsi/*` all name the same service.
        """
        return [service for service in self if any(fnmatchcase(form, pattern) for form in _abbreviations(service.fmri))]

    def enable(self, fmri: str, *, temporary: bool = False, recursive: bool = False) -> None:
        """Enable a service, with its dependencies if so asked; without them it waits offline."""
        with self._state.change():
            for dependency in _DEPENDENCIES[fmri] if recursive else ():
                self.enable(dependency, temporary=temporary, recursive=True)
            self._want(fmri, wanted=True, temporary=temporary)

    def disable(self, fmri: str, *, temporary: bool = False) -> None:
        """Disable a service; what depends on it goes offline."""
        with self._state.change():
            self._want(fmri, wanted=False, temporary=temporary)

    def restart(self, fmri: str) -> None:
        """Stop a service that is online and start it again, with what depends on it."""
        if not self.online(fmri):
            return
        with self._state.change():
            self._stop(fmri, "offline")
            self._settle()

    def dependencies(self, fmri: str) -> tuple[str, ...]:
        """Return the services that a service depends on."""
        return _DEPENDENCIES[fmri]

    def satisfied(self, fmri: str) -> bool:
        """Whether everything that a service depends on is online."""
        return all(self.online(dependency) for dependency in _DEPENDENCIES[fmri])

    def _want(self, fmri: str, *, wanted: bool, temporary: bool) -> None:
        service = self._table[fmri]
        if temporary:
            self._table[fmri] = evolve(service, temporary=wanted)
        else:
            self._table[fmri] = evolve(service, enabled=wanted, temporary=None)
        if not wanted and service.state != "disabled":
            self._stop(fmri, "disabled")
        self._settle()

    def _stop(self, fmri: str, state: str) -> None:
        """Stop a service after those that depend on it."""
        for other, dependencies in _DEPENDENCIES.items():
            if fmri in dependencies and self.online(other):
                self._stop(other, "offline")
        was_online = self.online(fmri)
        self._enter(fmri, state)
        if was_online and fmri in self._methods:
            self._methods[fmri][1]()

    def _settle(self) -> None:
        """Bring every service that is wanted as far as its dependencies let it."""
        for fmri in _DEPENDENCIES:
            service = self._table[fmri]
            if not service.wanted or service.state == "online":
                continue
            if not self.satisfied(fmri):
                if service.state != "offline":
                    self._enter(fmri, "offline")
                continue
            self._enter(fmri, "online")
            if fmri in self._methods:
                self._methods[fmri][0]()

    def _enter(self, fmri: str, state: str) -> None:
        self._table[fmri] = evolve(self._table[fmri], state=state, since=self._clock.now())


def _abbreviations(fmri: str) -> Iterator[str]:
    """Yield the FMRI and every way to shorten it, with the instance and without."""
    yield fmri
    name = fmri.removeprefix("svc:/")
    service, _, instance = name.partition(":")
    yield f"svc:/{service}"
    yield instance
    parts = service.split("/")
    for place in range(len(parts)):
        tail = "/".join(parts[place:])
        yield tail
        yield f"{tail}:{instance}"
