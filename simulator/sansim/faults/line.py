"""The SSH line that a program's caller sits on, as far as faults are concerned."""

from typing import Protocol

from sansim.log import Recording

__all__ = ["Line"]


class Line(Protocol):
    """What `channel.Channel` offers a fault."""

    @property
    def recording(self) -> Recording:
        """Where programs and faults are noted."""

    @property
    def lost(self) -> bool:
        """Whether the client is gone."""

    def cut(self) -> None:
        """Lose the connection at once, with what was not yet sent."""

    async def left(self) -> None:
        """Return when the client is gone."""
