"""stmfadm's sub-commands for view entries."""

import re
from collections.abc import Mapping

from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.names import GUID_LENGTH, scan_guid
from sansim.solaris.stmf.views import View
from sansim.solaris.stmfadm.console import Command, Run

__all__ = ["VIEW_COMMANDS"]

_LUN_LIMIT = 16384

_ADD_TEXTS: Mapping[StmfCode, str] = {
    StmfCode.LUN_IN_USE: "LUN already in use",
    StmfCode.VIEW_CONFLICT: "view entry exists",
    StmfCode.INVALID_HOST_GROUP: "invalid host group",
    StmfCode.INVALID_TARGET_GROUP: "invalid target group",
}


async def _add(this: Run) -> int:
    (name,) = this.parsed.operands
    if len(name) != GUID_LENGTH:
        this.error(f"{name}: must be 32 hexadecimal digits")
        return 1
    lun = None
    for letter, value in this.parsed.options:
        if letter == "n":
            lun = _atoi(value) & 0xFFFF
            if lun >= _LUN_LIMIT:
                this.error(f"{lun}: Logical unit number must be less than 16384")
                return 1
    try:
        this.stmf.add_view(scan_guid(name), lun, this.parsed.value("h"), this.parsed.value("t"))
    except StmfError as error:
        return this.refuse(error, name, _ADD_TEXTS)
    return 0


async def _list(this: Run) -> int:
    views = _views(this)
    if views is None:
        return 1
    guid = _named(this)
    by_number = {view.number: view for view in views}
    status = 0
    for number in this.parsed.operands or [str(view.number) for view in views]:
        view = by_number.get(_atoi(number))
        if view is None:
            this.error(f"{guid}, {number}: not found")
            status = 1
            continue
        _print(this, view)
    return status


def _print(this: Run, view: View) -> None:
    release = this.stmf.release
    this.out(f"View Entry: {view.number}")
    for label, value in (
        ("Host group", view.host_group or "All"),
        (release.target_group_label, view.target_group or "All"),
        ("LUN", "Auto" if view.auto and release.auto_lun else str(view.lun)),
    ):
        this.out(f"    {label:<13}: {value}")
    if this.parsed.value("v") is not None:
        for initiator in this.stmf.seen_by(view):
            this.out(f"    Lun : {view.lun} for {initiator}")


async def _remove(this: Run) -> int:
    everything = this.parsed.value("a") is not None
    if len(_named(this)) == GUID_LENGTH and not everything and not this.parsed.operands:
        this.error("no view entries specified")
        return 1
    views = _views(this)
    if views is None:
        return 1
    guid = _named(this)
    failures = 0
    for number in [str(view.number) for view in views] if everything else this.parsed.operands:
        if not re.fullmatch(r"\s*[+-]?\d+|", number, re.ASCII):
            this.error(f"{number}: invalid input")
            continue
        try:
            this.stmf.views.remove(scan_guid(guid), _atoi(number))
        except StmfError as error:
            failures += this.refuse(error, guid, {StmfCode.NOT_FOUND: f"{guid}: {_atoi(number)}: not found"})
    return failures


def _named(this: Run) -> str:
    """Return the GUID of -l as the program writes it."""
    return (this.parsed.value("l") or "").lower()


def _views(this: Run) -> list[View] | None:
    """Return the views of the unit that -l names, or None after a complaint."""
    named = this.parsed.value("l") or ""
    if len(named) != GUID_LENGTH:
        this.error(f"{named}: must be 32 hexadecimal digits long")
        return None
    views = this.stmf.views.of(scan_guid(named))
    if not views:
        this.error(f"{named.lower()}: no views found")
        return None
    return views


def _atoi(text: str) -> int:
    """Read a number as C's atoi does: 32 bits, and what is no number counts as 0."""
    match = re.match(r"\s*([+-]?\d+)", text, re.ASCII)
    number = int(match[1][:20]) & 0xFFFFFFFF if match else 0
    return number - (1 << 32) if number >> 31 else number


VIEW_COMMANDS: Mapping[str, Command] = {
    "add-view": _add,
    "list-view": _list,
    "remove-view": _remove,
}
