"""What zpool does to whole pools now and then: scrub, resilver, trim, upgrade, reguid, reopen, sync, labelclear.

Source: illumos zpool_main.c, libzfs_pool.c.
"""

from collections.abc import Sequence

from sansim.solaris.pools.claims import claim, find, short_name, wipe
from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.moves import reguid
from sansim.solaris.pools.scans import pause_scrub, scrub, stop_scrub
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zfs.numbers import NumberError, parse_number
from sansim.solaris.zpool.command import ERROR, PoolRun, not_simulated, open_pool, open_pools, options, refused, single

__all__ = [
    "checkpoint",
    "clear_label",
    "give_guid",
    "initialize",
    "reopen",
    "resilver_pools",
    "scrub_pools",
    "sync",
    "trim",
    "version",
]

_LONG_CHECKPOINT = {"--discard": "-d"}
_TRIM_ORDERS = ("c", "s")
_LONG_TRIM = {"--cancel": "-c", "--secure": "-d", "--suspend": "-s"}


def scrub_pools(run: PoolRun, arguments: Sequence[str]) -> None:
    """Begin, pause or stop scrubs."""
    read = options(run, "scrub", arguments)
    letters = {letter for letter, _ in read}
    if {"s", "p"} <= letters:
        raise UsageError("invalid option combination: -s and -p are mutually exclusive")
    act, action = scrub, "cannot scrub {}"
    if "s" in letters:
        act, action = stop_scrub, "cannot cancel scrubbing {}"
    elif "p" in letters:
        act, action = pause_scrub, "cannot pause scrubbing {}"
    if not read.operands:
        raise UsageError("missing pool name argument")
    pools, complete = open_pools(run, read.operands)
    for pool in pools:
        try:
            with refused(action.format(pool.name)):
                run.permit_pool()
                act(run.pools, pool.name)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    if not complete:
        raise Failure("")


def resilver_pools(run: PoolRun, arguments: Sequence[str]) -> None:
    """Begin resilvers anew; where none is needed nothing happens."""
    read = options(run, "resilver", arguments)
    list(read)
    if not read.operands:
        raise UsageError("missing pool name argument")
    pools, complete = open_pools(run, read.operands)
    for pool in pools:
        with refused(f"cannot restart resilver on {pool.name}"):
            run.permit_pool()
    if not complete:
        raise Failure("")


def trim(run: PoolRun, arguments: Sequence[str]) -> None:
    """Refuse to trim disks, which those of the host do not support."""
    read = options(run, "trim", [_LONG_TRIM.get(word, word) for word in arguments])
    order, secure = "", False
    for letter, text in read:
        secure |= letter == "d"
        _check_trim(letter, text, order)
        order = letter if letter in _TRIM_ORDERS else order
    if not read.operands:
        raise UsageError("missing pool name argument")
    name, *disks = read.operands
    pool = _open(run, name)
    for disk in disks:
        with refused(f"cannot trim '{disk}'", ERROR):
            find(run.pools, pool, disk)
    with refused("operation failed", ERROR):
        run.permit_pool()
    if not disks and not secure:
        raise Failure("cannot trim: no devices in pool support trim operations", ERROR)
    for disk in disks or [disk.name for vdev in pool.vdevs for disk in vdev.disks]:
        run.complain(f"cannot trim '{disk}': trim operations are not supported by this device")
    raise Failure("", ERROR)


def _open(run: PoolRun, name: str) -> Pool:
    """Return the pool that an operand names, for a sub-command that ends with -1 where there is none (source)."""
    try:
        return open_pool(run, name)
    except Failure as failure:
        raise Failure(failure.text, ERROR) from failure


def _check_trim(letter: str, text: str, order: str) -> None:
    """Check an option against what was ordered before it."""
    if letter in _TRIM_ORDERS and order not in ("", letter):
        raise UsageError(f"-{letter} cannot be combined with other options")
    if letter not in _TRIM_ORDERS and order:
        raise UsageError(f"-{letter} cannot be combined with the -c or -s options")
    if letter == "r":
        try:
            parse_number(text)
        except NumberError as error:
            raise UsageError(f"invalid value for rate: {error}") from error


def give_guid(run: PoolRun, arguments: Sequence[str]) -> None:
    """Give a pool another guid."""
    read = options(run, "reguid", arguments)
    list(read)
    name = single(read.operands, "missing pool name")
    open_pool(run, name)
    with refused(f"cannot reguid '{name}'", ERROR):
        run.permit_pool()
        reguid(run.pools, name)


def reopen(run: PoolRun, arguments: Sequence[str]) -> None:
    """Look at the disks of a pool again."""
    read = options(run, "reopen", arguments)
    list(read)
    name = single(read.operands, "missing pool name")
    open_pool(run, name)
    with refused(f"cannot reopen '{name}'", ERROR):
        run.permit_pool()


def sync(run: PoolRun, arguments: Sequence[str]) -> None:
    """Wait until all that was written is on the disks; here it always is."""
    read = options(run, "sync", arguments)
    list(read)
    pools, complete = open_pools(run, read.operands)
    for pool in pools:
        with refused(f"sync '{pool.name}' failed"):
            run.permit_pool()
    if not complete:
        raise Failure("")


def checkpoint(run: PoolRun, arguments: Sequence[str]) -> None:
    """Refuse to keep a pool's present state, which is not simulated."""
    read = options(run, "checkpoint", [_LONG_CHECKPOINT.get(word, word) for word in arguments])
    list(read)
    open_pool(run, single(read.operands, "missing pool argument"))
    raise not_simulated(run, "checkpoint")


def initialize(run: PoolRun, arguments: Sequence[str]) -> None:
    """Refuse to write to all free space of disks, which is not simulated."""
    read = options(run, "initialize", [_LONG_TRIM.get(word, word) for word in arguments])
    list(read)
    if not read.operands:
        raise UsageError("missing pool name argument")
    _open(run, read.operands[0])
    raise not_simulated(run, "initialize")


def clear_label(run: PoolRun, arguments: Sequence[str]) -> None:
    """Take the label of a pool that is not imported off a disk."""
    read = options(run, "labelclear", arguments)
    letters = {letter for letter, _ in read}
    text = single(read.operands, "missing vdev name")
    name = short_name(run.pools, text)
    device = run.pools.disks.get(name)
    if device is None or not run.may_configure:
        raise Failure(f"failed to find device {text}, try specifying absolute path instead")
    path = f"{run.zpool.disks.root}/{name}{run.zpool.disks.slice}"
    held = claim(run.pools, name)
    if held is None:
        raise Failure(f"failed to read label from {path}")
    if held.state in ("active", "spare", "cache"):
        word = {"active": "ACTIVE", "spare": "SPARE", "cache": "L2CACHE"}[held.state]
        raise Failure(f'{path} is a member ({word}) of pool "{held.pool}"')
    if held.state == "exported" and "f" not in letters:
        raise Failure(
            "use '-f' to override the following error:\n" + f'{path} is a member of exported pool "{held.pool}"'
        )
    with run.pools.state.change():
        wipe(run.pools, name)


def version(run: PoolRun, arguments: Sequence[str]) -> None:
    """Print the version of the program and of the kernel's module."""
    del arguments
    run.out.append(run.zpool.version)
