"""What COMSTAR knows of targets of every protocol, and of itself.

Source of forms and outputs: illumos stmfadm.c.
"""

from typing import Any

from attrs import field, frozen

from sansdk.commands.base import Command, register
from sansdk.commands.comstar.blocks import Block, Line, blocks, fact, lines
from sansdk.commands.comstar.refusals import STMF_REFUSALS


@frozen
class Session:
    """An initiator that is logged in.

    Attributes:
        initiator: Its name.
        alias: As it gave it; None if it did not.
        since: As `ctime` prints it, in the time zone of the host, which the array does not tell.
    """

    initiator: str
    alias: str | None
    since: str


@frozen
class StmfTarget:
    """A target.

    Attributes:
        name: `iqn.…`, `eui.…` or `wwn.…`.
        status: `Online`, `Offline`, `Onlining` or `Offlining`.
        provider: `iscsit`, `qlt` and the like.
        alias: None if not set.
        protocol: `iSCSI`, `Fibre Channel`, `SRP`, `SAS` or `unknown`.
        sessions: The most recent first.
    """

    name: str
    status: str = field(eq=False)
    provider: str
    alias: str | None
    protocol: str
    sessions: tuple[Session, ...] = field(eq=False)


@frozen
class State:
    """COMSTAR's own state: `online`, `offline` or on the way; `initialized` or not yet."""

    operational: str
    config: str


@register
@frozen
class ListTargets(Command[tuple[StmfTarget, ...]]):
    """Every target of every protocol with its sessions."""

    template = "comstar/stmfadm/list-target.j2"
    refusals = STMF_REFUSALS

    def parse(self, output: str) -> tuple[StmfTarget, ...]:
        """One target a block."""
        return tuple(_target(self, output, block) for block in blocks(self, output, "target"))


@register
@frozen
class ListState(Command[State]):
    """Whether COMSTAR runs."""

    template = "comstar/stmfadm/list-state.j2"
    refusals = STMF_REFUSALS

    def parse(self, output: str) -> State:
        """Two lines of 2008, four since."""
        block = Block("list-state", tuple(lines(self, output)))
        return State(fact(self, output, block, "operational status"), fact(self, output, block, "config status"))


def _target(command: Command[Any], output: str, block: Block) -> StmfTarget:
    starts = [index for index, line in enumerate(block.lines) if line.label == "initiator"]
    own = Block(block.name, block.lines[: starts[0]] if starts else block.lines)
    ends = [*starts[1:], len(block.lines)]
    return StmfTarget(
        name=block.name,
        status=fact(command, output, own, "operational status"),
        provider=fact(command, output, own, "provider name"),
        alias=_optional(fact(command, output, own, "alias")),
        protocol=fact(command, output, own, "protocol"),
        sessions=tuple(
            _session(command, output, block.lines[start:end])
            for start, end in zip(starts, ends[: len(starts)], strict=True)
        ),
    )


def _session(command: Command[Any], output: str, told: tuple[Line, ...]) -> Session:
    block = Block(told[0].value, told)
    return Session(
        initiator=block.name,
        alias=_optional(fact(command, output, block, "alias")),
        since=fact(command, output, block, "logged in since"),
    )


def _optional(text: str) -> str | None:
    return None if text == "-" else text
