"""Images: all that an array holds at one moment, to be put back later.

An image shares the frozen objects with the array it was taken from, so that taking one copies no more than
references. Putting one back is one change: of several arrays, all or none.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from attrs import field, frozen

from sansim.faults import Standing
from sansim.server import Array
from sansim.state import Content, change_together

__all__ = ["IDENTITY", "Image", "put_back", "take"]

IDENTITY = "identity"
"""The table of what a client knows an array by, which is part of no image."""


@frozen
class Image:
    """An array at one moment.

    Attributes:
        kind: What kind of array it was.
        flavour: And which product and version.
        content: Its objects.
        ahead: How far its clock had been moved.
        streams: How far it had drawn from its sources of chance: what is invented next is the same each time.
        standing: The conditions that it was in.
    """

    kind: str
    flavour: str
    content: Content = field(repr=False)
    ahead: timedelta
    streams: tuple[tuple[Any, ...], ...] = field(repr=False)
    standing: tuple[Standing, ...] = ()


def take(array: Array, flavour: str) -> Image:
    """Take an image of an array of some flavour; on the loop that it runs on."""
    return Image(
        kind=array.kind,
        flavour=flavour,
        content=array.state.content(without=[IDENTITY]),
        ahead=array.clock.ahead,
        streams=tuple(stream.getstate() for stream in array.streams),
        standing=array.faults.standing,
    )


def put_back(pairs: Sequence[tuple[Array, Image]]) -> None:
    """Let arrays hold what images of such arrays say, all or none; on the loop that they run on.

    Conditions that befell an array since are lifted, in the reverse order; it is in those again that it was in.
    """
    for array, image in pairs:
        for standing in reversed(array.faults.standing):
            if standing not in image.standing and standing.lift is not None:
                array.faults.lift(standing)
    with change_together([array.state for array, _ in pairs]):
        for array, image in pairs:
            array.state.replace(image.content)
    for array, image in pairs:
        array.faults.put_back(image.standing)
        array.clock.ahead = image.ahead
        for stream, state in zip(array.streams, image.streams, strict=True):
            stream.setstate(state)
