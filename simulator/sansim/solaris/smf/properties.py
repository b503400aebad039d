"""The properties of services, as the repository has them.

Source: illumos `svcprop.c`, `libscf`, the manifests. Which properties a service has beside its state, its
methods and its dependencies is a choice.
"""

from collections.abc import Iterator

from attrs import frozen

from sansim.solaris.smf.smf import Service

__all__ = ["Property", "contract", "logfile", "process_ids", "properties"]

_FIRST_CONTRACT = 20
_FIRST_PROCESS = 100
_STEP = 7


@frozen
class Property:
    """One property.

    Attributes:
        group, name: `group/name` is what it is called.
        kind: Its type: boolean, astring, fmri, time, integer, count or ustring.
        values: Its values as text.
        of_instance: Whether the instance has it; the others belong to the service.
    """

    group: str
    name: str
    kind: str
    values: tuple[str, ...]
    of_instance: bool = False


def logfile(service: Service) -> str:
    """Return the path of a service's log."""
    return f"/var/svc/log/{service.fmri.removeprefix('svc:/').replace('/', '-')}.log"


def contract(service: Service, place: int) -> int | None:
    """Return the number of a service's contract, or None when it holds no process.

    Args:
        service: The service.
        place: Its place in the repository, which the number follows.
    """
    if not service.running or not service.description.processes:
        return None
    return _FIRST_CONTRACT + place


def process_ids(service: Service, place: int) -> list[tuple[int, str]]:
    """Return the numbers and names of a service's processes."""
    if contract(service, place) is None:
        return []
    return [(_FIRST_PROCESS + _STEP * place + more, name) for more, name in enumerate(service.description.processes)]


def properties(service: Service, place: int) -> list[Property]:
    """Return all properties of a service instance, in the order in which they are listed."""
    return [*_of_service(service), *_of_instance(service, place)]


def _boolean(value: bool) -> str:  # noqa: FBT001 - it is what is converted
    return "true" if value else "false"


def _of_service(service: Service) -> Iterator[Property]:
    known = service.description
    for dependency in known.dependencies:
        yield Property(dependency.name, "entities", "fmri", dependency.entities)
        yield Property(dependency.name, "grouping", "astring", (dependency.grouping,))
        yield Property(dependency.name, "restart_on", "astring", (dependency.restart_on,))
        yield Property(dependency.name, "type", "astring", ("service",))
    yield Property("general", "entity_stability", "astring", ("Evolving",))
    yield Property("general", "single_instance", "boolean", ("true",))
    if known.authorization is not None:
        yield Property("general", "action_authorization", "astring", (known.authorization,))
    yield Property("startd", "duration", "astring", ("contract" if known.processes else "transient",))
    for method, command in (("start", known.start), ("stop", known.stop)):
        yield Property(method, "exec", "astring", (command,))
        yield Property(method, "timeout_seconds", "count", ("600",))
        yield Property(method, "type", "astring", ("method",))
    yield Property("tm_common_name", "C", "ustring", (known.name,))
    if known.manual is not None:
        title, section = known.manual
        group = f"tm_man_{title}{section}"
        yield Property(group, "manpath", "astring", ("/usr/share/man",))
        yield Property(group, "section", "astring", (section,))
        yield Property(group, "title", "astring", (title,))


def _of_instance(service: Service, place: int) -> Iterator[Property]:
    yield Property("general", "enabled", "boolean", (_boolean(service.enabled),), of_instance=True)
    if service.temporary is not None:
        yield Property("general_ovr", "enabled", "boolean", (_boolean(service.temporary),), of_instance=True)
    yield Property("restarter", "logfile", "astring", (logfile(service),), of_instance=True)
    yield Property(
        "restarter", "start_method_waitstatus", "integer", (str(service.exit_status << 8),), of_instance=True
    )
    yield Property("restarter", "auxiliary_state", "astring", (service.reason,), of_instance=True)
    held = contract(service, place)
    if held is not None:
        yield Property("restarter", "contract", "count", (str(held),), of_instance=True)
    yield Property("restarter", "next_state", "astring", (service.next_state,), of_instance=True)
    yield Property("restarter", "state", "astring", (service.state,), of_instance=True)
    moment = f"{int(service.since.timestamp())}.{service.since.microsecond:06d}000"
    yield Property("restarter", "state_timestamp", "time", (moment,), of_instance=True)
