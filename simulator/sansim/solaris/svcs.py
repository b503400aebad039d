"""svcs: the states of services. Source: illumos `svcs.c`; `-x` inferred."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sansim.clock import Clock
from sansim.program import Answer, Call, Program
from sansim.solaris.smf import Service, Smf
from sansim.solaris.smf_options import OptionError, parse_options

__all__ = ["program"]

_USAGE = """\
Usage: svcs [-aHpv] [-o col[,col ... ]] [-R restarter] [-sS col] [-Z | -z zone ]
            [<service> ...]
       svcs -d | -D [-Hpv] [-o col[,col ... ]] [-sS col] [-Z | -z zone ]
            [<service> ...]
       svcs [-l | -L] [-Z | -z zone] <service> ...
       svcs -x [-v] [-Z | -z zone] [<service> ...]
       svcs -?
"""
_DAY = timedelta(days=1)
_YEAR = timedelta(days=360)
_ORDER = ("disabled", "online", "offline")


def _stime(service: Service, now: datetime) -> str:
    """Return the time of the last change: the clock within a day, the date within a year, else the year."""
    since = service.since
    if now - since < _DAY:
        return f"{since.hour:2d}:{since:%M:%S}"
    if now - since < _YEAR:
        return f"{since:%b_%d}"
    return f"{since:%Y}"


_COLUMNS: Mapping[str, tuple[int, Callable[[Service, datetime], str]]] = {
    "state": (15, lambda service, _: service.state),
    "nstate": (15, lambda _, __: "-"),
    "stime": (9, _stime),
    "fmri": (1, lambda service, _: service.fmri),
    "svc": (33, lambda service, _: service.fmri.removeprefix("svc:/").partition(":")[0]),
    "inst": (17, lambda service, _: service.fmri.rpartition(":")[2]),
    "scope": (13, lambda _, __: "localhost"),
}


def program(smf: Smf, clock: Clock) -> Program:
    """Return svcs over the services of a host."""

    async def run(call: Call) -> Answer:
        try:
            options, patterns = parse_options(call.argv, "aHvxo:")
        except OptionError as error:
            return Answer(stderr=f"{error}\n{_USAGE}", status=2)
        letters = {letter for letter, _ in options}
        services, stderr = _select(smf, patterns)
        status = 1 if stderr else 0
        if "x" in letters:
            chosen = services if patterns else [service for service in services if _ails(service)]
            return Answer("\n".join(_explain(smf, service) for service in chosen), stderr, status)
        if not patterns and "a" not in letters:
            services = [service for service in services if service.wanted]
        columns = ",".join(value for letter, value in options if letter == "o") or "state,stime,fmri"
        names = columns.lower().split(",")
        for name in names:
            if name not in _COLUMNS:
                return Answer(stderr=f'svcs: Unknown column "{name}".\n', status=2)
        rows = [] if "H" in letters else [_row(names, [name.upper() for name in names])]
        rows += [
            _row(names, [_COLUMNS[name][1](service, clock.now()) for name in names])
            for service in sorted(services, key=_rank)
        ]
        return Answer("".join(rows), stderr, status)

    return run


def _select(smf: Smf, patterns: list[str]) -> tuple[list[Service], str]:
    if not patterns:
        return list(smf), ""
    found: dict[str, Service] = {}
    complaints = ""
    for pattern in patterns:
        matches = smf.find(pattern)
        found.update((service.fmri, service) for service in matches)
        if not matches:
            complaints += f"svcs: Pattern '{pattern}' doesn't match any instances\n"
    return list(found.values()), complaints


def _rank(service: Service) -> tuple[int, datetime, str]:
    return _ORDER.index(service.state), service.since, service.fmri


def _row(names: list[str], values: list[str]) -> str:
    cells = (f"{value:<{_COLUMNS[name][0]}}" for name, value in zip(names, values, strict=True))
    return "".join(cells).rstrip() + "\n"


def _ails(service: Service) -> bool:
    return service.wanted and service.state != "online"


def _explain(smf: Smf, service: Service) -> str:
    since = service.since
    hour = since.hour % 12 or 12
    when = f"{since:%B} {since.day}, {since.year} at {hour:02d}:{since:%M:%S %p UTC}"
    if service.state == "online":
        return f"{service.fmri}\n State: online since {when}\nImpact: None.\n"
    reason = "Disabled by an administrator."
    if service.wanted:
        missing = next(name for name in smf.dependencies(service.fmri) if not smf.online(name))
        reason = f"Service {missing} is not running because it is {smf[missing].state}."
    return (
        f"{service.fmri}\n State: {service.state} since {when}\nReason: {reason}\n"
        "Impact: This service is not running.\n"
    )
