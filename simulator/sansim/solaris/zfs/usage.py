"""The usage texts of zfs (source: illumos zfs_main.c; where that is silent, inferred)."""

from sansim.solaris.zfs.properties import Edit, Property
from sansim.solaris.zfs.release import ZfsRelease

__all__ = ["zfs_usage"]

_WITH_ZFS_PROPERTIES = ("get", "set", "list", "inherit")
_DATASET_FORM = "\nEach dataset is of the form: pool/[dataset/]*dataset[@name]\n"
_LISTS = "\nFor the property list, run: zfs set|get\n\nFor the delegated permission list, run: zfs allow|unallow\n"


def zfs_usage(release: ZfsRelease, command: str | None) -> str:
    """Return the usage of a sub-command of zfs, of all without one."""
    if command is None:
        head = "usage: zfs command args ...\nwhere 'command' is one of the following:\n\n"
        return head + release.synopses.overall + _DATASET_FORM + _LISTS
    usage = f"usage:\n{release.synopses.usage(command)}"
    return usage + (_zfs_properties(release) if command in _WITH_ZFS_PROPERTIES else _LISTS)


def _in_usage_order(properties: tuple[Property, ...]) -> list[Property]:
    shown = [prop for prop in properties if prop.shown]
    return sorted(shown, key=lambda prop: (prop.edit is not Edit.READONLY, prop.name))


def _zfs_properties(release: ZfsRelease) -> str:
    text = "\nThe following properties are supported:\n\n"
    text += f"\t{'PROPERTY':<14} EDIT  INHERIT   VALUES\n\n"
    for prop in _in_usage_order(release.properties.shown):
        edit = "YES    " if prop.settable else " NO    "
        inherit = "  YES   " if prop.inheritable else "   NO   "
        text += f"\t{prop.name:<15} {edit}{inherit}{prop.values}\n"
    return text + release.accounts
