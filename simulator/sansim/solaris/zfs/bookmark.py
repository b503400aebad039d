"""`zfs bookmark` (source: illumos zfs_main.c, and that of OpenZFS 2.1)."""

from collections.abc import Sequence

from sansim.solaris.pools.bookmarks import make_bookmark
from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.zfs.command import SNAPSHOT, Failure, Run, UsageError, open_any

__all__ = ["bookmark"]

_BOOKMARK = frozenset({"bookmark"})
_REASONS = {
    Reason.OTHER_POOL: "bookmark is in a different pool",
    Reason.EXISTS: "bookmark exists",
}


def bookmark(run: Run, arguments: Sequence[str]) -> None:
    """Make a bookmark of a snapshot."""
    options = run.options("bookmark", arguments)
    list(options)
    rules = run.release.streams
    if not options.operands:
        raise UsageError(f"missing {rules.snapshot_argument} argument")
    if len(options.operands) == 1:
        raise UsageError("missing bookmark argument")
    source, name = options.operands[:2]
    if "@" not in source and not (rules.bookmarks_of_ancestors and "#" in source):
        raise UsageError(rules.not_a_source.format(source))
    if "#" not in name:
        raise UsageError(f"invalid bookmark name '{name}': must contain a '#'")
    if rules.bookmarks_of_ancestors and source[0] in "@#" and name[0] == "#":
        run.err.append("either source or bookmark must be specified as full dataset paths")
        raise UsageError
    source, name = _expanded(source, name)
    try:
        open_any(run.pools, source, SNAPSHOT if "@" in source else _BOOKMARK)
    except Failure as failure:
        raise UsageError(failure.text) from failure
    if run.release.names.check(name, _BOOKMARK):
        raise Failure(f"cannot create bookmark '{name}': invalid argument")
    try:
        run.permit(name, "bookmark")
        make_bookmark(run.pools, source, name)
    except Refused as refused:
        reason: str = _REASONS.get(refused.reason, refused.reason)
        if refused.reason is Reason.NOT_ANCESTOR and not rules.bookmarks_of_ancestors:
            reason = "invalid argument"
        raise Failure(f"cannot create bookmark '{name}': {reason}") from refused


def _expanded(source: str, name: str) -> tuple[str, str]:
    """Return both names in full: where one begins with its delimiter it is of the other's dataset."""
    delimiter = "@" if "@" in source else "#"
    if source.startswith(delimiter):
        return name.partition("#")[0] + source, name
    if name.startswith("#"):
        return source, source.partition(delimiter)[0] + name
    return source, name
