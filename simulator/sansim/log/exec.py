"""What is known of one SSH exec, as a value: while it runs and when it has ended."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from attrs import frozen

__all__ = ["FORMAT", "Exec", "Hold"]

FORMAT: Final = 1
"""The number of the JSON form; it changes when a key does."""


@frozen
class Hold:
    """What holds a program up right now.

    Attributes:
        program: The program line, or the stage of the connection.
        by: `latency`, `slow` or `hang`.
    """

    program: str
    by: str


@frozen
class Exec:
    """One SSH exec, or one interactive login.

    Attributes:
        at: When it began, on the array's clock.
        user: Who was logged in.
        text: The command's text; empty for an interactive login.
        stdin: What the client sent and was read: its first 16 MiB.
        status: The exit status; None while it runs, when a signal ended it, and when the line was lost before the
            status could be told.
        stdout: What the command wrote to its standard output, whether or not the client still took it: its first
            16 MiB.
        stderr: The same for standard error.
        programs: The program lines that ran, in the order they began.
        faults: The kinds of the faults that struck, in the order they struck.
        unsupported: What was asked for and is not simulated.
        number: Its place among all that ended on this array, from 1; 0 while it runs.
        interactive: Whether it is a login without a command.
        signal: The name of the signal that ended it, such as `TERM`; None for none.
        stdin_size: How many bytes of input were read, kept here or not.
        stdout_size: How many bytes were written to standard output, kept here or not.
        stderr_size: The same for standard error.
        latency: By how many seconds latencies held its programs up, together.
        took: How many seconds passed from begin to end (or to now) on the array's clock, which may have been set.
        elapsed: How many seconds really passed.
        holds: What holds its programs up right now; empty when it has ended.
    """

    at: datetime
    user: str
    text: str
    stdin: bytes
    status: int | None
    stdout: bytes
    stderr: bytes
    programs: tuple[str, ...]
    faults: tuple[str, ...]
    unsupported: tuple[str, ...]
    number: int = 0
    interactive: bool = False
    signal: str | None = None
    stdin_size: int = 0
    stdout_size: int = 0
    stderr_size: int = 0
    latency: float = 0.0
    took: float = 0.0
    elapsed: float = 0.0
    holds: tuple[Hold, ...] = ()

    @property
    def running(self) -> bool:
        """Whether it had not ended yet."""
        return self.number == 0

    @property
    def size(self) -> int:
        """The bytes that are kept of what was sent either way."""
        return len(self.text) + len(self.stdin) + len(self.stdout) + len(self.stderr)

    def plain(self) -> dict[str, object]:
        """Return it as JSON can carry it, without loss.

        `format` is `FORMAT`, the other keys are the attributes. Text and bytes are strings where they are UTF-8,
        else objects of the form `{"base64": "…"}`.
        """
        return {
            "format": FORMAT,
            "number": self.number,
            "at": self.at.isoformat(),
            "user": self.user,
            "interactive": self.interactive,
            "text": _carried(self.text),
            "stdin": _carried(self.stdin),
            "status": self.status,
            "signal": self.signal,
            "stdout": _carried(self.stdout),
            "stderr": _carried(self.stderr),
            "stdin_size": self.stdin_size,
            "stdout_size": self.stdout_size,
            "stderr_size": self.stderr_size,
            "programs": [_carried(line) for line in self.programs],
            "faults": list(self.faults),
            "unsupported": [_carried(text) for text in self.unsupported],
            "latency": self.latency,
            "took": self.took,
            "elapsed": self.elapsed,
            "holds": [{"program": _carried(hold.program), "by": hold.by} for hold in self.holds],
        }

    def json(self) -> str:
        """Return `plain()` as one line of JSON in ASCII, without its newline."""
        return json.dumps(self.plain())


def _carried(value: bytes | str) -> str | Mapping[str, str]:
    """Return text as it is, and in base64 what no UTF-8 can say; such bytes are surrogates in text."""
    data = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode()}
