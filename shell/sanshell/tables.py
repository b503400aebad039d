"""Documents as tables for people."""

import io
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sansdk.units import format_size
from sanshell.output import Document, Plain, fields

_UNBOUNDED: Final = 100_000
_SIZES: Final = frozenset({"size", "used", "free", "provisioned"})
_NUMBERS: Final = frozenset({"Size", "Used", "Free", "Provisioned", "LUN", "Status"})


def as_table(document: Document) -> Table:
    """A line for each thing; a single thing gets a line for each of its fields instead."""
    return _details(document) if document.single else _list(document)


def as_text(document: Document) -> str:
    """The same for a file or a program: as wide as it needs to be, without styles."""
    console = Console(file=io.StringIO(), width=_UNBOUNDED, color_system=None)
    with console.capture() as capture:
        console.print(as_table(document))
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _list(document: Document) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in document.kind.columns:
        table.add_column(heading, overflow="fold", justify="right" if heading in _NUMBERS else "left")
    for item in document.items:
        table.add_row(*(_safe(cell(item)) for cell in document.kind.columns.values()))
    return table


def _details(document: Document) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in fields(document.items[0]).items():
        table.add_row(name.replace("_", " "), _safe(_said(name, value)))
    return table


def _said(name: str, value: Plain) -> str:
    match value:
        case None | "" | []:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int() if name in _SIZES:
            return f"{format_size(value)} ({value} bytes)"
        case {"user": user}:
            return f"user {user}"
        case list():
            return "\n".join(map(str, value))
        case _:
            return str(value)


def _safe(text: str) -> Text:
    """Text that is neither markup nor a terminal's control sequence, whatever an array calls its things."""
    return Text("".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text))
