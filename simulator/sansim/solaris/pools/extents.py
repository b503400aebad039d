"""What is left of data when some of them are written over or cut off."""

from attrs import evolve

from sansim.solaris.pools.model import Extent

__all__ = ["without_newest", "without_oldest"]


def without_oldest(extents: tuple[Extent, ...], size: int) -> tuple[Extent, ...]:
    """Return the extents after the oldest `size` bytes were overwritten."""
    kept: list[Extent] = []
    for extent in extents:
        gone = min(size, extent.size)
        size -= gone
        if extent.size > gone:
            kept.append(evolve(extent, size=extent.size - gone))
    return tuple(kept)


def without_newest(extents: tuple[Extent, ...], size: int) -> tuple[Extent, ...]:
    """Return the extents after the newest `size` bytes were cut off."""
    return tuple(reversed(without_oldest(tuple(reversed(extents)), size)))
