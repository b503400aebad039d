"""sbdadm: logical units where stmfadm cannot make them yet (before mid-2009).

Source of forms and outputs: illumos sbdadm.c. GUIDs are printed in small letters, and returned in capitals as
everywhere else.
"""

import re
from typing import Any, Final

from attrs import frozen

from sansdk.commands.base import Change, Command, register
from sansdk.commands.comstar.refusals import STMF_REFUSALS

_ROW = re.compile(r"(?P<guid>[0-9A-Fa-f]{32})  (?P<size>[0-9]+) *  (?P<file>.+)")
_RULE: Final = "-----"


@frozen
class SbdLu:
    """A logical unit: GUID in capitals, the bytes that it shows, the device or file behind it."""

    guid: str
    size: int
    file: str


@register
@frozen
class CreateLu(Change[str]):
    """Make a device or file a logical unit; answers the GUID that the array made."""

    template = "comstar/sbdadm/create-lu.j2"
    refusals = STMF_REFUSALS

    file: str

    def parse(self, output: str) -> str:
        """The GUID of the one row."""
        units = _units(self, output)
        if len(units) != 1:
            raise self.unexpected(output, f"it shows {len(units)} logical units instead of 1")
        return units[0].guid


@register
@frozen
class ListLu(Command[tuple[SbdLu, ...]]):
    """Every logical unit of this provider, by GUID."""

    template = "comstar/sbdadm/list-lu.j2"
    refusals = STMF_REFUSALS

    def parse(self, output: str) -> tuple[SbdLu, ...]:
        """One unit a row; nothing at all where there is none."""
        return _units(self, output)


def _units(command: Command[Any], output: str) -> tuple[SbdLu, ...]:
    """The rows below the rule; the lines above it are a heading."""
    if not output.strip():
        return ()
    listed = output.split("\n")
    rule = next((index for index, line in enumerate(listed) if line.startswith(_RULE)), None)
    if rule is None:
        raise command.unexpected(output, "it has no heading")
    return tuple(_unit(command, output, row) for row in listed[rule + 1 :] if row.strip())


def _unit(command: Command[Any], output: str, row: str) -> SbdLu:
    match = _ROW.fullmatch(row)
    if match is None:
        raise command.unexpected(output, f"{row!r} is no row of it")
    return SbdLu(match["guid"].upper(), command.count(output, match["size"]), match["file"])
