"""Which permissions can be delegated, as the help of `zfs allow` lists them.

Source: zfs_main.c of illumos and of OpenZFS 2.1.
"""

from sansim.solaris.zfs.properties import Edit
from sansim.solaris.zfs.release import ZfsRelease

__all__ = ["help_text", "is_permission"]

_WIDER = "\n\t\t\t\t"
_SUBCOMMANDS = {
    "allow": f"Must also have the permission that is being{_WIDER}allowed",
    "clone": f"Must also have the 'create' ability and 'mount'{_WIDER}ability in the origin file system",
    "create": "Must also have the 'mount' ability",
    "destroy": "Must also have the 'mount' ability",
    "diff": (
        f"Allows lookup of paths within a dataset;{_WIDER}given an object number. Ordinary users need this{_WIDER}"
        "in order to use zfs diff"
    ),
    "hold": "Allows adding a user hold to a snapshot",
    "mount": "Allows mount/umount of ZFS datasets",
    "promote": f"Must also have the 'mount'{_WIDER}and 'promote' ability in the origin file system",
    "receive": "Must also have the 'mount' and 'create' ability",
    "release": f"Allows releasing a user hold which{_WIDER}might destroy the snapshot",
    "rename": f"Must also have the 'mount' and 'create'{_WIDER}ability in the new parent",
    "rollback": "",
    "send": "",
    "share": f"Allows sharing file systems over NFS or SMB{_WIDER}protocols",
    "snapshot": "",
    "bookmark": "",
    "load-key": "Allows loading or unloading an encryption key",
    "change-key": "Allows changing or adding an encryption key",
}
_OTHERS = {
    "groupquota": "Allows accessing any groupquota@... property",
    "groupused": "Allows reading any groupused@... property",
    "userprop": "Allows changing any user property",
    "userquota": "Allows accessing any userquota@... property",
    "userused": "Allows reading any userused@... property",
    "userobjquota": "Allows accessing any userobjquota@... property",
    "userobjused": "Allows reading any userobjused@... property",
    "groupobjquota": f"Allows accessing any {_WIDER}groupobjquota@... property",
    "groupobjused": "Allows reading any groupobjused@... property",
    "projectused": "Allows reading any projectused@... property",
    "projectquota": "Allows accessing any projectquota@... property",
    "projectobjused": f"Allows accessing any {_WIDER}projectobjused@... property",
    "projectobjquota": f"Allows accessing any {_WIDER}projectobjquota@... property",
}
_OPTIONS = (
    ("-h", "show this help message and exit"),
    ("-l", "set permission locally"),
    ("-d", "set permission for descents"),
    ("-u", "set permission for user"),
    ("-g", "set permission for group"),
    ("-e", "set permission for everyone"),
    ("-c", "set create time permission"),
    ("-s", "define permission set"),
)
_TAKING_BACK = ("-r", "remove permissions recursively")
_NEVER = "mlslabel"
_SET_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.: ")


def help_text(release: ZfsRelease, command: str) -> str:
    """Return the help of `allow` or `unallow`: synopsis, options, and all permissions."""
    text = f"Usage: {release.synopses.usage(command)}\nOptions:\n"
    for letter, meaning in (*_OPTIONS, _TAKING_BACK) if command == "unallow" else _OPTIONS:
        text += f"  {letter:<10}  {meaning}\n"
    text += "\nThe following permissions are supported:\n\n" + _row("NAME", "TYPE", "NOTES")
    for name, note in _SUBCOMMANDS.items():
        text += _row(name, "subcommand", note)
    for name, note in _OTHERS.items():
        text += _row(name, "other", note)
    for name in _properties(release):
        text += _row(name, "property", "")
    return text


def _row(name: str, kind: str, note: str) -> str:
    return f"{name:<16} {kind:<14}\t{note}\n"


def _properties(release: ZfsRelease) -> list[str]:
    return sorted(prop.name for prop in release.properties.shown if prop.edit is not Edit.READONLY)


def is_permission(release: ZfsRelease, name: str) -> bool:
    """Tell whether a name is a permission's, or one that a set may have."""
    if name.startswith("@"):
        return len(name) > 1 and set(name[1:]) <= _SET_CHARACTERS
    if name in _SUBCOMMANDS or name in _OTHERS:
        return True
    prop = release.properties.find(name)
    return prop is not None and prop.edit is not Edit.READONLY and prop.name != _NEVER
