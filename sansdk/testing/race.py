"""Somebody who is faster: does something on a simulated array in the moment before a program of ours runs."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from attrs import define

from sansim import Fault, SimulatedArray

__all__ = ["meanwhile"]


@define
class _Meanwhile(Fault):
    """No fault: the program runs as ever, after what somebody else does first."""

    act: Callable[[str], None] = lambda _: None

    def strikes(self, program_line: str) -> bool:
        if self.struck == 0 and fnmatchcase(program_line, self.pattern):
            self.struck = 1
            self.act(program_line)
        return False


def meanwhile(array: SimulatedArray, pattern: str, act: Callable[[str], None]) -> Fault:
    """Call `act` with the program line, once, when a program that fits `pattern` is about to run.

    Args:
        array: Where.
        pattern: Shell-style, on the program line: `stmfadm add-view*`.
        act: What the other does, on the array's engines.

    Returns:
        What tells by its `struck` whether it came to pass.
    """
    return array.faults.add(_Meanwhile(kind="error", pattern=pattern, act=act))
