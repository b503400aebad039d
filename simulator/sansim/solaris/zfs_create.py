"""`zfs create` (source: illumos zfs_main.c, libzfs_dataset.c; checks in their order)."""

from collections.abc import Sequence

from attrs import Factory, define

from sansim.solaris.numbers import NumberError, parse_number
from sansim.solaris.zfs_command import OWN, Failure, Options, Run, UsageError
from sansim.solaris.zfs_errors import Reason, Refused
from sansim.solaris.zfs_model import parent_of, pool_of
from sansim.solaris.zfs_reservation import thick_reservation
from sansim.solaris.zfs_settings import Changes, apply, as_settings, enter_pair, parse_pair, read_changes
from sansim.solaris.zfs_targets import check_target, create_ancestors, open_pool

__all__ = ["create"]

_DEFAULT_BLOCK = 8192
_APPLIED_AFTER = ("reservation", "refreservation", "quota", "refquota")


@define
class _Request:
    kind: str = "filesystem"
    pairs: dict[str, int | str] = Factory(dict)
    sparse: bool = False
    parents: bool = False
    blocksize: bool = False


def create(run: Run, arguments: Sequence[str]) -> None:
    """Make a filesystem or volume."""
    options = Options(arguments, flags="sp", valued="Vbo", missing="missing size argument")
    request = _Request()
    for letter, text in options:
        _read_option(request, letter, text)
    name = _operand(request, options.operands)
    action = f"cannot create '{name}'"
    pairs: Changes = request.pairs
    if request.kind == "volume" and not request.sparse:
        open_pool(run, pool_of(name))
        pairs = _with_reservation(pairs, read_changes(run.release, action, "volume", pairs))
    if request.parents and run.release.names.check(name, OWN) is None:
        existing = run.pools.datasets.get(name)
        if existing is not None and existing.kind == request.kind:
            return
        create_ancestors(run, name)
    check_target(run, name)
    if name in run.pools.datasets:
        raise Failure(f"{action}: {Reason.EXISTS}")
    changes = read_changes(run.release, action, request.kind, pairs)
    if request.kind == "volume":
        _check_volume(action, changes)
    _make(run, name, request.kind, changes)


def _read_option(request: _Request, letter: str, text: str) -> None:
    if letter == "V":
        request.kind = "volume"
        enter_pair(request.pairs, "volsize", _size("volume size", text))
    elif letter == "b":
        request.blocksize = True
        enter_pair(request.pairs, "volblocksize", _size("volume block size", text))
    elif letter == "o":
        parse_pair(request.pairs, text)
    elif letter == "s":
        request.sparse = True
    else:
        request.parents = True


def _size(what: str, text: str) -> int:
    try:
        return parse_number(text)
    except NumberError as error:
        raise Failure(f"bad {what} '{text}': {error}") from error


def _operand(request: _Request, operands: Sequence[str]) -> str:
    if (request.sparse or request.blocksize) and request.kind != "volume":
        raise UsageError("'-s' and '-b' can only be used when creating a volume")
    if not operands:
        raise UsageError(f"missing {request.kind} argument")
    if len(operands) > 1:
        raise UsageError("too many arguments")
    return operands[0]


def _with_reservation(pairs: Changes, changes: Changes) -> Changes:
    if "refreservation" in pairs:
        return pairs
    size, block = int(changes["volsize"]), int(changes.get("volblocksize", _DEFAULT_BLOCK))
    return {**pairs, "refreservation": thick_reservation(size, block, int(changes.get("copies", 1)))}


def _check_volume(action: str, changes: Changes) -> None:
    size, block = int(changes["volsize"]), int(changes.get("volblocksize", _DEFAULT_BLOCK))
    if size == 0:
        raise Failure(f"{action}: volume size cannot be zero")
    if size % block:
        raise Failure(f"{action}: volume size must be a multiple of volume block size")


def _make(run: Run, name: str, kind: str, changes: Changes) -> None:
    """Do the kernel's part, all of it or nothing."""
    pools = run.pools
    try:
        run.permit(parent_of(name) or name, "create", "mount")
        with pools.state.change():
            if kind == "volume":
                block = int(changes.get("volblocksize", _DEFAULT_BLOCK))
                pools.create_volume(name, int(changes["volsize"]), block, as_settings(changes))
            else:
                pools.create_filesystem(name, as_settings(changes))
            later = {key: changes[key] for key in _APPLIED_AFTER if key in changes}
            apply(pools, pools.dataset(name), later)
            run.made(name, changes)
    except Refused as refused:
        raise Failure(f"cannot create '{name}': {refused.reason}") from refused
