"""Faults and latency as values: which programs they concern, how often, and what then happens."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal, get_args

from attrs import Attribute, define, field
from attrs.validators import ge, in_, instance_of, le, optional

from sansim.faults.conditions import Condition

__all__ = ["Fault", "Kind", "Latency", "When"]

When = Literal["before", "midway", "after"]
Kind = Literal["condition", "cut", "error", "garble", "hang", "noop", "slow", "status", "truncate"]

_MOMENTS: Mapping[str, tuple[str, ...]] = {
    "condition": ("before", "after"),
    "cut": ("before", "midway", "after"),
    "error": ("before", "after"),
    "hang": ("before", "midway", "after"),
    "slow": ("before", "midway", "after"),
}
"""When a kind can strike; kinds that are not here have but one way."""


@define
class Fault:
    """Something that goes wrong when a program runs.

    | kind | what happens |
    |---|---|
    | `cut` | the SSH line is lost |
    | `error` | `status`, `stdout` and `stderr` are answered in the program's place |
    | `status` | the program runs and answers, but its exit status is `status` |
    | `noop` | the program answers as ever, and what it changed is not kept |
    | `hang` | it does not go on until the fault is removed (or, under CLIQ, the client is gone) |
    | `slow` | it takes `seconds` longer |
    | `garble` | some characters of its standard output are others |
    | `truncate` | its standard output ends early; `keep` of it is left, from 0 to 1 |
    | `condition` | `condition` befalls the array; the program runs as ever |

    Attributes:
        kind: One of the above.
        pattern: Shell-style pattern on the program line: `stmfadm add-view*`, `createVolume*`.
        times: How often it strikes; None is for ever.
        when: Before the program's effect, after it, or midway: after it and half of the output.
        status: The exit status of `error` and `status`.
        stdout: The standard output that an `error` answers.
        stderr: The standard error that an `error` answers.
        skip: How many programs that match it lets pass before it strikes.
        probability: How likely it strikes a program that matches, from 0 to 1.
        seconds: How much longer a `slow` program takes.
        keep: The part of the output that `truncate` leaves.
        condition: What befalls the array.
        struck: How often it struck.
    """

    kind: Kind = field(validator=in_(get_args(Kind)))
    pattern: str
    times: int | None = field(default=1)
    when: When = field(default="before")
    status: int = 1
    stdout: str = ""
    stderr: str = ""
    skip: int = field(default=0, validator=ge(0))
    probability: float = field(default=1.0, validator=[ge(0), le(1)])
    seconds: float = field(default=0.0, validator=ge(0))
    keep: float = field(default=0.5, validator=[ge(0), le(1)])
    condition: Condition | None = field(default=None, validator=optional(instance_of(Condition)))
    struck: int = field(default=0, init=False)
    _passed: int = field(default=0, init=False)

    @times.validator
    def _countable(self, _attribute: object, value: int | None) -> None:
        if value is not None and value < 1:
            raise ValueError(f"a fault strikes at least once or, with None, for ever; not {value} times")

    @when.validator
    def _possible(self, _attribute: object, value: str) -> None:
        moments = _MOMENTS.get(self.kind, ("before",))
        if value not in moments:
            raise ValueError(f"when = {value!r}: a fault of kind {self.kind} strikes {' or '.join(moments)}")

    @condition.validator
    def _given(self, _attribute: object, value: Condition | None) -> None:
        if (value is None) == (self.kind == "condition"):
            raise ValueError("a fault has a condition if, and only if, its kind is 'condition'")

    def strikes(self, program_line: str, chance: float) -> bool:
        """Tell whether it strikes this program now, counting what it lets pass; `chance` lies in [0, 1)."""
        if (self.times is not None and self.struck >= self.times) or not fnmatchcase(program_line, self.pattern):
            return False
        if self._passed < self.skip:
            self._passed += 1
            return False
        if chance >= self.probability:
            return False
        self.struck += 1
        return True


@define
class Latency:
    """How much longer programs take, always; of several that match, the last set counts.

    Attributes:
        pattern: Shell-style pattern on the program line.
        seconds: How much longer, on average.
        spread: By how many seconds it may be more or less; evenly distributed.
        struck: How many programs it held up.
    """

    pattern: str
    seconds: float = field(validator=ge(0))
    spread: float = field(default=0.0, validator=ge(0))
    struck: int = field(default=0, init=False)

    @spread.validator
    def _less_than_all(self, _attribute: "Attribute[float]", value: float) -> None:
        if value > self.seconds:
            raise ValueError(f"a spread of {value} s is more than the latency of {self.seconds} s itself")

    def concerns(self, program_line: str) -> bool:
        """Tell whether a program is held up by it."""
        return fnmatchcase(program_line, self.pattern)
