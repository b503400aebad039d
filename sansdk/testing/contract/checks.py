"""What several tests hold a block of calls to."""

from collections.abc import Iterator
from contextlib import contextmanager

from sansdk import ANYONE, Export
from sansdk.testing.listing import listing
from sansim import SimulatedArray

HOST = "iqn.1993-08.org.debian:01:host"
OTHER_HOST = "iqn.1998-01.com.vmware:other"
STRANGER = "iqn.1991-05.com.microsoft:stranger"


@contextmanager
def nothing_sent(array: SimulatedArray) -> Iterator[None]:
    """The block runs no command on the array."""
    assert array.log.quiet()
    before = len(array.log)
    yield
    assert array.log.quiet()
    assert [e.programs for e in array.log[before:]] == []


@contextmanager
def nothing_changed(array: SimulatedArray) -> Iterator[None]:
    """After the block the array is as it was before it."""
    before = listing(array)
    yield
    assert array.log.quiet()
    assert listing(array) == before


def named(export: Export) -> list[str]:
    """The initiators of an export that is not open to everyone, by name."""
    assert export.initiators is not ANYONE
    return sorted(export.initiators)
