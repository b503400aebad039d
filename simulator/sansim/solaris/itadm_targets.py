"""itadm's sub-commands for targets."""

import errno
from collections.abc import Callable, Mapping

from sansim.solaris.iscsit_model import Defaults, IscsiTarget, IscsitError, IscsitRefusal, TargetChanges
from sansim.solaris.iscsit_targets import MAXIMUM
from sansim.solaris.itadm_console import Failure, Run, Texts

__all__ = ["TARGET_COMMANDS", "explain"]

_NAME_COLUMN = 61

_BAD_AUTH = (
    "Error setting target properties: 22\n\t{}: must be none, chap, radius or default",
    errno.EINVAL,
)
_CREATE_TEXTS: Texts = {
    IscsitRefusal.INVALID_NAME: ("Invalid iSCSI name {}", errno.EFAULT),
    IscsitRefusal.EXISTS: ("iSCSI target {} already configured", errno.EEXIST),
    IscsitRefusal.TOO_MANY_TARGETS: (f"Maximum of {MAXIMUM} iSCSI targets", errno.E2BIG),
    IscsitRefusal.UNKNOWN_PORTAL_GROUP: ("Invalid tpg-tag {}, tag not defined", 1),
    IscsitRefusal.INVALID_AUTHENTICATION: _BAD_AUTH,
}
_MODIFY_TEXTS: Texts = {
    IscsitRefusal.INVALID_NAME: ("Invalid iSCSI name {}", 1),
    IscsitRefusal.EXISTS: ("A target with name {} already exists", 1),
    IscsitRefusal.NOT_FOUND: ("Target {} not found", errno.EINVAL),
    IscsitRefusal.UNKNOWN_PORTAL_GROUP: ("Invalid tpg-name {}: not defined", 1),
    IscsitRefusal.INVALID_AUTHENTICATION: _BAD_AUTH,
}
_DELETE_TEXTS: Texts = {
    IscsitRefusal.NOT_FOUND: ("Target {} not found", 1),
    IscsitRefusal.BUSY: (
        "The target is online or busy. Use the -f (force) option, or 'stmfadm offline-target {}'",
        errno.EBUSY,
    ),
}
_LIST_TEXTS: Texts = {IscsitRefusal.NOT_FOUND: ("Target {} not found!", 1)}


def explain(error: IscsitError, texts: Texts) -> Failure:
    """Return a refusal in a sub-command's words."""
    text, number = texts[error.refusal]
    return Failure(text.format(error.subject), number)


def _changes(this: Run) -> TargetChanges:
    groups = this.parsed.value("t")
    return TargetChanges(
        authentication=this.parsed.value("a"),
        alias=this.parsed.value("l"),
        chap_user=this.parsed.value("u"),
        chap_secret=this.secrets.get("S"),
        groups=None if groups is None else tuple(groups.split(",")),
    )


def _create(this: Run) -> None:
    iscsit = this.changing()
    name = this.parsed.value("n")
    if name is not None and not name.startswith(("iqn.", "eui.")):
        raise Failure(f"Invalid name {name}")
    try:
        target = iscsit.targets.create(name, _changes(this))
    except IscsitError as error:
        raise explain(error, _CREATE_TEXTS) from error
    this.out(f"Target {target.name} successfully created")


def _modify(this: Run) -> None:
    (name,) = this.parsed.operands
    try:
        target = this.changing().targets.modify(name, this.parsed.value("n"), _changes(this))
    except IscsitError as error:
        raise explain(error, _MODIFY_TEXTS) from error
    this.out(f"Target {target.name} successfully modified")


def _delete(this: Run) -> None:
    (name,) = this.parsed.operands
    try:
        this.changing().targets.delete(name, force=this.parsed.value("f") is not None)
    except IscsitError as error:
        raise explain(error, _DELETE_TEXTS) from error


def _list(this: Run) -> None:
    iscsit = this.reading()
    try:
        targets = [iscsit.targets[name] for name in this.parsed.operands] or list(iscsit.targets)[::-1]
    except IscsitError as error:
        if this.parsed.operands:
            raise explain(error, _LIST_TEXTS) from error
        raise
    verbose = this.parsed.value("v") is not None
    if this.parsed.value("p") is not None:
        for target in targets:
            state, sessions = _state(this, target)
            fields = [target.name, state, str(sessions)]
            this.out("\t".join(fields + (_verbose(target, iscsit.defaults) if verbose else [])))
        return
    if targets:
        this.out(f"{'TARGET NAME':<61}{'STATE':<9}{'SESSIONS':<9}")
    for target in targets:
        state, sessions = _state(this, target)
        gap = "\t" if len(target.name) >= _NAME_COLUMN else ""
        this.out(f"{target.name:<61}{gap}{state:<9}{sessions:<9d}")
        if verbose:
            labels = ("alias:", "auth:", "targetchapuser:", "targetchapsecret:", "tpg-tags:")
            for label, value in zip(labels, _verbose(target, iscsit.defaults), strict=True):
                this.out(f"\t{label:<20}\t{value}")


def _state(this: Run, target: IscsiTarget) -> tuple[str, int]:
    if target.name not in this.stmf.ports:
        return "-", 0
    online = this.stmf.ports[target.name].online
    return "online" if online else "offline", len(this.stmf.ports.sessions(target.name))


def _verbose(target: IscsiTarget, defaults: Defaults) -> list[str]:
    """Return alias, auth, CHAP user, CHAP secret and tags; an own auth prints with a trailing blank."""
    origin = "" if target.authentication else "(defaults)"
    return [
        target.alias or defaults.alias or "-",
        f"{target.authentication or defaults.authentication or 'none'} {origin}",
        target.chap_user or "-",
        "unset" if target.chap_secret is None else "set",
        ",".join(f"{tag.group} = {tag.number}" for tag in target.tags) or "default",
    ]


TARGET_COMMANDS: Mapping[str, Callable[[Run], None]] = {
    "create-target": _create,
    "modify-target": _modify,
    "delete-target": _delete,
    "list-target": _list,
}
