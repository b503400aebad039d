"""svcprop: properties of services. Source: illumos `svcprop.c`; which properties there are is a choice."""

from sansim.program import Answer, Call, Program
from sansim.solaris.smf import Service, Smf
from sansim.solaris.smf_options import OptionError, parse_options

__all__ = ["program"]

_USAGE = """\
Usage: svcprop [-fqtv] [-C | -c | -s snapshot] [-p [name/]name]... 
         {FMRI | pattern}...
       svcprop -w [-fqtv] [-p [name/]name] {FMRI | pattern}
"""  # noqa: W291 - the blank is printed

_Property = tuple[str, str, str]


def _properties(service: Service) -> list[_Property]:
    """Return name, type and value of a service's properties."""
    found = [
        ("general/enabled", "boolean", _boolean(service.enabled)),
        ("restarter/state", "astring", service.state),
        ("restarter/next_state", "astring", "none"),
        ("restarter/state_timestamp", "time", f"{service.since.timestamp():.9f}"),
    ]
    if service.temporary is not None:
        found.append(("general_ovr/enabled", "boolean", _boolean(service.temporary)))
    return found


def _boolean(value: bool) -> str:  # noqa: FBT001 - it is what is converted
    return "true" if value else "false"


def program(smf: Smf) -> Program:
    """Return svcprop over the services of a host."""

    async def run(call: Call) -> Answer:
        try:
            options, patterns = parse_options(call.argv, "cCfqtvp:s:")
        except OptionError as error:
            return Answer(stderr=f"{error}\n{_USAGE}", status=2)
        if not patterns:
            return Answer(stderr=_USAGE, status=2)
        letters = {letter for letter, _ in options}
        names = [value for letter, value in options if letter == "p"]
        services: list[Service] = []
        for pattern in patterns:
            found = smf.find(pattern)
            if not found:
                text = f"svcprop: Pattern '{pattern}' doesn't match any instances\n"
                return Answer(stderr="" if "q" in letters else text, status=1)
            services.extend(found)
        lines: list[str] = []
        for service in services:
            chosen, missing = _choose(service, names)
            if missing:
                return Answer(stderr="" if "q" in letters else missing, status=1)
            bare = len(services) == 1 and len(names) == 1 and len(chosen) == 1 and "t" not in letters
            if bare and chosen[0][0] == names[0]:
                lines.append(chosen[0][2])
            else:
                prefix = f"{service.fmri}/:properties/" if len(services) > 1 or "f" in letters else ""
                lines += [f"{prefix}{name} {kind} {value}" for name, kind, value in chosen]
        return Answer(stdout="" if "q" in letters else "".join(f"{line}\n" for line in lines))

    return run


def _choose(service: Service, names: list[str]) -> tuple[list[_Property], str]:
    """Return the properties that are asked for, and the complaint if one is missing."""
    known = _properties(service)
    chosen: list[_Property] = []
    for name in names:
        group, _, item = name.partition("/")
        here = [one for one in known if one[0].startswith(f"{group}/") and item in ("", one[0].partition("/")[2])]
        if not here:
            kind = "property" if any(one[0].startswith(f"{group}/") for one in known) else "property group"
            wanted = name if kind == "property" else group
            return [], f"svcprop: Couldn't find {kind} `{wanted}' for instance `{service.fmri}'.\n"
        chosen += here
    return chosen if names else known, ""
