"""Lists of values for people: a table as plain text at a prompt, as HTML in a notebook.

from sansdk.display import table
table(san.volumes())
"""

import html
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import Enum
from functools import singledispatch
from typing import Final

import attrs
from attrs import frozen

from sansdk.errors import InputError
from sansdk.model import Chap
from sansdk.units import format_size

NOTHING: Final = "-"
_SIZES: Final = frozenset({"size", "used", "free", "provisioned"})
_NUMBERS: Final = _SIZES | {"lun"}


@frozen
class Table:
    """Headings, and one row of texts a value. Secrets are not in it.

    Attributes:
        headings: Names of fields.
        rows: As many texts each as there are headings.
    """

    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        lines = (self.headings, *self.rows)
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(self._line(line, widths) for line in lines) if self.rows else "(none)"

    __repr__ = __str__

    def _line(self, cells: tuple[str, ...], widths: list[int]) -> str:
        padded = (
            cell.rjust(width) if heading in _NUMBERS else cell.ljust(width)
            for heading, cell, width in zip(self.headings, cells, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    def _repr_html_(self) -> str:
        if not self.rows:
            return "<em>none</em>"
        head = "".join(self._cell("th", heading, heading) for heading in self.headings)
        body = "".join(f"<tr>{self._row(row)}</tr>" for row in self.rows)
        return f'<table class="sansdk-values"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def _row(self, cells: tuple[str, ...]) -> str:
        return "".join(self._cell("td", h, c) for h, c in zip(self.headings, cells, strict=True))

    def _cell(self, tag: str, heading: str, text: str) -> str:
        side = "right" if heading in _NUMBERS else "left"
        return f'<{tag} style="text-align:{side}">{html.escape(text)}</{tag}>'


def table(values: Iterable[attrs.AttrsInstance]) -> Table:
    """Values of one kind as a table; fields that say nothing of any of them are left out.

    Raises:
        InputError: The values are of several kinds.
    """
    listed = list(values)
    kinds = {type(value) for value in listed}
    if len(kinds) > 1:
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise InputError(f"A table holds values of one kind, not of {names}.")
    fields = [field.name for kind in kinds for field in attrs.fields(kind)]
    columns = {name: [_cell(name, getattr(value, name)) for value in listed] for name in fields}
    told = {name: texts for name, texts in columns.items() if set(texts) - {NOTHING}}
    return Table(tuple(told), tuple(zip(*told.values(), strict=True)))


def _cell(name: str, value: object) -> str:
    if name in _SIZES and (value is None or isinstance(value, int)):
        return format_size(value)
    return _text(value) or NOTHING


@singledispatch
def _text(value: object) -> str:
    return "" if value is None else str(value)


@_text.register
def _(value: bool) -> str:  # noqa: FBT001 - the kind of value is the point
    return "yes" if value else "no"


@_text.register
def _(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


@_text.register
def _(value: Enum) -> str:
    return str(value)


@_text.register
def _(value: tuple) -> str:  # type: ignore[type-arg]  # singledispatch takes a plain class
    return ", ".join(_text(part) for part in value)


@_text.register
def _(value: Chap) -> str:
    return f"user {value.user}"
