"""Faults and latency as values: which programs they concern, how often, and what then happens."""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from math import inf
from typing import Final, Literal, get_args

import attrs
from attrs import Attribute, define, field
from attrs.validators import and_, ge, in_, instance_of, le, lt, optional

from sansim.faults.checks import number, text, whole
from sansim.faults.conditions import Condition

__all__ = ["STAGES", "Fault", "Kind", "Latency", "When"]

When = Literal["before", "midway", "after"]
Kind = Literal["condition", "cut", "error", "garble", "hang", "noop", "slow", "status", "truncate"]

_MOMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "condition": ("before", "after"),
    "cut": ("before", "midway", "after"),
    "error": ("before", "after"),
    "hang": ("before", "midway", "after"),
    "slow": ("before", "midway", "after"),
}
"""When a kind can strike; kinds that are not here have but one way."""

_SAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "condition": ("condition",),
    "error": ("status", "stdout", "stderr"),
    "slow": ("seconds",),
    "status": ("status",),
    "truncate": ("keep",),
}
"""The attributes that say something about a kind alone."""

STAGES: Final[Mapping[str, tuple[Kind, ...]]] = {
    "@connect": ("condition", "cut", "hang", "slow"),
    "@login": ("condition", "cut", "error", "hang", "slow"),
    "@open": ("condition", "cut", "error", "hang", "slow"),
    "@exit": ("condition", "cut", "hang", "slow", "status"),
}
"""The stages of a connection, which patterns name as if they were programs, and the kinds that can strike there."""

_MOST_STATUS = 255


def _concerns(pattern: str, line: str) -> bool:
    """Tell whether a pattern fits a program line or a stage; only one that begins with `@` means stages."""
    if not pattern.startswith("@"):
        return not line.startswith("@") and fnmatchcase(line, pattern)
    # The bare name of a stage means everybody's.
    return fnmatchcase(line, pattern) or pattern == line.partition(" ")[0]


def _stages(pattern: str) -> list[str]:
    """Return the stages that a pattern can mean.

    Raises:
        ValueError: It begins with `@` and means none, or is empty and means nothing at all.
    """
    if not pattern:
        raise ValueError("an empty pattern fits no program; write * for all")
    if not pattern.startswith("@"):
        return []
    name = re.split(r"[ *?\[]", pattern, maxsplit=1)[0]
    open_ended = pattern[len(name) :][:1] not in ("", " ")
    found = [stage for stage in STAGES if stage == name or (open_ended and stage.startswith(name))]
    if not found:
        raise ValueError(f"{pattern!r} is no stage of a connection; write {', '.join(STAGES)}, then who or what")
    return found


@define
class Fault:
    """Something that goes wrong when a program runs.

    - `cut`: the SSH line is lost
    - `error`: `status`, `stdout` and `stderr` are answered in the program's place
    - `status`: the program runs and answers, but its exit status is `status`
    - `noop`: the program answers as ever, and what it changed is not kept
    - `hang`: it does not go on until the fault is removed (or, under CLIQ, the client is gone)
    - `slow`: it takes `seconds` longer, unless the fault is removed before
    - `garble`: some characters of its standard output are others, or bytes that are not UTF-8
    - `truncate`: its standard output ends early; `keep` of it is left, from 0 to 1
    - `condition`: `condition` befalls the array; the program runs as ever

    Attributes:
        kind: One of the above.
        pattern: Shell-style pattern on the program line: `stmfadm add-view*`, `createVolume*`. One that begins
            with `@` is about a stage of the connection instead: `@connect` (before the server says anything),
            `@login USER`, `@open USER` (a channel), `@exit TEXT` (all is done and written, the status not told);
            without who or what it is about all.
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
    pattern: str = field(validator=text)
    times: int | None = field(default=1)
    when: When = field(default="before")
    status: int = field(default=1, validator=[whole, ge(0), le(_MOST_STATUS)])
    stdout: str = field(default="", validator=text)
    stderr: str = field(default="", validator=text)
    skip: int = field(default=0, validator=[whole, ge(0)])
    probability: float = field(default=1.0, validator=[number, ge(0), le(1)])
    seconds: float = field(default=0.0, validator=[number, ge(0), lt(inf)])
    keep: float = field(default=0.5, validator=[number, ge(0), le(1)])
    condition: Condition | None = field(default=None, validator=optional(instance_of(Condition)))
    struck: int = field(default=0, init=False)
    _passed: int = field(default=0, init=False, repr=False)

    @times.validator
    def _countable(self, _attribute: object, value: int | None) -> None:
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ValueError(f"a fault strikes at least once, for ever with None (in tables `always`); not {value!r}")

    @when.validator
    def _possible(self, _attribute: object, value: str) -> None:
        moments = _MOMENTS.get(self.kind, ("before",))
        if value not in moments:
            raise ValueError(f"when = {value!r}: a fault of kind {self.kind} strikes {' or '.join(moments)}")

    def __attrs_post_init__(self) -> None:
        if self.kind == "condition" and self.condition is None:
            raise ValueError("a fault of kind condition says which condition")
        if self.kind == "slow" and not self.seconds:
            raise ValueError("a fault of kind slow says by how many seconds")
        fields = attrs.fields_dict(Fault)
        for name in sorted({name for names in _SAYS.values() for name in names} - {*_SAYS.get(self.kind, ())}):
            if getattr(self, name) != fields[name].default:
                raise ValueError(f"{name} says nothing about a fault of kind {self.kind}")
        for stage in _stages(self.pattern):
            if self.kind not in STAGES[stage] or self.when != "before":
                raise ValueError(
                    f"at the stage {stage} faults of kind {', '.join(STAGES[stage])} strike, without a `when`"
                )

    def strikes(self, program_line: str, chance: Callable[[], float]) -> bool:
        """Tell whether it strikes this program now, counting what it lets pass; chances lie in [0, 1)."""
        if (self.times is not None and self.struck >= self.times) or not _concerns(self.pattern, program_line):
            return False
        if self._passed < self.skip:
            self._passed += 1
            return False
        if chance() >= self.probability:
            return False
        self.struck += 1
        return True


@define
class Latency:
    """How much longer programs take, always; of several that match, the last set counts.

    Attributes:
        pattern: Shell-style pattern on the program line, or on a stage of the connection, as a fault's.
        seconds: How much longer, on average.
        spread: By how many seconds it may be more or less; evenly distributed.
        struck: How many programs it held up.
    """

    pattern: str = field(validator=text)
    seconds: float = field(validator=and_(number, ge(0.0), lt(inf)))
    spread: float = field(default=0.0, validator=[number, ge(0), lt(inf)])
    struck: int = field(default=0, init=False)

    @pattern.validator
    def _known(self, _attribute: object, value: str) -> None:
        _stages(value)

    @spread.validator
    def _less_than_all(self, _attribute: "Attribute[float]", value: float) -> None:
        if value > self.seconds:
            raise ValueError(f"a spread of {value} s is more than the latency of {self.seconds} s itself")

    def concerns(self, program_line: str) -> bool:
        """Tell whether a program is held up by it."""
        return _concerns(self.pattern, program_line)
