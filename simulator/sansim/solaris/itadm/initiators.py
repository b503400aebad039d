"""itadm's sub-commands for the initiators' records. Source: illumos `itadm.c`, `libiscsit.c`."""

import errno
from collections.abc import Awaitable, Callable, Mapping

from sansim.solaris.iscsit.changes import add_initiator, change_initiator, remove_initiator
from sansim.solaris.iscsit.model import Initiator, IscsitError, IscsitRefusal
from sansim.solaris.itadm.console import Failure, PropertyErrors, Run

__all__ = ["INITIATOR_COMMANDS"]

_NAME_COLUMN = 61
_USER_COLUMN = 15
_KNOWN = frozenset({"chapuser", "chapsecret"})


async def _create(this: Run) -> None:
    this.may_change()
    (name,) = this.parsed.operands
    if not name.startswith(("iqn.", "eui.")):
        raise Failure(f"Invalid name {name}")
    loaded = await this.load()
    try:
        changed = add_initiator(loaded.configuration, name, *_given(this))
    except IscsitError as error:
        if error.refusal is IscsitRefusal.EXISTS:
            raise Failure(f"Initiator {error.subject} already exists") from error
        raise Failure(f"Invalid iSCSI name {name}", errno.EFAULT) from error
    _check_properties(this)
    await this.commit(loaded, changed)


async def _modify(this: Run) -> None:
    this.may_change()
    loaded = await this.load()
    (name,) = this.parsed.operands
    try:
        changed = change_initiator(loaded.configuration, name, *_given(this))
    except IscsitError as error:
        raise Failure(f"Error, initiator {name} not found{this.release.period}", errno.ENOENT) from error
    _check_properties(this)
    if this.properties:
        await this.commit(loaded, changed)


async def _delete(this: Run) -> None:
    this.may_change()
    loaded = await this.load()
    (name,) = this.parsed.operands
    try:
        changed = remove_initiator(loaded.configuration, name)
    except IscsitError as error:
        raise Failure(f"Initiator {name} not found", 1) from error
    await this.commit(loaded, changed)


async def _list(this: Run) -> None:
    configuration = this.read()
    records: tuple[Initiator, ...] = configuration.initiators
    if this.parsed.operands:
        (name,) = this.parsed.operands
        found = configuration.initiator(name)
        if found is None:
            raise Failure(f"Initiator {name} not found!", 1)
        records = (found,)
    if records and not this.has("p"):
        this.out(f"{'INITIATOR NAME':<61}{'CHAPUSER':<10}{'SECRET':<7}")
    for record in records:
        this.out(_parsable(record) if this.has("p") else _row(record))


INITIATOR_COMMANDS: Mapping[str, Callable[[Run], Awaitable[None]]] = {
    "create-initiator": _create,
    "modify-initiator": _modify,
    "list-initiator": _list,
    "delete-initiator": _delete,
}


def _given(this: Run) -> tuple[str | None, str | None]:
    return this.properties.get("chapuser"), this.properties.get("chapsecret")


def _check_properties(this: Run) -> None:
    errors: PropertyErrors = [(name, "unrecognized property") for name in this.properties if name not in _KNOWN]
    if errors:
        raise Failure.of_properties("Error setting initiator properties: ", errors)


def _parsable(record: Initiator) -> str:
    return "\t".join((record.name, record.chap_user or "<none>", _set(record.chap_secret)))


def _row(record: Initiator) -> str:
    user = record.chap_user or "<none>"
    name_gap = "\t" if len(record.name) >= _NAME_COLUMN else ""
    user_gap = "\t" if len(user) >= _USER_COLUMN else ""
    return f"{record.name:<61}{name_gap}{user:<15}{user_gap}{_set(record.chap_secret):<4}"


def _set(secret: str | None) -> str:
    return "unset" if secret is None else "set"
