"""How the usage of zfs ends that lists the properties: accounts of users and groups, and what sizes look like.

Source: zfs_main.c, of the releases that `synopses` names.
"""

__all__ = ["ILLUMOS_ACCOUNTS", "OLD_ACCOUNTS", "OPENZFS_ACCOUNTS", "SIZES"]

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

SIZES = """\

Sizes are specified in bytes with standard units such as K, M, G, etc.

User-defined properties can be specified by using a name containing a colon (:).
"""
"""All that OpenSolaris says there."""

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
"""What illumos said in 2011."""
