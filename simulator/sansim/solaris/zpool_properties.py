"""The properties of a pool (source: illumos zpool_prop.c, fs/zfs.h; in the order of `zpool get all`)."""

from collections.abc import Callable, Mapping

from sansim.solaris.numbers import human, percent, ratio
from sansim.solaris.pool import Pools
from sansim.solaris.zfs_model import Pool, setting
from sansim.solaris.zfs_properties import Edit, Property, Shape
from sansim.solaris.zfs_values import DEFAULT, LOCAL, NONE, Value

__all__ = ["FEATURES", "LISTED", "NAME", "PROPERTIES", "find", "render", "value"]


def _number(name: str, values: str, header: str, edit: Edit = Edit.READONLY) -> Property:
    return Property(name, Shape.NUMBER, edit, "p", values, header, right=True)


def _word(name: str, values: str, header: str, default: str) -> Property:
    return Property(name, Shape.STRING, Edit.DEFAULT, "p", values, header, default)


def _switch(name: str, header: str, default: str, choices: tuple[str, ...] = ("on", "off")) -> Property:
    return Property(name, Shape.INDEX, Edit.DEFAULT, "p", " | ".join(choices), header, default, choices)


NAME = Property("name", Shape.STRING, Edit.READONLY, "p", "", "NAME", shown=False)

PROPERTIES = (
    _number("size", "<size>", "SIZE"),
    _number("capacity", "<size>", "CAP"),
    _word("altroot", "<path>", "ALTROOT", NONE),
    _number("health", "<state>", "HEALTH"),
    _number("guid", "<guid>", "GUID"),
    _number("version", "<version>", "VERSION", Edit.DEFAULT),
    _word("bootfs", "<filesystem>", "BOOTFS", NONE),
    _switch("delegation", "DELEGATION", "on"),
    _switch("autoreplace", "REPLACE", "off"),
    _word("cachefile", "<file> | none", "CACHEFILE", NONE),
    _switch("failmode", "FAILMODE", "wait", ("wait", "continue", "panic")),
    _switch("listsnapshots", "LISTSNAPS", "off"),
    _switch("autoexpand", "EXPAND", "off"),
    _number("dedupditto", "<threshold (min 100)>", "DEDUPDITTO", Edit.DEFAULT),
    _number("dedupratio", "<1.00x or higher if deduped>", "DEDUP"),
    _number("free", "<size>", "FREE"),
    _number("allocated", "<size>", "ALLOC"),
    _switch("readonly", "RDONLY", "off"),
    _word("comment", "<comment-string>", "COMMENT", NONE),
    _number("expandsize", "<size>", "EXPANDSZ"),
    _number("freeing", "<size>", "FREEING"),
    _number("fragmentation", "<percent>", "FRAG"),
    _number("leaked", "<size>", "LEAKED"),
    _number("bootsize", "<size>", "BOOTSIZE", Edit.DEFAULT),
    _number("checkpoint", "<size>", "CKPOINT"),
)

LISTED = (
    *("name", "size", "allocated", "free", "checkpoint", "expandsize"),
    *("fragmentation", "capacity", "dedupratio", "health", "altroot"),
)

FEATURES = (
    *("async_destroy", "empty_bpobj", "lz4_compress", "multi_vdev_crash_dump", "spacemap_histogram"),
    *("enabled_txg", "hole_birth", "extensible_dataset", "embedded_data", "bookmarks"),
    *("filesystem_limits", "large_blocks", "large_dnode", "sha512", "skein", "edonr"),
    *("device_removal", "obsolete_counts", "zpool_checkpoint", "spacemap_v2", "allocation_classes"),
    *("resilver_defer", "encryption", "bookmark_v2", "userobj_accounting", "project_quota"),
    "log_spacemap",
)
"""Feature flags of a pool (their order is inferred); all are enabled, those in `_ACTIVE` active."""

_ACTIVE = ("empty_bpobj", "lz4_compress", "spacemap_histogram", "enabled_txg", "hole_birth", "embedded_data")
_FEATURE = "feature@"
_HUNDRED = 100
_BY_NAME = {prop.name: prop for prop in (NAME, *PROPERTIES)}
_BY_HEADER = {prop.header.lower(): prop for prop in (NAME, *PROPERTIES)}


def find(name: str) -> Property | None:
    """Return the pool property of a name, or of a column's title in lower case."""
    if name.startswith(_FEATURE) and name.removeprefix(_FEATURE) in FEATURES:
        return Property(name, Shape.STRING, Edit.DEFAULT, "p", "", name.upper(), shown=False)
    return _BY_NAME.get(name) or _BY_HEADER.get(name)


_READ: Mapping[str, Callable[[Pools, Pool], int | str]] = {
    "name": lambda _, pool: pool.name,
    "size": lambda _, pool: pool.size,
    "capacity": lambda pools, pool: percent(pools.space.allocated(pool.name), pool.size),
    "health": lambda _, __: "ONLINE",
    "guid": lambda _, pool: pool.guid,
    "dedupratio": lambda _, __: _HUNDRED,
    "free": lambda pools, pool: pool.size - pools.space.allocated(pool.name),
    "allocated": lambda pools, pool: pools.space.allocated(pool.name),
    "expandsize": lambda _, __: NONE,
    "freeing": lambda _, __: 0,
    "fragmentation": lambda _, __: 0,
    "leaked": lambda _, __: 0,
    "checkpoint": lambda _, __: NONE,
}
_UNSET: Mapping[str, int | str] = {"version": NONE, "dedupditto": 0, "bootsize": NONE}


def value(pools: Pools, pool: Pool, prop: Property) -> Value:
    """Return the value of a pool's property."""
    if prop.name.startswith(_FEATURE):
        return Value("active" if prop.name.removeprefix(_FEATURE) in _ACTIVE else "enabled", LOCAL)
    if (read := _READ.get(prop.name)) is not None:
        return Value(read(pools, pool))
    own = setting(pool.settings, prop.name)
    if own is not None:
        return Value(own, LOCAL)
    if prop.name in _UNSET:
        return Value(_UNSET[prop.name], DEFAULT)
    return Value(prop.default or NONE, DEFAULT)


def render(prop: Property, held: int | str, *, exact: bool) -> str:
    """Return a value as `zpool list` and `zpool get` print it, exact as with -p."""
    if isinstance(held, str):
        return held
    if prop.name == "dedupratio":
        return ratio(held)
    if prop.name == "fragmentation":
        return f"{held}%"
    if prop.name == "capacity":
        return str(held) if exact else f"{held}%"
    return str(held) if exact or prop.name == "guid" else human(held)
