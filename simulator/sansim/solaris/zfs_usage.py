"""The usage texts of zfs and zpool (source: illumos zfs_main.c, zpool_main.c; where those are silent, inferred)."""

from sansim.solaris.zfs_properties import PROPERTIES, Edit, Property
from sansim.solaris.zpool_properties import PROPERTIES as POOL_PROPERTIES

__all__ = ["ZFS_SYNOPSES", "ZPOOL_SYNOPSES", "zfs_usage", "zpool_usage"]

_GAP = ""
"""An entry that stands for an empty line in the overall usage."""

ZFS_SYNOPSES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "create",
        (
            "create [-p] [-o property=value] ... <filesystem>",
            "create [-ps] [-b blocksize] [-o property=value] ... -V <size> <volume>",
        ),
    ),
    (
        "destroy",
        (
            "destroy [-fnpRrv] <filesystem|volume>",
            "destroy [-dnpRrv] <filesystem|volume>@<snap>[%<snap>][,...]",
            "destroy <filesystem|volume>#<bookmark>",
        ),
    ),
    (_GAP, ()),
    ("snapshot", ("snapshot [-r] [-o property=value] ... <filesystem|volume>@<snap> ...",)),
    ("rollback", ("rollback [-rRf] <snapshot>",)),
    ("clone", ("clone [-p] [-o property=value] ... <snapshot> <filesystem|volume>",)),
    ("promote", ("promote <clone-filesystem>",)),
    (
        "rename",
        (
            "rename [-f] <filesystem|volume|snapshot> <filesystem|volume|snapshot>",
            "rename [-f] -p <filesystem|volume> <filesystem|volume>",
            "rename -r <snapshot> <snapshot>",
        ),
    ),
    ("bookmark", ("bookmark <snapshot> <bookmark>",)),
    (
        "program",
        (
            "program [-jn] [-t <instruction limit>] [-m <memory limit (b)>]",
            "    <pool> <program file> [lua args...]",
        ),
    ),
    (_GAP, ()),
    (
        "list",
        (
            "list [-Hp] [-r|-d max] [-o property[,...]] [-s property]...",
            "    [-S property]... [-t type[,...]] [filesystem|volume|snapshot] ...",
        ),
    ),
    (_GAP, ()),
    ("set", ("set <property=value> ... <filesystem|volume|snapshot> ...",)),
    (
        "get",
        (
            'get [-rHp] [-d max] [-o "all" | field[,...]]',
            "    [-t type[,...]] [-s source[,...]]",
            '    <"all" | property[,...]> [filesystem|volume|snapshot|bookmark] ...',
        ),
    ),
    ("inherit", ("inherit [-rS] <property> <filesystem|volume|snapshot> ...",)),
    ("upgrade", ("upgrade [-v]", "upgrade [-r] [-V version] <-a | filesystem ...>")),
    (
        "userspace",
        (
            "userspace [-Hinp] [-o field[,...]] [-s field] ...",
            "    [-S field] ... [-t type[,...]] <filesystem|snapshot>",
        ),
    ),
    (
        "groupspace",
        (
            "groupspace [-Hinp] [-o field[,...]] [-s field] ...",
            "    [-S field] ... [-t type[,...]] <filesystem|snapshot>",
        ),
    ),
    (_GAP, ()),
    ("mount", ("mount", "mount [-lvO] [-o opts] <-a | filesystem>")),
    ("unmount", ("unmount [-f] <-a | filesystem|mountpoint>",)),
    ("share", ("share [-l] <-a | filesystem>",)),
    ("unshare", ("unshare <-a | filesystem|mountpoint>",)),
    (_GAP, ()),
    (
        "send",
        (
            "send [-DnPpRvLecwhb] [-[iI] snapshot] <snapshot>",
            "send [-nvPLecw] [-i snapshot|bookmark] <filesystem|volume|snapshot>",
            "send [-nvPe] -t <receive_resume_token>",
        ),
    ),
    (
        "receive",
        (
            "receive [-vnsFu] [-o <property>=<value>] ... [-x <property>] ...",
            "    <filesystem|volume|snapshot>",
            "receive [-vnsFu] [-o <property>=<value>] ... [-x <property>] ...",
            "    [-d | -e] <filesystem>",
            "receive -A <filesystem|volume>",
        ),
    ),
    (_GAP, ()),
    (
        "allow",
        (
            "allow <filesystem|volume>",
            'allow [-ldug] <"everyone"|user|group>[,...] <perm|@setname>[,...]',
            "    <filesystem|volume>",
            "allow [-ld] -e <perm|@setname>[,...] <filesystem|volume>",
            "allow -c <perm|@setname>[,...] <filesystem|volume>",
            "allow -s @setname <perm|@setname>[,...] <filesystem|volume>",
        ),
    ),
    (_GAP, ()),
    (
        "unallow",
        (
            'unallow [-rldug] <"everyone"|user|group>[,...]',
            "    [<perm|@setname>[,...]] <filesystem|volume>",
            "unallow [-rld] -e [<perm|@setname>[,...]] <filesystem|volume>",
            "unallow [-r] -c [<perm|@setname>[,...]] <filesystem|volume>",
            "unallow [-r] -s @setname [<perm|@setname>[,...]] <filesystem|volume>",
        ),
    ),
    (_GAP, ()),
    ("hold", ("hold [-r] <tag> <snapshot> ...",)),
    ("holds", ("holds [-r] <snapshot> ...",)),
    ("release", ("release [-r] <tag> <snapshot> ...",)),
    ("diff", ("diff [-FHt] <snapshot> [snapshot|filesystem]",)),
    ("load-key", ("load-key [-rn] [-L <keylocation>] <-a | filesystem|volume>",)),
    ("unload-key", ("unload-key [-r] <-a | filesystem|volume>",)),
    (
        "change-key",
        (
            "change-key [-l] [-o keyformat=<value>]",
            "    [-o keylocation=<value>] [-o pbkdf2iters=<value>]",
            "    <filesystem|volume>",
            "change-key -i [-l] <filesystem|volume>",
        ),
    ),
)

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
    (_GAP, ()),
    ("add", ("add [-fgLnP] [-o property=value] <pool> <vdev> ...",)),
    ("remove", ("remove [-nps] <pool> <device> ...",)),
    (_GAP, ()),
    ("labelclear", ("labelclear [-f] <vdev>",)),
    (_GAP, ()),
    ("checkpoint", ("checkpoint [--discard] <pool> ...",)),
    (_GAP, ()),
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
    (_GAP, ()),
    ("online", ("online [-e] <pool> <device> ...",)),
    ("offline", ("offline [-t] <pool> <device> ...",)),
    ("clear", ("clear [-nF] <pool> [device]",)),
    ("reopen", ("reopen <pool>",)),
    (_GAP, ()),
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
    (_GAP, ()),
    ("initialize", ("initialize [-cs] <pool> [<device> ...]",)),
    ("resilver", ("resilver <pool> ...",)),
    ("scrub", ("scrub [-s | -p] <pool> ...",)),
    ("trim", ("trim [-d] [-r <rate>] [-c | -s] <pool> [<device> ...]",)),
    (_GAP, ()),
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
    (_GAP, ()),
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
_ACCOUNTS = """\
\tuserused@...     NO       NO   <size>
\tgroupused@...    NO       NO   <size>
\tuserquota@...   YES       NO   <size> | none
\tgroupquota@...  YES       NO   <size> | none
\twritten@<snap>   NO       NO   <size>

Sizes are specified in bytes with standard units such as K, M, G, etc.

User-defined properties can be specified by using a name containing a colon (:).

The {user|group}{used|quota}@ properties must be appended with
a user or group specifier of one of these forms:
    POSIX name      (eg: "matt")
    POSIX id        (eg: "126829")
    SMB name@domain (eg: "matt@sun")
    SMB SID         (eg: "S-1-234-567-89")
"""
_FEATURES = """\
\tfeature@...       YES   disabled | enabled | active

The feature@ properties must be appended with a feature name.
See zpool-features(7).
"""


def zfs_usage(command: str | None) -> str:
    """Return the usage of a sub-command of zfs, of all without one."""
    if command in _WITH_ZFS_PROPERTIES:
        return _synopsis(ZFS_SYNOPSES, command) + _zfs_properties()
    if command is not None:
        return _synopsis(ZFS_SYNOPSES, command) + _LISTS
    return _overall("zfs", ZFS_SYNOPSES) + _DATASET_FORM + _LISTS


def zpool_usage(command: str | None) -> str:
    """Return the usage of a sub-command of zpool, of all without one."""
    if command in _WITH_POOL_PROPERTIES:
        return _synopsis(ZPOOL_SYNOPSES, command) + _pool_properties()
    return _synopsis(ZPOOL_SYNOPSES, command) if command else _overall("zpool", ZPOOL_SYNOPSES)


def _synopsis(synopses: tuple[tuple[str, tuple[str, ...]], ...], command: str | None) -> str:
    lines = next(lines for name, lines in synopses if name == command)
    return "usage:\n" + "".join(f"\t{line}\n" for line in lines)


def _overall(program: str, synopses: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    text = f"usage: {program} command args ...\nwhere 'command' is one of the following:\n\n"
    for name, lines in synopses:
        text += "".join(f"\t{line}\n" for line in lines) if name else "\n"
    return text


def _in_usage_order(properties: tuple[Property, ...]) -> list[Property]:
    shown = [prop for prop in properties if prop.shown]
    return sorted(shown, key=lambda prop: (prop.edit is not Edit.READONLY, prop.name))


def _zfs_properties() -> str:
    text = "\nThe following properties are supported:\n\n"
    text += f"\t{'PROPERTY':<14} EDIT  INHERIT   VALUES\n\n"
    for prop in _in_usage_order(PROPERTIES):
        edit = "YES    " if prop.settable else " NO    "
        inherit = "  YES   " if prop.inheritable else "   NO   "
        text += f"\t{prop.name:<15} {edit}{inherit}{prop.values}\n"
    return text + _ACCOUNTS


def _pool_properties() -> str:
    text = "\nthe following properties are supported:\n\n"
    text += f"\t{'PROPERTY':<15}  EDIT   VALUES\n\n"
    for prop in _in_usage_order(POOL_PROPERTIES):
        edit = " YES   " if prop.settable else "  NO   "
        text += f"\t{prop.name:<15} {edit}{prop.values}\n"
    return text + _FEATURES
