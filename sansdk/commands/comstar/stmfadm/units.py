"""Logical units. Source of forms and outputs: illumos stmfadm.c, libstmf store.c and stmf.c."""

import re
from typing import Any, Final

from attrs import field, frozen

from sansdk.commands.base import Change, Command, Refusal, SilentChange, register
from sansdk.commands.comstar.blocks import Block, blocks, fact
from sansdk.commands.comstar.refusals import STMF_REFUSALS
from sansdk.errors import NotFound

_NOT_SET: Final = "not set"


@frozen
class Lu:
    """A logical unit, or a GUID that only has views.

    Attributes:
        guid: 32 hexadecimal digits in capitals.
        status: `Online`, `Offline`, `Onlining`, `Offlining`, or `unregistered` for a GUID without unit.
        views: How many view entries it has.
        alias: The data file unless set to something else; keeps the old path after a rename.
        file: The data file, `/dev/zvol/rdsk/tank/v`; None without unit.
        size: Bytes that it shows to initiators, not those of its device; None without unit.
        block_size: Bytes; None without unit.
        access: `Active`, `Standby` or on the way from one to the other; None without unit.
    """

    guid: str
    status: str = field(eq=False)
    views: int = field(eq=False)
    alias: str | None = None
    file: str | None = None
    size: int | None = None
    block_size: int | None = None
    access: str | None = field(default=None, eq=False)


@register
@frozen
class CreateLu(Change[str]):
    """Make a device or file a logical unit, online at once; answers its GUID in capitals.

    What the device held of an older logical unit, GUID included, is overwritten.
    """

    template = "comstar/stmfadm/create-lu.j2"
    refusals = STMF_REFUSALS

    file: str
    guid: str | None = None

    def parse(self, output: str) -> str:
        """The GUID in `Logical unit created: GUID`."""
        return _guid_said(self, output, "created")


@register
@frozen
class ImportLu(Change[str]):
    """Bring back the logical unit whose metadata a device holds; answers its GUID in capitals."""

    template = "comstar/stmfadm/import-lu.j2"
    refusals = (Refusal(r"meta file error$", NotFound, "The device holds no logical unit."), *STMF_REFUSALS)

    file: str

    def parse(self, output: str) -> str:
        """The GUID in `Logical unit imported: GUID`."""
        return _guid_said(self, output, "imported")


@register
@frozen
class DeleteLu(SilentChange):
    """Delete a logical unit, keep its views and its data. An unknown GUID is silently accepted."""

    template = "comstar/stmfadm/delete-lu.j2"
    repeatable = True
    refusals = STMF_REFUSALS

    guid: str


@register
@frozen
class OnlineLu(SilentChange):
    """Take a logical unit online; one that is so already stays so, silently."""

    template = "comstar/stmfadm/online-lu.j2"
    repeatable = True
    refusals = STMF_REFUSALS

    guid: str


@register
@frozen
class ModifyLuSize(SilentChange):
    """Show initiators another size, in bytes. It is not compared with that of the device."""

    template = "comstar/stmfadm/modify-lu-size.j2"
    repeatable = True
    refusals = STMF_REFUSALS

    guid: str
    size: int


@register
@frozen
class ListLu(Command[tuple[Lu, ...]]):
    """Every logical unit, and every GUID that only has views, by GUID."""

    template = "comstar/stmfadm/list-lu.j2"
    refusals = STMF_REFUSALS

    def parse(self, output: str) -> tuple[Lu, ...]:
        """One unit a block."""
        return tuple(_lu(self, output, block) for block in blocks(self, output, "lu name"))


@register
@frozen
class ShowLu(Command[Lu]):
    """One logical unit."""

    template = "comstar/stmfadm/show-lu.j2"
    refusals = STMF_REFUSALS

    guid: str

    def parse(self, output: str) -> Lu:
        """The one block."""
        found = blocks(self, output, "lu name")
        if len(found) != 1:
            raise self.unexpected(output, f"it shows {len(found)} logical units instead of 1")
        return _lu(self, output, found[0])


def _guid_said(command: Command[Any], output: str, verb: str) -> str:
    match = re.search(rf"^Logical unit {verb}: ([0-9A-Fa-f]{{32}})$", output, re.MULTILINE)
    if match is None:
        raise command.unexpected(output, "it names no GUID")
    return match[1].upper()


def _lu(command: Command[Any], output: str, block: Block) -> Lu:
    if not re.fullmatch(r"[0-9A-Fa-f]{32}", block.name):
        raise command.unexpected(output, f"{block.name!r} is no GUID")
    facts = block.facts
    size, block_size = facts.get("size"), facts.get("block size")
    alias = facts.get("alias", "-").strip()
    return Lu(
        guid=block.name.upper(),
        status=fact(command, output, block, "operational status"),
        views=command.count(output, fact(command, output, block, "view entry count")),
        alias=None if alias in {"-", _NOT_SET} else alias,
        file=_set(facts.get("data file")),
        size=None if size is None else command.count(output, size),
        block_size=None if block_size is None else command.count(output, block_size),
        access=facts.get("access state"),
    )


def _set(text: str | None) -> str | None:
    return None if text == _NOT_SET else text
