"""The usage texts of zfs (source: illumos zfs_main.c; where that is silent, inferred)."""

from sansim.solaris.zfs.properties import Edit, Property
from sansim.solaris.zfs.release import ZfsRelease
from sansim.solaris.zfs.synopses import Synopses

__all__ = ["zfs_usage"]

_WITH_ZFS_PROPERTIES = ("get", "set", "list", "inherit")
_DATASET_FORM = "\nEach dataset is of the form: pool/[dataset/]*dataset[@name]\n"
_LISTS = "\nFor the property list, run: zfs set|get\n\nFor the delegated permission list, run: zfs allow|unallow\n"


def zfs_usage(release: ZfsRelease, command: str | None) -> str:
    """Return the usage of a sub-command of zfs, of all without one."""
    if command in _WITH_ZFS_PROPERTIES:
        return _zfs_synopsis(release, command) + _zfs_properties(release)
    if command is not None:
        return _zfs_synopsis(release, command) + _LISTS
    return _overall("zfs", release.synopses, release.unended) + _DATASET_FORM + _LISTS


def _zfs_synopsis(release: ZfsRelease, command: str) -> str:
    return _synopsis(release.synopses, command, release.unended)


def _synopsis(synopses: Synopses, command: str, unended: frozenset[str] = frozenset()) -> str:
    lines = next(lines for name, lines in synopses if name == command)
    return "usage:\n" + _lines(command, lines, unended)


def _lines(name: str, lines: tuple[str, ...], unended: frozenset[str]) -> str:
    text = "".join(f"\t{line}\n" for line in lines)
    return text.removesuffix("\n") if name in unended else text


def _overall(program: str, synopses: Synopses, unended: frozenset[str] = frozenset()) -> str:
    text = f"usage: {program} command args ...\nwhere 'command' is one of the following:\n\n"
    for name, lines in synopses:
        text += _lines(name, lines, unended) if name else "\n"
    return text


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
