"""Names for completion: never waited for, never older than what we did ourselves."""

import time
from collections.abc import Iterator
from threading import Event

import pytest

import sansdk
from sanshell.volume_names import VolumeNames


class Slow:
    """An array that answers when it is told to."""

    def __init__(self) -> None:
        self.names = ["a"]
        self.asked = 0
        self.began = Event()
        self.answer = Event()

    def __call__(self) -> list[str]:
        self.asked += 1
        found = list(self.names)
        self.began.set()
        assert self.answer.wait(10)
        return found


@pytest.fixture
def slow() -> Iterator[Slow]:
    array = Slow()
    yield array
    array.answer.set()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_tab_does_not_wait_for_a_slow_array(slow: Slow):
    names = VolumeNames(slow)

    def took() -> float:
        began = time.perf_counter()
        assert names.known() == []
        return time.perf_counter() - began

    assert min(took() for _ in range(5)) < 0.05
    assert slow.asked == 1


def test_the_first_tab_has_the_names_of_a_quick_array():
    assert VolumeNames(lambda: ["b", "a"]).known() == ["a", "b"]


def test_old_names_are_offered_while_new_ones_are_read(slow: Slow):
    clock = Clock()
    names = VolumeNames(slow, clock=clock)
    names.learn(["old"])
    clock.now = 60
    assert names.known() == ["old"]
    slow.answer.set()
    assert names.wait(10)
    assert names.known() == ["a"]


def test_fresh_names_are_not_read_again(slow: Slow):
    names = VolumeNames(slow, clock=Clock())
    names.learn(["x"])
    assert names.known() == ["x"]
    assert slow.asked == 0


def test_a_refresh_that_began_before_our_own_change_is_thrown_away(slow: Slow):
    clock = Clock()
    names = VolumeNames(slow, clock=clock)
    names.learn(["a"])
    clock.now = 60
    names.known()
    assert slow.began.wait(10)
    names.add("new")
    slow.answer.set()
    assert names.wait(10)
    assert "new" in names.known()


def test_a_refresh_that_fails_leaves_what_was_known():
    clock = Clock()

    def refuse() -> list[str]:
        raise sansdk.SanError("no")

    names = VolumeNames(refuse, clock=clock)
    names.learn(["a"])
    clock.now = 60
    names.known()
    assert names.wait(10)
    assert names.known() == ["a"]
