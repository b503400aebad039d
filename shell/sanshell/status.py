"""How a command ends, as the exit status tells it."""

from enum import IntEnum


class Status(IntEnum):
    """Exit statuses."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INTERRUPTED = 130


class UsageError(Exception):
    """What was typed cannot be meant; nothing was sent to an array."""


class Declined(Exception):
    """The person did not say yes; nothing was changed."""
