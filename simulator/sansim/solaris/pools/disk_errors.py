"""Why the kernel refuses something about a pool, in the words that libzfs has for it (source: libzfs_util.c)."""

from enum import StrEnum

__all__ = ["PoolRefused", "Trouble"]


class Trouble(StrEnum):
    """A reason; commands print it behind what they were doing."""

    BUSY = "pool is busy"
    EXISTS = "pool already exists"
    NO_DEVICE = "no such device in pool"
    NO_REPLICAS = "no valid replicas"
    IS_SPARE = "device is reserved as a hot spare"
    IS_CACHE = "device is in use as a cache"
    PERMISSION = "permission denied"
    SCRUBBING = "currently scrubbing; use 'zpool scrub -s' to cancel current scrub"
    SCRUB_PAUSED = "scrub is paused; use 'zpool scrub' to resume"
    NO_SCRUB = "there is no active scrub"
    RESILVERING = "currently resilvering"
    NOT_MIRRORED = "only applicable to mirror and replacing vdevs"
    NOT_ATTACHABLE = "can only attach to mirrors and top-level disks"
    REPLACING = "already in replacing/spare config; wait for completion or use 'zpool detach'"
    TOO_SMALL = "device is too small"
    MINIMUM = "one or more devices is less than the minimum size (64M)"
    ADDED_MINIMUM = "device is less than the minimum size (64M)"
    OUT_OF_SPACE = "out of space"
    NOT_REMOVABLE = "invalid config; all top-level vdevs must have the same sector size and not be raidz."
    NOT_IN_PROGRESS = "operation is not in progress"
    UNAVAILABLE = "one or more devices is currently unavailable"
    ONLY_MIRRORS = "Source pool must be composed only of mirrors\n"
    ONE_EACH = "Device list must include at most one disk from each mirror"
    NO_SUCH_POOL = "no such pool"
    NOTHING_THERE = "no such pool or dataset"
    UNSUPPORTED = "operation not supported on this type of pool"
    INVALID = "invalid argument for this pool operation"


class PoolRefused(Exception):
    """An operation on a pool that the kernel or its library refuses.

    Attributes:
        trouble: Why, a `Trouble` or a text of its own.
    """

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble
