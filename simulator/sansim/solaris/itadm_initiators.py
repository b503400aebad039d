"""itadm's sub-commands for the initiators' records and for the defaults."""

import errno
from collections.abc import Callable, Mapping

from attrs import evolve

from sansim.solaris.iscsit_model import Defaults, Initiator, IscsitError, IscsitRefusal, parse_portal
from sansim.solaris.itadm_console import Failure, Run

__all__ = ["INITIATOR_COMMANDS"]

_NAME_COLUMN = 61
_USER_COLUMN = 15
_RADIUS_PORT = 1812
_DEFAULT_TEXTS = {
    IscsitRefusal.INVALID_AUTHENTICATION: "auth: must be none, chap or radius",
    IscsitRefusal.INVALID_PORTAL: "{}: invalid address",
    IscsitRefusal.MISSING_PROPERTY: "{}: missing required property",
}


def _create(this: Run) -> None:
    iscsit = this.changing()
    (name,) = this.parsed.operands
    if not name.startswith(("iqn.", "eui.")):
        raise Failure(f"Invalid name {name}")
    try:
        iscsit.initiators.create(name, this.parsed.value("u"), this.secrets.get("S"))
    except IscsitError as error:
        if error.refusal is IscsitRefusal.EXISTS:
            raise Failure(f"Initiator {error.subject} already exists") from error
        raise Failure(f"Invalid iSCSI name {name}", errno.EFAULT) from error


def _modify(this: Run) -> None:
    (name,) = this.parsed.operands
    try:
        this.changing().initiators.modify(name, this.parsed.value("u"), this.secrets.get("S"))
    except IscsitError as error:
        raise Failure(f"Error, initiator {name} not found", errno.ENOENT) from error


def _delete(this: Run) -> None:
    (name,) = this.parsed.operands
    try:
        this.changing().initiators.delete(name)
    except IscsitError as error:
        raise Failure(f"Initiator {name} not found", 1) from error


def _list(this: Run) -> None:
    initiators = this.reading().initiators
    wanted = list(initiators)[::-1]
    if this.parsed.operands:
        (name,) = this.parsed.operands
        record = initiators.get(name)
        if record is None:
            raise Failure(f"Initiator {name} not found!", 1)
        wanted = [record]
    parsable = this.parsed.value("p") is not None
    if wanted and not parsable:
        this.out(f"{'INITIATOR NAME':<61}{'CHAPUSER':<10}{'SECRET':<7}")
    for record in wanted:
        this.out(_parsable(record) if parsable else _row(record))


def _parsable(record: Initiator) -> str:
    return "\t".join((record.name, record.chap_user or "<none>", _set(record.chap_secret)))


def _row(record: Initiator) -> str:
    user = record.chap_user or "<none>"
    name_gap = "\t" if len(record.name) >= _NAME_COLUMN else ""
    user_gap = "\t" if len(user) >= _USER_COLUMN else ""
    return f"{record.name:<61}{name_gap}{user:<15}{user_gap}{_set(record.chap_secret):<4}"


def _set(secret: str | None) -> str:
    return "unset" if secret is None else "set"


def _modify_defaults(this: Run) -> None:
    iscsit = this.changing()
    if not this.parsed.options:
        raise Failure("Error, no properties specified")
    try:
        iscsit.change_defaults(lambda defaults: _changed(this, defaults))
    except IscsitError as error:
        text = _DEFAULT_TEXTS[error.refusal].format(error.subject)
        raise Failure(f"Error setting global properties: 22\n\t{text}") from error


def _changed(this: Run, defaults: Defaults) -> Defaults:
    for letter, value in this.parsed.options:
        if letter == "a":
            defaults = evolve(defaults, authentication=value)
        elif letter == "r":
            try:
                defaults = evolve(defaults, radius_server=parse_portal(value, _RADIUS_PORT))
            except IscsitError as error:
                raise IscsitError(error.refusal, "radiusserver") from error
        elif letter == "D":
            defaults = evolve(defaults, radius_secret=this.secrets["D"])
        elif letter == "i":
            defaults = evolve(defaults, isns="enable".startswith(value))
        elif letter == "I":
            defaults = evolve(defaults, isns_servers=_isns_servers(value))
    return defaults


def _isns_servers(text: str) -> tuple[str, ...]:
    servers = tuple(text.split(","))
    if "none" in {server.lower() for server in servers}:
        return ()
    for server in servers:
        parse_portal(server)
    return servers


def _list_defaults(this: Run) -> None:
    defaults = this.reading().defaults
    rows = (
        ("alias:", defaults.alias or "<none>"),
        ("auth:", defaults.authentication or "<none>"),
        ("radiusserver:", defaults.radius_server or "<none>"),
        ("radiussecret:", _set(defaults.radius_secret)),
        ("isns:", "enabled" if defaults.isns else "disabled"),
        ("isnsserver:", ",".join(defaults.isns_servers) or "<none>"),
    )
    if this.parsed.value("p") is not None:
        this.out("\t".join(value for _, value in rows))
        return
    this.out("iSCSI Target Default Properties:\n")
    for label, value in rows:
        this.out(f"{label:<15}\t{value}")


INITIATOR_COMMANDS: Mapping[str, Callable[[Run], None]] = {
    "create-initiator": _create,
    "modify-initiator": _modify,
    "list-initiator": _list,
    "delete-initiator": _delete,
    "modify-defaults": _modify_defaults,
    "list-defaults": _list_defaults,
}
