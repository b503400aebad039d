"""Procedures of a Solaris host: steps that look at the array before they act.

Each is a function in `functions.sh`, called by name like a command. Their texts are constant; what varies arrives
as quoted words.
"""

from functools import cache
from importlib import resources

from attrs import frozen

from sansdk.commands.base import Command, Pace, Refusal, SilentChange, register
from sansdk.commands.comstar.refusals import STMF_REFUSALS
from sansdk.commands.zfs.refusals import ZFS_REFUSALS
from sansdk.errors import ArrayError, Conflict

_REFUSALS = (*STMF_REFUSALS, *ZFS_REFUSALS)


@cache
def functions() -> str:
    """The functions, as sh text."""
    return resources.files(__name__).joinpath("functions.sh").read_text(encoding="utf-8")


@register
@frozen
class WaitDevice(SilentChange):
    """Wait for a volume's device to appear, 10 s at most."""

    template = "procedures/wait-device.j2"
    refusals = (Refusal(r"did not appear within", ArrayError, "Look with 'ls /dev/zvol/rdsk'; devfsadm makes it."),)

    device: str


@register
@frozen
class CheckGuid(SilentChange):
    """Fail unless the dataset is still the one that was planned for, by its ZFS guid."""

    template = "procedures/check-guid.j2"
    refusals = (Refusal(r"is not the volume that was planned for", Conflict, "Plan again."), *ZFS_REFUSALS)

    name: str
    guid: str


@register
@frozen
class DestroyMarked(SilentChange):
    """Destroy a volume if it carries this mark; one that is gone, or another's, is left alone."""

    template = "procedures/destroy-marked.j2"
    pace = Pace.LONG
    refusals = ZFS_REFUSALS

    name: str
    mark: str


@register
@frozen
class DropView(SilentChange):
    """Remove the view of a logical unit for these groups (`All` for all), found in its list as it is then."""

    template = "procedures/drop-view.j2"
    refusals = _REFUSALS

    guid: str
    host_group: str
    target_group: str


@register
@frozen
class DropTarget(SilentChange):
    """Delete a target group and its target, unless a view uses the group: then both stay.

    Attributes:
        keep: Make the group, with that member, anew: it was there before the target.
    """

    template = "procedures/drop-target.j2"
    refusals = _REFUSALS

    group: str
    target: str
    keep: bool = False


@register
@frozen
class DropHostGroup(SilentChange):
    """Delete a host group, and the record of its initiator if one is given, unless a view uses the group."""

    template = "procedures/drop-host-group.j2"
    refusals = _REFUSALS

    group: str
    initiator: str | None = None


@register
@frozen
class MakeHostGroup(SilentChange):
    """Make a host group with one member, whatever of it is there already."""

    template = "procedures/make-host-group.j2"
    refusals = _REFUSALS

    group: str
    initiator: str


@register
@frozen
class ListViewsOf(Command[None]):
    """List the views of the logical units on these volumes, or without any of all; each answer is framed alone."""

    template = "procedures/list-views.j2"
    refusals = _REFUSALS

    names: tuple[str, ...] = ()

    def parse(self, output: str) -> None:
        """Nothing: its answers are those that it frames."""


@register
@frozen
class AdoptLu(SilentChange):
    """Bring back the logical unit that a volume's metadata tell of, else make one; mark the volume with its GUID."""

    template = "procedures/adopt-lu.j2"
    refusals = _REFUSALS

    name: str
    device: str
    guid: str


@register
@frozen
class DropLu(SilentChange):
    """Delete the logical unit on a volume, and the volume's mark; its views stay."""

    template = "procedures/drop-lu.j2"
    refusals = _REFUSALS

    name: str


@register
@frozen
class AddViewOf(SilentChange):
    """Show the logical unit on a volume, whose GUID is not known beforehand."""

    template = "procedures/add-view-of.j2"
    refusals = _REFUSALS

    name: str
    lun: int
    target_group: str
    host_group: str | None


@register
@frozen
class DropViewOf(SilentChange):
    """Remove the view of the logical unit on a volume for these groups (`All` for all)."""

    template = "procedures/drop-view-of.j2"
    refusals = _REFUSALS

    name: str
    host_group: str
    target_group: str
