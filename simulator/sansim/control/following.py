"""The log of several arrays as one, and as it grows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from queue import Empty, SimpleQueue
from threading import Event, Thread

from sansim.control.steering import Answer
from sansim.log import Exec
from sansim.simulator import SimulatedArray

__all__ = ["execs"]

_LOOK_AROUND = 1.0
"""Seconds after which a wait is broken off to see whether anybody still waits."""

_Logged = tuple[SimulatedArray, Exec]


def execs(
    arrays: Sequence[SimulatedArray], last: int | None, is_gone: Callable[[], bool], *, follow: bool
) -> Iterator[Answer]:
    """Yield execs of arrays, each as an answer, and in the end an answer that there are no more.

    Args:
        arrays: Whose.
        last: How many of those that ended already; None for all, but for none when following.
        is_gone: Tells whether nobody reads any more.
        follow: Whether to go on with those that end from now on, until the arrays stop.
    """
    known = [(array, array.log.number, tuple(array.log)) for array in arrays]
    ended = list(merge(*([(array, item) for item in items] for array, _, items in known), key=_when))
    count = len(ended) if last is None else last
    if follow and last is None:
        count = 0
    for array, item in ended[max(len(ended) - count, 0) :]:
        yield _answer(array, item)
    if follow:
        begins = [(array, max([number, *(item.number for item in items[-1:])])) for array, number, items in known]
        yield from _followed(begins, is_gone)
    yield {"end": True}


def _when(logged: _Logged) -> float:
    return logged[1].at.timestamp()


def _answer(array: SimulatedArray, item: Exec) -> Answer:
    return {"exec": {"array": array.name, **item.plain()}}


def _followed(begins: Iterable[tuple[SimulatedArray, int]], is_gone: Callable[[], bool]) -> Iterator[Answer]:
    """Yield what ends on arrays, each after the exec of a number, as long as somebody reads it."""
    coming: SimpleQueue[Answer] = SimpleQueue()
    nobody_reads = Event()

    def watch(array: SimulatedArray, number: int) -> None:
        over = False
        while not over:
            # Looked at first, so that what ended before is not missed.
            over = array.log.closed or nobody_reads.is_set()
            for item in array.log.since(number, timeout=0.0 if over else _LOOK_AROUND):
                coming.put(_answer(array, item))
                number = item.number

    watchers = [Thread(target=watch, args=begin, name="sansim-follower", daemon=True) for begin in begins]
    for watcher in watchers:
        watcher.start()
    try:
        while any(watcher.is_alive() for watcher in watchers) and not is_gone():
            try:
                yield coming.get(timeout=_LOOK_AROUND)
            except Empty:
                continue
    finally:
        nobody_reads.set()
    for watcher in watchers:
        watcher.join()
    while not coming.empty():
        yield coming.get()
