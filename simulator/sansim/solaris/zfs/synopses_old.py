"""The sub-commands of zfs, and how it says they are used, in older releases.

Source: zfs_main.c of Solaris Express of early 2009 (build 108), and of illumos of 2011. Oracle's releases left the
common tree in 2010; that they say what illumos said then is inferred.
"""

from sansim.solaris.zfs.synopses import GAP, Synopses

__all__ = ["OLDEST_SYNOPSES", "OLD_ACCOUNTS", "OLD_SYNOPSES", "SIZES", "UNENDED"]

_CREATE = (
    "create [-p] [-o property=value] ... <filesystem>",
    "create [-ps] [-b blocksize] [-o property=value] ... -V <size> <volume>",
)
_CLONE = ("clone [-p] [-o property=value] ... <snapshot> <filesystem|volume>",)
_ROLLBACK = ("rollback [-rRf] <snapshot>",)
_PROMOTE = ("promote <clone-filesystem>",)
_SNAPSHOT = ("snapshot [-r] [-o property=value] ... <filesystem@snapname|volume@snapname>",)
_RENAME = (
    "rename <filesystem|volume|snapshot> <filesystem|volume|snapshot>",
    "rename -p <filesystem|volume> <filesystem|volume>",
    "rename -r <snapshot> <snapshot>",
)
_SET = ("set <property=value> <filesystem|volume|snapshot> ...",)
_UPGRADE = ("upgrade [-v]", "upgrade [-r] [-V version] <-a | filesystem ...>")
_MOUNT = ("mount", "mount [-vO] [-o opts] <-a | filesystem>")
_UNMOUNT = ("unmount [-f] <-a | filesystem|mountpoint>",)
_SHARE = ("share <-a | filesystem>",)
_ALLOW = (
    'allow [-ldug] <"everyone"|user|group>[,...] <perm|@setname>[,...]',
    "    <filesystem|volume>",
    "allow [-ld] -e <perm|@setname>[,...] <filesystem|volume>",
    "allow -c <perm|@setname>[,...] <filesystem|volume>",
    "allow -s @setname <perm|@setname>[,...] <filesystem|volume>",
)
_UNALLOW = (
    'unallow [-rldug] <"everyone"|user|group>[,...]',
    "    [<perm|@setname>[,...]] <filesystem|volume>",
    "unallow [-rld] -e [<perm|@setname>[,...]] <filesystem|volume>",
    "unallow [-r] -c [<perm|@setname>[,...]] <filesystem|volume>",
    "unallow [-r] -s @setname [<perm|@setname>[,...]] <filesystem|volume>",
)

UNENDED = frozenset({"rename"})
"""The sub-commands whose last line of usage has no newline."""

OLDEST_SYNOPSES: Synopses = (
    ("create", _CREATE),
    ("destroy", ("destroy [-rRf] <filesystem|volume|snapshot>",)),
    (GAP, ()),
    ("snapshot", _SNAPSHOT),
    ("rollback", _ROLLBACK),
    ("clone", _CLONE),
    ("promote", _PROMOTE),
    ("rename", _RENAME),
    (GAP, ()),
    (
        "list",
        (
            "list [-rH] [-o property[,...]] [-t type[,...]] [-s property] ...",
            "    [-S property] ... [filesystem|volume|snapshot] ...",
        ),
    ),
    (GAP, ()),
    ("set", _SET),
    (
        "get",
        (
            "get [-rHp] [-o field[,...]] [-s source[,...]]",
            '    <"all" | property[,...]> [filesystem|volume|snapshot] ...',
        ),
    ),
    ("inherit", ("inherit [-r] <property> <filesystem|volume|snapshot> ...",)),
    ("upgrade", _UPGRADE),
    (GAP, ()),
    ("mount", _MOUNT),
    ("unmount", _UNMOUNT),
    ("share", _SHARE),
    ("unshare", ("unshare [-f] <-a | filesystem|mountpoint>",)),
    (GAP, ()),
    ("send", ("send [-R] [-[iI] snapshot] <snapshot>",)),
    ("receive", ("receive [-vnF] <filesystem|volume|snapshot>", "receive [-vnF] -d <filesystem>")),
    (GAP, ()),
    ("allow", _ALLOW),
    (GAP, ()),
    ("unallow", _UNALLOW),
)

OLD_SYNOPSES: Synopses = (
    ("create", _CREATE),
    ("destroy", ("destroy [-rRf] <filesystem|volume>", "destroy [-rRd] <snapshot>")),
    (GAP, ()),
    ("snapshot", _SNAPSHOT),
    ("rollback", _ROLLBACK),
    ("clone", _CLONE),
    ("promote", _PROMOTE),
    ("rename", _RENAME),
    (GAP, ()),
    (
        "list",
        (
            "list [-rHp][-d max] [-o property[,...]] [-t type[,...]] [-s property] ...",
            "    [-S property] ... [filesystem|volume|snapshot] ...",
        ),
    ),
    (GAP, ()),
    ("set", _SET),
    (
        "get",
        (
            'get [-rHp] [-d max] [-o "all" | field[,...]] [-s source[,...]]',
            '    <"all" | property[,...]> [filesystem|volume|snapshot] ...',
        ),
    ),
    ("inherit", ("inherit [-rS] <property> <filesystem|volume|snapshot> ...",)),
    ("upgrade", _UPGRADE),
    (
        "userspace",
        ("userspace [-hniHp] [-o field[,...]] [-sS field] ... [-t type[,...]]", "    <filesystem|snapshot>"),
    ),
    (
        "groupspace",
        ("groupspace [-hniHpU] [-o field[,...]] [-sS field] ... [-t type[,...]]", "    <filesystem|snapshot>"),
    ),
    (GAP, ()),
    ("mount", _MOUNT),
    ("unmount", _UNMOUNT),
    ("share", _SHARE),
    ("unshare", ("unshare <-a | filesystem|mountpoint>",)),
    (GAP, ()),
    ("send", ("send [-RDp] [-[iI] snapshot] <snapshot>",)),
    ("receive", ("receive [-vnFu] <filesystem|volume|snapshot>", "receive [-vnFu] [-d | -e] <filesystem>")),
    (GAP, ()),
    ("allow", ("allow <filesystem|volume>", *_ALLOW)),
    (GAP, ()),
    ("unallow", _UNALLOW),
    (GAP, ()),
    ("hold", ("hold [-r] <tag> <snapshot> ...",)),
    ("holds", ("holds [-r] <snapshot> ...",)),
    ("release", ("release [-r] <tag> <snapshot> ...",)),
    ("diff", ("diff [-FHt] <snapshot> [snapshot|filesystem]",)),
)

SIZES = """\

Sizes are specified in bytes with standard units such as K, M, G, etc.

User-defined properties can be specified by using a name containing a colon (:).
"""
"""How the usage of 2009 ends that lists the properties."""

OLD_ACCOUNTS = f"""\
\tuserused@...     NO       NO   <size>
\tgroupused@...    NO       NO   <size>
\tuserquota@...   YES       NO   <size> | none
\tgroupquota@...  YES       NO   <size> | none
{SIZES}
The {{user|group}}{{used|quota}}@ properties must be appended with
a user or group specifier of one of these forms:
    POSIX name      (eg: "matt")
    POSIX id        (eg: "126829")
    SMB name@domain (eg: "matt@sun")
    SMB SID         (eg: "S-1-234-567-89")
"""
"""The same of 2011."""
