"""Why the kernel refuses, in the words that libzfs has for it (source: illumos libzfs_util.c)."""

from collections.abc import Sequence
from enum import StrEnum

__all__ = ["Busy", "Reason", "Refusals", "Refused"]


class Reason(StrEnum):
    """A general reason; commands print it behind what they were doing."""

    NOT_FOUND = "dataset does not exist"
    NO_POOL = "no such pool"
    EXISTS = "dataset already exists"
    BUSY = "dataset is busy"
    NO_SPACE = "out of space"
    PERMISSION = "permission denied"
    READ_ONLY = "pool is read-only"
    NO_DELEGATION = "delegated administration is disabled on pool"
    WRONG_TYPE = "operation not applicable to datasets of this type"
    NAME_TOO_LONG = "dataset name is too long"
    NOT_A_CLONE = "not a cloned filesystem"
    OTHER_POOL = "source and target pools differ"
    SAME_FILESYSTEM = "multiple snapshots of same fs not allowed"
    CONFLICTING_SNAPSHOT = "conflicting snapshot"
    HAS_CHILDREN = "filesystem has children"
    TAG_EXISTS = "tag already exists on this dataset"
    NO_TAG = "no such tag on this dataset"
    CLONED = "snapshot is cloned"
    NOT_ANCESTOR = "source is not an ancestor of the new bookmark's dataset"
    WRONG_PARENT = "invalid parent dataset"
    NO_BASE = "incremental source is not there"
    MODIFIED = "modified since most recent snapshot"


class Refused(Exception):
    """An operation that the pool refuses.

    Attributes:
        reason: Why.
        subject: The dataset or snapshot that it is about.
    """

    def __init__(self, reason: Reason, subject: str) -> None:
        super().__init__(f"{subject}: {reason}")
        self.reason = reason
        self.subject = subject


class Busy(Refused):
    """The dataset is held open, or its snapshot is held."""

    def __init__(self, subject: str) -> None:
        super().__init__(Reason.BUSY, subject)


class Refusals(Exception):
    """An operation on several snapshots, all or none of them, that the pool refuses.

    Attributes:
        refusals: One for each snapshot that is in the way.
    """

    def __init__(self, refusals: Sequence[Refused]) -> None:
        super().__init__("; ".join(str(refused) for refused in refusals))
        self.refusals = tuple(refusals)
