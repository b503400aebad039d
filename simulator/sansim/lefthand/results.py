"""What a CLIQ command comes to: a named result with a code, and the exit status that follows from it.

Names, codes and statuses up to `CliqUnrecognizedCommand` stand in the vendor's manuals;
`CliqVolumeNotFound` was seen on arrays. The rest of the array's table is not published: see `inferred`.
"""

from attrs import frozen

__all__ = [
    "ABANDONED",
    "ELSEWHERE",
    "MISSING_METHOD",
    "MISSING_PARAMETER",
    "NOTHING_DONE",
    "NOTHING_FOUND",
    "PARAMETER_FORMAT",
    "PARAMETER_IGNORED",
    "PARAMETER_REPEAT",
    "SUCCESS",
    "UNRECOGNIZED_COMMAND",
    "VOLUME_NOT_FOUND",
    "Refusal",
    "Result",
]

_FIRST_ERROR = 0x80001001
_LAST_SUCCESS = 8


@frozen
class Result:
    """One row of the array's table of results.

    Attributes:
        name: The name an answer carries, such as `CliqSuccess`.
        code: 0 to 8 for the kinds of success, else an error code from 0x80001001 on.
    """

    name: str
    code: int

    @property
    def text(self) -> str:
        """The code as an answer spells it: decimal for success, else eight hexadecimal digits."""
        return str(self.code) if self.code <= _LAST_SUCCESS else f"{self.code:08x}"

    @property
    def status(self) -> int:
        """The exit status of the SSH command; statuses end at 255 (source: manual)."""
        return self.code if self.code <= _LAST_SUCCESS else min(128 + self.code - _FIRST_ERROR, 255)


class Refusal(Exception):
    """A command that ends otherwise than with plain success.

    Attributes:
        result: The kind of the ending.
        description: The sentence for people, with its full stop.
        unsupported: What was asked for, where an array can do it and this one cannot.
    """

    def __init__(self, result: Result, description: str, unsupported: str | None = None) -> None:
        super().__init__(f"{result.name}: {description}")
        self.result = result
        self.description = description
        self.unsupported = unsupported


SUCCESS = Result("CliqSuccess", 0)
NOTHING_DONE = Result("CliqNothingDone", 1)
ABANDONED = Result("CliqOperationAbandoned", 3)
NOTHING_FOUND = Result("CliqNothingFound", 4)
PARAMETER_IGNORED = Result("CliqParameterIgnored", 8)
PARAMETER_FORMAT = Result("CliqParameterFormat", 0x80001003)
PARAMETER_REPEAT = Result("CliqParameterRepeat", 0x80001004)
MISSING_METHOD = Result("CliqMissingMethod", 0x80001005)
MISSING_PARAMETER = Result("CliqMissingParameter", 0x80001006)
UNRECOGNIZED_COMMAND = Result("CliqUnrecognizedCommand", 0x80001007)
VOLUME_NOT_FOUND = Result("CliqVolumeNotFound", 0x8000100C)

ELSEWHERE = (
    Result("CliqOperationPending", 2),
    Result("CliqSnapshotSet", 5),
    Result("CliqVssSnapshotWarning", 6),
    Result("CliqPITSnapshotWarning", 7),
    Result("CliqUnexpected", 0x80001001),
    Result("CliqXmlError", 0x80001002),
)
"""Published results that no command of this node comes to: nothing is left pending here, application-managed snapshots
are made from Windows, no command is given as XML, and what is unexpected is for a fault to play."""
