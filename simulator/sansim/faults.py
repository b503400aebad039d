"""Faults are data: which program they strike, how often, and what then goes wrong.

Every program of every array runs through `Faults.run`. A new kind of fault is one function in `_KINDS`.
"""

from collections.abc import Awaitable, Callable, Mapping
from fnmatch import fnmatchcase
from threading import Lock
from typing import Literal, Protocol

from attrs import define, field, frozen
from attrs.validators import in_

from sansim.log import Recording
from sansim.program import Answer

__all__ = ["Fault", "Faults", "Line"]

Execution = Callable[[], Awaitable[Answer]]


class Line(Protocol):
    """The SSH line that a program's caller sits on: what `server.Channel` offers a fault."""

    @property
    def recording(self) -> Recording:
        """Where programs and faults are noted."""

    def cut(self) -> None:
        """Lose the connection at once, with what was not yet sent."""


@define
class Fault:
    """Something that goes wrong when a program runs.

    Attributes:
        kind: `cut` loses the SSH line, `error` answers what is given here in the program's place.
        pattern: Shell-style pattern on the program line: `stmfadm add-view*`, `createVolume*`.
        times: How often it strikes; None is for ever.
        when: Before the program's effect, or after it.
        status: The exit status that an `error` answers.
        stdout: The standard output that an `error` answers.
        stderr: The standard error that an `error` answers.
        struck: How often it struck.
    """

    kind: Literal["cut", "error"] = field()
    pattern: str
    times: int | None = field(default=1)
    when: Literal["before", "after"] = field(default="before", validator=in_(("before", "after")))
    status: int = 1
    stdout: str = ""
    stderr: str = ""
    struck: int = field(default=0, init=False)

    @kind.validator
    def _known(self, _attribute: object, value: str) -> None:
        if value not in _KINDS:
            raise ValueError(f"unknown kind of fault {value!r}; there are {', '.join(sorted(_KINDS))}")

    @times.validator
    def _countable(self, _attribute: object, value: int | None) -> None:
        if value is not None and value < 1:
            raise ValueError(f"a fault strikes at least once or, with None, for ever; not {value} times")

    def strikes(self, program_line: str) -> bool:
        """Tell whether it would strike this program now."""
        return (self.times is None or self.struck < self.times) and fnmatchcase(program_line, self.pattern)


@frozen
class _Strike:
    """A fault in the moment it strikes."""

    fault: Fault
    execution: Execution
    line: Line
    runs_on: bool


class Faults:
    """The faults set on one array, safe to edit from any thread.

    Attributes:
        runs_on: Whether a command runs on when its line is lost: yes under a shell (Solaris), no under CLIQ,
            where a command whose line is lost before it begins never runs.
    """

    def __init__(self, *, runs_on: bool = True) -> None:
        self.runs_on = runs_on
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> Fault:
        """Set a fault; of several that match, the first set strikes."""
        with self._lock:
            self._faults.append(fault)
        return fault

    def __len__(self) -> int:
        return len(self._faults)

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()

    async def run(self, program_line: str, execution: Execution, line: Line) -> Answer:
        """Run a program, noting it on the line, and let a matching fault strike."""
        line.recording.programs.append(program_line)
        fault = self._take(program_line)
        if fault is None:
            return await execution()
        line.recording.faults.append(fault.kind)
        return await _KINDS[fault.kind](_Strike(fault, execution, line, self.runs_on))

    def _take(self, program_line: str) -> Fault | None:
        with self._lock:
            fault = next((fault for fault in self._faults if fault.strikes(program_line)), None)
            if fault is not None:
                fault.struck += 1
            return fault


async def _cut(strike: _Strike) -> Answer:
    if strike.fault.when == "before":
        strike.line.cut()
        return await strike.execution() if strike.runs_on else Answer()
    answer = await strike.execution()
    strike.line.cut()
    return answer


async def _error(strike: _Strike) -> Answer:
    if strike.fault.when == "after":
        await strike.execution()
    return Answer(strike.fault.stdout, strike.fault.stderr, strike.fault.status)


_KINDS: Mapping[str, Callable[[_Strike], Awaitable[Answer]]] = {"cut": _cut, "error": _error}
