"""`svcs -l`: all that is known of a service, one attribute a line. Source: illumos `svcs.c`."""

from collections.abc import Iterator
from datetime import datetime

from sansim.solaris.smf.properties import contract, logfile, process_ids
from sansim.solaris.smf.smf import Service, Smf

__all__ = ["described", "moment"]

_LABEL = 13
_RESTARTER = "svc:/system/svc/restarter:default"


def moment(since: datetime) -> str:
    """Return a moment as the C locale writes it: `Wed Nov  4 09:05:01 2026`."""
    return f"{since:%a %b} {since.day:2d} {since:%H:%M:%S %Y}"


def described(smf: Smf, service: Service, place: int, *, processes: bool) -> str:
    """Return the paragraph of a service.

    Args:
        smf: All services.
        service: The one that is asked for.
        place: Its place in the repository.
        processes: Whether its processes are listed.
    """
    return "".join(f"{label:<{_LABEL}}{value}\n" for label, value in _facts(smf, service, place, processes=processes))


def _facts(smf: Smf, service: Service, place: int, *, processes: bool) -> Iterator[tuple[str, str]]:
    yield "fmri", service.fmri
    yield "name", service.description.name
    enabled = "true" if service.wanted else "false"
    yield "enabled", enabled if service.wanted == service.enabled else f"{enabled} (temporary)"
    yield "state", service.state
    yield "next_state", service.next_state
    yield "state_time", moment(service.since)
    yield "logfile", logfile(service)
    yield "restarter", _RESTARTER
    held = contract(service, place)
    if held is not None:
        yield "contract_id", f"{held} "
    for dependency in service.description.dependencies:
        entities = " ".join(f"{entity} ({_state(smf, entity)})" for entity in dependency.entities)
        yield "dependency", f"{dependency.grouping}/{dependency.restart_on} {entities}"
    if processes:
        for number, name in process_ids(service, place):
            yield "process", f"{number} {name}"


def _state(smf: Smf, entity: str) -> str:
    states = [one.state for one in smf.instances(entity)]
    if not states:
        return "absent"
    return states[0] if len(states) == 1 else "multiple"
