"""The disks that a command names for a pool: read, and checked before anything is made of them.

Source: illumos zpool_vdev.c; the words about disks in use are those of libdiskmgt.
"""

from collections.abc import Iterator, Sequence

from attrs import Factory, define, frozen

from sansim.solaris.pools.claims import claim, short_name
from sansim.solaris.pools.disk_errors import PoolRefused
from sansim.solaris.pools.disks import Group, Layout
from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.vdevs import LOG, Device, Vdev
from sansim.solaris.zfs.command import Failure
from sansim.solaris.zpool.command import PoolRun

__all__ = ["check_distinct", "read_device", "read_layout"]

_ONCE = ("spare", "log", "cache")
_ROLES = {"log": LOG, "special": "special", "dedup": "dedup"}
_FUZZ = 16 << 20
"""Bytes by which the disks of a group may differ."""
_ABSENT = "No such file or directory"
_MOST_RAIDZ = 255
_LEAST = {"mirror": 2, "spare": 1, "cache": 1, "log": 1, "special": 1, "dedup": 1}
_RAIDZ = {"raidz": "raidz1", "raidz1": "raidz1", "raidz2": "raidz2", "raidz3": "raidz3"}


def read_device(run: PoolRun, text: str) -> Device:
    """Return the disk or file that a word names.

    Raises:
        Failure: There is no such disk or file.
    """
    texts, disks = run.zpool.disks, run.pools.disks
    name = short_name(run.pools, text)
    if name in disks and (run.may_configure or not texts.hidden):
        return disks[name]
    if text.startswith("/") and name not in disks:
        try:
            return Device(text, len(run.call.read_file(text)), whole=False)
        except OSError as error:
            raise Failure(f"cannot open '{text}': {error.strerror or _ABSENT}") from error
    raise Failure(f"cannot open '{text}': no such device in {texts.root}\nmust be a full path or shorthand device name")


@define
class _Reading:
    """What has been read of a layout."""

    groups: list[Group] = Factory(list)
    caches: tuple[Device, ...] = ()
    spares: tuple[Device, ...] = ()
    role: str = ""
    seen: set[str] = Factory(set)


def read_layout(run: PoolRun, words: Sequence[str], existing: Pool | None = None, *, force: bool = False) -> Layout:
    """Return the layout that words describe.

    Args:
        run: Who asks.
        words: The disks, with `mirror`, `raidz`, `log`, `cache` and the like before those that they group.
        existing: The pool that gets them, for which they have to be as redundant as what it has.
        force: Whether the redundancy, and labels of pools that are not imported, are passed over.

    Raises:
        Failure: The words make no layout, or a disk is missing or in use.
    """
    layout = _parse(run, words)
    complaints = [*_in_use(run, layout, force=force)]
    if not complaints and not force:
        complaints = [*_mismatches(layout, existing)]
    if complaints:
        rest = (
            "the following errors must be manually repaired:" if force else "use '-f' to override the following errors:"
        )
        raise Failure("\n".join(["invalid vdev specification", rest, *complaints]))
    return layout


def check_distinct(layout: Layout) -> None:
    """Check that no disk is named twice, which only the kernel does.

    Raises:
        PoolRefused: One is.
    """
    names = [device.name for device in layout.devices()]
    if len(set(names)) < len(names):
        raise PoolRefused("one or more vdevs refer to the same device")


def _parse(run: PoolRun, words: Sequence[str]) -> Layout:
    reading = _Reading()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        kind = _grouping(word)
        if kind is None:
            reading.groups.append(Group("disk", (read_device(run, word),), reading.role))
        else:
            _read_group(run, reading, word, kind, rest)
    if not reading.groups and not reading.spares and not reading.caches and "log" not in reading.seen:
        raise _wrong("at least one toplevel vdev must be specified")
    if "log" in reading.seen and not any(group.role == LOG for group in reading.groups):
        raise _wrong("log requires at least 1 device")
    return Layout(tuple(reading.groups), reading.caches, reading.spares)


def _read_group(run: PoolRun, reading: _Reading, word: str, kind: str, rest: list[str]) -> None:
    if kind in _ONCE:
        if kind in reading.seen:
            raise _wrong(f"'{kind}' can be specified only once")
        reading.seen.add(kind)
    if kind in _ROLES:
        reading.role = _ROLES[kind]
        return
    if kind in ("spare", "cache"):
        reading.role = ""
    elif reading.role and kind != "mirror":
        role = "log" if reading.role == LOG else "special"
        raise _wrong(f"unsupported '{role}' device: {'raidz' if kind in _RAIDZ.values() else kind}")
    devices = _read_members(run, word, kind, rest)
    if kind == "spare":
        reading.spares = devices
    elif kind == "cache":
        reading.caches = devices
    else:
        reading.groups.append(Group(kind, devices, reading.role))


def _read_members(run: PoolRun, word: str, kind: str, rest: list[str]) -> tuple[Device, ...]:
    devices: list[Device] = []
    while rest and _grouping(rest[0]) is None:
        devices.append(read_device(run, rest.pop(0)))
    least = _LEAST.get(kind) or int(kind.removeprefix("raidz")) + 1
    if len(devices) < least:
        raise _wrong(f"{word} requires at least {least} devices")
    if kind.startswith("raidz") and len(devices) > _MOST_RAIDZ:
        raise _wrong(f"{word} supports no more than {_MOST_RAIDZ} devices")
    return tuple(devices)


def _grouping(word: str) -> str | None:
    """Return the kind that a word begins a group of, None for a disk."""
    if word in _LEAST:
        return word
    return _RAIDZ.get(word)


def _wrong(text: str) -> Failure:
    return Failure(f"invalid vdev specification: {text}")


def _in_use(run: PoolRun, layout: Layout, *, force: bool) -> Iterator[str]:
    texts = run.zpool.disks
    forms = {"active": texts.active, "cache": texts.cache, "spare": texts.spare, "exported": texts.exported}
    for device in layout.devices():
        held = claim(run.pools, device.name)
        if held is None or held.state == "destroyed" or (held.state == "exported" and force):
            continue
        if held.state == "spare" and device in layout.spares:
            continue
        if not device.whole:
            yield f"{device.name} is part of {held.state} pool '{held.pool}'"
            continue
        yield forms[held.state].format(f"{texts.root}/{device.name}", held.pool).removesuffix("\n")
    yield from ()


@frozen
class _Level:
    """How redundant a group is."""

    kind: str
    disks: int
    parity: int


def _level(group: Group | Vdev) -> _Level:
    count = len(group.devices if isinstance(group, Group) else group.disks)
    if group.kind.startswith("raidz"):
        return _Level("raidz", count, int(group.kind.removeprefix("raidz")))
    return _Level(group.kind, count, 0)


def _mismatches(layout: Layout, existing: Pool | None) -> Iterator[str]:
    groups = [group for group in layout.groups if group.role != LOG]
    if existing is not None:
        present = [_level(vdev) for vdev in existing.data]
        if len(set(present)) > 1:
            return
    complained = False
    for group in groups:
        complaint = _unlike_disks(group)
        if complaint:
            complained = True
            yield complaint
    last: _Level | None = None
    for level in map(_level, groups):
        if last is not None and (complaint := _unlike(last, level)):
            complained = True
            yield f"mismatched replication level: {complaint}"
        last = level
    if existing is not None and existing.data and last is not None and not complained:
        complaint = _unlike_pool(_level(existing.data[0]), last)
        if complaint:
            yield f"mismatched replication level: {complaint}"


def _unlike_disks(group: Group) -> str | None:
    kind = "raidz" if group.kind.startswith("raidz") else group.kind
    if len({device.name.startswith("/") for device in group.devices}) > 1:
        return f"mismatched replication level: {kind} contains both files and devices"
    sizes = [device.size for device in group.devices]
    return f"{kind} contains devices of different sizes" if max(sizes) - min(sizes) > _FUZZ else None


def _unlike(one: _Level, other: _Level) -> str | None:
    if one.kind != other.kind:
        return f"both {one.kind} and {other.kind} vdevs are present"
    if one.parity != other.parity:
        return f"both {one.parity} and {other.parity} device parity {other.kind} vdevs are present"
    if one.disks != other.disks:
        return f"both {one.disks}-way and {other.disks}-way {other.kind} vdevs are present"
    return None


def _unlike_pool(pool: _Level, new: _Level) -> str | None:
    if pool.kind != new.kind:
        return f"pool uses {pool.kind} and new vdev is {new.kind}"
    if pool.parity != new.parity:
        return f"pool uses {pool.parity} device parity and new vdev uses {new.parity}"
    if pool.disks != new.disks:
        return f"pool uses {pool.disks}-way {pool.kind} and new vdev uses {new.disks}-way {new.kind}"
    return None
