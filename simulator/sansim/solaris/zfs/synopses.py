"""Which sub-commands zfs has, and how it says they are used.

Source: illumos zfs_main.c. What differs elsewhere is in modules of their own.
"""

__all__ = ["GAP", "ILLUMOS_ACCOUNTS", "ILLUMOS_SYNOPSES", "Synopses"]

Synopses = tuple[tuple[str, tuple[str, ...]], ...]
"""The lines of usage of each sub-command, in the order of the overall usage."""

GAP = ""
"""An entry that stands for an empty line in the overall usage."""

ILLUMOS_SYNOPSES: Synopses = (
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
    (GAP, ()),
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
    (GAP, ()),
    (
        "list",
        (
            "list [-Hp] [-r|-d max] [-o property[,...]] [-s property]...",
            "    [-S property]... [-t type[,...]] [filesystem|volume|snapshot] ...",
        ),
    ),
    (GAP, ()),
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
    (GAP, ()),
    ("mount", ("mount", "mount [-lvO] [-o opts] <-a | filesystem>")),
    ("unmount", ("unmount [-f] <-a | filesystem|mountpoint>",)),
    ("share", ("share [-l] <-a | filesystem>",)),
    ("unshare", ("unshare <-a | filesystem|mountpoint>",)),
    (GAP, ()),
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
    (GAP, ()),
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
    (GAP, ()),
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
    (GAP, ()),
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

ILLUMOS_ACCOUNTS = """\
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
"""How the usage ends that lists the properties."""
