"""The values of a pool's properties (source: illumos libzfs_pool.c, spa.c)."""

from collections.abc import Callable, Mapping

from sansim.solaris.pools.model import Pool, pool_of, setting
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.scans import allocated
from sansim.solaris.zfs.numbers import human, percent, ratio
from sansim.solaris.zfs.properties import Edit, Property, Shape
from sansim.solaris.zfs.values import DEFAULT, LOCAL, NONE, Value
from sansim.solaris.zpool.release import ZpoolRelease

__all__ = ["FEATURE", "every_property", "feature_state", "find", "render", "value"]

FEATURE = "feature@"
_HUNDRED = 100
_UNKNOWN_FRAGMENTATION = 0
_IN_USE = "active"


def find(release: ZpoolRelease, name: str) -> Property | None:
    """Return the pool property of a name, or of a column's title in lower case."""
    if name.startswith(FEATURE) and release.feature(name.removeprefix(FEATURE)):
        return Property(name, Shape.STRING, Edit.DEFAULT, "", "", name.upper(), shown=False)
    return release.properties.find(name)


def every_property(release: ZpoolRelease) -> str:
    """Return what `all` stands for: the names of properties and features, parted by commas."""
    names = [prop.name for prop in release.properties.shown]
    return ",".join([*names, *(f"{FEATURE}{feature.name}" for feature in release.features)])


def feature_state(pools: Pools, pool: Pool, name: str) -> str:
    """Return `disabled`, `enabled`, or `active` when a pool uses the feature."""
    if pool.version is not None or name in pool.disabled:
        return "disabled"
    feature = pools.zpool.feature(name)
    if feature is not None and feature.active:
        return _IN_USE
    used = _USES.get(name)
    return _IN_USE if used is not None and used(pools, pool) else "enabled"


def _any_of(names: Mapping[str, object], pool: Pool) -> bool:
    return any(pool_of(name) == pool.name for name in names)


def _counts(pools: Pools, pool: Pool) -> bool:
    return any(
        setting(dataset.settings, limit) is not None
        for dataset in pools.datasets.values()
        for limit in ("filesystem_limit", "snapshot_limit")
        if pool_of(dataset.name) == pool.name
    )


_USES: Mapping[str, Callable[[Pools, Pool], bool]] = {
    "bookmarks": lambda pools, pool: _any_of(pools.bookmarks, pool),
    "device_removal": lambda _, pool: pool.removal is not None,
    "bookmark_v2": lambda pools, pool: (
        _any_of(pools.bookmarks, pool) and pools.zpool.feature("bookmark_written") is not None
    ),
    "bookmark_written": lambda pools, pool: _any_of(pools.bookmarks, pool),
    "filesystem_limits": _counts,
    "empty_bpobj": lambda pools, pool: _any_of(pools.snapshots, pool),
    "allocation_classes": lambda _, pool: any(vdev.role in ("special", "dedup") for vdev in pool.vdevs),
}
_READ: Mapping[str, Callable[[Pools, Pool], int | str]] = {
    "name": lambda _, pool: pool.name,
    "size": lambda _, pool: pool.size,
    "capacity": lambda pools, pool: percent(allocated(pools, pool), pool.size),
    "health": lambda _, pool: pool.state,
    "guid": lambda _, pool: pool.guid,
    "load_guid": lambda _, pool: pool.guid ^ pool.loaded,
    "readonly": lambda _, pool: setting(pool.settings, "readonly") or "off",
    "dedupratio": lambda _, __: _HUNDRED,
    "free": lambda pools, pool: pool.size - allocated(pools, pool),
    "available": lambda pools, pool: pool.size - allocated(pools, pool),
    "allocated": allocated,
    "used": allocated,
    "expandsize": lambda _, __: NONE,
    "freeing": lambda _, __: 0,
    "fragmentation": lambda _, __: _UNKNOWN_FRAGMENTATION,
    "leaked": lambda _, __: 0,
    "checkpoint": lambda _, __: NONE,
}
"""What has no source: it is read off the pool, and `readonly` is what it was imported with.

Deduplication and fragmentation are not simulated: nothing is shared, nothing in pieces.
"""


def value(pools: Pools, pool: Pool, prop: Property) -> Value:
    """Return the value of a pool's property, and where it comes from."""
    if prop.name.startswith(FEATURE):
        return Value(feature_state(pools, pool, prop.name.removeprefix(FEATURE)), LOCAL)
    if (read := _READ.get(prop.name)) is not None:
        return Value(read(pools, pool))
    if prop.name == "version":
        return _version(pools, pool)
    own = setting(pool.settings, prop.name)
    if own is not None and own != prop.default:
        return Value(own, LOCAL)
    return Value(prop.default or NONE, DEFAULT)


def _version(pools: Pools, pool: Pool) -> Value:
    if pools.zpool.features:
        return Value(NONE, DEFAULT) if pool.version is None else Value(str(pool.version), LOCAL)
    newest = pools.zpool.newest_version
    return Value(str(newest), DEFAULT) if pool.version in (None, newest) else Value(str(pool.version), LOCAL)


def render(release: ZpoolRelease, prop: Property, held: int | str, *, exact: bool) -> str:
    """Return a value as `zpool list` and `zpool get` print it, exact as with -p."""
    if isinstance(held, str):
        return held
    plain = exact and not release.list.exact_units
    if prop.name == "dedupratio":
        return ratio(held).removesuffix("x") if plain else ratio(held)
    if prop.name == "fragmentation":
        return str(held) if plain else f"{held}%"
    if prop.name == "capacity":
        return str(held) if exact else f"{held}%"
    return str(held) if exact or prop.name in ("guid", "load_guid") else human(held)
