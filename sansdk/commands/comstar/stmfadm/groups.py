"""Host groups and target groups. Source of forms and outputs: illumos stmfadm.c."""

from typing import Any

from attrs import frozen

from sansdk.commands.base import Command, SilentChange, register
from sansdk.commands.comstar.blocks import blocks
from sansdk.commands.comstar.refusals import STMF_REFUSALS


@frozen
class Group:
    """A group and its members: initiators of a host group, targets of a target group."""

    name: str
    members: tuple[str, ...]


@register
@frozen
class CreateTargetGroup(SilentChange):
    """Make an empty target group."""

    template = "comstar/stmfadm/create-tg.j2"
    refusals = STMF_REFUSALS

    group: str


@register
@frozen
class DeleteTargetGroup(SilentChange):
    """Delete a target group that no view uses; its members are no longer in any."""

    template = "comstar/stmfadm/delete-tg.j2"
    refusals = STMF_REFUSALS

    group: str


@register
@frozen
class AddTargetGroupMember(SilentChange):
    """Put a target into a target group: one that is offline, or does not exist yet, and is in no other."""

    template = "comstar/stmfadm/add-tg-member.j2"
    refusals = STMF_REFUSALS

    group: str
    member: str


@register
@frozen
class RemoveTargetGroupMember(SilentChange):
    """Take an offline target out of a target group."""

    template = "comstar/stmfadm/remove-tg-member.j2"
    refusals = STMF_REFUSALS

    group: str
    member: str


@register
@frozen
class ListTargetGroups(Command[tuple[Group, ...]]):
    """Every target group with its members."""

    template = "comstar/stmfadm/list-tg.j2"
    refusals = STMF_REFUSALS

    def parse(self, output: str) -> tuple[Group, ...]:
        """One group a block."""
        return _groups(self, output, "target group")


@register
@frozen
class CreateHostGroup(SilentChange):
    """Make an empty host group."""

    template = "comstar/stmfadm/create-hg.j2"
    refusals = STMF_REFUSALS

    group: str


@register
@frozen
class DeleteHostGroup(SilentChange):
    """Delete a host group that no view uses; its members are no longer in any."""

    template = "comstar/stmfadm/delete-hg.j2"
    refusals = STMF_REFUSALS

    group: str


@register
@frozen
class AddHostGroupMember(SilentChange):
    """Put an initiator, which is in no other, into a host group."""

    template = "comstar/stmfadm/add-hg-member.j2"
    refusals = STMF_REFUSALS

    group: str
    member: str


@register
@frozen
class RemoveHostGroupMember(SilentChange):
    """Take an initiator out of a host group."""

    template = "comstar/stmfadm/remove-hg-member.j2"
    refusals = STMF_REFUSALS

    group: str
    member: str


@register
@frozen
class ListHostGroups(Command[tuple[Group, ...]]):
    """Every host group with its members."""

    template = "comstar/stmfadm/list-hg.j2"
    refusals = STMF_REFUSALS

    def parse(self, output: str) -> tuple[Group, ...]:
        """One group a block."""
        return _groups(self, output, "host group")


def _groups(command: Command[Any], output: str, label: str) -> tuple[Group, ...]:
    return tuple(
        Group(block.name, tuple(line.value for line in block.lines if line.label == "member"))
        for block in blocks(command, output, label)
    )
