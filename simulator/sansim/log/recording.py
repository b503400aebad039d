"""What is noted of an exec while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import Factory, define

from sansim.log.exec import Hold

__all__ = ["Recording", "Sample"]

_KEPT = 1 << 24


@define(eq=False)
class Sample:
    """The beginning of a stream of bytes, and its length.

    Attributes:
        data: Its first 16 MiB.
        size: How many bytes there were.
    """

    data: bytearray = Factory(bytearray)
    size: int = 0

    def add(self, data: bytes) -> None:
        """Take what comes next."""
        self.data += data[: _KEPT - len(self.data)]
        self.size += len(data)


@define(eq=False)
class Recording:
    """One exec, as who runs it notes it down; `Log.begin` and `Log.end` make an `Exec` of it.

    Attributes:
        user: Who logged in.
        text: The command's text.
        interactive: Whether it is a login without a command.
        stdin: What was read.
        stdout: What was written to standard output.
        stderr: The same for standard error.
        status: The exit status, once it is known.
        signal: The name of the signal that ended it.
        lost: Whether the line was lost before the end could be told.
        programs: The program lines that ran.
        faults: The kinds of the faults that struck.
        unsupported: What was asked for and is not simulated.
        latency: By how many seconds latencies held its programs up.
        holds: What holds its programs up right now.
        on_hold: Called when one is held up.
    """

    user: str = ""
    text: str = ""
    interactive: bool = False
    stdin: Sample = Factory(Sample)
    stdout: Sample = Factory(Sample)
    stderr: Sample = Factory(Sample)
    status: int | None = None
    signal: str | None = None
    lost: bool = False
    programs: list[str] = Factory(list)
    faults: list[str] = Factory(list)
    unsupported: list[str] = Factory(list)
    latency: float = 0.0
    holds: list[Hold] = Factory(list)
    on_hold: Callable[[], None] = lambda: None

    @contextmanager
    def held(self, program: str, by: str) -> Iterator[None]:
        """Note that a program is held up, by `latency`, `slow` or `hang`, to the end of the block."""
        hold = Hold(program, by)
        self.holds.append(hold)
        self.on_hold()
        try:
            yield
        finally:
            self.holds.remove(hold)
