"""How a Solaris host comes into its conditions, and out of them again."""

from typing import TYPE_CHECKING

from sansim.faults import ClockJump, Condition, Lift

if TYPE_CHECKING:
    from sansim.solaris.host import SolarisHost

__all__ = ["befall"]


async def befall(array: "SolarisHost", condition: Condition) -> Lift | None:
    """Let a condition befall an array, and return how to lift it; None when nothing can.

    Raises:
        ValueError: This kind of array does not know the condition, or has not what it names.
    """
    match condition:
        case ClockJump(seconds=seconds):
            array.clock.jump(seconds)
            return None
        case _:
            raise ValueError(f"a Solaris host knows no condition {type(condition).__name__}")
