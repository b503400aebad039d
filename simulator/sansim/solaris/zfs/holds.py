"""`zfs hold`, `holds`, `release` (source: illumos zfs_main.c, libzfs_dataset.c)."""

from collections.abc import Callable, Sequence

from attrs import frozen

from sansim.solaris.pools.errors import Refusals, Refused
from sansim.solaris.pools.lineage import hold as hold_snapshots
from sansim.solaris.pools.lineage import release as release_snapshots
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.command import OWN, SNAPSHOT, Failure, Run, UsageError, open_item
from sansim.solaris.zfs.names import MAX_NAME
from sansim.solaris.zfs.values import date

__all__ = ["hold", "holds", "release"]

_TITLES = ("NAME", "TAG", "TIMESTAMP")


@frozen
class _Request:
    command: str
    action: str
    change: Callable[[Pools, Sequence[str], str], None]


_HOLD = _Request("hold", "cannot hold snapshot", hold_snapshots)
_RELEASE = _Request("release", "cannot release hold from snapshot", release_snapshots)


def hold(run: Run, arguments: Sequence[str]) -> None:
    """Keep snapshots from being destroyed."""
    _change(run, arguments, _HOLD)


def release(run: Run, arguments: Sequence[str]) -> None:
    """Take back a hold."""
    _change(run, arguments, _RELEASE)


def _change(run: Run, arguments: Sequence[str], request: _Request) -> None:
    options = run.options(request.command, arguments)
    recurse = any(letter == "r" for letter, _ in options)
    if len(options.operands) < 2:  # noqa: PLR2004 - a tag and a snapshot
        raise UsageError
    tag, *operands = options.operands
    if request is _HOLD and tag.startswith("."):
        raise UsageError("tag may not start with '.'")
    complaints = [text for operand in operands for text in _change_one(run, operand, tag, request, recurse=recurse)]
    for text in complaints:
        run.complain(text)
    if complaints:
        raise Failure("")


def _change_one(run: Run, operand: str, tag: str, request: _Request, *, recurse: bool) -> list[str]:
    """Put or take the holds that an operand asks for; return what is to be complained about."""
    action = request.action
    try:
        names = _snapshots(run, operand, recurse=recurse)
        if len(tag) >= MAX_NAME:
            return [f"{action} '{operand}': tag too long"]
        for name in names:
            run.permit(name, request.command)
        request.change(run.pools, names, tag)
    except Failure as failure:
        return [failure.text]
    except Refused as refused:
        return [f"{action} '{operand}': {refused.reason}"]
    except Refusals as refusals:
        return [f"{action} '{refusal.subject}': {refusal.reason}" for refusal in refusals.refusals]
    return []


def _snapshots(run: Run, operand: str, *, recurse: bool) -> list[str]:
    """Return the snapshots meant: the one named, recursively those of its name below that exist."""
    dataset, at, name = operand.partition("@")
    if not at:
        raise Failure(f"'{operand}' is not a snapshot")
    open_item(run.pools, dataset, OWN)
    if not recurse:
        return [operand]
    everywhere = [f"{place}@{name}" for place in (dataset, *run.pools.space.below(dataset))]
    return [snapshot for snapshot in everywhere if snapshot in run.pools.snapshots] or [operand]


def holds(run: Run, arguments: Sequence[str]) -> None:
    """List the holds on snapshots."""
    options = run.options("holds", arguments)
    letters = {letter for letter, _ in options}
    if not options.operands:
        raise UsageError
    names: dict[str, None] = {}
    failed = False
    for operand in options.operands:
        try:
            if "@" not in operand:
                raise Failure(f"'{operand}' is not a snapshot")  # noqa: TRY301 - one way to complain
            open_item(run.pools, operand, SNAPSHOT)
        except Failure as failure:
            run.complain(failure.text)
            failed = True
            continue
        names |= dict.fromkeys(_snapshots(run, operand, recurse="r" in letters))
    _print(run, list(names), scripted="H" in letters)
    if not names:
        (run.complain if run.release.lists.nothing_on_stderr else run.say)("no datasets available")
    if failed:
        raise Failure("")


def _print(run: Run, names: Sequence[str], *, scripted: bool) -> None:
    """Print the table: columns as wide as their widest cell, the titles not counted."""
    rules = run.release.holds
    rows = [
        (name, held.tag, date(int(held.since.timestamp()), seconds=rules.seconds))
        for name in names
        for held in sorted(run.pools.snapshot(name).holds, key=lambda held: held.tag)
    ]
    if scripted and not rules.scripted_padded:
        for row in rows:
            run.say("\t".join(row))
        return
    widths = [max(map(len, names), default=0), *(max((len(row[at]) for row in rows), default=0) for at in (1, 2))]
    line = f"{{:<{widths[0]}}}{{gap}}{{:<{widths[1]}}}{{gap}}{{:<{widths[2] if rules.padded else 0}}}".format
    for row in rows if scripted else [_TITLES, *rows]:
        run.say(line(*row, gap="\t" if scripted else "  "))
