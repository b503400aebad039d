"""`zfs send` (source: zfs_main.c and libzfs_sendrecv.c of illumos and of OpenZFS 2.1).

What it writes is described in `stream`. The options that shape the blocks of a real stream (-D, -L, -e, -c
and, since nothing is encrypted here, -w) are taken and change nothing.
"""

from collections.abc import Iterable, Iterator, Sequence

from attrs import define, evolve

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.model import Bookmark, Dataset, Snapshot, dataset_of, total
from sansim.solaris.pools.replication import estimate, increment_of, is_before
from sansim.solaris.zfs.command import ANY, OWN, SNAPSHOT, Failure, Run, UsageError, open_any, open_item
from sansim.solaris.zfs.numbers import human
from sansim.solaris.zfs.package import Dump, NotThere, Sending, dump, gather
from sansim.solaris.zfs.resume import check_token
from sansim.solaris.zfs.send_options import send_options
from sansim.solaris.zfs.stream import Increment, Package, write

__all__ = ["send"]

_FLAGS = {
    "R": ("replicate",),
    "p": ("properties",),
    "b": ("received",),
    "h": ("holds",),
    "P": ("parsable", "verbose"),
    "V": ("verbose",),
    "v": ("verbose", "progress"),
    "n": ("dry",),
    "s": ("skip_missing",),
    "S": ("saved",),
    "d": ("redacted",),
}
"""What an option sets."""

_BUSY = "target is busy; if a filesystem, it must not be mounted"
_NOT_EARLIER = "not an earlier snapshot from the same fs"
_NO_PROCESS = "No such process"
"""What the kernel says of a bookmark that is not there, where only a size is asked for."""


@define
class _Request:
    base: str | None = None
    between: bool = False
    replicate: bool = False
    properties: bool = False
    received: bool = False
    holds: bool = False
    parsable: bool = False
    verbose: bool = False
    progress: bool = False
    dry: bool = False
    skip_missing: bool = False
    saved: bool = False
    redacted: bool = False
    token: str | None = None

    @property
    def packed(self) -> bool:
        """Whether something is told about the datasets."""
        return self.replicate or self.properties or self.received or self.holds


def send(run: Run, arguments: Sequence[str]) -> None:
    """Write snapshots as a stream."""
    options = send_options(run, arguments)
    request = _Request()
    for letter, text in options:
        _read_option(run, request, letter, text)
    operands = options.operands
    _check_operands(run, request, operands)
    if not request.dry and run.call.is_terminal(1):
        raise Failure("Error: Stream can not be written to a terminal.\nYou must redirect standard output.")
    if request.token is not None:
        check_token(run, request.token)
    if request.saved or request.redacted:
        raise run.cannot("zfs send of saved or redacted state", f"cannot send '{operands[0]}': operation not supported")
    if request.skip_missing and not request.replicate:
        raise UsageError("skip-missing flag can only be used in conjunction with replicate")
    if run.release.streams.sends_one:
        _send_new(run, request, operands[0])
    else:
        _send_old(run, request, operands[0])


def _read_option(run: Run, request: _Request, letter: str, text: str) -> None:
    for attribute in _FLAGS.get(letter, ()):
        setattr(request, attribute, True)
    if letter in ("i", "I"):
        if request.base is not None:
            raise UsageError
        request.base, request.between = text, letter == "I"
    elif letter == "t":
        request.token = text
    elif letter == "D":
        run.err.append(run.release.streams.dedup_warning)


def _check_operands(run: Run, request: _Request, operands: Sequence[str]) -> None:
    if request.token is not None:
        if request.base is not None or request.packed:
            raise UsageError("invalid flags combined with -t")
        if operands:
            raise UsageError(run.release.streams.besides_t)
        return
    if not operands:
        raise UsageError("missing snapshot argument")
    if len(operands) > 1:
        raise UsageError("too many arguments")


# Which way


def _send_old(run: Run, request: _Request, name: str) -> None:
    """Send as illumos does: what is no snapshot, and increments from bookmarks, go alone, all else by replication."""
    if "@" not in name or "#" in (request.base or ""):
        if request.packed or request.between or request.dry or request.verbose:
            raise Failure("Error: Unsupported flag with filesystem or bookmark.")
        _send_one(run, request, name, _expanded(name, request.base))
    else:
        _send_several(run, request, name)


def _send_new(run: Run, request: _Request, name: str) -> None:
    """Send as OpenZFS does: a single increment goes alone."""
    if request.replicate or request.between:
        if "#" in (request.base or ""):
            raise Failure("Error: multiple snapshots cannot be sent from a bookmark.")
        if "@" not in name:
            raise Failure("Error: Unsupported flag with filesystem or bookmark.")
        _send_several(run, request, name)
        return
    base = request.base
    if base is not None and "@" not in base and "#" not in base:
        run.complain(
            "Warning: incremental source didn't specify type, assuming snapshot. "
            "Use '@' or '#' prefix to avoid ambiguity."
        )
        base = f"@{base}"
    _send_one(run, request, name, _expanded(name, base))


def _expanded(name: str, base: str | None) -> str | None:
    return dataset_of(name) + base if base and base[0] in "#@" else base


# One increment


def _send_one(run: Run, request: _Request, name: str, base_name: str | None) -> None:
    item = open_any(run.pools, name, ANY)
    action = f"warning: cannot send '{name}'"
    base = _open_base(run, request, action, name, base_name)
    increment = increment_of(run.pools, name, base)
    if request.verbose and (request.progress or request.parsable):
        size = estimate(increment)
        whole = f"size\t{size}" if request.parsable else f"total estimated size is {human(size)}"
        _tell(run, request, [_line(run, increment, base_name, parsable=request.parsable), whole])
    if request.dry:
        return
    _permit(run, action, name)
    if isinstance(item, Dataset) and (item.mounted or (item.kind == "volume" and run.pools.volumes.is_open(name))):
        raise Failure(f"{action}: {_BUSY}")
    package = None
    if request.packed:
        sending = _sending(request, dataset_of(name), name.partition("@")[2], None)
        package = Package(name, "", recursive=False, datasets=tuple(gather(run.pools, sending).datasets))
    _write(run, package, [increment])


def _open_base(run: Run, request: _Request, action: str, name: str, base: str | None) -> Snapshot | Bookmark | None:
    if base is None:
        return None
    if "@" in base and run.release.streams.sends_one:
        open_item(run.pools, base, SNAPSHOT)
    try:
        found = run.pools.item(base)
    except Refused as refused:
        if request.verbose and "#" in base:
            raise Failure(f"{action}: {_NO_PROCESS}") from refused
        raise Failure(f"{action}: incremental source ({base}) does not exist") from refused
    if isinstance(found, Dataset) or not is_before(run.pools, found, name):
        raise Failure(f"{action}: {_NOT_EARLIER}")
    return found


# Several


def _send_several(run: Run, request: _Request, name: str) -> None:
    dataset, _, to = name.partition("@")
    open_item(run.pools, dataset, OWN)
    sending = _with_base(run, request, _sending(request, dataset, to, request.base))
    if sending.base == "":
        raise Failure(f"cannot send '{dataset}': zero-length incremental source")
    if run.release.streams.sends_one:
        for needed in (sending.base, to):
            if needed is not None:
                open_item(run.pools, f"{dataset}@{needed}", SNAPSHOT)
    package = _package(run, request, sending) if request.packed or request.between else None
    found = dump(run.pools, sending, (package.datasets or ()) if package else ())
    if request.verbose:
        _tell(run, request, _all_lines(run, request, found))
        run.err += [f"{warning}\n" for warning in found.warnings] if not request.dry and found.complete else []
    for warning in found.warnings:
        run.complain(warning)
    if not request.dry and found.complete:
        _permit(run, f"warning: cannot send '{name}'", name)
        _write(run, package, [increment for increment, _ in found.increments])
    if found.warnings or not found.complete:
        raise Failure("")


def _sending(request: _Request, dataset: str, to: str, base: str | None) -> Sending:
    return Sending(
        dataset=dataset,
        to=to,
        base=base,
        between=request.between or (request.replicate and base is None),
        replicate=request.replicate,
        properties=request.properties or request.received or request.replicate,
        received=request.received,
        holds=request.holds,
        skip_missing=request.skip_missing,
    )


def _with_base(run: Run, request: _Request, sending: Sending) -> Sending:
    """Return what is to be sent, with the last part of the name where it starts from."""
    base = request.base
    if base is None or "@" not in base:
        return sending
    if base == run.pools.dataset(sending.dataset).origin:
        return evolve(sending, base=None, from_origin=True, between=sending.between or request.replicate)
    dataset, _, short = base.partition("@")
    if dataset and dataset != sending.dataset:
        raise UsageError("incremental source must be in same filesystem")
    if "@" in short or "/" in short:
        raise UsageError("invalid incremental source")
    return evolve(sending, base=short)


def _package(run: Run, request: _Request, sending: Sending) -> Package:
    name = f"{sending.dataset}@{sending.to}"
    if not request.packed:
        return Package(name, sending.base or "", recursive=False)
    try:
        gathered = gather(run.pools, sending)
    except NotThere as missing:
        how = " recursively" if sending.replicate else ""
        text = f"cannot send {name}{how}: snapshot {missing.name} does not exist"
        if run.release.streams.sends_one:
            text += f"\nwarning: cannot send '{name}': backup failed"
        raise Failure(text) from missing
    if request.verbose:
        for skipped in gathered.skipped:
            run.complain(f"skipping dataset {skipped}: snapshot {sending.to} does not exist")
    for missing_one in gathered.missing:
        run.complain(f"WARNING: skipping dataset {missing_one} and its children: snapshot {sending.to} does not exist")
    return Package(name, sending.base or "", recursive=sending.replicate, datasets=tuple(gathered.datasets))


# What is told, and what is written


def _all_lines(run: Run, request: _Request, found: Dump) -> Iterator[str]:
    size = 0
    for increment, base in found.increments:
        told = _whole_if_unnamed(run, increment, base)
        size += estimate(told)
        yield _line(run, told, base, parsable=request.parsable)
    if request.parsable:
        yield f"size\t{size}"
    elif run.release.streams.estimates:
        yield f"total estimated size is {human(size, run.release.byte)}"


def _whole_if_unnamed(run: Run, increment: Increment, base: str | None) -> Increment:
    """Return an increment as it is estimated: one from an origin as if all of it were sent."""
    if base is not None or not increment.base:
        return increment
    return evolve(increment, written=total(run.pools.snapshot(increment.name).extents))


def _line(run: Run, increment: Increment, base: str | None, *, parsable: bool) -> str:
    size = estimate(increment)
    if parsable:
        return f"incremental\t{base}\t{increment.name}\t{size}" if base else f"full\t{increment.name}\t{size}"
    rules = run.release.streams
    what = rules.whole.format(name=increment.name)
    if base is not None:
        full = base if "@" in base or "#" in base else f"@{base}"
        what = rules.since.format(base=full, name=increment.name)
    return f"{what} estimated size is {human(size, run.release.byte)}" if rules.estimates else what


def _tell(run: Run, request: _Request, lines: Iterable[str]) -> None:
    for line in lines:
        (run.say if request.dry else run.complain)(line)


def _permit(run: Run, action: str, name: str) -> None:
    try:
        run.permit(name, "send")
    except Refused as refused:
        raise Failure(f"{action}: {refused.reason}") from refused


def _write(run: Run, package: Package | None, increments: Sequence[Increment]) -> None:
    run.pour(piece.decode(errors="surrogateescape") for piece in write(package, increments))
