"""The line of somebody who acts on an array without a client of ours: another administrator."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from attrs import Factory, define

from sansim.log import Log, Recording

__all__ = ["OTHER_ADMIN", "Unattended", "unattended"]

OTHER_ADMIN = "other-admin"
"""Who acts, as the log has it, whatever account is used."""


@define(eq=False)
class Unattended:
    """A line that nobody waits at the end of, and that cannot be lost; faults do not concern what runs on it."""

    recording: Recording = Factory(Recording)
    lost: bool = False

    def cut(self) -> None:
        """Do nothing: there is no connection."""

    async def left(self) -> None:
        """Never return: nobody is there to leave."""
        await asyncio.Event().wait()

    async def write(self, data: bytes) -> None:
        """Note what was written to standard output."""
        self.recording.stdout.add(data)

    async def write_error(self, data: bytes) -> None:
        """Note what was written to standard error."""
        self.recording.stderr.add(data)


@contextmanager
def unattended(log: Log, command: str) -> Iterator[Unattended]:
    """Let another administrator carry out a command in this block, which is in the log as an exec of `OTHER_ADMIN`."""
    line = Unattended(Recording(user=OTHER_ADMIN, text=command))
    log.begin(line.recording)
    try:
        yield line
    finally:
        log.end(line.recording)
