"""What a property of a dataset or snapshot is at this moment, where that comes from, and how it prints.

Source: illumos libzfs_dataset.c, `zfs_prop_get`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from attrs import frozen

from sansim.solaris.pools.model import (
    Bookmark,
    Dataset,
    Snapshot,
    dataset_of,
    effective,
    kind_of,
    parent_of,
    pool_of,
    setting,
    total,
)
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.numbers import human, ratio
from sansim.solaris.zfs.properties import Edit, Property, Shape

__all__ = [
    "DEFAULT",
    "LOCAL",
    "NONE",
    "OBJECTS",
    "Value",
    "date",
    "received_value",
    "render",
    "user_properties",
    "user_value",
    "value",
]

NONE = "-"
DEFAULT = "default"
LOCAL = "local"
RECEIVED = "received"
_NO_LIMIT = 2**64 - 1
_EXACT = ("guid", "createtxg", "objsetid", "userrefs", "pbkdf2iters")
_RATIOS = ("compressratio", "refcompressratio")
_SPACES = ("quota", "refquota", "reservation", "refreservation")
_LIMITS = ("filesystem_limit", "snapshot_limit")
_COUNTS = ("filesystem_limit", "snapshot_limit", "filesystem_count", "snapshot_count")
_ONLY_SNAPSHOTS = "s"
_NEVER_HELD = ("receive_resume_token", "encryptionroot", "keystatus", "redact_snaps", "rekeydate")
_GEOMETRY = ("volsize", "volblocksize")
_FIXED_ONCE = ("version", "utf8only", "normalization", "casesensitivity")

OBJECTS = 6
"""The objects of a fresh filesystem; inferred."""
_OF_ROOT = ("userused@root", "userused@0", "groupused@root", "groupused@0", "projectused@0")
"""Accounts that all data of a filesystem are charged to: whose they are is not simulated."""
_UNCOMPRESSED = 100


@frozen
class Value:
    """A property's value, a number or a text, and its source."""

    value: int | str
    source: str = NONE


def value(pools: Pools, item: Dataset | Snapshot | Bookmark, prop: Property) -> Value | None:
    """Return the value of a property, None if the item has none."""
    if prop.name in _NEVER_HELD or not prop.applies_to(kind_of(item)):
        return None
    if isinstance(item, Bookmark):
        return Value(_OF_BOOKMARKS[prop.name](item))
    return None if _is_kept_from(pools, item, prop) else _held(pools, item, prop)


def _held(pools: Pools, item: Dataset | Snapshot, prop: Property) -> Value | None:
    if "@" in prop.name or "#" in prop.name:
        return _account(pools, item, prop)
    if prop.name in _FIXED_ONCE:
        return Value(setting(item.settings, prop.name) or prop.default or NONE)
    if (read := _COMMON.get(prop.name)) is not None:
        return Value(read(pools, item))
    return _of_snapshot(pools, item, prop) if isinstance(item, Snapshot) else _of_dataset(pools, item, prop)


def _account(pools: Pools, item: Dataset | Snapshot, prop: Property) -> Value | None:
    """Return what was written since a snapshot or bookmark, or what a user owns; none has a quota."""
    if prop.name.replace("obj", "") in _OF_ROOT and item.kind == "filesystem":
        return Value(OBJECTS if "obj" in prop.name else total(item.extents), LOCAL)
    if not prop.name.startswith("written"):
        return Value(0, LOCAL)
    delimiter = "#" if prop.name.startswith("written#") else "@"
    name = prop.name.partition(delimiter)[2]
    since = name if delimiter in name else f"{dataset_of(item.name)}{delimiter}{name}"
    held = pools.snapshots.get(since) or pools.bookmarks.get(since)
    if held is None or (isinstance(item, Snapshot) and held.createtxg > item.createtxg):
        return None
    return Value(total(extent for extent in item.extents if extent.birth > held.createtxg), LOCAL)


def _is_kept_from(pools: Pools, item: Dataset | Snapshot, prop: Property) -> bool:
    """Tell whether an item lacks a property that its like have, for what its dataset is."""
    if item.kind == "volume" and prop.name in _FIXED_ONCE:
        return True
    if not isinstance(item, Snapshot) or not pools.release.snapshots_as_datasets:
        return False
    return prop.kinds != _ONLY_SNAPSHOTS and not prop.applies_to(item.kind)


def _of_snapshot(pools: Pools, snapshot: Snapshot, prop: Property) -> Value:
    if (read := _OF_SNAPSHOTS.get(prop.name)) is not None:
        return Value(read(pools, snapshot))
    if prop.name in _GEOMETRY:
        return _geometry(snapshot, prop)
    if prop.edit is not Edit.INHERIT:
        return _typed(prop, prop.default or NONE, DEFAULT)
    return _inherited(pools, snapshot, prop)


def _of_dataset(pools: Pools, dataset: Dataset, prop: Property) -> Value | None:
    if (read := _OF_DATASETS.get(prop.name)) is not None:
        found = read(pools, dataset)
        return None if found is None else Value(found)
    if (count := _OF_TREES.get(prop.name)) is not None:
        counted = _is_counted(pools, dataset)
        return Value(count(pools, dataset.name), LOCAL) if counted else Value(_NO_LIMIT, DEFAULT)
    return _set_on_dataset(pools, dataset, prop)


def _set_on_dataset(pools: Pools, dataset: Dataset, prop: Property) -> Value:
    if prop.name in _SPACES:
        return _size(dataset, prop.name)
    if prop.name in _GEOMETRY:
        return _geometry(dataset, prop)
    if prop.name == "mountpoint":
        return _mountpoint(pools, dataset)
    if prop.edit is Edit.INHERIT:
        return _inherited(pools, dataset, prop)
    own, received = effective(dataset, prop.name) or (None, False)
    if own is None:
        return _typed(prop, prop.default or NONE, DEFAULT)
    return _typed(prop, own, RECEIVED if received else LOCAL)


def _geometry(item: Dataset | Snapshot, prop: Property) -> Value:
    if prop.name == "volsize":
        return Value(item.volsize, LOCAL)
    return Value(item.volblocksize, DEFAULT if str(item.volblocksize) == prop.default else NONE)


def _size(dataset: Dataset, name: str) -> Value:
    held: int | None = getattr(dataset, name)
    if name in dataset.received_sizes:
        return Value(held or 0, RECEIVED)
    return Value(held or 0, DEFAULT if held is None else LOCAL)


def _typed(prop: Property, text: str, source: str) -> Value:
    return Value(int(text) if prop.shape is Shape.NUMBER else text, source)


def _inherited(pools: Pools, item: Dataset | Snapshot, prop: Property) -> Value:
    found = _search(pools, item, prop.name)
    if found is None:
        return _typed(prop, prop.default or NONE, DEFAULT)
    at, text = found
    return _typed(prop, text, _source(item, name=prop.name, at=at))


def _search(pools: Pools, item: Dataset | Snapshot, name: str) -> tuple[str, str] | None:
    """Return who in the line of ancestors sets a property or received it, itself included, and its value."""
    if (own := effective(item, name)) is not None:
        return item.name, own[0]
    at = dataset_of(item.name) if isinstance(item, Snapshot) else parent_of(item.name)
    while at is not None:
        if (held := effective(pools.dataset(at), name)) is not None:
            return at, held[0]
        at = parent_of(at)
    return None


def _mountpoint(pools: Pools, dataset: Dataset) -> Value:
    root = setting(pools.pools[pool_of(dataset.name)].settings, "altroot") or ""
    found = _search(pools, dataset, "mountpoint")
    if found is None:
        return Value(f"{root.rstrip('/')}/{dataset.name}", DEFAULT)
    at, text = found
    path = text if text in ("none", "legacy") else text.rstrip("/") + dataset.name[len(at) :]
    if root.rstrip("/") and text.startswith("/"):
        path = root.rstrip("/") + path
    if at == dataset.name:
        return Value(path or text, _source(dataset, name="mountpoint", at=at))
    return Value(path, f"inherited from {at}")


def user_value(pools: Pools, item: Dataset | Snapshot | Bookmark, name: str) -> Value | None:
    """Return the value of a user property, None if neither the item nor its ancestors set it."""
    if isinstance(item, Bookmark):
        return None
    found = _search(pools, item, name)
    if found is None:
        return None
    at, text = found
    return Value(text, _source(item, name=name, at=at))


def _source(item: Dataset | Snapshot, *, name: str, at: str) -> str:
    if at != item.name:
        return f"inherited from {at}"
    return LOCAL if setting(item.settings, name) is not None else RECEIVED


def received_value(item: Dataset | Snapshot | Bookmark, prop: Property | None, name: str) -> Value | None:
    """Return what was received for a property, whether it counts or not; None if nothing was."""
    if isinstance(item, Bookmark):
        return None
    text = setting(item.received, prop.name if prop else name)
    if text is None:
        return None
    return _typed(prop, text, RECEIVED) if prop else Value(text, RECEIVED)


def user_properties(pools: Pools, item: Dataset | Snapshot | Bookmark) -> list[str]:
    """Return the names of all user properties that an item has or inherits, sorted."""
    names: set[str] = set()
    at: str | None = None if isinstance(item, Bookmark) else item.name
    while at is not None:
        held = pools.holder(at)
        names.update(one.name for one in (*held.settings, *held.received) if ":" in one.name)
        at = dataset_of(at) if "@" in at else parent_of(at)
    return sorted(names)


def _written(pools: Pools, item: Dataset | Snapshot) -> int:
    if isinstance(item, Snapshot):
        return pools.space.snapshot_written(item.name)
    return pools.space.usage(item.name).unique


def _filesystem_count(pools: Pools, name: str) -> int:
    return sum(1 for _ in pools.space.below(name))


def _snapshot_count(pools: Pools, name: str) -> int:
    return sum(len(pools.space.snapshots(dataset)) for dataset in (name, *pools.space.below(name)))


def _is_counted(pools: Pools, dataset: Dataset) -> bool:
    """Tell whether what lies below a dataset is counted: once there is a limit on it or above."""
    at: str | None = dataset.name
    while at is not None:
        limits = [setting(pools.dataset(at).settings, name) for name in _LIMITS]
        if any(limit not in (None, str(_NO_LIMIT)) for limit in limits):
            return True
        at = parent_of(at)
    return False


def _used(pools: Pools, item: Dataset | Snapshot) -> int:
    if isinstance(item, Snapshot):
        return pools.space.snapshot_used(item.name)
    return pools.space.used(item.name)


_COMMON: Mapping[str, Callable[[Pools, Dataset | Snapshot], int | str]] = {
    "name": lambda _, item: item.name,
    "type": lambda _, item: kind_of(item),
    "creation": lambda _, item: int(item.creation.timestamp()),
    "used": _used,
    "referenced": lambda _, item: total(item.extents),
    "logicalreferenced": lambda _, item: total(item.extents),
    "compressratio": lambda _, __: _UNCOMPRESSED,
    "refcompressratio": lambda _, __: _UNCOMPRESSED,
    "createtxg": lambda _, item: item.createtxg,
    "guid": lambda _, item: item.guid,
    "written": _written,
    # The number of an object of the pool; that it is this one is inferred.
    "objsetid": lambda _, item: item.guid >> 44,
}

_OF_BOOKMARKS: Mapping[str, Callable[[Bookmark], int | str]] = {
    "name": lambda item: item.name,
    "type": kind_of,
    "creation": lambda item: int(item.creation.timestamp()),
    "createtxg": lambda item: item.createtxg,
    "guid": lambda item: item.guid,
    "referenced": lambda item: item.referenced,
    "logicalreferenced": lambda item: item.referenced,
}

_OF_SNAPSHOTS: Mapping[str, Callable[[Pools, Snapshot], int | str]] = {
    "clones": lambda pools, item: ",".join(pools.space.clones(item.name)),
    "userrefs": lambda _, item: len(item.holds),
    "defer_destroy": lambda _, item: "on" if item.defer_destroy else "off",
}

_OF_DATASETS: Mapping[str, Callable[[Pools, Dataset], int | str | None]] = {
    "origin": lambda _, item: item.origin,
    "mounted": lambda _, item: "yes" if item.mounted else "no",
    "available": lambda pools, item: pools.space.available(item.name),
    "usedbysnapshots": lambda pools, item: pools.space.usage(item.name).snapshots,
    "usedbydataset": lambda pools, item: pools.space.usage(item.name).dataset,
    "usedbychildren": lambda pools, item: pools.space.used_by_children(item.name),
    "usedbyrefreservation": lambda pools, item: pools.space.usage(item.name).refreservation,
    "logicalused": lambda pools, item: pools.space.allocated(item.name),
}

_OF_TREES: Mapping[str, Callable[[Pools, str], int]] = {
    "filesystem_count": _filesystem_count,
    "snapshot_count": _snapshot_count,
}


def render(prop: Property, held: int | str, *, exact: bool) -> str:
    """Return a value as `list` and `get` print it, exact as with -p."""
    if isinstance(held, str):
        return held
    if prop.name in _RATIOS:
        return ratio(held).removesuffix("x") if exact and prop.bare else ratio(held)
    if prop.name == "creation":
        return str(held) if exact else date(held)
    if exact or prop.name in _EXACT:
        return str(held)
    return "none" if _is_none(prop, held) else human(held, prop.byte)


def _is_none(prop: Property, held: int) -> bool:
    if prop.name in _COUNTS:
        return held == _NO_LIMIT
    return held == 0 and (prop.name in _SPACES or "quota@" in prop.name)


def date(since: int, *, seconds: bool = False) -> str:
    """Return a time as ZFS prints it, day and hour padded with a blank: `Wed Nov  4  9:05 2026`."""
    moment = datetime.fromtimestamp(since, UTC)
    return f"{moment:%a %b} {moment.day:2d} {moment.hour:2d}:{moment:{'%M:%S' if seconds else '%M'} %Y}"
