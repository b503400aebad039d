"""`zfs upgrade` (source: illumos zfs_main.c, zfs_do_upgrade). The newest version of filesystems is 5."""

from collections.abc import Sequence

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.model import Dataset
from sansim.solaris.zfs.command import Failure, Run, UsageError, open_item
from sansim.solaris.zfs.values import value

__all__ = ["upgrade"]

_NEWEST = 5
_VERSIONS = """\
The following filesystem versions are supported:

VER  DESCRIPTION
---  --------------------------------------------------------
 1   Initial ZFS filesystem version
 2   Enhanced directory entries
 3   Case insensitive and filesystem user identifier (FUID)
 4   userquota, groupquota properties
 5   System attributes

For more information on a particular version, including supported releases,
see the ZFS Administration Guide.

"""
_OLD = """\
The following filesystems are out of date, and can be upgraded.  After being
upgraded, these filesystems (and any 'zfs send' streams generated from
subsequent snapshots) will no longer be accessible by older software versions.


VER  FILESYSTEM
---  ------------
"""


def upgrade(run: Run, arguments: Sequence[str]) -> None:
    """Tell which versions filesystems have, or bring them to another."""
    options = run.options("upgrade", arguments)
    letters: set[str] = set()
    wanted = _NEWEST
    for letter, text in options:
        letters.add(letter)
        if letter == "V":
            wanted = _version(text)
    operands = options.operands
    changing = bool(operands) or "a" in letters
    if ("v" in letters and (changing or len(letters) > 1)) or ("a" in letters and operands):
        raise UsageError
    if not changing and letters & {"r", "V"}:
        raise UsageError
    if "v" in letters:
        run.out.append(_VERSIONS)
    elif changing:
        _upgrade(run, operands, wanted, recurse="r" in letters)
    else:
        _list_old(run)


def _version(text: str) -> int:
    if text == "current":
        return _NEWEST
    if text not in {str(number) for number in range(1, _NEWEST + 1)}:
        raise UsageError(f"invalid version {text}")
    return int(text)


def _held(run: Run, dataset: Dataset) -> int:
    held = value(run.pools, dataset, run.release.properties["version"])
    return _NEWEST if held is None else int(held.value)


def _upgrade(run: Run, operands: Sequence[str], wanted: int, *, recurse: bool) -> None:
    done = same = 0
    failed = False
    names = list(operands) or [name for name, dataset in run.pools.datasets.items() if dataset.kind == "filesystem"]
    for operand in names:
        try:
            open_item(run.pools, operand, frozenset({"filesystem"}))
        except Failure as failure:
            run.complain(failure.text)
            failed = True
            continue
        for name in [operand, *(run.pools.space.below(operand) if recurse else ())]:
            dataset = run.pools.dataset(name)
            if dataset.kind != "filesystem":
                continue
            held = _held(run, dataset)
            same += held == wanted
            if held > wanted:
                run.say(f"{name}: can not be downgraded; it is already at version {held}")
                failed = True
            elif held < wanted:
                upgraded = _set(run, name, wanted)
                done, failed = done + upgraded, failed or not upgraded
    run.say(f"{done} filesystems upgraded")
    if same:
        run.say(f"{same} filesystems already at this version")
    if failed:
        raise Failure("")


def _set(run: Run, name: str, wanted: int) -> bool:
    try:
        run.permit(name, "version")
        run.pools.put_setting(name, "version", str(wanted))
    except Refused as refused:
        run.complain(f"cannot set property for '{name}': {refused.reason}")
        return False
    return True


def _list_old(run: Run) -> None:
    run.say(f"This system is currently running ZFS filesystem version {_NEWEST}.\n")
    old = [
        (held, name)
        for name, dataset in sorted(run.pools.datasets.items())
        if dataset.kind == "filesystem" and (held := _held(run, dataset)) < _NEWEST
    ]
    if not old:
        run.say("All filesystems are formatted with the current version.")
        return
    run.out.append(_OLD)
    for held, name in old:
        run.say(f"{held:2}   {name}")
