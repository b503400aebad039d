"""The service management facility: services, their states, and how one waits for another.

A service that is enabled runs when what it needs does. Its start and stop take no time unless a test holds
them, and succeed unless a test breaks them. Source: illumos `svc.startd`, `svcadm.c`, the manifests.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.solaris.smf.services import CATALOGUE, ISCSI_TARGET, STMF, Dependency, Description
from sansim.state import State

__all__ = ["ISCSI_TARGET", "STMF", "Service", "Smf"]

_RUNNING = frozenset({"online", "degraded"})
_FATAL = frozenset({95, 96})
"""$SMF_EXIT_ERR_FATAL and $SMF_EXIT_ERR_CONFIG: no second attempt is made."""


@frozen
class Service:
    """A service instance.

    Attributes:
        state: online, degraded, offline, disabled or maintenance.
        enabled: Whether it is enabled for good.
        since: When it entered its state.
        temporary: Enabled (or not) until the next boot, whatever `enabled` says; None without such an order.
        next_state: What it is changing to; `none` while it rests.
        reason: Why it is in maintenance, as the restarter names it; `none` in other states.
        exit_status: How its start method ended last.
    """

    fmri: str
    state: str
    enabled: bool
    since: datetime
    temporary: bool | None = None
    next_state: str = "none"
    reason: str = "none"
    exit_status: int = 0

    @property
    def wanted(self) -> bool:
        """Whether it is to run now."""
        return self.enabled if self.temporary is None else self.temporary

    @property
    def running(self) -> bool:
        """Whether those that depend on it may run."""
        return self.state in _RUNNING

    @property
    def description(self) -> Description:
        """What is known of it for good."""
        return CATALOGUE[self.fmri]


class Smf:
    """The services of one host, in the order in which a boot starts them."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self._table = state.table("smf.services", Service)
        self._methods: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {}
        self._held: set[str] = set()
        self._broken: dict[str, int] = {}
        missing = [fmri for fmri in CATALOGUE if fmri not in self._table]
        if missing:
            with state.change():
                for fmri in missing:
                    enabled = CATALOGUE[fmri].enabled
                    known = "online" if enabled else "disabled"
                    self._table[fmri] = Service(fmri, known, enabled=enabled, since=clock.now())

    def __iter__(self) -> Iterator[Service]:
        return iter(self._table.values())

    def __contains__(self, fmri: str) -> bool:
        return fmri in self._table

    def __getitem__(self, fmri: str) -> Service:
        return self._table[fmri]

    def online(self, fmri: str) -> bool:
        """Whether a service is online."""
        return self._table[fmri].state == "online"

    def on_change(self, fmri: str, *, start: Callable[[], None], stop: Callable[[], None]) -> None:
        """Say what a service does when it comes online and when it stops."""
        self._methods[fmri] = (start, stop)

    # What a test may do to a service.

    def hold(self, fmri: str) -> None:
        """Let the next start or stop of a service take until `release`."""
        self._held.add(fmri)

    def release(self, fmri: str) -> None:
        """End a hold: what the service was changing to comes."""
        self._held.discard(fmri)
        service = self._table[fmri]
        if service.next_state == "none":
            return
        with self._state.change():
            if service.next_state == "online":
                self._started(fmri)
            else:
                self._stopped(fmri, service.next_state)
            self._settle()

    def break_start(self, fmri: str, exit_status: int = 1) -> None:
        """Let a service's start method fail from now on: it goes to maintenance when it is started next.

        Args:
            fmri: The service.
            exit_status: How the method ends. 95 and 96 fail at once, others after three attempts.
        """
        self._broken[fmri] = exit_status

    def mend_start(self, fmri: str) -> None:
        """Let a service's start method work again; a service in maintenance still waits to be cleared."""
        self._broken.pop(fmri, None)

    def forget(self) -> None:
        """End all that a test did to services in these ways."""
        self._held.clear()
        self._broken.clear()

    # What an administrator may ask for.

    def enable(self, fmri: str, *, temporary: bool = False, recursive: bool = False) -> None:
        """Enable a service, with what it requires if so asked; without that it waits offline."""
        with self._state.change():
            for needed in sorted(self._required(fmri, set()), key=list(CATALOGUE).index) if recursive else [fmri]:
                self._want(needed, wanted=True, temporary=temporary)
            self._settle()

    def disable(self, fmri: str, *, temporary: bool = False) -> None:
        """Disable a service; those whose dependency on it says so stop too."""
        with self._state.change():
            self._want(fmri, wanted=False, temporary=temporary)
            if self._table[fmri].state != "disabled":
                self._stop(fmri, "disabled")
            self._settle()

    def restart(self, fmri: str) -> None:
        """Stop a service that runs and start it again."""
        if not self._table[fmri].running:
            return
        with self._state.change():
            self._stop(fmri, "offline")
            self._settle()

    def mark(self, fmri: str, state: str) -> None:
        """Bring a service to `maintenance`, or one that is online to `degraded`, by an administrator's word."""
        with self._state.change():
            if state == "degraded":
                self._enter(fmri, state)
                return
            self._stop(fmri, "maintenance")
            self._table[fmri] = evolve(self._table[fmri], reason="administrative_request")
            self._settle()

    def clear(self, fmri: str) -> None:
        """End maintenance or degradation: the service is started again, or is simply online."""
        with self._state.change():
            if self._table[fmri].state == "degraded":
                self._enter(fmri, "online")
                return
            self._enter(fmri, "offline" if self._table[fmri].wanted else "disabled")
            self._settle()

    # What holds between services.

    def instances(self, fmri: str) -> list[Service]:
        """Return the instance that an FMRI names, or every instance of the service that it names."""
        if fmri in self._table:
            return [self._table[fmri]]
        return [service for service in self if service.fmri.rpartition(":")[0] == fmri]

    def satisfied(self, fmri: str) -> bool:
        """Whether everything that a service needs is there."""
        return all(self._holds(dependency) for dependency in CATALOGUE[fmri].dependencies)

    def unsatisfied(self, fmri: str) -> list[Service]:
        """Return the services that one waits for."""
        found: list[Service] = []
        for dependency in CATALOGUE[fmri].dependencies:
            if not self._holds(dependency):
                found += [one for entity in dependency.entities for one in self.instances(entity) if not one.running]
        return found

    def has_potential(self, fmri: str) -> bool:
        """Whether a service will run when nobody does anything: all that it waits for is on its way."""
        return all(
            one.wanted and one.state != "maintenance" and self.has_potential(one.fmri) for one in self.unsatisfied(fmri)
        )

    def dependents(self, fmri: str) -> list[Service]:
        """Return the services that name one, or its service, among what they need."""
        service = fmri.rpartition(":")[0]
        return [
            one
            for one in self
            if any({fmri, service} & {*dependency.entities} for dependency in one.description.dependencies)
        ]

    def _holds(self, dependency: Dependency) -> bool:
        found = [self._entity(entity, dependency) for entity in dependency.entities]
        return any(found) if dependency.grouping == "require_any" else all(found)

    def _entity(self, entity: str, dependency: Dependency) -> bool:
        instances = self.instances(entity)
        if dependency.grouping == "optional_all":
            return all(one.running or one.state == "maintenance" or not one.wanted for one in instances)
        return any(one.running for one in instances)

    def _required(self, fmri: str, seen: set[str]) -> set[str]:
        """Return a service and all that it requires, directly or not; of several instances none is chosen."""
        seen.add(fmri)
        for dependency in CATALOGUE[fmri].dependencies:
            if dependency.grouping == "optional_all":
                continue
            for entity in dependency.entities:
                instances = self.instances(entity)
                if len(instances) == 1 and instances[0].fmri not in seen:
                    self._required(instances[0].fmri, seen)
        return seen

    def _want(self, fmri: str, *, wanted: bool, temporary: bool) -> None:
        service = self._table[fmri]
        if temporary:
            self._table[fmri] = evolve(service, temporary=wanted)
        else:
            self._table[fmri] = evolve(service, enabled=wanted, temporary=None)

    def _settle(self) -> None:
        """Bring every service that is wanted as far as what it needs lets it."""
        for fmri, service in list(self._table.items()):
            if not service.wanted or service.running or service.state == "maintenance" or service.next_state != "none":
                continue
            if self.satisfied(fmri):
                self._start(fmri)
            elif service.state != "offline":
                self._enter(fmri, "offline")

    def _start(self, fmri: str) -> None:
        if fmri in self._held:
            if self._table[fmri].state != "offline":
                self._enter(fmri, "offline")
            self._table[fmri] = evolve(self._table[fmri], next_state="online")
        else:
            self._started(fmri)

    def _started(self, fmri: str) -> None:
        status = self._broken.get(fmri, 0)
        self._table[fmri] = evolve(self._table[fmri], exit_status=status)
        if status:
            reason = "method_failed" if status in _FATAL else "fault_threshold_reached"
            self._enter(fmri, "maintenance", reason)
            return
        self._enter(fmri, "online")
        if fmri in self._methods:
            self._methods[fmri][0]()

    def _stop(self, fmri: str, state: str) -> None:
        """Stop a service, those that follow it first."""
        for other in self.dependents(fmri):
            if other.running and self._follows(other, fmri):
                self._stop(other.fmri, "offline")
        if fmri in self._held and self._table[fmri].running:
            self._table[fmri] = evolve(self._table[fmri], next_state=state)
        else:
            self._stopped(fmri, state)

    def _stopped(self, fmri: str, state: str) -> None:
        was_running = self._table[fmri].running
        self._enter(fmri, state)
        if was_running and fmri in self._methods:
            self._methods[fmri][1]()

    def _follows(self, service: Service, fmri: str) -> bool:
        """Whether a service stops when an administrator stops another; `error` and `none` let it run on."""
        return any(
            dependency.restart_on in ("restart", "refresh") and {fmri, fmri.rpartition(":")[0]} & {*dependency.entities}
            for dependency in service.description.dependencies
        )

    def _enter(self, fmri: str, state: str, reason: str = "none") -> None:
        service = self._table[fmri]
        self._table[fmri] = evolve(service, state=state, next_state="none", reason=reason, since=self._clock.now())
