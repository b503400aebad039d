"""The content of a state as a whole: read, replaced, and that of several arrays together."""

from collections.abc import Iterable
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from sansim.state import Entry, State, Table, change_together
from sansim.store import Row, Store


@frozen
class Thing:
    name: str
    size: int = 0


def filled(state: State) -> Table[Thing]:
    table = state.table("things", Thing)
    with state.change():
        for name in "abc":
            table[name] = Thing(name)
    return table


Steps = list[tuple[str, int | None]]
STEPS = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3) | st.none()), max_size=12)


def play(state: State, table: Table[Thing], steps: Steps) -> None:
    with state.change():
        for key, size in steps:
            if size is not None:
                table[key] = Thing(key, size)
            elif key in table:
                del table[key]


@given(STEPS, STEPS)
def test_content_is_put_back_in_its_order_whatever_came_between(before: Steps, after: Steps) -> None:
    state = State()
    table = filled(state)
    total: list[int] = [0]
    table.observe(lambda old, new: total.__setitem__(0, total[0] + (new.size if new else 0) - (old.size if old else 0)))
    play(state, table, before)
    held, content = list(table.items()), state.content()
    play(state, table, after)
    with state.change():
        state.replace(content)
    assert list(table.items()) == held
    assert state.content() == content
    assert total[0] == sum(thing.size for thing in table.values())


def test_content_that_cannot_be_put_back_leaves_everything_and_everybody_is_told() -> None:
    state = State()
    table = filled(state)
    told: list[list[str]] = []
    state.on_replaced(lambda: told.append(list(table)))

    class Refused(Exception):
        pass

    def refuse(_old: Thing | None, new: Thing | None) -> None:
        if new is not None and new.name == "refused":
            raise Refused

    table.observe(refuse)
    with pytest.raises(Refused), state.change():
        state.replace({"things": (Entry("x", 0, Thing("x")), Entry("y", 1, Thing("refused")))})
    assert list(table) == ["a", "b", "c"]
    assert told == [["a", "b", "c"]]
    with pytest.raises(TypeError, match="holds Thing"), state.change():
        state.replace({"things": (Entry("x", 0, Entry("x", 0, Thing("x"))),)})
    assert list(table) == ["a", "b", "c"]


def test_content_has_nothing_of_what_is_to_be_discarded() -> None:
    state = State()
    table = filled(state)
    content = state.content()
    with state.discarded():
        play(state, table, [("a", 7), ("b", None), ("d", 1), ("a", 8)])
        assert list(table) == ["a", "c", "d"]
        assert state.content() == content
    assert state.content() == content


def test_arrays_change_together_or_not_at_all(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "state.db")) as store:
        states = [State(store.array(name)) for name in "ab"]
        tables = [filled(state) for state in states]

        def fail() -> None:
            with change_together(states):
                for table in tables:
                    table["a"] = Thing("a", 9)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert [table["a"].size for table in tables] == [0, 0]
        with change_together(states):
            for table in tables:
                table["a"] = Thing("a", 9)
    with closing(Store(tmp_path / "state.db")) as store:
        assert [State(store.array(name)).table("things", Thing)["a"].size for name in "ab"] == [9, 9]


class Counting(Store):
    """A file that notes which arrays each of its transactions concerned."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.transactions: list[list[str]] = []

    def write(self, rows: Iterable[tuple[str, Row]]) -> None:
        written = list(rows)
        super().write(written)
        self.transactions.append([array for array, _ in written])


@pytest.mark.parametrize("around", [False, True])
def test_arrays_that_change_together_are_written_at_once(tmp_path: Path, *, around: bool) -> None:
    with closing(Counting(tmp_path / "state.db")) as store:
        states = [State(store.array(name)) for name in "ab"]
        tables = [filled(state) for state in states]
        store.transactions.clear()
        with states[0].change() if around else nullcontext(), change_together(states):
            for table in tables:
                table["a"] = Thing("a", 9)
        # What is being changed anyway is written at its own end.
        assert store.transactions == ([["b"], ["a"]] if around else [["a", "b"]])
        store.transactions.clear()
        with states[0].discarded(), change_together(states):
            for table in tables:
                table["a"] = Thing("a", 10)
        assert store.transactions == [["b"]]
        assert [table["a"].size for table in tables] == [9, 10]
