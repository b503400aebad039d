"""Views: which host group sees a logical unit through which target group as which LUN.

Source of forms and outputs: illumos stmfadm.c; label `Target Group` and LUN `Auto`: seen, Oracle Solaris 11.
"""

from typing import Any, Final

from attrs import frozen

from sansdk.commands.base import Command, Refusal, SilentChange, Taken, register
from sansdk.commands.comstar.blocks import Block, blocks, fact
from sansdk.commands.comstar.refusals import STMF_REFUSALS
from sansdk.transport.base import Answer

_ALL: Final = "All"
_AUTO: Final = "Auto"
_NO_VIEWS: Final = ": no views found"


@frozen
class View:
    """One view entry of a logical unit.

    Attributes:
        number: Counts per logical unit; numbers are refilled, so it names a view only until the next change.
        host_group: None for every initiator.
        target_group: None for every target of the host.
        lun: None where the array chose it and does not tell.
    """

    number: int
    host_group: str | None
    target_group: str | None
    lun: int | None


@register
@frozen
class AddView(SilentChange):
    """Show a logical unit to a host group, or with None to every initiator, through one target group."""

    template = "comstar/stmfadm/add-view.j2"
    refusals = (
        Refusal(r"invalid (?:host|target) group$", Taken, "The group is gone; plan again."),
        *STMF_REFUSALS,
    )

    guid: str
    lun: int
    target_group: str
    host_group: str | None


@register
@frozen
class RemoveView(SilentChange):
    """Remove one view entry, by its number of now."""

    template = "comstar/stmfadm/remove-view.j2"
    refusals = STMF_REFUSALS

    guid: str
    number: int


@register
@frozen
class ListViews(Command[tuple[View, ...]]):
    """The views of a logical unit, by number; none is an answer, not an error."""

    template = "comstar/stmfadm/list-view.j2"
    refusals = STMF_REFUSALS

    guid: str

    def read(self, answer: Answer) -> tuple[View, ...]:
        """As Command.read; `no views found`, status 1, is the empty tuple."""
        if answer.status == 1 and answer.stderr.rstrip().endswith(_NO_VIEWS) and not answer.stdout.strip():
            return ()
        return super().read(answer)

    def parse(self, output: str) -> tuple[View, ...]:
        """One view a block."""
        return tuple(_view(self, output, block) for block in blocks(self, output, "view entry"))


def _view(command: Command[Any], output: str, block: Block) -> View:
    lun = fact(command, output, block, "lun")
    return View(
        number=command.count(output, block.name),
        host_group=_group(fact(command, output, block, "host group")),
        target_group=_group(fact(command, output, block, "target group")),
        lun=None if lun == _AUTO else command.count(output, lun),
    )


def _group(text: str) -> str | None:
    return None if text == _ALL else text
