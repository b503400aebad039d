"""itadm's sub-commands for what holds for targets that say nothing of their own.

Source: illumos `itadm.c`, `libiscsit.c`.
"""

from collections.abc import Awaitable, Callable, Mapping

from attrs import evolve

from sansim.solaris.iscsit.model import AUTHENTICATIONS, Defaults, IscsitError, parse_portal
from sansim.solaris.itadm.console import Failure, PropertyErrors, Run

__all__ = ["DEFAULTS_COMMANDS"]

_RADIUS_PORT = 1812
_ISNS_PORT = 3205
_KNOWN = frozenset({"alias", "auth", "isns", "isnsserver", "radiusserver", "radiussecret"})
_START = "Error setting global properties: "


async def _modify(this: Run) -> None:
    this.may_change()
    if not this.properties:
        raise Failure("Error, no properties specified")
    loaded = await this.load()
    errors: PropertyErrors = []
    defaults = loaded.configuration.defaults
    for name, value in this.properties.items():
        defaults = _changed(defaults, name, value, errors)
    if defaults.authentication == "radius":
        missing = (("radiusserver", defaults.radius_server), ("radiussecret", defaults.radius_secret))
        errors += [(name, "missing required property") for name, value in missing if value is None]
    if errors:
        raise Failure.of_properties(_START, errors)
    servers = this.properties.get("isnsserver")
    if servers is not None:
        defaults = evolve(defaults, isns_servers=_isns_servers(servers))
    await this.commit(loaded, evolve(loaded.configuration, defaults=defaults))


def _changed(defaults: Defaults, name: str, value: str, errors: PropertyErrors) -> Defaults:
    """Return the defaults with a property changed, or as they are, with what is wrong added to `errors`."""
    if name not in _KNOWN:
        errors.append((name, "unrecognized property"))
    elif name == "alias":
        return evolve(defaults, alias=None if value.lower() == "none" else value)
    elif name == "auth":
        if value not in AUTHENTICATIONS:
            errors.append((name, "must be none, chap or radius"))
        return evolve(defaults, authentication=value)
    elif name == "isns":
        return evolve(defaults, isns=value == "enable")
    elif name == "radiussecret":
        return evolve(defaults, radius_secret=value)
    elif name == "radiusserver":
        return _with_radius(defaults, value, errors)
    else:
        errors += [(server, "invalid address") for server in _bad_servers(value)]
    return defaults


def _with_radius(defaults: Defaults, server: str, errors: PropertyErrors) -> Defaults:
    if server.lower() == "none":
        return evolve(defaults, radius_server=None)
    try:
        return evolve(defaults, radius_server=parse_portal(server, _RADIUS_PORT))
    except IscsitError:
        errors.append(("radiusserver", "invalid address"))
        return evolve(defaults, radius_server=server)


def _bad_servers(text: str) -> list[str]:
    """Return the addresses that are none, from the last on; what stands before `none` is not looked at."""
    bad: list[str] = []
    for server in reversed(text.split(",")):
        if server.lower() == "none":
            break
        try:
            parse_portal(server, 0)
        except IscsitError:
            bad.append(server)
    return bad


def _isns_servers(text: str) -> tuple[str, ...]:
    """Return the servers with their ports, each once; `none` in the first place clears them.

    Raises:
        Failure: What stood before `none` is no address, or `none` stands among addresses.
    """
    servers = text.split(",")
    if servers[0].lower() == "none":
        return ()
    try:
        return tuple(dict.fromkeys(parse_portal(server, _ISNS_PORT) for server in servers))
    except IscsitError as error:
        raise Failure.of_properties(_START, []) from error


async def _list(this: Run) -> None:
    defaults = this.read().defaults
    rows = (
        ("alias:", defaults.alias or "<none>"),
        ("auth:", defaults.authentication or "<none>"),
        ("radiusserver:", defaults.radius_server or "<none>"),
        ("radiussecret:", "unset" if defaults.radius_secret is None else "set"),
        ("isns:", "enabled" if defaults.isns else "disabled"),
        ("isnsserver:", ",".join(defaults.isns_servers) or "<none>"),
    )
    if this.has("p"):
        this.out("\t".join(value for _, value in rows))
        return
    this.out("iSCSI Target Default Properties:\n")
    for label, value in rows:
        this.out(f"{label:<15}\t{value}")


DEFAULTS_COMMANDS: Mapping[str, Callable[[Run], Awaitable[None]]] = {
    "modify-defaults": _modify,
    "list-defaults": _list,
}
