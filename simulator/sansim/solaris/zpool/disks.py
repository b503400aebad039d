"""The sub-commands of zpool for single disks: add, remove, attach, detach, replace, online, offline, clear.

Source: illumos zpool_main.c, libzfs_pool.c.
"""

from collections.abc import Callable, Iterator, Sequence

from sansim.solaris.pools.claims import find, short_name
from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.disks import (
    Group,
    Layout,
    add,
    attach,
    clear,
    detach,
    offline,
    online,
    remove,
    replace,
)
from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.vdevs import LOG, Device
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zpool.command import ERROR, PoolRun, not_simulated, open_pool, options, refused
from sansim.solaris.zpool.create import enter_property, layout_lines
from sansim.solaris.zpool.layout import check_distinct, read_layout
from sansim.solaris.zpool.names import Naming

__all__ = [
    "add_disks",
    "attach_disk",
    "clear_errors",
    "detach_disk",
    "offline_disks",
    "online_disks",
    "remove_disks",
    "replace_disk",
]


def add_disks(run: PoolRun, arguments: Sequence[str]) -> None:
    """Add groups of disks, caches, logs and spares."""
    read = options(run, "add", arguments)
    found = dict(read)
    _check_ashift(run, found.get("o"))
    if not read.operands:
        raise UsageError("missing pool name argument")
    if len(read.operands) == 1:
        raise UsageError("missing vdev specification")
    name, *words = read.operands
    pool = open_pool(run, name)
    layout = read_layout(run, words, pool, force="f" in found)
    if "n" in found:
        if "g" in found:
            # New groups and disks have no guids yet: the real program prints whatever lies in its memory.
            raise not_simulated(run, "add -gn")
        run.say(f"would update '{name}' to the following configuration:")
        run.out += _updated(run, pool, layout, Naming(path="P" in found))
        return
    with refused(f"cannot add to '{name}'"):
        run.permit_pool()
        check_distinct(layout)
        try:
            add(run.pools, name, layout)
        except PoolRefused as refusal:
            raise PoolRefused(
                Trouble.ADDED_MINIMUM if refusal.trouble == Trouble.MINIMUM else refusal.trouble
            ) from refusal


def _check_ashift(run: PoolRun, text: str | None) -> None:
    """Check the only property that disks can be given."""
    if text is None:
        return
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError("missing '=' for -o option")
    if name != "ashift":
        raise UsageError
    enter_property(run, {}, name, value)


def _updated(run: PoolRun, pool: Pool, layout: Layout, naming: Naming) -> Iterator[str]:
    """Yield the lines of a dry run: only what is in the pool is called as asked for, new disks have no slices yet."""
    present = Layout(
        tuple(
            Group(vdev.kind, tuple(Device(naming.disk(run.pools, disk), disk.size) for disk in vdev.disks), vdev.role)
            for vdev in pool.vdevs
        )
    )
    data = [group for group in present.groups if not group.role]
    yield f"\t{pool.name}\n"
    for number, group in enumerate(data):
        lines = list(layout_lines(None, Layout((group,)), numbered=True))
        yield from (line.replace("-0\n", f"-{number}\n") for line in lines)
    yield from layout_lines(None, Layout(tuple(item for item in layout.groups if not item.role)), numbered=False)
    logs = [item for item in (*present.groups, *layout.groups) if item.role == LOG]
    yield from layout_lines(None, Layout(tuple(logs)), numbered=False)


def remove_disks(run: PoolRun, arguments: Sequence[str]) -> None:
    """Remove spares, caches, logs and groups of disks, each for itself."""
    read = options(run, "remove", arguments)
    letters = {letter for letter, _ in read}
    name, disks = _pool_and_disks(read.operands, "missing pool name argument")
    pool = open_pool(run, name)
    if "s" in letters:
        if "n" in letters:
            run.complain("stop request ignored")
            return
        if disks:
            raise UsageError("too many arguments")
        raise Failure(f"cannot cancel removal: {Trouble.NOT_IN_PROGRESS}")
    if not disks:
        raise UsageError("missing device")
    if "n" in letters:
        _tell_memory(run, pool, disks, exact="p" in letters)
        return
    _each(run, disks, "cannot remove {}", lambda disk: remove(run.pools, name, disk))


def _tell_memory(run: PoolRun, pool: Pool, disks: Sequence[str], *, exact: bool) -> None:
    for disk in disks:
        with refused(f"cannot determine indirect size of {disk}"):
            vdev = next((item for item in pool.vdevs if item.name == disk), None)
            if vdev is None:
                find(run.pools, pool, disk)
            run.say(f"{disk} 0" if exact else f"Memory that will be used after removing {disk}: 0")


def attach_disk(run: PoolRun, arguments: Sequence[str]) -> None:
    """Make a disk the mirror of another."""
    name, old, new, found = _pool_and_pair(run, "attach", arguments)
    if new is None:
        raise UsageError("missing <new_device> specification")
    open_pool(run, name)
    device = _new_device(run, new, force="f" in found)
    with refused(f"cannot attach {new} to {old}", ERROR):
        run.permit_pool()
        attach(run.pools, name, old, device)


def replace_disk(run: PoolRun, arguments: Sequence[str]) -> None:
    """Put a disk in the place of another, or of what was there before."""
    name, old, new, found = _pool_and_pair(run, "replace", arguments)
    new = new or old
    pool = open_pool(run, name)
    spare = any(disk.name == short_name(run.pools, new) for disk in pool.spares)
    device = run.pools.disks[short_name(run.pools, new)] if spare else _new_device(run, new, force="f" in found)
    with refused(f"cannot replace {old} with {new}", ERROR):
        run.permit_pool()
        replace(run.pools, name, old, device)


def _pool_and_pair(run: PoolRun, command: str, arguments: Sequence[str]) -> tuple[str, str, str | None, dict[str, str]]:
    read = options(run, command, arguments)
    found = dict(read)
    _check_ashift(run, found.get("o"))
    if not read.operands:
        raise UsageError("missing pool name argument")
    if len(read.operands) == 1:
        raise UsageError("missing <device> specification")
    if len(read.operands) > 3:  # noqa: PLR2004 - a pool and two disks
        raise UsageError("too many arguments")
    name, old, *new = read.operands
    return name, old, new[0] if new else None, found


def _new_device(run: PoolRun, text: str, *, force: bool) -> Device:
    return read_layout(run, [text], force=force).groups[0].devices[0]


def detach_disk(run: PoolRun, arguments: Sequence[str]) -> None:
    """Take a disk out of a mirror."""
    read = options(run, "detach", arguments)
    list(read)
    name, disks = _pool_and_disks(read.operands, "missing pool name argument")
    if not disks:
        raise UsageError("missing <device> specification")
    open_pool(run, name)
    with refused(f"cannot detach {disks[0]}", ERROR):
        run.permit_pool()
        detach(run.pools, name, disks[0])


def online_disks(run: PoolRun, arguments: Sequence[str]) -> None:
    """Bring disks back into use."""
    read = options(run, "online", arguments)
    letters = {letter for letter, _ in read}
    name, disks = _named_disks(run, read.operands)
    _each(
        run, disks, "cannot expand {}" if "e" in letters else "cannot online {}", lambda disk: _online(run, name, disk)
    )


def _online(run: PoolRun, name: str, disk: str) -> None:
    state = online(run.pools, name, disk)
    if state != "ONLINE":
        run.say(f"warning: device '{disk}' onlined, but remains in faulted state")
        if state == "FAULTED":
            run.say("use 'zpool clear' to restore a faulted device")
        else:
            run.say("use 'zpool replace' to replace devices that are no longer present")


def offline_disks(run: PoolRun, arguments: Sequence[str]) -> None:
    """Take disks out of use."""
    read = options(run, "offline", arguments)
    letters = {letter for letter, _ in read}
    name, disks = _named_disks(run, read.operands)
    _each(run, disks, "cannot offline {}", lambda disk: offline(run.pools, name, disk, temporary="t" in letters))


def clear_errors(run: PoolRun, arguments: Sequence[str]) -> None:
    """Forget the errors of a pool, or of one of its disks."""
    read = options(run, "clear", arguments)
    letters = {letter for letter, _ in read}
    name, disks = _pool_and_disks(read.operands, "missing pool name")
    if len(disks) > 1:
        raise UsageError("too many arguments")
    if letters & {"n", "X"} and "F" not in letters:
        raise UsageError("-n or -X only meaningful with -F")
    open_pool(run, name)
    disk = disks[0] if disks else None
    with refused(f"cannot clear errors for {disk or name}"):
        run.permit_pool()
        clear(run.pools, name, disk)


def _pool_and_disks(operands: Sequence[str], missing: str) -> tuple[str, list[str]]:
    if not operands:
        raise UsageError(missing)
    return operands[0], list(operands[1:])


def _named_disks(run: PoolRun, operands: Sequence[str]) -> tuple[str, list[str]]:
    name, disks = _pool_and_disks(operands, "missing pool name")
    if not disks:
        raise UsageError("missing device name")
    open_pool(run, name)
    return name, disks


def _each(run: PoolRun, disks: Sequence[str], action: str, act: Callable[[str], None]) -> None:
    """Do something to each disk; the others are done when one is refused."""
    complete = True
    for disk in disks:
        try:
            with refused(action.format(disk)):
                run.permit_pool()
                act(disk)
        except Failure as failure:
            run.complain(failure.text)
            complete = False
    if not complete:
        raise Failure("")
