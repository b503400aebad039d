"""Initiators' CHAP records. Source of forms and outputs: illumos itadm.c."""

from typing import Any

from attrs import frozen

from sansdk.commands.base import Command, SilentChange, register
from sansdk.commands.comstar.itadm.rows import columns, entries, is_set, optional
from sansdk.commands.comstar.refusals import ITADM_REFUSALS
from sansdk.secrets import Secret


@frozen
class InitiatorRecord:
    """How an initiator proves itself to every target with CHAP.

    Attributes:
        name: As typed when it was made; names are the same in any case.
        user: None where none is set: the initiator's name counts.
        secret_set: Whether a secret is stored; it cannot be read.
    """

    name: str
    user: str | None
    secret_set: bool


@register
@frozen
class CreateInitiator(SilentChange):
    """Make an initiator's record. The secret's word must name a regular file that holds it."""

    template = "comstar/itadm/create-initiator.j2"
    refusals = ITADM_REFUSALS

    name: str
    user: str
    secret: Secret


@register
@frozen
class ModifyInitiator(SilentChange):
    """Replace an initiator's user and secret; what was there before cannot be read, and is lost."""

    template = "comstar/itadm/modify-initiator.j2"
    repeatable = True
    refusals = ITADM_REFUSALS

    name: str
    user: str
    secret: Secret


@register
@frozen
class DeleteInitiator(SilentChange):
    """Delete an initiator's record, secret included."""

    template = "comstar/itadm/delete-initiator.j2"
    refusals = ITADM_REFUSALS

    name: str


@register
@frozen
class ListInitiators(Command[tuple[InitiatorRecord, ...]]):
    """Every initiator's record, the newest first."""

    template = "comstar/itadm/list-initiator.j2"
    refusals = ITADM_REFUSALS

    def parse(self, output: str) -> tuple[InitiatorRecord, ...]:
        """One record a row."""
        return tuple(_record(self, output, block.name) for block in entries(self, output, "INITIATOR NAME"))


def _record(command: Command[Any], output: str, row: str) -> InitiatorRecord:
    named, secret = columns(command, output, row, 2)
    name, *user = named.split(maxsplit=1)
    if not user:
        raise command.unexpected(output, f"{row!r} has no CHAP user")
    return InitiatorRecord(name, optional(user[0].rstrip()), is_set(command, output, secret))
