"""How a LeftHand group comes into its conditions, and out of them again."""

from typing import TYPE_CHECKING

from sansim.faults import ClockJump, Condition, Lift

if TYPE_CHECKING:
    from sansim.lefthand.array import LeftHandArray

__all__ = ["befall"]


async def befall(array: "LeftHandArray", condition: Condition) -> Lift | None:
    """Let a condition befall an array, and return how to lift it; None when nothing can.

    Raises:
        ValueError: This kind of array does not know the condition, or has not what it names.
    """
    match condition:
        case ClockJump(seconds=seconds):
            array.clock.jump(seconds)
            return None
        case _:
            raise ValueError(f"a LeftHand group knows no condition {type(condition).__name__}")
