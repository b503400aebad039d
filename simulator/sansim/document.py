"""What arrays hold, as a TOML text that people read, edit and keep beside their tests.

    format = 1

    [[array]]
    name = "solaris"
    kind = "solaris"
    flavour = "omnios"

    [array.zfs.datasets."tank/db1"]
    name = "tank/db1"
    kind = "volume"
    …

One table for each object, in the order in which the array holds them; what has its default is left out. Text that
is no UTF-8 is written as `{bytes = "…"}` in base64, and as `bytes:…` where it is the key of an object.
"""

import base64
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

import attrs
import tomli_w
from attrs import AttrsInstance, field, frozen

from sansim.plain import Misfit, structured
from sansim.state import Content, Entry

__all__ = ["FORMAT", "ImportRefused", "Section", "content_of", "read", "written"]

FORMAT = 1
"""The format of the texts that this version writes and reads."""

_BYTES = "bytes:"


class ImportRefused(ValueError):
    """A text cannot be imported, and nothing was changed; the message says why and what to do."""


@frozen
class Section:
    """One array of a text.

    Attributes:
        name: What it was called.
        kind: `solaris` or `hp`.
        flavour: Which product and version it was.
        tables: Its tables: plain values of objects by key, by the table's name in parts (`zfs`, `datasets`).
    """

    name: str
    kind: str
    flavour: str
    tables: Mapping[str, Any] = field(repr=False)


def written(name: str, kind: str, flavour: str, content: Content) -> Section:
    """Return what is written of an array that holds this."""
    tables: dict[str, Any] = {}
    for table, entries in content.items():
        at = tables
        for part in table.split(".") if entries else ():
            at = at.setdefault(part, {})
        at |= {_written_key(entry.key): _plain(entry.value) for entry in entries}
    return Section(name, kind, flavour, tables)


def text_of(sections: Iterable[Section]) -> str:
    """Return the text of arrays."""
    arrays = [
        {"name": section.name, "kind": section.kind, "flavour": section.flavour, **section.tables}
        for section in sections
    ]
    return tomli_w.dumps({"format": FORMAT, "array": arrays})


def read(text: str) -> tuple[Section, ...]:
    """Return the arrays of a text.

    Raises:
        ImportRefused: It is no TOML, has another format, or is otherwise not what `text_of` writes.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ImportRefused(f"this is no TOML: {error}") from error
    found = document.pop("format", None)
    if found != FORMAT or isinstance(found, bool):
        raise ImportRefused(
            f"this has {'no format' if found is None else f'format {found!r}'}, this sansim reads format = {FORMAT}; "
            "export it again with the sansim that wrote it, or take that one"
        )
    arrays = document.pop("array", None)
    if document:
        raise ImportRefused(f"{next(iter(document))!r} stands beside format and [[array]]; take it out")
    if not isinstance(arrays, list) or not arrays or not all(isinstance(array, dict) for array in arrays):
        raise ImportRefused("write a table [[array]] for each array, as an export has them")
    sections = tuple(map(_section, arrays))
    names = [section.name for section in sections]
    for name in names:
        if names.count(name) > 1:
            raise ImportRefused(f"two arrays are called {name!r}; leave one")
    return sections


def _section(array: dict[str, Any]) -> Section:
    head = {}
    for key in ("name", "kind", "flavour"):
        value = array.pop(key, None)
        if not isinstance(value, str):
            raise ImportRefused(f'an [[array]] has {key} = {value!r}; write {key} = "…", as an export has it')
        head[key] = value
    return Section(**head, tables=array)


def content_of(section: Section, kinds: Mapping[str, type[AttrsInstance]]) -> Content:
    """Return what an array is to hold.

    Args:
        section: What was read.
        kinds: The tables that such an array has, and what they hold.

    Raises:
        ImportRefused: There is a table that such an array has not, or a value that does not fit.
    """
    content: dict[str, tuple[Entry, ...]] = {}
    for name, objects in _tables(section, section.tables, "", kinds):
        entries = []
        for order, (key, plain) in enumerate(objects.items()):
            try:
                value = structured(plain, kinds[name], strict=True)
            except Misfit as misfit:
                place = ".".join(filter(None, (f'{name}."{key}"', misfit.place)))
                raise ImportRefused(f"array {section.name}: {place}: {misfit.reason}") from misfit
            entries.append(Entry(_read_key(key), order, value))
        content[name] = tuple(entries)
    return content


def _tables(
    section: Section, here: Mapping[str, Any], above: str, kinds: Mapping[str, type[AttrsInstance]]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the tables by their names, which may have parts."""
    for part, below in here.items():
        name = above + part
        if name in kinds:
            if not isinstance(below, dict):
                raise ImportRefused(f"array {section.name}: {name} = {below!r} is no table")
            yield name, below
        elif isinstance(below, dict) and any(kind.startswith(f"{name}.") for kind in kinds):
            yield from _tables(section, below, f"{name}.", kinds)
        else:
            raise ImportRefused(
                f"array {section.name}: no {section.kind} array has a table {name!r}; it has {', '.join(sorted(kinds))}"
            )


# TOML has no type of its own for the checker.
def _plain(value: object) -> Any:  # noqa: ANN401 - as said above
    kind = type(value)
    if attrs.has(kind):
        return {
            item.name: _plain(given)
            for item in attrs.fields(kind)
            if item.init and (given := getattr(value, item.name)) is not None and given != _default(item)
        }
    match value:
        case str():
            return _text(value)
        case Enum() | bool() | int() | float() | datetime():
            return value.value if isinstance(value, Enum) else value
        case frozenset():
            return sorted(map(_plain, value))
        case tuple():
            return [_plain(item) for item in value]
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case _:
            raise TypeError(f"TOML cannot hold {value!r}")


def _default(item: "attrs.Attribute[Any]") -> object:
    """Return the default of a field; a field without one has a value that nothing equals."""
    default: Any = item.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]


def _written_key(key: str) -> str:
    text = _text(key)
    return text if isinstance(text, str) else f"{_BYTES}{text['bytes']}"


def _read_key(key: str) -> str:
    if not key.startswith(_BYTES):
        return key
    try:
        return base64.b64decode(key.removeprefix(_BYTES), validate=True).decode("utf-8", "surrogateescape")
    except ValueError as error:
        raise ImportRefused(f"{key!r} is no name in base64") from error


def _text(value: str) -> str | dict[str, str]:
    try:
        value.encode()
    except UnicodeEncodeError:
        return {"bytes": base64.b64encode(value.encode("utf-8", "surrogateescape")).decode()}
    return value
