"""Which properties a pool can be given, and when (source: illumos libzfs_pool.c, `zpool_valid_proplist`)."""

from collections.abc import Iterable
from enum import Enum

from attrs import evolve

from sansim.solaris.pools.disk_errors import PoolRefused, Trouble
from sansim.solaris.pools.model import Pool, with_setting, without_setting
from sansim.solaris.zfs.numbers import NumberError, parse_number
from sansim.solaris.zfs.properties import Edit, Property, Shape
from sansim.solaris.zpool.command import PoolRun
from sansim.solaris.zpool.properties import FEATURE, find

__all__ = ["When", "check", "set_property", "with_properties"]

_LONGEST_COMMENT = 32
_ASHIFTS = (9, 16)
_LEAST_DITTO = 100
_ENABLED = "enabled"
_DISABLED = "disabled"


class When(Enum):
    """At which moment a property is given."""

    CREATION = "creation"
    IMPORT = "import"
    LATER = "later"


def check(run: PoolRun, pool: Pool, name: str, text: str, when: When) -> str:
    """Return the value that a property would get.

    Raises:
        PoolRefused: There is no such property, it cannot be set now, or not to that.
    """
    if name.startswith(FEATURE):
        return _check_feature(run, name, text, when)
    prop = find(run.zpool, name)
    if prop is None or prop.name == "name":
        raise PoolRefused(f"invalid property '{name}'")
    if prop.edit is Edit.READONLY:
        raise PoolRefused(f"'{name}' is readonly")
    if prop.edit is Edit.ONETIME and when is not When.CREATION:
        raise PoolRefused(f"property '{name}' can only be set at creation time")
    value = _parse(run, prop, text)
    _check_moment(prop.name, when)
    _check_value(run, pool, prop.name, value)
    return value


def _check_feature(run: PoolRun, name: str, text: str, when: When) -> str:
    feature = name.removeprefix(FEATURE)
    if run.zpool.feature(feature) is None:
        raise PoolRefused(f"feature '{feature}' unsupported by kernel")
    if text not in (_ENABLED, _DISABLED):
        raise PoolRefused(f"property '{name}' can only be set to 'enabled' or 'disabled'")
    if text == _DISABLED and when is not When.CREATION:
        raise PoolRefused(f"property '{name}' can only be set to 'disabled' at creation time")
    return text


def _parse(run: PoolRun, prop: Property, text: str) -> str:
    if prop.shape is Shape.INDEX and text not in prop.choices:
        raise PoolRefused(f"'{prop.name}' must be one of '{prop.values}'")
    if prop.shape is not Shape.NUMBER:
        return text
    try:
        return str(parse_number(text, binary=run.release.binary_suffixes))
    except NumberError as error:
        raise PoolRefused(str(error)) from error


def _check_moment(name: str, when: When) -> None:
    if name == "bootfs" and when is not When.LATER:
        raise PoolRefused(f"property '{name}' cannot be set at creation or import time")
    if name == "altroot" and when is When.LATER:
        raise PoolRefused(f"property '{name}' can only be set during pool creation or import")
    if name == "readonly" and when is not When.IMPORT:
        raise PoolRefused(f"property '{name}' can only be set at import time")


def _check_value(run: PoolRun, pool: Pool, name: str, value: str) -> None:
    if name == "version":
        newest = run.zpool.newest_version
        least = 1 if pool.version is None and not pool.vdevs else pool.version or newest + 1
        if not least <= int(value) <= newest:
            raise PoolRefused(f"property '{name}' number {value} is invalid.")
    elif name == "ashift" and value != "0" and not _ASHIFTS[0] <= int(value) <= _ASHIFTS[1]:
        least, most = _ASHIFTS
        raise PoolRefused(
            f"property '{name}' number {value} is invalid, only values between {least} and {most} are allowed."
        )
    elif name == "bootfs" and value:
        _check_bootfs(run, pool, value)
    elif name == "altroot" and not value.startswith("/"):
        raise PoolRefused(f"bad alternate root '{value}'")
    elif name == "cachefile":
        _check_cachefile(value)
    elif name == "comment":
        _check_comment(value)
    elif name == "dedupditto" and 0 < int(value) < _LEAST_DITTO:
        raise PoolRefused(Trouble.INVALID)


def _check_bootfs(run: PoolRun, pool: Pool, value: str) -> None:
    if value != pool.name and not value.startswith(f"{pool.name}/"):
        raise PoolRefused(f"'{value}' is an invalid name")
    dataset = run.pools.datasets.get(value)
    if dataset is None:
        raise PoolRefused(Trouble.NOTHING_THERE)
    if dataset.kind != "filesystem":
        raise PoolRefused(Trouble.UNSUPPORTED)


def _check_cachefile(value: str) -> None:
    if not value or value == "none":
        return
    if not value.startswith("/"):
        raise PoolRefused("property 'cachefile' must be empty, an absolute path, or 'none'")
    if value.endswith(("/", "/.", "/..")):
        raise PoolRefused(f"'{value}' is not a valid file")


def _check_comment(value: str) -> None:
    if not value.isprintable() or not value.isascii():
        raise PoolRefused("comment may only have printable characters")
    if len(value) > _LONGEST_COMMENT:
        raise PoolRefused(f"comment must not exceed {_LONGEST_COMMENT} characters")


def set_property(run: PoolRun, pool: Pool, name: str, text: str) -> None:
    """Set a property of a pool that is there.

    Raises:
        PoolRefused: It cannot be set, or the caller may not.
    """
    value = check(run, pool, name, text, When.LATER)
    run.permit_pool()
    if name.startswith(FEATURE) and pool.version is not None:
        raise PoolRefused(Trouble.UNSUPPORTED)
    with run.pools.state.change():
        run.pools.pools[pool.name] = evolve(with_properties(run, pool, [(name, value)]), txg=pool.txg + 1)


def with_properties(run: PoolRun, pool: Pool, values: Iterable[tuple[str, str]]) -> Pool:
    """Return a pool with properties that were checked before."""
    for name, value in values:
        if name.startswith(FEATURE):
            feature = name.removeprefix(FEATURE)
            disabled = tuple(item for item in pool.disabled if item != feature)
            pool = evolve(pool, disabled=disabled if value == _ENABLED else (*disabled, feature))
            continue
        prop = run.zpool.properties[name]
        if prop.name == "version":
            pool = evolve(pool, version=int(value))
        elif not value:
            pool = evolve(pool, settings=without_setting(pool.settings, prop.name))
        else:
            pool = evolve(pool, settings=with_setting(pool.settings, prop.name, value))
    return pool
