"""The usage texts of zpool (source: illumos zpool_main.c)."""

from sansim.solaris.zfs.properties import Edit, Property
from sansim.solaris.zpool.release import ZpoolRelease

__all__ = ["zpool_usage"]

_WITH_PROPERTIES = ("get", "set", "list")


def zpool_usage(release: ZpoolRelease, command: str | None) -> str:
    """Return the usage of a sub-command, of all without one."""
    if command is None:
        return f"usage: zpool command args ...\nwhere 'command' is one of the following:\n\n{release.synopses.overall}"
    usage = f"usage:\n{release.synopses.usage(command)}"
    return usage + _properties(release) if command in _WITH_PROPERTIES else usage


def _properties(release: ZpoolRelease) -> str:
    text = "\nthe following properties are supported:\n\n"
    text += f"\t{'PROPERTY':<{release.wide}}  EDIT   VALUES\n\n"
    for prop in sorted(release.properties.shown, key=_usage_order):
        edit = "  NO   " if prop.edit is Edit.READONLY else " YES   "
        text += f"\t{prop.name:<{release.wide}}  {edit}{prop.values}\n"
    return text + release.feature_usage


def _usage_order(prop: Property) -> tuple[bool, str]:
    return prop.edit is not Edit.READONLY, prop.name
