"""Somebody who is faster: does something on a simulated array in the moment before a program of ours runs."""

from collections.abc import Callable

from sansim import Fault, SimulatedArray
from sansim.faults import Intervention

__all__ = ["meanwhile"]


def meanwhile(array: SimulatedArray, pattern: str, act: Callable[[str], None]) -> Fault:
    """Call `act` with the program line, once, when a program that fits `pattern` is about to run.

    Args:
        array: Where.
        pattern: Shell-style, on the program line: `stmfadm add-view*`.
        act: What the other does, on the array's engines.

    Returns:
        What tells by its `struck` whether it came to pass.
    """
    return array.faults.add(Fault("condition", pattern, condition=Intervention(act)))
