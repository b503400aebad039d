"""Properties as typed: which may be set to what, and setting them (source: illumos libzfs_dataset.c)."""

from collections.abc import Mapping

from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import Dataset, Setting, Snapshot, pool_of, setting
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.reservation import thick_reservation
from sansim.solaris.zfs.command import Failure
from sansim.solaris.zfs.names import MAX_NAME, is_user_property
from sansim.solaris.zfs.numbers import NumberError, human, parse_number
from sansim.solaris.zfs.properties import Edit, Property, Shape
from sansim.solaris.zfs.release import ZfsRelease

__all__ = ["Changes", "Unfit", "apply", "as_settings", "parse_pair", "read_changes"]

_AUTO = 2**64 - 1
"""What `refreservation=auto` is until the volume's size is known."""

Changes = Mapping[str, int | str]
"""Properties by name with the values they are to have."""

_NO_LIMIT = 2**64 - 1
_SMALLEST_BLOCK = 512
_LONGEST_VALUE = 1024
_QUOTAS = ("quota", "refquota")
_RESERVATIONS = ("reservation", "refreservation")
_LIMITS = ("filesystem_limit", "snapshot_limit")
_NOT_KEPT = (*_QUOTAS, *_RESERVATIONS, "volsize", "volblocksize", "encryption")
_TOO_SMALL = "size is less than current used or reserved space"
_TOO_LARGE = "size is greater than available space"


class Unfit(Refused):
    """A size that a dataset cannot be given.

    Attributes:
        detail: The reason as `zfs set` words it.
    """

    def __init__(self, subject: str, detail: str) -> None:
        super().__init__(Reason.NO_SPACE, subject)
        self.detail = detail


def parse_pair(release: ZfsRelease, pairs: dict[str, int | str], text: str, status: int = 1) -> None:
    """Enter a `property=value` argument among those read before.

    Args:
        release: Which words a refusal is in.
        pairs: The properties read before.
        text: The argument.
        status: What the command then exits with.

    Raises:
        Failure: There is no `=`, or the property came before.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise Failure(f"missing '=' for {release.wording.pair}", status)
    if name in pairs:
        raise Failure(f"property '{name}' specified multiple times", status)
    pairs[name] = value


def read_changes(
    release: ZfsRelease, action: str, kind: str, pairs: Changes, existing: Dataset | None = None
) -> Changes:
    """Check properties that are to be set, and read their values.

    Args:
        release: Which properties there are, and what they may be.
        action: What the refusal begins with: `cannot create 'tank/v'`.
        kind: `filesystem`, `volume` or `snapshot`.
        pairs: The properties as typed; an int has been read already.
        existing: The dataset, unless it is to be made.

    Raises:
        Failure: A property is unknown, not for this kind or fixed, or its value is wrong.
    """
    changes: dict[str, int | str] = {}
    for name, typed in pairs.items():
        prop = release.properties.find(name)
        if prop is None and is_user_property(name):
            if len(name) >= MAX_NAME:
                raise Failure(f"{action}: property name '{name}' is too long")
            changes[name] = str(typed)
            continue
        reason = _refuse(prop, name, kind, existing)
        if reason or prop is None:
            raise Failure(f"{action}: {reason}")
        if "@" in name:
            raise Failure(f"{action}: '{name}' is not simulated", unsupported="zfs set userquota@")
        try:
            changes[prop.name] = _read(release, prop, kind, typed, existing)
        except (NumberError, _Wrong) as wrong:
            raise Failure(f"{action}: {wrong}") from wrong
    return changes


class _Wrong(ValueError):
    """A value that a property cannot have; the message is ZFS's reason."""


def _refuse(prop: Property | None, name: str, kind: str, existing: Dataset | None) -> str | None:
    if kind == "snapshot":
        return "this property can not be modified for snapshots"
    if prop is None:
        return f"invalid property '{name}'"
    if not prop.applies_to(kind):
        return f"'{name}' does not apply to datasets of this type"
    if not prop.settable and (prop.edit is Edit.READONLY or existing is not None):
        return f"'{name}' is readonly"
    return None


def _read(release: ZfsRelease, prop: Property, kind: str, typed: int | str, existing: Dataset | None) -> int | str:
    if prop.shape is not Shape.NUMBER:
        return _read_word(release, prop, str(typed), existing)
    number = typed if isinstance(typed, int) else _read_number(release, prop, kind, typed)
    if prop.name in release.largest_blocks:
        _check_block(release, prop.name, number)
    if existing is not None and existing.kind == "volume":
        _check_volume(release, prop.name, number, existing)
    return number


def _read_word(release: ZfsRelease, prop: Property, typed: str, existing: Dataset | None) -> str:
    if prop.shape is Shape.INDEX and typed not in prop.choices:
        raise _Wrong(f"'{prop.name}' must be one of '{prop.values}'")
    if len(typed.encode(errors="surrogateescape")) >= _LONGEST_VALUE:
        raise _Wrong(f"'{prop.name}' is too long")
    if prop.name == "mountpoint" and typed not in ("none", "legacy") and not typed.startswith("/"):
        raise _Wrong(f"'{prop.name}' must be an absolute path, 'none', or 'legacy'")
    if prop.name == "mlslabel" and typed.lower() != "none":
        raise _Wrong(release.wording.label.format(typed))
    if prop.name == "keylocation" and existing is not None and typed != "none":
        raise _Wrong("keylocation must be 'none' for unencrypted datasets")
    return _read_version(prop, typed, existing) if prop.name == "version" else typed


def _read_version(prop: Property, typed: str, existing: Dataset | None) -> str:
    """Return the version that is meant; a filesystem never goes back to an older one."""
    current = prop.default or typed
    wanted = current if typed == "current" else typed
    held = (setting(existing.settings, prop.name) if existing is not None else None) or current
    if existing is not None and int(wanted) < int(held):
        raise _Wrong(f"Can not downgrade; already at version {held}")
    return wanted


def _read_number(release: ZfsRelease, prop: Property, kind: str, typed: str) -> int:
    if typed == "none":
        return _NO_LIMIT if prop.name in _LIMITS else 0
    if typed == "auto" and release.volumes.auto:
        if prop.name != "refreservation":
            raise _Wrong(f"'auto' is invalid value for '{prop.name}'")
        if kind != "volume":
            raise _Wrong(f"'{prop.name}=auto' only allowed on volumes")
        return _AUTO
    number = parse_number(typed, binary=release.binary_suffixes)
    if number == 0 and prop.name in _QUOTAS:
        raise _Wrong("use 'none' to disable quota/refquota")
    return number


def _check_block(release: ZfsRelease, name: str, number: int) -> None:
    largest, words = release.largest_blocks[name]
    if not _SMALLEST_BLOCK <= number <= largest or number & (number - 1):
        raise _Wrong(release.wording.block.format(name, words))


def _check_volume(release: ZfsRelease, name: str, number: int, volume: Dataset) -> None:
    if name == "refreservation" and release.volumes.capped and number > volume.volsize and number != _AUTO:
        raise _Wrong(f"'{name}' is greater than current volume size")
    if name == "volsize" and number % volume.volblocksize:
        block = human(volume.volblocksize, release.byte)
        raise _Wrong(f"'{name}' must be a multiple of volume block size ({block})")
    if name == "volsize" and number == 0:
        raise _Wrong(f"'{name}' cannot be zero")


def as_settings(changes: Changes) -> list[Setting]:
    """Return the changes that are kept as settings: all but sizes that the pool accounts for, and encryption.

    That is not a setting: a dataset is made with it or without, and so it is by default.
    """
    return [Setting(name, str(value)) for name, value in changes.items() if name not in _NOT_KEPT]


def apply(pools: Pools, item: Dataset | Snapshot, changes: Changes) -> None:
    """Set properties, all or none.

    A reservation that is exactly what the volume's size asks for moves along with the size.

    Raises:
        Unfit: A size does not fit.
        Refused: The pool refuses one for another reason.
    """
    wanted = dict(changes)
    if isinstance(item, Dataset) and item.kind == "volume":
        _add_reservation(pools, item, wanted)
    with pools.state.change():
        for name, value in wanted.items():
            _apply_one(pools, item.name, name, value)


def _add_reservation(pools: Pools, volume: Dataset, wanted: dict[str, int | str]) -> None:
    tree, vdevs = pools.release.volumes.tree, pools.pools[pool_of(volume.name)].vdevs
    copies = int(setting(volume.settings, "copies") or 1)
    size = int(wanted.get("volsize", volume.volsize))
    full = thick_reservation(tree, size, volume.volblocksize, copies, vdevs)
    if wanted.get("refreservation") == _AUTO:
        wanted["refreservation"] = full
    elif "volsize" in wanted and "refreservation" not in wanted:
        before = thick_reservation(tree, volume.volsize, volume.volblocksize, copies, vdevs)
        if volume.refreservation == before:
            wanted["refreservation"] = full


def _apply_one(pools: Pools, dataset: str, name: str, value: int | str) -> None:
    try:
        if name in _RESERVATIONS:
            pools.reserve(dataset, name, int(value))
        elif name in _QUOTAS:
            pools.limit(dataset, name, int(value))
        elif name == "volsize":
            pools.resize(dataset, int(value))
        else:
            pools.put_setting(dataset, name, str(value))
    except Refused as refused:
        if refused.reason is not Reason.NO_SPACE:
            raise
        raise Unfit(dataset, _TOO_SMALL if name in _QUOTAS else _TOO_LARGE) from refused
