"""Reads what zfs and zpool print with -H and -p: one row a line, one tab between columns, exact numbers.

Source: illumos zfs_main.c. A column without value holds `-`, of a reservation also `0` or `none`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sansdk.commands.base import Command


def rows(command: Command[Any], output: str, columns: int) -> Iterator[list[str]]:
    """The rows of an output, each of exactly `columns` columns."""
    for line in output.split("\n"):
        if not line:
            continue
        row = line.split("\t")
        if len(row) != columns:
            raise command.unexpected(output, f"{line!r} has {len(row)} columns instead of {columns}")
        yield row


def only_row(command: Command[Any], output: str, columns: int) -> list[str]:
    """The one row of an output."""
    found = list(rows(command, output, columns))
    if len(found) != 1:
        raise command.unexpected(output, f"it has {len(found)} rows instead of 1")
    return found[0]


def number(command: Command[Any], output: str, text: str) -> int:
    """A count or a number of bytes; `-` and `none` are 0."""
    return 0 if text in {"-", "none"} else command.count(output, text)


def moment(command: Command[Any], output: str, text: str) -> datetime:
    """A time, printed in seconds since 1970."""
    try:
        return datetime.fromtimestamp(number(command, output, text), UTC)
    except (ValueError, OverflowError, OSError):
        raise command.unexpected(output, f"{text!r} is no time") from None


def optional(text: str) -> str | None:
    """A text, None for `-`."""
    return None if text == "-" else text
