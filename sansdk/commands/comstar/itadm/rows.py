"""Reads itadm's listings: a header, a row per thing, with -v labelled lines below it.

Source: illumos itadm.c. Nothing at all is printed where there is nothing to list. A name may overflow its column; what
ends a row never holds a blank, so rows are read from their end.
"""

from typing import Any

from sansdk.commands.base import Command
from sansdk.commands.comstar.blocks import Block, Line, lines


def entries(command: Command[Any], output: str, header: str) -> tuple[Block, ...]:
    """A block per row: the row is its name, the labelled lines below it its facts."""
    first, _, rest = output.lstrip("\n").partition("\n")
    if not first:
        return ()
    if not first.startswith(header):
        raise command.unexpected(output, f"{first!r} stands where the header was awaited")
    found: list[tuple[str, list[Line]]] = []
    for text in rest.split("\n"):
        if not text.strip():
            continue
        if not text[0].isspace():
            found.append((text.rstrip(), []))
        elif found:
            found[-1][1].extend(lines(command, text))
        else:
            raise command.unexpected(output, f"{text!r} stands before the first row")
    return tuple(Block(row, tuple(below)) for row, below in found)


def columns(command: Command[Any], output: str, row: str, count: int) -> list[str]:
    """The columns of a row, the first of which may hold blanks."""
    found = row.rsplit(maxsplit=count - 1)
    if len(found) != count:
        raise command.unexpected(output, f"{row!r} has not {count} columns")
    return found


def optional(text: str) -> str | None:
    """A text; None for `-`, `<none>` and nothing."""
    return None if text in {"", "-", "<none>"} else text


def is_set(command: Command[Any], output: str, text: str) -> bool:
    """Whether a secret is stored."""
    if text not in {"set", "unset"}:
        raise command.unexpected(output, f"{text!r} is neither set nor unset")
    return text == "set"
