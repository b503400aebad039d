"""`zfs userspace` and `zfs groupspace` (source: illumos zfs_main.c, zfs_do_userspace).

Whose the data of a filesystem are is not simulated: all of it is root's.
"""

from collections.abc import Sequence
from functools import partial

from sansim.solaris.pools.model import Snapshot, total
from sansim.solaris.zfs.command import Failure, Run, UsageError, open_item
from sansim.solaris.zfs.numbers import human
from sansim.solaris.zfs.values import OBJECTS

__all__ = ["groupspace", "userspace"]

_FIELDS = ("type", "name", "used", "quota", "objused", "objquota")
_TYPES = ("posixgroup", "posixuser", "smbgroup", "smbuser", "all")
_LEFT = ("type", "name")
_OWNERS = {"posixgroup": "POSIX Group", "posixuser": "POSIX User"}
"""How the types that are anybody's here are called, in their order."""


def _space(run: Run, arguments: Sequence[str], *, command: str, own: str) -> None:
    if not arguments:
        raise UsageError
    options = run.options(command, arguments, "missing argument for '{}' option")
    fields: Sequence[str] = _FIELDS
    types: Sequence[str] = (own,)
    letters: set[str] = set()
    backwards = False
    for letter, text in options:
        letters.add(letter)
        backwards |= letter == "S" and text == "type"
        if letter == "o":
            fields = _words(text, _FIELDS, "invalid type '{}' for -o option")
        elif letter == "t":
            types = _words(text, _TYPES, "invalid type '{}' for -t option")
        elif letter in ("s", "S") and text not in _FIELDS:
            raise UsageError(f"invalid field '{text}'")
    if not options.operands:
        raise UsageError("missing dataset name")
    if len(options.operands) > 1:
        raise UsageError("too many arguments")
    item = open_item(run.pools, options.operands[0], frozenset({"filesystem", "snapshot"}))
    if isinstance(item, Snapshot) and item.kind != "filesystem":
        raise Failure("operation is only applicable to filesystems and their snapshots")
    shown = [title for word, title in _OWNERS.items() if word in types or "all" in types]
    rows = [_row(run, title, total(item.extents), letters) for title in shown]
    _print(run, fields, rows[::-1] if backwards else rows, scripted="H" in letters)


def _row(run: Run, title: str, size: int, letters: set[str]) -> dict[str, str]:
    exact = "p" in letters
    return {
        "type": title,
        "name": "0" if "n" in letters else "root",
        "used": str(size) if exact else human(size, run.release.byte),
        "quota": "0" if exact else "none",
        "objused": str(OBJECTS),
        "objquota": "0" if exact else "none",
    }


def _words(text: str, known: Sequence[str], complaint: str) -> list[str]:
    for word in text.split(","):
        if word not in known:
            raise Failure(complaint.format(word), 255)
    return text.split(",")


def _print(run: Run, fields: Sequence[str], rows: Sequence[dict[str, str]], *, scripted: bool) -> None:
    if scripted:
        for row in rows:
            run.say("\t".join(row[field] for field in fields))
        return
    widths = {field: max([len(field), *(len(row[field]) for row in rows)]) for field in fields}
    for row in [{field: field.upper() for field in fields}, *rows] if rows else []:
        cells = [
            row[field].ljust(widths[field]) if field in _LEFT else row[field].rjust(widths[field]) for field in fields
        ]
        run.say("  ".join(cells))


userspace = partial(_space, command="userspace", own="posixuser")
"""Tell how much of a filesystem is whose."""

groupspace = partial(_space, command="groupspace", own="posixgroup")
"""Tell how much of a filesystem is which group's."""
