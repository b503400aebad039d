"""iSCSI targets, their portal groups and the defaults of the host. Source of forms and outputs: illumos itadm.c."""

import re
from typing import Any, Final

from attrs import field, frozen

from sansdk.commands.base import Change, Command, SilentChange, register
from sansdk.commands.comstar.blocks import Block, fact, lines
from sansdk.commands.comstar.itadm.rows import columns, entries, is_set, optional
from sansdk.commands.comstar.refusals import ITADM_REFUSALS

_DEFAULTS: Final = "(defaults)"
_DEFAULT_TPG: Final = "default"
_TITLE: Final = "iSCSI Target Default Properties:"


@frozen
class Tag:
    """A portal group of a target, and the number by which initiators know it there."""

    tpg: str
    number: int


@frozen
class ItTarget:
    """An iSCSI target.

    Attributes:
        name: In small letters (`eui.` in capitals).
        state: `online`, `offline` or `-`.
        sessions: How many initiators are logged in.
        alias: Its own or the host's default one; None where neither is set.
        auth: What counts at the next login: `none`, `chap` or `radius`.
        auth_default: Whether `auth` is the host's default rather than the target's own.
        chap_user: Its name towards initiators that ask who it is; None if not set.
        secret_set: Whether it has a secret for that.
        tpgs: Its portal groups; empty for the default one, every address of the host.
    """

    name: str
    state: str = field(eq=False)
    sessions: int = field(eq=False)
    alias: str | None
    auth: str
    auth_default: bool
    chap_user: str | None
    secret_set: bool
    tpgs: tuple[Tag, ...]


@frozen
class Tpg:
    """A target portal group and its portals, `10.0.0.1:3260` or `[fe80::1]:3260`, the last given first."""

    name: str
    portals: tuple[str, ...]


@frozen
class Defaults:
    """What counts for targets without a setting of their own.

    Attributes:
        alias: None if not set.
        auth: `none` where nothing is set.
        isns: Whether targets are registered with iSNS servers.
        isns_servers: Their addresses, as printed; None if there is none.
    """

    alias: str | None
    auth: str
    isns: bool
    isns_servers: str | None


@register
@frozen
class CreateTarget(Change[str]):
    """Make a target, online at once; answers its name as the array writes it.

    Attributes:
        auth: `none`, `chap` or `radius`; None leaves it to the host's default.
        tpgs: Names of portal groups; none for every address of the host.
    """

    template = "comstar/itadm/create-target.j2"
    refusals = ITADM_REFUSALS

    name: str
    auth: str | None = None
    tpgs: tuple[str, ...] = ()

    def parse(self, output: str) -> str:
        """The name in `Target NAME successfully created`."""
        match = re.search(r"^Target (\S+) successfully created$", output, re.MULTILINE)
        if match is None:
            raise self.unexpected(output, "it names no target")
        return match[1]


@register
@frozen
class DeleteTarget(SilentChange):
    """Delete a target, online and in use or not; sessions end, groups that name it stay."""

    template = "comstar/itadm/delete-target.j2"
    refusals = ITADM_REFUSALS

    name: str


@register
@frozen
class ListTargets(Command[tuple[ItTarget, ...]]):
    """Every iSCSI target, the newest first."""

    template = "comstar/itadm/list-target.j2"
    refusals = ITADM_REFUSALS

    def parse(self, output: str) -> tuple[ItTarget, ...]:
        """One target an entry."""
        return tuple(_target(self, output, block) for block in entries(self, output, "TARGET NAME"))


@register
@frozen
class ListTpgs(Command[tuple[Tpg, ...]]):
    """Every target portal group but the default one, whose addresses cannot be read; the newest first."""

    template = "comstar/itadm/list-tpg.j2"
    refusals = ITADM_REFUSALS

    def parse(self, output: str) -> tuple[Tpg, ...]:
        """One group an entry."""
        return tuple(_tpg(self, output, block) for block in entries(self, output, "TARGET PORTAL GROUP"))


@register
@frozen
class ListDefaults(Command[Defaults]):
    """The host's defaults for targets."""

    template = "comstar/itadm/list-defaults.j2"
    refusals = ITADM_REFUSALS

    def parse(self, output: str) -> Defaults:
        """A title, then a line a default."""
        title, _, rest = output.lstrip("\n").partition("\n")
        if title.rstrip() != _TITLE:
            raise self.unexpected(output, f"{title!r} stands where the title was awaited")
        block = Block("list-defaults", tuple(lines(self, rest)))
        return Defaults(
            alias=optional(fact(self, output, block, "alias")),
            auth=optional(fact(self, output, block, "auth")) or "none",
            isns=fact(self, output, block, "isns") == "enabled",
            isns_servers=optional(fact(self, output, block, "isnsserver")),
        )


def _target(command: Command[Any], output: str, block: Block) -> ItTarget:
    name, state, sessions = columns(command, output, block.name, 3)
    auth = fact(command, output, block, "auth")
    tags = fact(command, output, block, "tpg-tags")
    return ItTarget(
        name=name,
        state=state,
        sessions=command.count(output, sessions),
        alias=optional(fact(command, output, block, "alias")),
        auth=auth.removesuffix(_DEFAULTS).strip(),
        auth_default=auth.endswith(_DEFAULTS),
        chap_user=optional(fact(command, output, block, "targetchapuser")),
        secret_set=is_set(command, output, fact(command, output, block, "targetchapsecret")),
        tpgs=() if tags == _DEFAULT_TPG else tuple(_tag(command, output, tag) for tag in tags.split(",")),
    )


def _tag(command: Command[Any], output: str, text: str) -> Tag:
    tpg, _, number = text.rpartition(" = ")
    return Tag(tpg, command.count(output, number))


def _tpg(command: Command[Any], output: str, block: Block) -> Tpg:
    name, count = columns(command, output, block.name, 2)
    told = optional(fact(command, output, block, "portals"))
    portals = tuple(told.split(",")) if told else ()
    if command.count(output, count) != len(portals):
        raise command.unexpected(output, f"{name!r} does not have the {count} portals that it claims")
    return Tpg(name, portals)
