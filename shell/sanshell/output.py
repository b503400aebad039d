"""What commands say on standard output: values as documents, documents as JSON, YAML, CSV or tables.

JSON and YAML are `{"format": 1, "volumes": [{…}, …]}`, or `{"format": 1, "volume": {…}}` for a single thing; sizes
are bytes, times ISO 8601 in UTC. CSV has a line of headings, and a line for each thing. No secret is in any.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final

import attrs
import yaml
from attrs import frozen

import sansdk

FORMAT: Final = 1
"""The version of the JSON and YAML documents."""

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]


@frozen
class Kind:
    """One kind of thing that commands list or show.

    Attributes:
        type: Its class; the fields of that are those of documents.
        one: What a single one is called.
        many: What several are called.
        columns: Headings of its table, each with how to fill it.
    """

    type: type[attrs.AttrsInstance]
    one: str
    many: str
    columns: Mapping[str, Callable[[Any], str]]


@frozen
class Document:
    """What one command has to say: several things of a kind, or just one."""

    kind: Kind
    items: Sequence[attrs.AttrsInstance]
    single: bool = False

    def plain(self) -> dict[str, Plain]:
        """The document as JSON and YAML have it."""
        things = [fields(item) for item in self.items]
        if self.single:
            return {"format": FORMAT, self.kind.one: things[0]}
        return {"format": FORMAT, self.kind.many: things}


def fields(item: attrs.AttrsInstance) -> dict[str, Plain]:
    """The fields of a value, by name, in order."""
    return {field.name: plain(getattr(item, field.name)) for field in attrs.fields(type(item))}


def plain(value: object) -> Plain:
    """A field's value as JSON has it.

    Raises:
        TypeError: It is of a kind that documents do not have; a secret, for one.
    """
    match value:
        case Enum():
            return str(value)
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case sansdk.Chap(user=user):
            return {"user": user}
        case tuple() | list():
            return [plain(part) for part in value]
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a document")


def as_json(document: Document) -> str:
    """The document as JSON."""
    return json.dumps(document.plain(), indent=2, ensure_ascii=False) + "\n"


def as_yaml(document: Document) -> str:
    """The document as YAML."""
    return yaml.safe_dump(document.plain(), sort_keys=False, allow_unicode=True)


def as_csv(document: Document) -> str:
    """The document as CSV; several values in one field are separated by blanks."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in attrs.fields(document.kind.type))
    writer.writerows([_cell(value) for value in fields(item).values()] for item in document.items)
    return text.getvalue()


def _cell(value: Plain) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Mapping():
            return " ".join(map(_cell, value.values()))
        case int() | str():
            return str(value)
        case _:
            return " ".join(map(_cell, value))


WRITERS: Final[Mapping[str, Callable[[Document], str]]] = {"json": as_json, "csv": as_csv, "yaml": as_yaml}
"""How each format but the table, which depends on where it is printed, is written."""

FORMATS: Final = ("table", *WRITERS)
"""The names that `--format` takes."""
