"""`zfs set` and `zfs inherit` (source: illumos zfs_main.c, libzfs_dataset.c)."""

import os
from collections.abc import Sequence

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.model import Dataset, Snapshot
from sansim.solaris.pools.permissions import for_properties
from sansim.solaris.pools.received import revert
from sansim.solaris.zfs.command import ANY, Failure, Run, UsageError
from sansim.solaris.zfs.iterate import Scope, select_holders
from sansim.solaris.zfs.names import is_user_property
from sansim.solaris.zfs.properties import Edit, Property
from sansim.solaris.zfs.settings import Unfit, apply, parse_pair, read_changes

__all__ = ["inherit", "set_properties"]

_CLEARED_BY_NONE = ("quota", "refquota", "reservation", "refreservation")
_MINUS_ONE = 255
"""The status of a program that returns -1."""

_LONGEST_VALUE = 8192
"""Bytes that the kernel keeps for a value, its end counted; libzfs lets it judge those of user properties."""

_NEVER_RECEIVED = ("volsize", "version")


def set_properties(run: Run, arguments: Sequence[str]) -> None:
    """Set properties of datasets."""
    pairs, operands = _read_arguments(run, arguments)
    items, complete = select_holders(run, operands, Scope(ANY, paths=False))
    for item in items:
        try:
            _set(run, item, pairs)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    if not complete:
        raise Failure("")


def _read_arguments(run: Run, arguments: Sequence[str]) -> tuple[dict[str, int | str], list[str]]:
    if arguments and arguments[0].startswith("-"):
        raise UsageError(f"invalid option '{arguments[0][1:2]}'")
    wording = run.release.wording
    if not arguments:
        raise UsageError(wording.nothing_to_set)
    if len(arguments) == 1:
        raise UsageError(wording.nobody_to_set if "=" in arguments[0] else wording.no_pair)
    if not run.release.many_properties:
        return _read_pair(arguments[0]), list(arguments[1:])
    first = next((place for place, word in enumerate(arguments) if "=" not in word), None)
    if first is None:
        raise UsageError(wording.nobody_to_set)
    if any("=" in word for word in arguments[first:]):
        raise UsageError("invalid argument order")
    pairs: dict[str, int | str] = {}
    for word in arguments[:first]:
        parse_pair(run.release, pairs, word, _MINUS_ONE)
    return pairs, list(arguments[first:])


def _read_pair(argument: str) -> dict[str, int | str]:
    """Read the one property that an old release takes, which cannot be set to nothing."""
    name, _, value = argument.partition("=")
    if not value:
        raise UsageError("missing value in property=value argument")
    if not name:
        raise UsageError("missing property in property=value argument")
    return {name: value}


def _set(run: Run, item: Dataset | Snapshot, pairs: dict[str, int | str]) -> None:
    action = f"cannot set property for '{item.name}'"
    if isinstance(item, Snapshot):
        changes = read_changes(run.release, action, "snapshot", pairs)
    else:
        changes = read_changes(run.release, action, item.kind, pairs, item)
    too_long = [name for name, value in changes.items() if len(os.fsencode(str(value))) >= _LONGEST_VALUE]
    try:
        run.permit(item.name, *for_properties(changes))
        apply(run.pools, item, {name: value for name, value in changes.items() if name not in too_long})
    except Unfit as unfit:
        raise Failure(f"{action}: {unfit.detail}") from unfit
    except Refused as refused:
        raise Failure(f"{action}: {refused.reason}") from refused
    if too_long:
        raise Failure(f"{action}: property value too long")


def inherit(run: Run, arguments: Sequence[str]) -> None:
    """Clear properties, so that they are inherited."""
    options = run.options("inherit", arguments)
    letters = {letter for letter, _ in options}
    if not options.operands:
        raise UsageError("missing property argument")
    if len(options.operands) == 1:
        raise UsageError("missing dataset argument")
    name, *operands = options.operands
    prop = run.release.properties.find(name)
    if prop is not None:
        _check_inheritable(run, prop, name, received="S" in letters)
    elif not is_user_property(name):
        raise UsageError(f"invalid property '{name}'")
    items, complete = select_holders(run, operands, Scope(ANY, "r" in letters, paths=False))
    for item in items:
        try:
            _clear(run, item, prop, name, letters)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    if not complete:
        raise Failure("")


def _check_inheritable(run: Run, prop: Property, name: str, *, received: bool) -> None:
    if not prop.settable:
        raise Failure(f"{name} property is read-only")
    if prop.edit is not Edit.INHERIT and not received:
        text = f"'{name}' property cannot be inherited"
        if prop.name in _CLEARED_BY_NONE:
            text += f"\nuse 'zfs set {name}=none' to clear"
            if "S" in run.release.options["inherit"].flags:
                text += f"\nuse 'zfs inherit -S {name}' to revert to received value"
        raise Failure(text)
    if received and prop.name in _NEVER_RECEIVED:
        raise Failure(f"'{name}' property cannot be reverted to a received value")


def _clear(run: Run, item: Dataset | Snapshot, prop: Property | None, name: str, letters: set[str]) -> None:
    kind = "snapshot" if isinstance(item, Snapshot) else item.kind
    known = prop.name if prop else name
    action = f"cannot inherit {name} for '{item.name}'"
    if prop is not None and not prop.applies_to(kind):
        if "r" in letters:
            return
        raise Failure(f"{action}: property doesn't apply to datasets of this type")
    try:
        run.permit(item.name, *for_properties([known]))
        if "S" in letters:
            revert(run.pools, item.name, known)
        else:
            run.pools.clear(item.name, known)
    except Refused as refused:
        raise Failure(f"{action}: {refused.reason}") from refused
