"""What a session has run on its array: one entry a command, without its secrets."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import overload

from attrs import field, frozen

logger = logging.getLogger("sansdk")


@frozen
class Ran:
    """One command that ran.

    Attributes:
        at: When its end was seen.
        command: As it was sent, secrets as `***`.
        status: How it ended; None where that was not seen.
        output: What it printed, both streams, secrets as `***`.
    """

    at: datetime
    command: str
    status: int | None
    output: str = field(default="", repr=False)

    def __str__(self) -> str:
        ended = "" if self.status == 0 else f"  → {'?' if self.status is None else self.status}"
        return f"{self.command}{ended}"


class History(Sequence[Ran]):
    """The commands of a session, oldest first. Appended to while it may be read."""

    def __init__(self) -> None:
        self._entries: list[Ran] = []
        self._lock = Lock()

    def add(self, command: str, status: int | None, output: str) -> None:
        """Note a command; the text is redacted by the caller."""
        with self._lock:
            self._entries.append(Ran(datetime.now(UTC), command, status, output))
        logger.debug("%s -> %s", command, status)

    @overload
    def __getitem__(self, index: int) -> Ran: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Ran]: ...
    def __getitem__(self, index: int | slice) -> Ran | Sequence[Ran]:
        with self._lock:
            return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Ran]:
        with self._lock:
            return iter(tuple(self._entries))

    def __repr__(self) -> str:
        return "\n".join(map(str, self)) or "(nothing ran)"
