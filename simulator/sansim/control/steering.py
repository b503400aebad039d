"""What the requests of one running simulator share: its arrays, numbers to call things by, and kept snapshots."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from attrs import Factory, define, frozen

from sansim.config import either
from sansim.control.protocol import ControlError, Message
from sansim.faults import Fault, Latency, Standing
from sansim.images import Image
from sansim.simulator import SimulatedArray, Simulator

__all__ = ["Answer", "Kept", "Numbers", "Steering", "Verb"]

Thing = Fault | Latency | Standing

Answer = dict[str, Any]


class Numbers:
    """Numbers for what is set on arrays, so that people can say which; they are never given twice."""

    def __init__(self) -> None:
        self._things: WeakValueDictionary[int, Thing] = WeakValueDictionary()
        self._last = 0
        self._lock = Lock()

    def of(self, thing: Thing) -> int:
        """Return the number of a thing; one that has none yet gets the next."""
        with self._lock:
            for number, known in self._things.items():
                if known is thing:
                    return number
            self._last += 1
            self._things[self._last] = thing
            return self._last


@frozen
class Kept:
    """A snapshot that the simulator keeps.

    Attributes:
        taken: When.
        images: What the arrays held, by name.
    """

    taken: datetime
    images: Mapping[str, Image]


@define
class Steering:
    """One running simulator.

    Attributes:
        simulator: It.
        stop: Asks it to stop.
        numbers: The numbers of faults, latencies and conditions.
        kept: The snapshots by name; they go with the process.
    """

    simulator: Simulator
    stop: Callable[[], None]
    numbers: Numbers = Factory(Numbers)
    kept: dict[str, Kept] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for array in self.simulator.values():
            for thing in (*array.faults, *array.faults.latencies, *array.faults.standing):
                self.numbers.of(thing)

    def array(self, request: Message) -> SimulatedArray:
        """Return the array that a request names; it may leave the name out where there is but one.

        Raises:
            ControlError: There is no such array.
        """
        found = self.arrays(request)
        if len(found) > 1:
            raise ControlError(f"say which array: {either(self.simulator)}")
        return found[0]

    def arrays(self, request: Message) -> list[SimulatedArray]:
        """Return the array that a request names, or all.

        Raises:
            ControlError: There is no such array.
        """
        name = request.get("array")
        if name is None:
            return list(self.simulator.values())
        if name not in self.simulator:
            raise ControlError(f"there is no array {name!r}; there is {either(self.simulator)}")
        return [self.simulator[name]]


Verb = Callable[[Steering, Message], Answer]
"""Does what a request asks for, and returns the answer."""
