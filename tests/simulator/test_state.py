"""State changes together or not at all, and survives where it was asked to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from sansim.clock import Clock
from sansim.state import State, Table
from sansim.store import Store, StoreError


@frozen
class Part:
    name: str
    size: int | None


@frozen
class Thing:
    name: str
    size: int = 0
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    words: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    pairs: tuple[tuple[str, int], ...] = ()
    main: Part | None = None
    on: bool = False


FULL = Thing(
    "full",
    7,
    words=("a", "b"),
    marks=frozenset(("x", "y")),
    parts=(Part("p", 1), Part("q", None)),
    pairs=(("k", 1),),
    main=Part("m", 2),
    on=True,
)


def things(state: State) -> Table[Thing]:
    return state.table("things", Thing)


def put_and_fail(state: State, table: Table[Thing], key: str) -> None:
    with state.change():
        table[key] = Thing(key)
        raise ZeroDivisionError


def test_a_table_changes_only_inside_change() -> None:
    table = things(State())
    with pytest.raises(RuntimeError, match="with state"):
        table["a"] = Thing("a")
    assert not table


def test_a_table_refuses_objects_of_another_kind() -> None:
    state = State()
    table = things(state)
    with pytest.raises(TypeError, match="holds Thing"), state.change():
        table["a"] = cast("Thing", Part("p", 1))


def test_an_error_puts_everything_back_in_its_place() -> None:
    state = State()
    table = things(state)
    with state.change():
        for name in "abc":
            table[name] = Thing(name)
    before = list(table.items())

    def fail() -> None:
        with state.change():
            del table["a"]
            table["b"] = Thing("b", 9)
            table["a"] = Thing("a", 9)
            table["d"] = Thing("d")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(table.items()) == before


def test_an_inner_change_that_fails_takes_back_only_itself() -> None:
    state = State()
    table = things(state)
    with state.change():
        table["outer"] = Thing("outer")
        with pytest.raises(ZeroDivisionError):
            put_and_fail(state, table, "inner")
    assert list(table) == ["outer"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9) | st.none(), st.booleans())))
def test_observers_keep_a_running_sum(steps: list[tuple[str, int | None, bool]]) -> None:
    state = State()
    table = things(state)
    total = 0

    def add(old: Thing | None, new: Thing | None) -> None:
        nonlocal total
        total += (new.size if new else 0) - (old.size if old else 0)

    table.observe(add)
    for key, size, fails in steps:
        before = dict(table)
        with suppress(ZeroDivisionError), state.change():
            if size is not None:
                table[key] = Thing(key, size)
            elif key in table:
                del table[key]
            _ = 1 / (not fails)
        assert not fails or dict(table) == before
        assert total == sum(thing.size for thing in table.values())


def test_a_late_observer_hears_what_is_there() -> None:
    state = State()
    table = things(state)
    with state.change():
        table["a"] = Thing("a")
    heard: list[tuple[Thing | None, Thing | None]] = []
    table.observe(lambda old, new: heard.append((old, new)))
    assert heard == [(None, Thing("a"))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with closing(Store(path)) as opened:
        yield opened


def reopened(store: Store, array: str = "a") -> Table[Thing]:
    store.close()
    with closing(Store(store.path)) as again:
        return things(State(again.array(array)))


def test_what_was_changed_is_there_after_a_restart_in_its_order(store: Store) -> None:
    state = State(store.array("a"))
    table = things(state)
    with state.change():
        table["full"] = FULL
        table["gone"] = Thing("gone")
        table["last"] = Thing("last")
    with state.change():
        table["full"] = evolve(FULL, size=8)
        del table["gone"]
    assert list(reopened(store).items()) == [("full", evolve(FULL, size=8)), ("last", Thing("last"))]


def test_what_failed_is_not_in_the_file(store: Store) -> None:
    state = State(store.array("a"))
    table = things(state)
    with pytest.raises(ZeroDivisionError):
        put_and_fail(state, table, "a")
    assert not reopened(store)


def test_a_change_that_cannot_be_written_is_taken_back(store: Store) -> None:
    state = State(store.array("a"))
    table = things(state)
    store.close()
    with pytest.raises(sqlite3.ProgrammingError), state.change():
        table["a"] = Thing("a")
    assert not table


def test_arrays_in_one_file_do_not_see_each_other(store: Store) -> None:
    state = State(store.array("a"))
    table = things(state)
    with state.change():
        table["x"] = Thing("x")
    assert not reopened(store, "b")


def test_a_file_in_use_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="another sansim"):
        Store(store.path)


def test_an_unknown_format_is_refused_by_name(path: Path, store: Store) -> None:
    store.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE meta SET value = '99'")
        db.commit()
    with pytest.raises(StoreError, match="format 99"):
        Store(path)


@pytest.mark.parametrize("content", [b"this is no database at all, only text" * 100, None])
def test_a_file_of_something_else_is_refused(path: Path, content: bytes | None) -> None:
    if content is None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE recipes (name TEXT)")
    else:
        path.write_bytes(content)
    with pytest.raises(StoreError, match="another"):
        Store(path)


def test_a_kept_object_that_does_not_fit_is_named(path: Path, store: Store) -> None:
    state = State(store.array("a"))
    with state.change():
        things(state)["x"] = Thing("x")
    store.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("""UPDATE objects SET json = '{"name": 5}'""")
        db.commit()
    with closing(Store(path)) as again, pytest.raises(StoreError, match="things 'x' of array a"):
        things(State(again.array("a")))


def test_a_clock_with_a_start_stands_until_it_is_moved() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    clock = Clock(start)
    assert clock.now() == start
    clock.advance(90)
    assert (clock.now() - start).total_seconds() == 90
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
