"""Where filesystems are mounted, and which are without being told to.

Source: illumos libzfs_mount.c, libzfs_changelist.c.
"""

from collections.abc import Iterable, Mapping

from attrs import evolve

from sansim.solaris.pools.model import Dataset, effective, parent_of

__all__ = ["MOUNTING", "at_once", "mountpoint", "remounted", "with_those_on_it"]

MOUNTING = ("mountpoint", "canmount")
"""The properties that decide on mounts."""

_NOWHERE = ("none", "legacy")


def mountpoint(datasets: Mapping[str, Dataset], name: str) -> str:
    """Return a filesystem's mountpoint: a path, `none` or `legacy`."""
    at: str | None = name
    while at is not None:
        if (held := effective(datasets[at], "mountpoint")) is not None:
            path = held[0]
            return path if path in _NOWHERE else (path.rstrip("/") + name[len(at) :]) or "/"
        at = parent_of(at)
    return f"/{name}"


def at_once(datasets: Mapping[str, Dataset], name: str) -> bool:
    """Tell whether a filesystem is mounted as soon as it is there."""
    canmount, _ = effective(datasets[name], "canmount") or ("on", False)
    return datasets[name].kind == "filesystem" and canmount == "on" and mountpoint(datasets, name) not in _NOWHERE


def with_those_on_it(datasets: Mapping[str, Dataset], name: str, below: Iterable[str]) -> list[str]:
    """Return a dataset, and of those below it the ones whose mountpoints hang on its own."""
    found = [name]
    for child in below:
        if parent_of(child) in found and effective(datasets[child], "mountpoint") is None:
            found.append(child)
    return found


def remounted(datasets: Mapping[str, Dataset], name: str, changed: str) -> Dataset:
    """Return a filesystem as it is after a property that decides on its mount was set or cleared.

    Another mountpoint mounts it; `canmount` only unmounts.
    """
    dataset = datasets[name]
    mounted = at_once(datasets, name) and (dataset.mounted or changed == "mountpoint")
    if changed == "canmount" and dataset.mounted:
        canmount, _ = effective(dataset, "canmount") or ("on", False)
        mounted = canmount != "off"
    return evolve(dataset, mounted=mounted)
