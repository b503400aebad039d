"""What zfs and zpool say when they refuse.

Source of the texts: illumos zfs_main.c, zpool_main.c, libzfs_util.c and libzfs_dataset.c.
"""

from typing import Final

from sansdk.commands.base import Refusal
from sansdk.errors import (
    AlreadyExists,
    ArrayError,
    Busy,
    HasDependents,
    LimitReached,
    NotFound,
    OutOfSpace,
    PermissionDenied,
)

_IMPORT: Final = "Look with 'zpool list', and import the pool if it is missing."
_SUSPENDED: Final = "Look with 'zpool status', mend the devices, then 'zpool clear'."

ZFS_REFUSALS: Final = (
    Refusal(
        r"has (?:children|dependent clones)\n.*to destroy the following datasets:\n(?P<dependents>.+(?:\n.+)*)",
        HasDependents,
        "Delete what is named first, or say that it may go too.",
    ),
    Refusal(r"has (?:children|dependent clones)$", HasDependents),
    Refusal(r"(?:dataset|snapshot) is busy$", Busy, "A logical unit, a hold or a mount uses it."),
    Refusal(r"dataset already exists$", AlreadyExists),
    Refusal(r"dataset does not exist$|^could not find any snapshots to destroy", NotFound),
    Refusal(r"parent does not exist$", ArrayError, "Create the parent first."),
    Refusal(r"no such pool\b", ArrayError, _IMPORT),  # what is in a pool that is away is unknown, not gone
    Refusal(r"(?:out of space|size is greater than available space)$", OutOfSpace, "Free space, or ask for less."),
    Refusal(r"permission denied$", PermissionDenied, "Grant the login the right with 'zfs allow'."),
    Refusal(r"volume size exceeds limit for this system$", LimitReached, "A 32-bit kernel holds at most 1 TiB."),
    Refusal(r"pool I/O is currently suspended$", ArrayError, _SUSPENDED),
    Refusal(r"pool is read-only$", ArrayError, "Import the pool without readonly=on."),
)

POOL_REFUSALS: Final = (Refusal(r"no such pool\b", NotFound, _IMPORT), *ZFS_REFUSALS)
"""Of a command that asks for a pool itself."""
