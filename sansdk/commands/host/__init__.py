"""What a host says of itself."""

from attrs import frozen

from sansdk.commands.base import Command, Refusal, register
from sansdk.errors import ArrayError


@register
@frozen
class Uname(Command[tuple[str, str]]):
    """The operating system and its version: `SunOS` and `omnios-r151048-…`. Source: POSIX uname."""

    template = "host/uname.j2"
    refusals = (Refusal(r"pfexec.*not found", ArrayError, "A host without pfexec: say privilege=None."),)

    def parse(self, output: str) -> tuple[str, str]:
        """System and version, the first and the rest of what `-sv` prints."""
        system, _, version = output.strip().partition(" ")
        if not system or not version:
            raise self.unexpected(output, "it is not a system and a version")
        return system, version
