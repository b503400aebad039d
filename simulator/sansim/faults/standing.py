"""Conditions that an array is in, and how it comes into them and out again."""

import asyncio
from collections.abc import Awaitable, Callable

from attrs import define, field

from sansim.faults.conditions import Condition
from sansim.loop import on_loop

__all__ = ["Befall", "Lift", "Standing"]

Lift = Callable[[], None]
"""Takes a condition away again; on the array's loop."""

Befall = Callable[[Condition], Awaitable[Lift | None]]
"""Lets a condition befall the array and returns how to lift it; None when that is not possible.

Raises ValueError when this kind of array does not know the condition, or has not what it names.
"""


@define(eq=False)
class Standing:
    """A condition that an array is in.

    Attributes:
        condition: Which.
        lift: Takes it away, None if nothing does.
        loop: The array's.
        struck: How many programs ran under it.
    """

    condition: Condition
    lift: Lift | None
    loop: asyncio.AbstractEventLoop = field(factory=asyncio.get_running_loop, repr=False)
    struck: int = field(default=0, init=False)

    def take_away(self) -> None:
        """Lift it on the array's loop, from any thread; what cannot be lifted stays."""
        lift = self.lift
        if lift is None:
            return
        if self.loop.is_running():
            on_loop(self.loop, lift)
        else:
            lift()
