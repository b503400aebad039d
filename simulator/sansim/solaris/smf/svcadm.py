"""svcadm: start and stop services, mark and clear them. Source: illumos `svcadm.c`."""

import asyncio
from collections.abc import Callable, Mapping

from attrs import field, frozen

from sansim.program import Answer, Call, Program
from sansim.solaris.login.rights import Right, holds
from sansim.solaris.smf.options import OptionError, parse_options
from sansim.solaris.smf.patterns import is_partial, matching
from sansim.solaris.smf.refusal import Refusal
from sansim.solaris.smf.release import ILLUMOS_SMF, SmfRelease
from sansim.solaris.smf.smf import Service, Smf

__all__ = ["program"]

_POLL = 0.02
"""How long -s waits before it looks again, in seconds of the machine that runs the simulator."""
_FAILED = 3
_MILESTONES = (
    "svc:/milestone/single-user:default",
    "svc:/milestone/multi-user:default",
    "svc:/milestone/multi-user-server:default",
)
_MILESTONE_USAGE = (
    "Usage: svcadm milestone [-d] <milestone>\n\n"
    "\t-d\tmake the specified milestone the default for system boot\n\n"
    "\tMilestones can be specified using an FMRI or abbreviation.\n"
    "\tThe major milestones are as follows:\n\n"
    "\tall\n"
    "\tnone\n"
) + "".join(f"\t{milestone}\n" for milestone in _MILESTONES)
_LETTERS: Mapping[str, str] = {
    "enable": "rst",
    "disable": "st",
    "restart": "d",
    "refresh": "",
    "mark": "It",
    "clear": "",
    "milestone": "d",
}


class _Usage(Exception):
    """The words do not do; the text goes to standard error."""


@frozen
class _Run:
    """One run: what was asked for, and what was printed so far."""

    smf: Smf
    call: Call
    release: SmfRelease
    name: str
    verbose: bool
    state: str | None
    letters: frozenset[str]
    operands: tuple[str, ...]
    _stdout: list[str] = field(factory=list)
    _stderr: list[str] = field(factory=list)
    _statuses: list[int] = field(factory=lambda: [0])

    def say(self, text: str) -> None:
        """Print a line for those who want to be told."""
        if self.verbose:
            self._stdout.append(f"{text}\n")

    def warn(self, text: str, status: int = 1) -> None:
        """Print a line on standard error; the first status but 0 stays, unless a graver one comes."""
        self._stderr.append(f"svcadm: {text}\n")
        self._statuses.append(status)

    @property
    def status(self) -> int:
        """The exit status."""
        return max(self._statuses)

    def answer(self) -> Answer:
        """Return what was printed."""
        return Answer("".join(self._stdout), "".join(self._stderr), self.status)


def program(smf: Smf, release: SmfRelease = ILLUMOS_SMF) -> Program:
    """Return svcadm over the services of a host."""

    async def run(call: Call) -> Answer:
        try:
            this = _parse(smf, call, release)
            if this.name == "milestone":
                return _milestone(this)
            services = _select(this)
            for service in services:
                if _permitted(this, service):
                    _ACTIONS[this.name](this, service)
            if "s" in this.letters and not this.status:
                for service in services:
                    await _wait(this, service.fmri)
        except OptionError as error:
            return Answer(stderr=f"{error}\n{release.svcadm}", status=2)
        except _Usage:
            return Answer(stderr=release.svcadm, status=2)
        except Refusal as refusal:
            return refusal.answer
        return this.answer()

    return run


def _parse(smf: Smf, call: Call, release: SmfRelease) -> _Run:
    """Return what the words ask for.

    Raises:
        OptionError: getopt complains.
        _Usage: They do not do.
        Refusal: They are refused otherwise.
    """
    options, words = parse_options((call.called, *call.argv[1:]), "S:vZz:" if release.zones else "v")
    if not words or words[0] not in _LETTERS:
        raise _Usage
    name = words[0]
    letters = "" if name == "restart" and not release.zones else _LETTERS[name]
    try:
        own, operands = parse_options(("svcadm", *words[1:]), letters)
    except OptionError as error:
        if name == "milestone":
            raise Refusal(f"{error}\n{_MILESTONE_USAGE}", 2) from error
        raise
    if any(letter in "zZ" for letter, _ in options):
        text = "svcadm: Couldn't bind to configuration repository: repository server unavailable.\n"
        raise Refusal(text, unsupported="svcadm -z")
    state = next((value for letter, value in reversed(options) if letter == "S"), None)
    given = frozenset(letter for letter, _ in own)
    verbose = any(letter == "v" for letter, _ in options)
    this = _Run(smf, call, release, name, verbose, state, given, tuple(operands))
    count = len(operands) - (name == "mark")
    if name != "milestone" and (count < 0 or (count == 0) == (state is None)):
        raise _Usage
    return _check_mark(this) if name == "mark" else this


def _check_mark(this: _Run) -> _Run:
    """Return a run of `mark`, whose first operand is the state, with that checked.

    Raises:
        _Usage, Refusal: It is no state that services can be marked with.
    """
    if this.operands[0] == "degraded" and "t" in this.letters:
        raise Refusal("svcadm: -t may not be used with degraded.\n", 2)
    if this.operands[0] not in ("degraded", "maintenance"):
        raise _Usage
    return this


def _select(this: _Run) -> list[Service]:
    """Return the services that operands name, or all that are in the state asked for; complain of the rest."""
    if this.state is not None:
        return [one for one in this.smf if one.state == this.state]
    found: list[Service] = []
    for pattern in this.operands[1:] if this.name == "mark" else this.operands:
        matches = matching(this.smf, pattern)
        if not matches:
            this.warn(f"Pattern '{pattern}' doesn't match any instances")
        elif len(matches) > 1 and is_partial(pattern):
            names = "".join(f"\n\t{service.fmri}" for service in matches)
            this.warn(f"Pattern '{pattern}' matches multiple instances:{names}")
        else:
            found += matches
    return found


def _permitted(this: _Run, service: Service) -> bool:
    """Whether the caller may do it; else say so."""
    authorization = service.description.authorization
    if holds(this.call, Right.MANAGE_SMF) or (authorization is not None and holds(this.call, Right(authorization))):
        return True
    if not this.verbose:
        this.warn(f"{service.fmri}: Permission denied.")
    elif this.name in ("enable", "disable"):
        what = '"restarter_actions/auxiliary_tty" property'
        this.warn(f"{service.fmri}: Couldn't modify {what} (permission denied).")
    else:
        this.warn(f'{service.fmri}: Couldn\'t modify "restarter_actions" property group (permission denied).')
    return False


def _enable(this: _Run, service: Service) -> None:
    temporary = "t" in this.letters
    this.smf.enable(service.fmri, temporary=temporary, recursive="r" in this.letters)
    this.say(f"{service.fmri} {'temporarily ' * temporary}enabled.")


def _disable(this: _Run, service: Service) -> None:
    temporary = "t" in this.letters
    this.smf.disable(service.fmri, temporary=temporary)
    this.say(f"{service.fmri} {'temporarily ' * temporary}disabled.")


def _restart(this: _Run, service: Service) -> None:
    this.smf.restart(service.fmri)
    this.say(f"Action restart set for {service.fmri}.")


def _refresh(this: _Run, service: Service) -> None:
    # What a service reads from its configuration is in force at once here: there is nothing left to read.
    this.say(f"Action refresh set for {service.fmri}.")


def _mark(this: _Run, service: Service) -> None:
    state = this.operands[0]
    if state == "degraded" and this.smf[service.fmri].state != "online":
        this.warn(f'Instance "{service.fmri}" is not online.')
        return
    this.smf.mark(service.fmri, state)
    # -I and -t are read, and then forgotten (source).
    this.say(f"Action {'degraded' if state == 'degraded' else 'maint_on'} set for {service.fmri}.")


def _clear(this: _Run, service: Service) -> None:
    state = this.smf[service.fmri].state
    if state not in ("maintenance", "degraded"):
        this.warn(f'Instance "{service.fmri}" is not in a maintenance or degraded state.')
        return
    this.smf.clear(service.fmri)
    this.say(f"Action {'maint_off' if state == 'maintenance' else 'restore'} set for {service.fmri}.")


_ACTIONS: Mapping[str, Callable[[_Run, Service], None]] = {
    "enable": _enable,
    "disable": _disable,
    "restart": _restart,
    "refresh": _refresh,
    "mark": _mark,
    "clear": _clear,
}


async def _wait(this: _Run, fmri: str) -> None:
    """Wait until a service is where it was sent, or cannot come there."""
    enabling = this.name == "enable"
    while True:
        service = this.smf[fmri]
        if service.running if enabling else service.state == "disabled":
            return
        if service.state == "maintenance" and enabling:
            this.warn(f'Instance "{fmri}" is in maintenance state.', _FAILED)
            return
        if service.wanted != enabling:
            done = "disabled" if enabling else "enabled"
            this.warn(f'Instance "{fmri}" has been {done} by another entity.', _FAILED)
            return
        if enabling and not this.smf.has_potential(fmri):
            this.warn(f'Instance "{fmri}" has unsatisfied dependencies.', this.release.unsatisfied)
            return
        await asyncio.sleep(_POLL)


def _milestone(this: _Run) -> Answer:
    name = this.operands[0] if this.operands else None
    if name is None:
        return Answer(stderr=_MILESTONE_USAGE, status=2)
    if name not in {"all", "none"} and not any(_names(name, milestone) for milestone in _MILESTONES):
        return Answer(stderr=f'"{name}" is not a valid major milestone.\n{_MILESTONE_USAGE}', status=2)
    if not holds(this.call, Right.MANAGE_SMF):
        return Answer(stderr="svcadm: svc:/system/svc/restarter:default: Permission denied.\n")
    if name == "all":
        # A host that runs is there already.
        return Answer()
    text = "svcadm: svc:/system/svc/restarter:default: Repository read-only.\n"
    return Answer(stderr=text, status=1, unsupported=f"svcadm milestone {name}")


def _names(text: str, milestone: str) -> bool:
    """Whether a text is a milestone or a part of it that begins and ends with its elements."""
    place = milestone.find(text)
    if place < 0 or (place and milestone[place - 1] != "/"):
        return False
    return milestone[place + len(text) : place + len(text) + 1] in ("", ":")
