"""The columns of svcs: what each prints, how wide it is, and by what it sorts. Source: illumos `svcs.c`."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from attrs import frozen

from sansim.solaris.smf.properties import contract, process_ids
from sansim.solaris.smf.smf import Service

__all__ = ["COLUMNS", "Column", "Line", "header", "row"]

_DAY = timedelta(days=1)
_YEAR = timedelta(days=360)
_NAME_LENGTH = 16
_RANKS = {"legacy_run": 0, "disabled": 1, "online": 2, "degraded": 3, "offline": 4, "maintenance": 5}
_OTHER_RANK = 7
_LETTERS = {"offline": "0", "online": "1", "maintenance": "m", "disabled": "d", "degraded": "D"}
_SHORT = {"offline": "OFF", "online": "ON", "maintenance": "MNT", "disabled": "DIS", "degraded": "DGD"}


@frozen
class Line:
    """What a row is made of.

    Attributes:
        place: The service's place in the repository.
        now: The host's time.
        next_shown: Whether another column tells what a service is changing to; its state has no `*` then.
    """

    service: Service
    place: int
    now: datetime
    next_shown: bool = False

    def mark(self) -> str:
        """Return what follows the state of a service that changes."""
        return "" if self.next_shown or self.service.next_state == "none" else "*"


@frozen
class Column:
    """One column.

    Attributes:
        width: With the blank after it.
        text: What it prints.
        key: What it sorts by.
        help: What `svcs -?` says of it.
    """

    width: int
    text: Callable[[Line], str]
    key: Callable[[Line], str]
    help: str


def _time(since: datetime, now: datetime) -> str:
    """Return a moment: the clock within a day, the date within a year, else the year."""
    if now - since < _DAY:
        return f"{since.hour:2d}:{since:%M:%S}"
    if now - since < _YEAR:
        return f"{since:%b_%d}"
    return f"{since:%Y}"


def _stime(line: Line) -> str:
    return _time(line.service.since, line.now)


def _rank(state: str) -> str:
    return str(_RANKS.get(state, _OTHER_RANK))


def _next(line: Line) -> str | None:
    return None if line.service.next_state == "none" else line.service.next_state


def _ctid(line: Line) -> str:
    held = contract(line.service, line.place)
    return f"{'-' if held is None else held:>6}"


def _service_name(line: Line) -> str:
    return line.service.fmri.removeprefix("svc:/").partition(":")[0]


def _instance_name(line: Line) -> str:
    return line.service.fmri.rpartition(":")[2]


def _state_key(line: Line) -> str:
    return _rank(line.service.state)


def _next_key(line: Line) -> str:
    return _rank(line.service.next_state)


def _letter(state: str | None) -> str:
    return "-" if state is None else _LETTERS[state]


def _abbreviation(state: str | None) -> str:
    return "-" if state is None else _SHORT[state]


COLUMNS: Mapping[str, Column] = {
    "CTID": Column(
        7,
        _ctid,
        lambda line: f"{contract(line.service, line.place) or 0:08d}",
        "contract ID for service (see contract(5))",
    ),
    "DESC": Column(
        100, lambda line: line.service.description.name, lambda _: "", "human-readable description of the service"
    ),
    "FMRI": Column(
        51,
        lambda line: line.service.fmri,
        lambda line: line.service.fmri,
        "Fault Managed Resource Identifier for service",
    ),
    "INST": Column(21, _instance_name, _instance_name, "portion of the FMRI indicating service instance"),
    "N": Column(2, lambda line: _letter(_next(line)), _next_key, "abbreviation for next state (if in transition)"),
    "NSTA": Column(
        5, lambda line: _abbreviation(_next(line)), _next_key, "abbreviation for next state (if in transition)"
    ),
    "NSTATE": Column(14, lambda line: _next(line) or "-", _next_key, "name for next state (if in transition)"),
    "S": Column(
        3, lambda line: _letter(line.service.state) + line.mark(), _state_key, "abbreviation for current state"
    ),
    "SCOPE": Column(21, lambda _: "localhost", lambda _: "", "name for scope associated with service"),
    "SN": Column(
        3,
        lambda line: _letter(line.service.state) + _letter(_next(line)),
        lambda line: _state_key(line) + _next_key(line),
        "abbreviation for current state and next state",
    ),
    "SVC": Column(21, _service_name, _service_name, "portion of the FMRI representing service name"),
    "STA": Column(
        5, lambda line: _abbreviation(line.service.state) + line.mark(), _state_key, "abbreviation for current state"
    ),
    "STATE": Column(15, lambda line: line.service.state + line.mark(), _state_key, "name for current state"),
    "STIME": Column(9, _stime, lambda line: line.service.since.isoformat(), "time of last state change"),
    "ZONE": Column(17, lambda _: "global", lambda _: "", "name of zone"),
}
"""The columns, in the order in which the help lists them."""


def header(names: list[str]) -> str:
    """Return the heading of columns."""
    return _padded(names, names)


def row(names: list[str], line: Line, *, processes: bool = False) -> str:
    """Return a service's row, and its processes below it if they are asked for."""
    text = _padded(names, [COLUMNS[name].text(line) for name in names])
    if processes:
        started = _time(line.service.since, line.now)
        for number, name in process_ids(line.service, line.place):
            text += f"               {started:<8}   {number:6d} {name[:_NAME_LENGTH]}\n"
    return text


def _padded(names: list[str], values: list[str]) -> str:
    cells = (f"{value:<{COLUMNS[name].width}}" for name, value in zip(names, values, strict=True))
    return "".join(cells).rstrip(" ") + "\n"
