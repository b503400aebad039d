"""What verbs print: tables for people, JSON for programs."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["complain", "say", "show", "table", "tell", "unreadable"]


def say(text: str) -> None:
    """Print a line."""
    print(text, flush=True)  # noqa: T201 - a command line talks by printing


def tell(text: str) -> None:
    """Print a line for people, beside what programs read."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - as above


def complain(text: str) -> None:
    """Say what went wrong, each line as ours."""
    for line in text.splitlines():
        tell(f"sansim: {line}")


def unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Return why a file cannot be read as text."""
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)


def show(options: Namespace, answer: Mapping[str, Any], text: str) -> int:
    """Print an answer, as JSON or as the text that says the same to people; return success."""
    say(json.dumps(answer, ensure_ascii=False) if options.json else text)
    return 0


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], nothing: str) -> str:
    """Return rows as a table, or what to say when there are none."""
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return nothing
    lines = [[heading.upper() for heading in headings], *cells]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _cell(value: object) -> str:
    """Return a value on one line, with nothing that a terminal obeys."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text) or "-"
