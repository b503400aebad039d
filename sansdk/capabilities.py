"""What an array can do and what it cannot: ask before you call."""

from enum import StrEnum, auto


class Capability(StrEnum):
    """One ability in which the arrays differ; `session.capabilities` is the set of those present."""

    RENAME = auto()
    SHRINK = auto()
    SNAPSHOT = auto()
    ROLLBACK = auto()
    CLONE = auto()
    PROMOTE = auto()
    CHAP = auto()
    MUTUAL_CHAP = auto()
    CHAP_READABLE = auto()
    CHAP_PER_VOLUME = auto()
    CHAP_WITH_MASK = auto()
    MASK = auto()
    ANYONE = auto()
    HOST_GROUPS = auto()
    CHOOSE_LUN = auto()
    PORTALS = auto()
    SESSIONS = auto()
    OWNER_MARK = auto()
    UNDO_ON_ARRAY = auto()
