"""How long output is cut: into portions that are worth a write, and short enough to make that others can run."""

from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TypeVar

__all__ = ["drained", "portions"]

T = TypeVar("T")

_ENOUGH = 1 << 13
_LONG = 0.004


def portions(pieces: Iterable[str]) -> Iterator[str]:
    """Join small pieces to portions of about 8 KiB, or of what 4 ms bring; an empty one means time to let others run.

    A piece that is larger by itself stays whole.
    """
    gathered: list[str] = []
    size = 0
    since = monotonic()
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= _ENOUGH or monotonic() - since >= _LONG:
            yield "".join(gathered)
            gathered.clear()
            size = 0
            since = monotonic()
    if size:
        yield "".join(gathered)


def drained(items: list[T]) -> Iterator[T]:
    """Yield the items of a list and let go of each: to free very many at once keeps others waiting too."""
    items.reverse()
    while items:
        yield items.pop()
