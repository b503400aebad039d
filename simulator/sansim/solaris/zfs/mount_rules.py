"""What releases of ZFS say differently of mounts and shares, as data."""

from attrs import frozen

__all__ = ["LINUX_MOUNTS", "MountRules"]


@frozen
class MountRules:
    """How one release words mounts and shares.

    Attributes:
        not_shared: Why what no property shares cannot be shared, and `not_unshared` why not the other way.
        not_owner: How the system words that a caller may not unmount.
    """

    not_shared: str = "legacy share\nuse share(8) to share this filesystem, or set sharenfs property on"
    not_unshared: str = "legacy share\nuse unshare(8) to unshare this filesystem"
    not_owner: str = "Not owner"


LINUX_MOUNTS = MountRules(
    not_shared=(
        "legacy share\nuse exports(5) or smb.conf(5) to share this filesystem, or set the sharenfs or sharesmb property"
    ),
    not_unshared="legacy share\nuse exports(5) or smb.conf(5) to unshare this filesystem",
    not_owner="permission denied",
)
"""OpenZFS 2.1 on Linux (source: zfs_main.c, libzfs_mount.c)."""
