"""The kinds of things that commands list and show, each with the columns of its table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import frozen

import sansdk
from sansdk.units import format_size
from sanshell.output import Kind


@frozen
class ArrayLine:
    """One connected array, as `arrays` lists it."""

    name: str
    url: str
    current: bool


@frozen
class PlanLine:
    """One line of a plan: an intent, or a command that it takes."""

    text: str


@frozen
class RanLine:
    """One command that ran on an array."""

    at: datetime
    status: int | None
    command: str


def _initiators(export: sansdk.Export) -> str:
    return str(export.initiators) if export.initiators is sansdk.ANYONE else _lines(export.initiators)


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def _time(time: datetime | None) -> str:
    return "-" if time is None else f"{time:%Y-%m-%d %H:%M:%S}"


def _or_dash(value: object) -> str:
    return "-" if value is None or value == "" else str(value)


ARRAYS: Final = Kind(
    ArrayLine,
    "array",
    "arrays",
    {"": lambda a: "*" if a.current else "", "Name": lambda a: a.name, "URL": lambda a: a.url},
)

INFO: Final = Kind(
    sansdk.ArrayInfo,
    "array",
    "arrays",
    {
        "Name": lambda i: i.name,
        "Kind": lambda i: i.kind,
        "Flavour": lambda i: i.flavour,
        "Version": lambda i: i.version,
    },
)

POOLS: Final = Kind(
    sansdk.Pool,
    "pool",
    "pools",
    {
        "Name": lambda p: p.name,
        "Size": lambda p: format_size(p.size),
        "Used": lambda p: format_size(p.used),
        "Free": lambda p: format_size(p.free),
        "Provisioned": lambda p: format_size(p.provisioned),
        "Health": lambda p: p.health,
    },
)

VOLUMES: Final = Kind(
    sansdk.Volume,
    "volume",
    "volumes",
    {
        "Name": lambda v: v.name,
        "Size": lambda v: format_size(v.size),
        "Used": lambda v: format_size(v.used),
        "Space": lambda v: "thin" if v.thin else "thick",
        "Exported": lambda v: "yes" if v.exported else "no",
        "Created": lambda v: _time(v.created),
        "Origin": lambda v: _or_dash(v.origin),
    },
)

EXPORTS: Final = Kind(
    sansdk.Export,
    "export",
    "exports",
    {
        "Volume": lambda e: e.volume,
        "LUN": lambda e: _or_dash(e.lun),
        "Target": lambda e: e.target_iqn,
        "Portals": lambda e: _lines(e.portals),
        "Initiators": _initiators,
        "CHAP user": lambda e: "-" if e.chap is None else e.chap.user,
    },
)

INITIATORS: Final = Kind(
    sansdk.Initiator,
    "initiator",
    "initiators",
    {
        "Name": lambda i: i.iqn,
        "Group": lambda i: _or_dash(i.group),
        "CHAP user": lambda i: _or_dash(i.chap_user),
        "Secret": lambda i: "set" if i.secret_set else "-",
    },
)

PROBLEMS: Final = Kind(
    sansdk.Problem,
    "problem",
    "problems",
    {"Code": lambda p: p.code, "Problem": lambda p: p.text, "Mend": lambda p: p.mend},
)

ORPHANS: Final = Kind(
    sansdk.Orphan,
    "orphan",
    "orphans",
    {"Kind": lambda o: o.kind, "Name": lambda o: o.name, "Why": lambda o: o.text},
)

RAN: Final = Kind(
    RanLine,
    "command",
    "commands",
    {"At": lambda r: _time(r.at), "Status": lambda r: _or_dash(r.status), "Command": lambda r: r.command},
)

PLAN: Final = Kind(PlanLine, "step", "plan", {"Plan": lambda line: line.text})
