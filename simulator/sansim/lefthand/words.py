"""How values are written in an answer: truth values, times, and what somebody typed."""

import re
from datetime import UTC, datetime

__all__ = ["flag", "moment", "printable"]

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def flag(value: bool) -> str:  # noqa: FBT001 - the one thing it turns into a word
    """Write a truth value."""
    return "true" if value else "false"


def moment(time: datetime) -> str:
    """Write a time in UTC as ISO 8601 to the second, the year with four digits."""
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def printable(text: str) -> str:
    """Write what XML cannot carry as `?` (inferred)."""
    return _UNPRINTABLE.sub("?", text)
