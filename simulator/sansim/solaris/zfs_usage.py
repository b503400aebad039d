"""The usage texts of zfs and zpool (source: illumos zfs_main.c, zpool_main.c; where those are silent, inferred)."""

from sansim.solaris.zfs_properties import Edit, Property
from sansim.solaris.zfs_release import ZfsRelease
from sansim.solaris.zfs_synopses import GAP, Synopses
from sansim.solaris.zpool_properties import PROPERTIES as POOL_PROPERTIES

__all__ = ["ZPOOL_SYNOPSES", "zfs_usage", "zpool_usage"]

ZPOOL_SYNOPSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "create",
        (
            "create [-fnd] [-B] [-o property=value] ... ",
            "    [-O file-system-property=value] ... ",
            "    [-m mountpoint] [-R root] [-t tempname] <pool> <vdev> ...",
        ),
    ),
    ("destroy", ("destroy [-f] <pool>",)),
    (GAP, ()),
    ("add", ("add [-fgLnP] [-o property=value] <pool> <vdev> ...",)),
    ("remove", ("remove [-nps] <pool> <device> ...",)),
    (GAP, ()),
    ("labelclear", ("labelclear [-f] <vdev>",)),
    (GAP, ()),
    ("checkpoint", ("checkpoint [--discard] <pool> ...",)),
    (GAP, ()),
    (
        "list",
        ("list [-gHLpPv] [-o property[,...]] [-T d|u] [pool] ... ", "    [interval [count]]"),
    ),
    (
        "iostat",
        (
            "iostat [[-lq]|-rw] [-T d | u] [-ghHLpPvy]",
            "    [[pool ...]|[pool vdev ...]|[vdev ...]] [[-n] interval [count]]",
        ),
    ),
    ("status", ("status [-DigLpPstvx] [-T d|u] [pool] ... [interval [count]]",)),
    (GAP, ()),
    ("online", ("online [-e] <pool> <device> ...",)),
    ("offline", ("offline [-t] <pool> <device> ...",)),
    ("clear", ("clear [-nF] <pool> [device]",)),
    ("reopen", ("reopen <pool>",)),
    (GAP, ()),
    ("attach", ("attach [-f] [-o property=value] <pool> <device> <new-device>",)),
    ("detach", ("detach <pool> <device>",)),
    ("replace", ("replace [-f] [-o property=value] <pool> <device> [new-device]",)),
    (
        "split",
        (
            "split [-gLlnP] [-R altroot] [-o mntopts]",
            "    [-o property=value] <pool> <newpool> [<device> ...]",
        ),
    ),
    (GAP, ()),
    ("initialize", ("initialize [-cs] <pool> [<device> ...]",)),
    ("resilver", ("resilver <pool> ...",)),
    ("scrub", ("scrub [-s | -p] <pool> ...",)),
    ("trim", ("trim [-d] [-r <rate>] [-c | -s] <pool> [<device> ...]",)),
    (GAP, ()),
    (
        "import",
        (
            "import [-d dir] [-D]",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-l] [-f] [-m] [-N] [-R root] [-F [-n]] -a",
            "import [-o mntopts] [-o property=value] ... ",
            "    [-d dir | -c cachefile] [-D] [-l] [-f] [-m] [-N] [-R root] [-F [-n]] [-t]",
            "    [--rewind-to-checkpoint] <pool | id> [newpool]",
        ),
    ),
    ("export", ("export [-f] <pool> ...",)),
    ("upgrade", ("upgrade", "upgrade -v", "upgrade [-V version] <-a | pool ...>")),
    ("reguid", ("reguid <pool>",)),
    (GAP, ()),
    ("history", ("history [-il] [<pool>] ...",)),
    (
        "get",
        ('get [-Hp] [-o "all" | field[,...]] <"all" | property[,...]> <pool> ...',),
    ),
    ("set", ("set <property=value> <pool> ",)),
    ("sync", ("sync [pool] ...",)),
)

_WITH_ZFS_PROPERTIES = ("get", "set", "list", "inherit")
_WITH_POOL_PROPERTIES = ("get", "set", "list")
_DATASET_FORM = "\nEach dataset is of the form: pool/[dataset/]*dataset[@name]\n"
_LISTS = "\nFor the property list, run: zfs set|get\n\nFor the delegated permission list, run: zfs allow|unallow\n"
_FEATURES = """\
\tfeature@...       YES   disabled | enabled | active

The feature@ properties must be appended with a feature name.
See zpool-features(7).
"""


def zfs_usage(release: ZfsRelease, command: str | None) -> str:
    """Return the usage of a sub-command of zfs, of all without one."""
    if command in _WITH_ZFS_PROPERTIES:
        return _zfs_synopsis(release, command) + _zfs_properties(release)
    if command is not None:
        return _zfs_synopsis(release, command) + _LISTS
    return _overall("zfs", release.synopses, release.unended) + _DATASET_FORM + _LISTS


def zpool_usage(command: str | None) -> str:
    """Return the usage of a sub-command of zpool, of all without one."""
    if command in _WITH_POOL_PROPERTIES:
        return _synopsis(ZPOOL_SYNOPSES, command) + _pool_properties()
    return _synopsis(ZPOOL_SYNOPSES, command) if command else _overall("zpool", ZPOOL_SYNOPSES)


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


def _pool_properties() -> str:
    text = "\nthe following properties are supported:\n\n"
    text += f"\t{'PROPERTY':<15}  EDIT   VALUES\n\n"
    for prop in _in_usage_order(POOL_PROPERTIES):
        edit = " YES   " if prop.settable else "  NO   "
        text += f"\t{prop.name:<15} {edit}{prop.values}\n"
    return text + _FEATURES
