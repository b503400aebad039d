"""`zfs create` (source: illumos and OpenZFS zfs_main.c, libzfs_dataset.c; checks in their order)."""

from collections.abc import Mapping, Sequence

from attrs import Factory, define

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import parent_of, pool_of
from sansim.solaris.pools.reservation import thick_reservation
from sansim.solaris.pools.vdevs import Vdev
from sansim.solaris.zfs.command import OWN, Failure, Run, UsageError
from sansim.solaris.zfs.encryption import check_encryption
from sansim.solaris.zfs.numbers import NumberError, parse_number
from sansim.solaris.zfs.settings import Changes, apply, as_settings, parse_pair, read_changes
from sansim.solaris.zfs.targets import check_target, create_ancestors, open_pool

__all__ = ["create"]

_APPLIED_AFTER = ("reservation", "refreservation", "quota", "refquota")


@define
class _Request:
    kind: str = "filesystem"
    pairs: dict[str, int | str] = Factory(dict)
    letters: set[str] = Factory(set)

    def has(self, letter: str) -> bool:
        return letter in self.letters


def create(run: Run, arguments: Sequence[str]) -> None:
    """Make a filesystem or volume, or say what would be made."""
    options = run.options("create", arguments, missing="missing size argument")
    request = _Request()
    for letter, text in options:
        _read_option(run, request, letter, text)
    name = _operand(request, options.operands)
    if request.kind == "volume" or request.has("n"):
        _complete(run, request, name)
    if request.has("p") and run.release.names.check(name, OWN) is None:
        existing = run.pools.datasets.get(name)
        if existing is not None and existing.kind == request.kind:
            return
        _announce(
            run, request, ("create_ancestors\t{}", "would create ancestors of {}", "create ancestors of {}"), name
        )
        if not request.has("n"):
            create_ancestors(run, name)
    _announce(run, request, ("create\t{}", "would create {}", "create {}"), name)
    for key, value in request.pairs.items():
        _announce(run, request, ("property\t{}\t{}", "\t{}={}", "\t{}={}"), key, value)
    if request.has("n"):
        return
    check_target(run, name)
    action = f"cannot create '{name}'"
    if name in run.pools.datasets:
        raise Failure(f"{action}: {Reason.EXISTS}")
    changes = read_changes(run.release, action, request.kind, request.pairs)
    if request.kind == "volume":
        _check_volume(run, action, changes)
    check_encryption(run, action, changes)
    _make(run, name, request.kind, changes, mounted=not request.has("u"))


def _read_option(run: Run, request: _Request, letter: str, text: str) -> None:
    request.letters.add(letter)
    if letter == "V":
        request.kind = "volume"
        _enter(request, "volsize", _size(run, "volume size", text))
    elif letter == "b":
        _enter(request, "volblocksize", _size(run, "volume block size", text))
    elif letter == "o":
        parse_pair(run.release, request.pairs, text)


def _enter(request: _Request, name: str, number: int) -> None:
    """Enter a number as the last of the properties, in place of one that was there."""
    request.pairs.pop(name, None)
    request.pairs[name] = number


def _size(run: Run, what: str, text: str) -> int:
    try:
        return parse_number(text, binary=run.release.binary_suffixes)
    except NumberError as error:
        raise Failure(f"bad {what} '{text}': {error}") from error


def _operand(request: _Request, operands: Sequence[str]) -> str:
    if request.letters & {"s", "b"} and request.kind != "volume":
        raise UsageError("'-s' and '-b' can only be used when creating a volume")
    if request.has("u") and request.kind != "filesystem":
        raise UsageError("'-u' can only be used when creating a filesystem")
    if not operands:
        raise UsageError(f"missing {request.kind} argument")
    if len(operands) > 1:
        raise UsageError("too many arguments")
    return operands[0]


def _complete(run: Run, request: _Request, name: str) -> None:
    """Check the properties against the pool, and fill in what the program itself decides about a volume."""
    rules = run.release.volumes
    thick = request.kind == "volume" and not request.has("s")
    if not (thick or rules.opens_pool or request.has("n")):
        return
    open_pool(run, pool_of(name))
    action = f"cannot {'verify' if request.has('n') else 'create'} '{name}'"
    changes = read_changes(run.release, action, request.kind, request.pairs)
    if request.kind != "volume":
        return
    block = _block(run, changes)
    if rules.fits_blocks:
        block = _fitting_block(run, name, int(changes.get("volblocksize", 0)))
        if block != rules.default_block and not isinstance(request.pairs.get("volblocksize"), str):
            _enter(request, "volblocksize", block)
    size = int(changes.get("volsize", 0))
    if rules.rounds_up and size % block:
        size += block - size % block
        _enter(request, "volsize", size)
    if thick and "refreservation" not in request.pairs:
        copies = int(changes.get("copies", 1))
        vdevs = run.pools.pools[pool_of(name)].vdevs
        _enter(request, "refreservation", thick_reservation(rules.tree, size, block, copies, vdevs))


_SMALL_BLOCK = """\
Warning: volblocksize ({0}) is less than the default minimum block size ({1}).
To reduce wasted space a volblocksize of {2} is recommended.
"""
_WASTEFUL_BLOCK = """\
Warning: volblocksize ({0}) is much less than the minimum allocation
unit ({1}), which wastes at least {2}% of space. To reduce wasted space,
use a larger volblocksize ({3} is recommended), fewer dRAID data disks
per group, or smaller sector size (ashift).
"""


def _fitting_block(run: Run, name: str, wanted: int) -> int:
    """Return the block size that is asked for, with a warning where it is small for the disks; else one that fits."""
    default = run.release.volumes.default_block
    unit = max((_least_allocation(vdev) for vdev in run.pools.pools[pool_of(name)].vdevs), default=default)
    fitting = default
    while fitting * 2 <= unit:
        fitting *= 2
    if wanted and wanted < default:
        run.err.append(_SMALL_BLOCK.format(wanted, default, fitting))
    elif wanted and wanted < fitting:
        run.err.append(_WASTEFUL_BLOCK.format(wanted, unit, 100 * (unit - wanted) // unit, fitting))
    return wanted or fitting


def _least_allocation(vdev: Vdev) -> int:
    """Return the bytes that a raidz is to be filled with at a time so that little is wasted."""
    return {0: 1, 1: 2}.get(vdev.parity, 4) << vdev.ashift


def _block(run: Run, changes: Changes) -> int:
    return int(changes.get("volblocksize", run.release.volumes.default_block))


def _announce(run: Run, request: _Request, texts: tuple[str, str, str], *words: int | str) -> None:
    """Print what is being done, where -v or -P asks for it: parsable, as a dry run, or plainly."""
    if request.letters & {"v", "P"}:
        parsable, dry, plain = texts
        text = parsable if request.has("P") else dry if request.has("n") else plain
        run.say(text.format(*words))


def _check_volume(run: Run, action: str, changes: Changes) -> None:
    size = int(changes["volsize"])
    if size == 0:
        raise Failure(f"{action}: volume size cannot be zero")
    if size % _block(run, changes):
        raise Failure(f"{action}: volume size must be a multiple of volume block size")


def _make(run: Run, name: str, kind: str, changes: Mapping[str, int | str], *, mounted: bool) -> None:
    """Do the kernel's part, all of it or nothing."""
    pools = run.pools
    try:
        run.permit(parent_of(name) or name, "create", "mount")
        run.limit(parent_of(name) or name, "filesystem_limit")
        with pools.state.change():
            if kind == "volume":
                pools.create_volume(name, int(changes["volsize"]), _block(run, changes), as_settings(changes))
            else:
                pools.create_filesystem(name, as_settings(changes), mounted=mounted)
            later = {key: changes[key] for key in _APPLIED_AFTER if key in changes}
            apply(pools, pools.dataset(name), later)
            run.made(name, changes)
    except Refused as refused:
        raise Failure(f"cannot create '{name}': {refused.reason}") from refused
