"""svcs: the states of services, and why they are in them. Source: illumos `svcs.c`."""

from collections.abc import Callable, Mapping

from attrs import frozen

from sansim.clock import Clock
from sansim.program import Answer, Call, Program
from sansim.solaris.smf.options import OptionError, parse_options
from sansim.solaris.smf.patterns import matching
from sansim.solaris.smf.properties import logfile
from sansim.solaris.smf.refusal import Refusal
from sansim.solaris.smf.release import ILLUMOS_SMF, SmfRelease
from sansim.solaris.smf.smf import Service, Smf
from sansim.solaris.smf.svcs_columns import COLUMNS, Line, header, row
from sansim.solaris.smf.svcs_explain import Explanation
from sansim.solaris.smf.svcs_long import described

__all__ = ["program"]

_LETTERS = "aHpvno:R:s:S:dDl?x"
_ZONE_LETTERS = "LZz:"
_MODES = frozenset("dDlLnx")
_NOT_WITH = {"a": "dDlLnx", "H": "lx", "p": "x", "o": "lx", "R": "dDlLnx", "s": "dDlLnx", "S": "dDlLnx"}
"""For each option the modes that it does not go with."""
_NEEDS_OPERAND = frozenset("lLdD")
_NEXT_STATES = frozenset({"N", "SN", "NSTA", "NSTATE"})
_RESTARTER = "svc:/system/svc/restarter:default"
_HELP = """
\t-a  list all service instances rather than only those that are enabled
\t-d  list dependencies of the specified service(s)
\t-D  list dependents of the specified service(s)
\t-H  omit header line from output
\t-l  list detailed information about the specified service(s)
\t-L  list the log file associated with the specified service(s)
\t-o  list only the specified columns in the output
\t-p  list process IDs and names associated with each service
\t-R  list only those services with the specified restarter
\t-s  sort output in ascending order by the specified column(s)
\t-S  sort output in descending order by the specified column(s)
\t-v  list verbose information appropriate to the type of output
\t-x  explain the status of services that might require maintenance,
\t    or explain the status of the specified service(s)
\t-z  from global zone, show services in a specified zone
\t-Z  from global zone, show services in all zones

\tServices can be specified using an FMRI, abbreviation, or fnmatch(7)
\tpattern, as shown in these examples for svc:/network/smtp:sendmail

\tsvcs [opts] svc:/network/smtp:sendmail
\tsvcs [opts] network/smtp:sendmail
\tsvcs [opts] network/*mail
\tsvcs [opts] network/smtp
\tsvcs [opts] smtp:sendmail
\tsvcs [opts] smtp
\tsvcs [opts] sendmail

\tColumns for output or sorting can be specified using these names:

"""


@frozen
class _Run:
    """What was asked for, of which host: options in their order, the mode among them, and operands."""

    smf: Smf
    clock: Clock
    release: SmfRelease
    options: tuple[tuple[str, str], ...]
    patterns: tuple[str, ...]
    mode: str

    def has(self, letter: str) -> bool:
        return any(name == letter for name, _ in self.options)

    def columns(self) -> list[str]:
        """Return the names of the columns.

        Raises:
            Refusal: There is no such column.
        """
        given = [value for letter, value in self.options if letter == "o"]
        default = "state,nstate,stime,ctid,fmri" if self.has("v") else "state,stime,fmri"
        names = (given[-1] if given else default).split(",")
        for name in names:
            if name.upper() not in COLUMNS:
                raise Refusal(f'svcs: Unknown column "{name}".\n')
        return [name.upper() for name in names]

    def places(self) -> dict[str, int]:
        """Return the place of each service in the repository."""
        return {one.fmri: place for place, one in enumerate(self.smf)}

    def order(self) -> list[tuple[str, bool]]:
        """Return the columns to sort by, and whether backwards; with columns chosen there is no default."""
        given = [(value.upper(), letter == "S") for letter, value in self.options if letter in "sS"]
        if given or self.has("o"):
            return given
        return [("STATE", False), ("STIME", False), ("FMRI", False)]


def program(smf: Smf, clock: Clock, release: SmfRelease = ILLUMOS_SMF) -> Program:
    """Return svcs over the services of a host."""

    async def run(call: Call) -> Answer:
        try:
            this = _parse(smf, clock, release, (call.called, *call.argv[1:]))
            return _ANSWERS[this.mode](this)
        except OptionError as error:
            return Answer(stderr=f"{error}\n{release.svcs}", status=2)
        except Refusal as refusal:
            return refusal.answer

    return run


def _parse(smf: Smf, clock: Clock, release: SmfRelease, argv: tuple[str, ...]) -> _Run:
    """Return what the words ask for.

    Raises:
        OptionError: getopt complains.
        Refusal: They do not go together.
    """
    options, patterns = parse_options(argv, _LETTERS + (_ZONE_LETTERS if release.zones else ""))
    if any(letter == "?" for letter, _ in options):
        return _Run(smf, clock, release, tuple(options), tuple(patterns), "?")
    modes = [letter for letter, _ in options if letter in _MODES]
    mode = modes[0] if modes else ""
    if len(modes) > 1 or any(mode and mode in _NOT_WITH.get(letter, "") for letter, _ in options):
        raise Refusal(release.svcs, 2)
    for letter, value in options:
        _check(letter, value)
    if mode == "n":
        text = "svcs: Failed to decode svc:/system/fm/notify-params:default: entity not found\n"
        raise Refusal(text, unsupported="svcs -n")
    if mode in _NEEDS_OPERAND and not patterns:
        raise Refusal(release.svcs, 2)
    return _Run(smf, clock, release, tuple(options), tuple(patterns), mode)


def _check(letter: str, value: str) -> None:
    """Check the value of an option.

    Raises:
        Refusal: It does not do.
    """
    if letter in "sS" and value.upper() not in COLUMNS:
        raise Refusal(f'svcs: Unrecognized sort column "{value}".\n')
    if letter == "R" and not value.startswith("svc:/"):
        raise Refusal(f'svcs: Restarter FMRI "{value}" is invalid.\n')
    if letter == "R" and ":" not in value.removeprefix("svc:/"):
        raise Refusal(f'svcs: Restarter FMRI "{value}" does not designate an instance.\n')
    if letter in "zZ":
        raise Refusal(f"svcs: zone '{value or 'global'}': invalid argument\n", unsupported=f"svcs -{letter}")


def _select(this: _Run, wanted: str = "instances") -> tuple[list[Service], str]:
    """Return the services that operands name, and the complaints about those that name none."""
    found: list[Service] = []
    complaints = ""
    for pattern in this.patterns:
        matches = matching(this.smf, pattern)
        found += matches
        if not matches:
            complaints += f"svcs: Pattern '{pattern}' doesn't match any {wanted}\n"
    return found, complaints


def _help(this: _Run) -> Answer:
    columns = "".join(f"\t{name:<6}  {column.help}\n" for name, column in COLUMNS.items())
    return Answer(this.release.svcs + _HELP + columns)


def _list(this: _Run) -> Answer:
    services, stderr = _select(this)
    status = 1 if stderr else 0
    if not this.patterns:
        everything = this.has("a") or this.has("R")
        services = [one for one in this.smf if everything or one.enabled or one.temporary]
    elif this.has("a"):
        stderr = f"svcs: -a ignored when used with arguments.\n{stderr}"
    restarters = {value for letter, value in this.options if letter == "R"}
    if restarters and _RESTARTER not in restarters:
        services = []
    once = list({one.fmri: one for one in services}.values())
    return Answer(_table(this, once), stderr, status)


def _dependencies(this: _Run) -> Answer:
    services, stderr = _select(this)
    needs = [dependency for one in services for dependency in one.description.dependencies]
    needed = [one for dependency in needs for entity in dependency.entities for one in this.smf.instances(entity)]
    return Answer(_table(this, needed), stderr, 1 if stderr else 0)


def _dependents(this: _Run) -> Answer:
    services, stderr = _select(this, "instances or services")
    others = [other for one in services for other in this.smf.dependents(one.fmri)]
    return Answer(_table(this, others), stderr, 1 if stderr else 0)


def _table(this: _Run, services: list[Service]) -> str:
    columns = this.columns()
    places = this.places()
    shown = bool(_NEXT_STATES & {*columns})
    # The tree that sorts the lines puts one before those it equals: without an order the last comes first.
    lines = [Line(one, places[one.fmri], this.clock.now(), shown) for one in services][::-1]
    for name, backwards in reversed(this.order()):
        lines = sorted(lines, key=COLUMNS[name].key, reverse=backwards)
    text = "" if this.has("H") else header(columns)
    return text + "".join(row(columns, line, processes=this.has("p")) for line in lines)


def _describe(this: _Run) -> Answer:
    services, stderr = _select(this)
    places, processes = this.places(), this.has("p")
    paragraphs = [described(this.smf, one, places[one.fmri], processes=processes) for one in services]
    return Answer("\n".join(paragraphs), stderr, 1 if stderr else 0)


def _logs(this: _Run) -> Answer:
    services, stderr = _select(this)
    return Answer("".join(f"{logfile(one)}\n" for one in services), stderr, 1 if stderr else 0)


def _explain(this: _Run) -> Answer:
    services, stderr = _select(this)
    explanation = Explanation(this.smf, this.release)
    if not this.patterns:
        services = explanation.troubled()
    paragraphs = [explanation.of(one, verbose=this.has("v")) for one in services]
    return Answer("\n".join(paragraphs), stderr, 1 if stderr else 0)


_ANSWERS: Mapping[str, Callable[[_Run], Answer]] = {
    "": _list,
    "?": _help,
    "d": _dependencies,
    "D": _dependents,
    "l": _describe,
    "L": _logs,
    "x": _explain,
}
