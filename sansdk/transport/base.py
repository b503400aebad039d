"""What carries a command to an array: one method, three implementations (Fabric, local, recording)."""

import time
from typing import Literal, Protocol

from attrs import define, field, frozen

Stream = Literal["stdout", "stderr"]


@frozen
class Answer:
    """What a command printed and how it ended.

    Text is UTF-8; bytes that are none survive as surrogate escapes. `status` is None where the other side did
    not say. Its repr shows no text, which may hold secrets.
    """

    status: int | None
    stdout: str = field(default="", repr=False)
    stderr: str = field(default="", repr=False)

    @classmethod
    def of(cls, status: int | None, stdout: bytes, stderr: bytes) -> "Answer":
        """Decode what came over the wire. The only place that does."""
        return cls(status, stdout.decode("utf-8", "surrogateescape"), stderr.decode("utf-8", "surrogateescape"))


class Watch(Protocol):
    """Looks at output as it arrives; says when it is complete and how long to wait for more."""

    def saw(self, stream: Stream, data: bytes) -> bool:
        """Take the next bytes of a stream; True when the answer is complete, end of file or not."""
        ...

    def deadline(self) -> float:
        """The `time.monotonic()` at which patience ends, as things stand now."""
        ...


@define
class Within:
    """A plain command's watch: complete at end of file, and that within so many seconds."""

    seconds: float
    _started: float = field(factory=time.monotonic, init=False)

    def end_within(self, seconds: float) -> None:
        """Be patient for so long at most from now on."""
        self.seconds = min(self.seconds, time.monotonic() - self._started + seconds)

    def saw(self, stream: Stream, data: bytes) -> bool:
        """Never complete before end of file."""
        return False

    def deadline(self) -> float:
        """`seconds` after this watch was made."""
        return self._started + self.seconds


class Transport(Protocol):
    """A way to an array. Safe to call from several threads: each exec has a channel of its own."""

    @property
    def address(self) -> str:
        """The host as it was connected to, for portals and messages."""
        ...

    def exec(self, text: str, stdin: bytes = b"", *, watch: Watch) -> Answer:
        """Run `text` at the other end, feed it `stdin`, and return all that it printed.

        Connects first where there is no connection (any more).

        Raises:
            ConnectError: Nothing was sent.
            Timeout: The watch's deadline passed; the command may run on.
            ConnectionLost: The connection broke after the command was sent.
        """
        ...

    def close(self) -> None:
        """End the connection; a later exec opens a new one."""
        ...
