"""How values are written in an answer: truth values and times."""

from datetime import UTC, datetime

__all__ = ["flag", "moment"]


def flag(value: bool) -> str:  # noqa: FBT001 - the one thing it turns into a word
    """Write a truth value."""
    return "true" if value else "false"


def moment(time: datetime) -> str:
    """Write a time in UTC as ISO 8601 to the second, the year with four digits."""
    return f"{time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
