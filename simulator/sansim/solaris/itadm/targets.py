"""itadm's sub-commands for targets. Source: illumos `itadm.c`, `libiscsit.c`."""

import errno
from collections.abc import Awaitable, Callable, Mapping

from sansim.solaris.iscsit.changes import MAXIMUM, add_target, change_target, remove_target
from sansim.solaris.iscsit.model import (
    AUTHENTICATIONS,
    Configuration,
    Defaults,
    IscsiTarget,
    IscsitError,
    IscsitRefusal,
    TargetChanges,
)
from sansim.solaris.itadm.console import Failure, PropertyErrors, Run, Texts
from sansim.solaris.login.rights import Right, holds
from sansim.solaris.stmf.errors import StmfError

__all__ = ["TARGET_COMMANDS"]

_NAME_COLUMN = 61
_KNOWN = frozenset({"auth", "alias", "targetchapuser", "targetchapsecret", "tpg-tag"})
_CREATE_TEXTS: Texts = {
    IscsitRefusal.INVALID_NAME: ("Invalid iSCSI name {}", errno.EFAULT),
    IscsitRefusal.EXISTS: ("iSCSI target {} already configured", errno.EEXIST),
    IscsitRefusal.TOO_MANY_TARGETS: (f"Maximum of {MAXIMUM} iSCSI targets", errno.E2BIG),
    IscsitRefusal.UNKNOWN_PORTAL_GROUP: ("Invalid tpg-tag {}, tag not defined", 1),
}
_MODIFY_TEXTS: Texts = {
    IscsitRefusal.INVALID_NAME: ("Invalid iSCSI name {}", 1),
    IscsitRefusal.EXISTS: ("A target with name {} already exists", 1),
    IscsitRefusal.NOT_FOUND: ("Target {} not found", errno.EINVAL),
    IscsitRefusal.UNKNOWN_PORTAL_GROUP: ("Invalid tpg-name {}: not defined", 1),
    IscsitRefusal.TOO_MANY_TAGS: ("Error, no portal tag available", errno.E2BIG),
}


async def _create(this: Run) -> None:
    this.may_change()
    name = this.parsed.value("n")
    if name is not None and not name.startswith(("iqn.", "eui.")):
        raise Failure(f"Invalid name {name}")
    loaded = await this.load()
    try:
        changed = add_target(loaded.configuration, name or this.iscsit.new_name(), _changes(this))
    except IscsitError as error:
        raise _explained(this, error, _CREATE_TEXTS, "") from error
    _check_properties(this, "Error setting target properties" + (": " if this.release.worded else ", "))
    await this.commit(loaded, changed)
    this.out(f"Target {changed.targets[0].name} successfully created")


async def _modify(this: Run) -> None:
    this.may_change()
    loaded = await this.load()
    (name,) = this.parsed.operands
    new_name = this.parsed.value("n")
    try:
        changed = change_target(loaded.configuration, name, new_name, _changes(this))
    except IscsitError as error:
        raise _explained(this, error, _MODIFY_TEXTS, " ") from error
    _check_properties(this, "Error setting target properties: ")
    await this.commit(loaded, changed)
    target = changed.target(new_name or name)
    this.out(f"Target {target.name if target else name} successfully modified")


async def _delete(this: Run) -> None:
    this.may_change()
    loaded = await this.load()
    (name,) = this.parsed.operands
    target = loaded.configuration.target(name)
    if target is None:
        raise Failure(f"Target {name} not found", 1)
    changed = remove_target(loaded.configuration, target)
    # At once: a target that was only taken offline would stay so.
    with this.stmf.change():
        if not _offline(this, target):
            text = f"The target is online or busy. Use the -f (force) option, or 'stmfadm offline-target {name}'"
            raise Failure(text, errno.EBUSY)
        this.hand_over(changed)
    await this.save(loaded, changed)


async def _list(this: Run) -> None:
    configuration = this.read()
    targets: tuple[IscsiTarget, ...] = configuration.targets
    if this.parsed.operands:
        (name,) = this.parsed.operands
        found = configuration.target(name)
        if found is None:
            raise Failure(f"Target {name} not found!{this.release.not_found}", 1)
        targets = (found,)
    if targets and not this.has("p"):
        this.out(f"{'TARGET NAME':<61}{'STATE':<9}{'SESSIONS':<9}")
    for target in targets:
        _show(this, target, configuration)


TARGET_COMMANDS: Mapping[str, Callable[[Run], Awaitable[None]]] = {
    "create-target": _create,
    "modify-target": _modify,
    "delete-target": _delete,
    "list-target": _list,
}


def _changes(this: Run) -> TargetChanges:
    """Return what options say; an authentication that is none is left out here, and refused later."""
    given = this.properties
    groups = given.get("tpg-tag")
    authentication = given.get("auth")
    return TargetChanges(
        authentication=None if _wrong(authentication) else authentication,
        alias=given.get("alias"),
        chap_user=given.get("targetchapuser"),
        chap_secret=given.get("targetchapsecret"),
        groups=None if groups is None else tuple(groups.split(",")),
    )


def _wrong(authentication: str | None) -> bool:
    return authentication is not None and authentication not in AUTHENTICATIONS | {"default"}


def _check_properties(this: Run, start: str) -> None:
    """Check what options say as properties.

    Raises:
        Failure: One has no such value, or is none of a target.
    """
    errors: PropertyErrors = []
    for name, value in this.properties.items():
        if name not in _KNOWN:
            errors.append((name, "unrecognized property"))
        elif name == "auth" and _wrong(value):
            errors.append((value, "must be none, chap, radius or default"))
    if errors:
        raise Failure.of_properties(start, errors)


def _explained(this: Run, error: IscsitError, texts: Texts, gap: str) -> Failure:
    """Return a refusal in a sub-command's words; before 2014 one of them had lost a blank."""
    if error.refusal is IscsitRefusal.TAG_EXISTS:
        if this.release.worded:
            return this.failure(f"Could not add target portal group tag {error.subject}", errno.EEXIST)
        text = f"Could not add target portal group{gap}tag {error.subject}, error {errno.EEXIST}"
        return Failure(text, errno.EEXIST)
    text, number = texts[error.refusal]
    return Failure(text.format(error.subject), number)


def _offline(this: Run, target: IscsiTarget) -> bool:
    """Take a target offline if this is forced, and return whether it may go: it is not online."""
    ports = this.stmf.ports
    if not holds(this.call, Right.SYS_DEVICES) or target.name not in ports or not ports[target.name].online:
        return True
    if not this.has("f"):
        return False
    try:
        ports.offline(target.name)
    except StmfError:
        return False
    return True


def _show(this: Run, target: IscsiTarget, configuration: Configuration) -> None:
    state, sessions = _state(this, target)
    details = _details(target, configuration.defaults) if this.has("v") else []
    if this.has("p"):
        this.out("\t".join([target.name, state, str(sessions), *details]))
        return
    gap = "\t" if len(target.name) >= _NAME_COLUMN else ""
    this.out(f"{target.name:<61}{gap}{state:<9}{sessions:<9d}")
    labels = ("alias:", "auth:", "targetchapuser:", "targetchapsecret:", "tpg-tags:")
    for label, value in zip(labels, details, strict=False):
        this.out(f"\t{label:<20}\t{value}")


def _state(this: Run, target: IscsiTarget) -> tuple[str, int]:
    """Return a target's state and the number of its sessions, as far as the caller may ask the stmf service."""
    if not holds(this.call, Right.SYS_DEVICES) or target.name not in this.stmf.ports:
        return "-", 0
    online = this.stmf.ports[target.name].online
    return "online" if online else "offline", len(this.stmf.ports.sessions(target.name))


def _details(target: IscsiTarget, defaults: Defaults) -> list[str]:
    """Return alias, auth, CHAP user, CHAP secret and tags; an own auth prints with a trailing blank."""
    origin = "" if target.authentication else "(defaults)"
    return [
        target.alias or defaults.alias or "-",
        f"{target.authentication or defaults.authentication or 'none'} {origin}",
        target.chap_user or "-",
        "unset" if target.chap_secret is None else "set",
        ",".join(f"{tag.group} = {tag.number}" for tag in target.tags) or "default",
    ]
