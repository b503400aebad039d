"""The sub-commands of zfs, and how it says they are used, in OpenZFS 2.1.11 on Linux (seen)."""

from sansim.solaris.zfs.synopses import GAP, Synopses

__all__ = ["OPENZFS_ACCOUNTS", "OPENZFS_SYNOPSES"]

OPENZFS_SYNOPSES: Synopses = (
    ("version", ("version",)),
    (GAP, ()),
    (
        "create",
        (
            "create [-Pnpuv] [-o property=value] ... <filesystem>",
            "create [-Pnpsv] [-b blocksize] [-o property=value] ... -V <size> <volume>",
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
            "rename -p [-f] <filesystem|volume> <filesystem|volume>",
            "rename -u [-f] <filesystem> <filesystem>",
            "rename -r <snapshot> <snapshot>",
        ),
    ),
    ("bookmark", ("bookmark <snapshot|bookmark> <newbookmark>",)),
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
    (
        "upgrade",
        (
            "upgrade [-v]",
            "upgrade [-r] [-V version] <-a | filesystem ...>",
        ),
    ),
    (GAP, ()),
    (
        "userspace",
        (
            "userspace [-Hinp] [-o field[,...]] [-s field] ...",
            "    [-S field] ... [-t type[,...]] <filesystem|snapshot|path>",
        ),
    ),
    (
        "groupspace",
        (
            "groupspace [-Hinp] [-o field[,...]] [-s field] ...",
            "    [-S field] ... [-t type[,...]] <filesystem|snapshot|path>",
        ),
    ),
    (
        "projectspace",
        (
            "projectspace [-Hp] [-o field[,...]] [-s field] ... ",
            "    [-S field] ... <filesystem|snapshot|path>",
        ),
    ),
    (GAP, ()),
    (
        "project",
        (
            "project [-d|-r] <directory|file ...>",
            "project -c [-0] [-d|-r] [-p id] <directory|file ...>",
            "project -C [-k] [-r] <directory ...>",
            "project [-p id] [-r] [-s] <directory ...>",
        ),
    ),
    (GAP, ()),
    (
        "mount",
        (
            "mount",
            "mount [-flvO] [-o opts] <-a | filesystem>",
        ),
    ),
    ("unmount", ("unmount [-fu] <-a | filesystem|mountpoint>",)),
    ("share", ("share [-l] <-a [nfs|smb] | filesystem>",)),
    ("unshare", ("unshare <-a [nfs|smb] | filesystem|mountpoint>",)),
    (GAP, ()),
    (
        "send",
        (
            "send [-DnPpRVvLecwhb] [-[i|I] snapshot] <snapshot>",
            "send [-DnVvPLecw] [-i snapshot|bookmark] <filesystem|volume|snapshot>",
            "send [-DnPpVvLec] [-i bookmark|snapshot] --redact <bookmark> <snapshot>",
            "send [-nVvPe] -t <receive_resume_token>",
            "send [-PnVv] --saved filesystem",
        ),
    ),
    (
        "receive",
        (
            "receive [-vMnsFhu] [-o <property>=<value>] ... [-x <property>] ...",
            "    <filesystem|volume|snapshot>",
            "receive [-vMnsFhu] [-o <property>=<value>] ... [-x <property>] ... ",
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
    ("holds", ("holds [-rH] <snapshot> ...",)),
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
    ("redact", ("redact <snapshot> <bookmark> <redaction_snapshot> ...",)),
    ("wait", ("wait [-t <activity>] <filesystem>",)),
)

OPENZFS_ACCOUNTS = """\
\tuserused@...     NO       NO   <size>
\tgroupused@...    NO       NO   <size>
\tprojectused@...  NO       NO   <size>
\tuserobjused@...  NO       NO   <size>
\tgroupobjused@...  NO       NO   <size>
\tprojectobjused@...  NO       NO   <size>
\tuserquota@...   YES       NO   <size> | none
\tgroupquota@...  YES       NO   <size> | none
\tprojectquota@... YES       NO   <size> | none
\tuserobjquota@... YES       NO   <size> | none
\tgroupobjquota@... YES       NO   <size> | none
\tprojectobjquota@... YES       NO   <size> | none
\twritten@<snap>   NO       NO   <size>
\twritten#<bookmark>  NO       NO   <size>

Sizes are specified in bytes with standard units such as K, M, G, etc.

User-defined properties can be specified by using a name containing a colon (:).

The {user|group|project}[obj]{used|quota}@ properties must be appended with
a user|group|project specifier of one of these forms:
    POSIX name      (eg: "matt")
    POSIX id        (eg: "126829")
    SMB name@domain (eg: "matt@sun")
    SMB SID         (eg: "S-1-234-567-89")
"""
"""How the usage ends that lists the properties."""
