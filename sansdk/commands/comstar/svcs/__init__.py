"""svcs: whether a service runs."""

from typing import Final

from attrs import frozen

from sansdk.commands.base import Command, register
from sansdk.commands.comstar.refusals import SVCS_REFUSALS

STMF: Final = "svc:/system/stmf:default"
ISCSI_TARGET: Final = "svc:/network/iscsi/target:default"


@register
@frozen
class ServiceState(Command[str]):
    """A service's state: `online`, `disabled`, `maintenance` …; `*` follows while it changes.

    Source: illumos svcs.c.
    """

    template = "comstar/svcs/svcs-state.j2"
    refusals = SVCS_REFUSALS

    fmri: str

    def parse(self, output: str) -> str:
        """The one word."""
        words = output.split()
        if len(words) != 1:
            raise self.unexpected(output, "it is not one word")
        return words[0]
