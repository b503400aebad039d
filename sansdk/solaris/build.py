"""What an export is put together from."""

from typing import Any

from attrs import field, frozen, mutable

from sansdk.commands.base import Command
from sansdk.model import Chap
from sansdk.steps import Step

ALL = "All"
"""How COMSTAR writes every host group, or every target group."""


@frozen
class Place:
    """Where an export is to be: target group, target, LUN; `chosen` says that the LUN was picked here."""

    group: str
    target: str
    lun: int
    chosen: bool = False


@frozen
class Unit:
    """The logical unit of the export; `guid` is None where only the array can tell it."""

    dataset: str
    guid: str | None


@mutable
class Build:
    """Steps as they come together, the host groups that get a view, and the secret that was made on the way."""

    steps: list[Step] = field(factory=list)
    groups: list[str | None] = field(factory=list)
    credentials: Chap | None = None

    def add(self, command: Command[Any], undo: Command[Any] | None = None, tolerates: str = "") -> None:
        """The next step."""
        self.steps.append(Step(command, undo, tolerates))
