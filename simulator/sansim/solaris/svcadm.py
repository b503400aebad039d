"""svcadm: enable, disable and restart services. Source: illumos `svcadm.c`."""

from collections.abc import Callable, Mapping

from sansim.program import Answer, Call, Program
from sansim.solaris.rights import Right, holds
from sansim.solaris.smf import Service, Smf
from sansim.solaris.smf_options import OptionError, parse_options

__all__ = ["program"]

_USAGE = """\
Usage: svcadm [-v] [cmd [args ... ]]

\tsvcadm enable [-rst] <service> ...\t- enable and online service(s)
\tsvcadm disable [-st] <service> ...\t- disable and offline service(s)
\tsvcadm restart <service> ...\t\t- restart specified service(s)
\tsvcadm refresh <service> ...\t\t- re-read service configuration
\tsvcadm mark [-It] <state> <service> ...\t- set maintenance state
\tsvcadm clear <service> ...\t\t- clear maintenance state
\tsvcadm milestone [-d] <milestone>\t- advance to a service milestone

\tServices can be specified using an FMRI, abbreviation, or fnmatch(5)
\tpattern, as shown in these examples for svc:/network/smtp:sendmail

\tsvcadm <cmd> svc:/network/smtp:sendmail
\tsvcadm <cmd> network/smtp:sendmail
\tsvcadm <cmd> network/*mail
\tsvcadm <cmd> network/smtp
\tsvcadm <cmd> smtp:sendmail
\tsvcadm <cmd> smtp
\tsvcadm <cmd> sendmail
"""
_DEPENDENCY_STATUS = 3

_Action = Callable[[Smf, str, frozenset[str]], Answer]


def _enable(smf: Smf, fmri: str, letters: frozenset[str]) -> Answer:
    smf.enable(fmri, temporary="t" in letters, recursive="r" in letters)
    if "s" in letters and not smf.satisfied(fmri):
        text = f'svcadm: Instance "{fmri}" has unsatisfied dependencies.\n'
        return Answer(stderr=text, status=_DEPENDENCY_STATUS)
    return Answer()


def _disable(smf: Smf, fmri: str, letters: frozenset[str]) -> Answer:
    smf.disable(fmri, temporary="t" in letters)
    return Answer()


def _restart(smf: Smf, fmri: str, letters: frozenset[str]) -> Answer:  # noqa: ARG001 - an action
    smf.restart(fmri)
    return Answer()


def _refresh(smf: Smf, fmri: str, letters: frozenset[str]) -> Answer:  # noqa: ARG001 - an action
    return Answer()


def _clear(smf: Smf, fmri: str, letters: frozenset[str]) -> Answer:  # noqa: ARG001 - an action
    text = f'svcadm: Instance "{fmri}" is not in a maintenance or degraded state.\n'
    return Answer(stderr=text, status=1)


_ACTIONS: Mapping[str, tuple[str, _Action]] = {
    "enable": ("rst", _enable),
    "disable": ("st", _disable),
    "restart": ("", _restart),
    "refresh": ("", _refresh),
    "clear": ("", _clear),
}


def program(smf: Smf) -> Program:
    """Return svcadm over the services of a host."""

    async def run(call: Call) -> Answer:
        try:
            _, words = parse_options(call.argv, "v")
            name = words[0] if words else ""
            if name not in _ACTIONS:
                return Answer(stderr=_USAGE, status=2)
            letters, action = _ACTIONS[name]
            options, patterns = parse_options(("svcadm", *words[1:]), letters)
        except OptionError as error:
            return Answer(stderr=f"{error}\n{_USAGE}", status=2)
        if not patterns:
            return Answer(stderr=_USAGE, status=2)
        given = frozenset(letter for letter, _ in options)
        answers = [_apply(smf, call, pattern, action, given) for pattern in patterns]
        stderr = "".join(answer.stderr for answer in answers)
        return Answer(stderr=stderr, status=max(answer.status for answer in answers))

    return run


def _apply(smf: Smf, call: Call, pattern: str, action: _Action, letters: frozenset[str]) -> Answer:
    found = smf.find(pattern)
    if not found:
        return Answer(stderr=f"svcadm: Pattern '{pattern}' doesn't match any instances\n", status=1)
    if len(found) > 1 and not set(pattern) & set("*?["):
        return Answer(stderr=_ambiguous(pattern, found), status=1)
    if not holds(call, Right.MANAGE_SMF):
        denied = "".join(f"svcadm: {service.fmri}: Permission denied.\n" for service in found)
        return Answer(stderr=denied, status=1)
    answers = [action(smf, service.fmri, letters) for service in found]
    return Answer(
        stderr="".join(answer.stderr for answer in answers),
        status=max(answer.status for answer in answers),
    )


def _ambiguous(pattern: str, found: list[Service]) -> str:
    names = "".join(f"\t{service.fmri}\n" for service in found)
    return f"svcadm: Pattern '{pattern}' matches multiple instances:\n{names}"
