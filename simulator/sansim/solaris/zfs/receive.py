"""`zfs receive` (source: illumos zfs_main.c, libzfs_sendrecv.c). What it reads is described in `stream`."""

from collections.abc import Callable, Sequence
from functools import partial

from sansim.solaris.pools.model import dataset_of
from sansim.solaris.zfs.command import OWN, Failure, Run, UsageError, open_item
from sansim.solaris.zfs.incoming import receive_one
from sansim.solaris.zfs.names import is_user_property
from sansim.solaris.zfs.receiving import Receiving
from sansim.solaris.zfs.reconcile import reconcile
from sansim.solaris.zfs.settings import parse_pair
from sansim.solaris.zfs.stream import Corrupt, NoStream, Package, read

__all__ = ["receive"]

_NEVER_SET = ("version", "volsize")


def receive(run: Run, arguments: Sequence[str]) -> Callable[[bytes], None] | None:
    """Take snapshots in from a stream."""
    options = run.options("receive", arguments, "missing argument for '{}' option")
    receiving = Receiving("")
    letters: set[str] = set()
    for letter, text in options:
        letters.add(letter)
        _read_option(run, receiving, letters, letter, text)
    if not options.operands:
        raise UsageError("missing snapshot argument")
    if len(options.operands) > 1:
        raise UsageError("too many arguments")
    receiving.target = options.operands[0]
    if "A" in letters:
        _abort(run, letters, receiving.target)
    if run.call.is_terminal(0):
        raise Failure("Error: Backup stream can not be read from a terminal.\nYou must redirect standard input.")
    return partial(_receive, run, receiving)


def _read_option(run: Run, receiving: Receiving, letters: set[str], letter: str, text: str) -> None:
    if letter == "o":
        _read_pair(run, receiving, text)
    elif letter == "x":
        if "=" in text:
            raise UsageError("invalid character '=' in property argument")
        if text in receiving.excluded or text in receiving.set:
            raise UsageError(f"property '{text}' specified multiple times")
        receiving.excluded.append(text)
    elif {"d", "e"} <= letters and letter in ("d", "e") and run.release.streams.exclusive:
        raise UsageError(run.release.streams.exclusive)
    receiving.prefix |= letter in ("d", "e")
    receiving.tail |= letter == "e"
    receiving.dry |= letter == "n"
    receiving.verbose |= letter == "v"
    receiving.force |= letter == "F"
    receiving.resumable |= letter == "s"
    receiving.mount &= letter != "u"
    receiving.holds &= letter != "h"


def _read_pair(run: Run, receiving: Receiving, text: str) -> None:
    name, equals, value = text.partition("=")
    if equals and name == "origin":
        receiving.origin = value
        return
    try:
        parse_pair(run.release, receiving.set, text)
    except Failure as failure:
        raise UsageError(failure.text) from failure


def _abort(run: Run, letters: set[str], target: str) -> None:
    """Refuse to give up what a receive left half done: none ever does here."""
    if letters & set("densu"):
        raise UsageError(run.release.streams.invalid_option)
    try:
        open_item(run.pools, target, OWN)
    except Failure as failure:
        raise UsageError(failure.text) from failure
    raise Failure(f"'{target}' does not have any resumable receive state to abort")


def _receive(run: Run, receiving: Receiving, stream: bytes) -> None:
    _check(run, receiving)
    clean = True
    try:
        for part in read(stream):
            if isinstance(part, Package):
                receiving.package = part
                receiving.base = dataset_of(part.name)
                clean = _reconcile(run, receiving)
            else:
                receiving.base = receiving.base or dataset_of(part.name)
                receive_one(run, receiving, part)
    except NoStream as none:
        reason = "failed to read from stream" if none.short else "invalid stream (bad magic number)"
        raise Failure(f"cannot receive: {reason}") from none
    except Corrupt as corrupt:
        raise _broken_off(run, receiving, corrupt) from corrupt
    if not clean or not _reconcile(run, receiving):
        raise Failure("")


def _check(run: Run, receiving: Receiving) -> None:
    """Check what can be checked before anything is read."""
    for name in (*receiving.set, *receiving.excluded):
        prop = run.release.properties.find(name)
        if prop is None and is_user_property(name):
            continue
        if prop is None or not prop.settable or prop.name in _NEVER_SET:
            raise Failure(f"cannot receive: invalid property '{name}'")
    if receiving.prefix and receiving.target not in run.pools.datasets:
        raise Failure(f"cannot receive: specified fs ({receiving.target}) does not exist")
    if receiving.origin is not None and receiving.origin not in run.pools.snapshots:
        raise Failure(f"cannot receive: specified origin fs ({receiving.origin}) does not exist")


def _reconcile(run: Run, receiving: Receiving) -> bool:
    package = receiving.package
    if package is None or not package.recursive or not package.base or receiving.dry:
        return True
    if "@" in receiving.target:
        raise Failure("cannot receive: cannot specify snapshot name for multi-snapshot stream")
    top = receiving.target
    if receiving.tail:
        top += "/" + receiving.base.rpartition("/")[2]
    elif receiving.prefix:
        top += receiving.base[len(receiving.base.partition("/")[0]) :]
    return reconcile(run, package, top, force=receiving.force, verbose=receiving.verbose)


def _broken_off(run: Run, receiving: Receiving, corrupt: Corrupt) -> Failure:
    """Return the refusal of a stream that is not whole; what of it was whole has been received."""
    rules = run.release.streams
    if corrupt.part is None:
        reason = "failed to read from stream" if corrupt.incomplete else "invalid stream (bad magic number)"
        return Failure(f"cannot receive: {reason}")
    if isinstance(corrupt.part, Package):
        return Failure("cannot receive: invalid backup stream")
    what = "incremental" if corrupt.part.base and not corrupt.part.clone else "new filesystem"
    text = f"cannot receive {what} stream: {rules.incomplete if corrupt.incomplete else rules.changed}"
    if receiving.resumable:
        return run.cannot("zfs receive -s: keeping what was received of a broken stream", text)
    return Failure(text)
