"""`svcs -x`: why services do not run, and which others that keeps from running. Source: illumos `explain.c`."""

from collections.abc import Iterator

from attrs import frozen

from sansim.solaris.smf.properties import logfile
from sansim.solaris.smf.release import SmfRelease
from sansim.solaris.smf.smf import Service, Smf
from sansim.solaris.smf.svcs_long import moment

__all__ = ["Explanation"]

_LINE = 80
_RESTARTER = "svc:/system/svc/restarter:default"
_MAINTENANCE = {
    "administrative_request": (
        "Maintenance requested by an administrator.",
        "63",
        "was taken down for maintenace by an administrator.",
    ),
    "method_failed": ("Start method {}.", "KS", "is not running because a method failed."),
    "fault_threshold_reached": (
        "Start method failed repeatedly, last {}.",
        "KS",
        "is not running because a method failed repeatedly.",
    ),
}
"""For each reason of maintenance what is said of it, the number of the message, and what others say."""
_EXITS = {95: "exited with $SMF_EXIT_ERR_FATAL", 96: "exited with $SMF_EXIT_ERR_CONFIG"}


@frozen
class _Cause:
    """What keeps a service from running, and the way to it: the last is the cause itself."""

    path: tuple[Service, ...]

    @property
    def service(self) -> Service:
        return self.path[-1]


class Explanation:
    """Why each service of a host is in its state, read at one moment."""

    def __init__(self, smf: Smf, release: SmfRelease) -> None:
        self._smf = smf
        self._release = release
        self._causes = {service.fmri: self._find_causes(service, ()) for service in smf}

    def troubled(self) -> list[Service]:
        """Return what is to be explained unasked: the causes of trouble, those of the greatest first."""
        found: dict[str, Service] = {}
        for service in self._smf:
            if service.state == "maintenance" or service.next_state != "none":
                found[service.fmri] = service
            if service.state == "offline":
                found |= {cause.service.fmri: cause.service for cause in self._causes[service.fmri]}
        return sorted(found.values(), key=lambda one: -len(self._impact(one)))

    def of(self, service: Service, *, verbose: bool) -> str:
        """Return the paragraph of a service."""
        lines = [f"{service.fmri} ({service.description.name})"]
        lines.append(f" State: {service.state} since {moment(service.since)}")
        lines += self._reasons(service, verbose=verbose)
        if service.description.manual is not None:
            title, section = service.description.manual
            page = f"man -M /usr/share/man -s {section} {title}" if verbose else f"{title}({section})"
            lines.append(f"   See: {page}")
        lines.append(f"   See: {logfile(service)}")
        lines += self._impacts(service, verbose=verbose)
        return "".join(f"{line}\n" for line in lines)

    def _find_causes(self, service: Service, above: tuple[Service, ...]) -> tuple[_Cause, ...]:
        path = (*above, service)
        if service.state != "offline" or service.next_state != "none":
            return (_Cause(path),)
        found: dict[str, _Cause] = {}
        for needed in self._smf.unsatisfied(service.fmri):
            for cause in self._find_causes(needed, path):
                found.setdefault(cause.service.fmri, cause)
        return tuple(found.values()) or (_Cause(path),)

    def _impact(self, service: Service) -> list[Service]:
        """Return the services that one keeps offline."""
        return [
            other
            for other in self._smf
            if other.state == "offline"
            and other.fmri != service.fmri
            and any(service in cause.path for cause in self._causes[other.fmri])
        ]

    def _reasons(self, service: Service, *, verbose: bool) -> Iterator[str]:
        if service.state == "online":
            return
        if service.state == "offline" and service.next_state == "none":
            yield from self._missing(service, verbose=verbose)
            return
        text, number = self._reason(service)
        yield f"Reason: {text}"
        yield self._message(number)

    def _reason(self, service: Service) -> tuple[str, str]:
        if service.state == "disabled":
            if service.enabled:
                return "Temporarily disabled by an administrator.", "1S"
            return "Disabled by an administrator.", "05"
        if service.state == "degraded":
            return "Degraded by an administrator.", "DX"
        if service.state == "offline":
            return "Start method is running.", "C4"
        text, number, _ = _MAINTENANCE[service.reason]
        return text.format(_EXITS.get(service.exit_status, f"exited with status {service.exit_status}")), number

    def _missing(self, service: Service, *, verbose: bool) -> Iterator[str]:
        for cause in self._causes[service.fmri]:
            if cause.service == service:
                yield "Reason: Unknown."
                yield self._message("AR")
                continue
            start, summary = f"Reason: Service {cause.service.fmri}", _summary(cause.service)
            line = f"{start} {summary}"
            yield from [line] if len(line) <= _LINE else [start, f"        {summary}"]
            yield self._message("GE")
            if verbose:
                yield f"  Path: {service.fmri}"
                for depth, hop in enumerate(cause.path[1:], 1):
                    yield f"{'':8}{'  ' * depth}{hop.fmri}"

    def _message(self, number: str) -> str:
        return f"   See: {self._release.messages}SMF-8000-{number}"

    def _impacts(self, service: Service, *, verbose: bool) -> Iterator[str]:
        kept = self._impact(service)
        if not kept:
            yield "Impact: None." if service.running else "Impact: This service is not running."
            return
        count = "1 dependent service is" if len(kept) == 1 else f"{len(kept)} dependent services are"
        if not verbose:
            yield f"Impact: {count} not running.  (Use -v for list.)"
            return
        yield f"Impact: {count} not running:"
        for other in kept:
            yield f"        {other.fmri}"


def _summary(service: Service) -> str:
    if service.state == "disabled":
        return "is temporarily disabled." if service.enabled else "is disabled."
    if service.state == "offline":
        return "is starting."
    return _MAINTENANCE[service.reason][2]
