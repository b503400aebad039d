"""An array's state: tables of frozen objects that change together or not at all.

Engines declare their tables, read them as mappings, and change them inside `with state.change():`. An error
in the block puts the old objects back. With a store behind it, the end of the outermost block writes exactly
the changed objects in one transaction, before any answer can be sent.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, ValuesView
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Generic, TypeAlias, TypeVar, cast

from attrs import AttrsInstance, frozen

from sansim.store import ArrayStore, Row, write

__all__ = ["Content", "Entry", "State", "Table", "change_together"]

V = TypeVar("V", bound=AttrsInstance)
Observer = Callable[[V | None, V | None], None]


@frozen
class Entry:
    """One object of a table, and its place there; places grow, and need not follow each other."""

    key: str
    order: int
    value: AttrsInstance


Content: TypeAlias = Mapping[str, tuple[Entry, ...]]
"""What tables hold, by their names; the entries of each in order."""


@frozen
class _Undo:
    """One object as it was before it changed; `order` is its place in the table, None if it was not there."""

    table: "Table[AttrsInstance]"
    key: str
    old: AttrsInstance | None
    order: int | None


class Table(Mapping[str, V], Generic[V]):
    """Frozen objects by key, in the order of insertion.

    A replaced object keeps its place. Reading is free; writing is for `State.change()` blocks only.
    """

    def __init__(self, state: "State", name: str, kind: type[V]) -> None:
        self.name = name
        self.kind = kind
        self._state = state
        self._values: dict[str, V] = {}
        self._orders: dict[str, int] = {}
        self._next = 0
        self._observers: list[Observer[V]] = []

    def __getitem__(self, key: str) -> V:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def values(self) -> ValuesView[V]:
        """Return a live view of the objects, in the order of insertion."""
        return self._values.values()

    def __setitem__(self, key: str, value: V) -> None:
        if not isinstance(value, self.kind):
            raise TypeError(f"table {self.name} holds {self.kind.__name__}, not {type(value).__name__}")
        self._remember(key)
        self._put(key, value)

    def __delitem__(self, key: str) -> None:
        if key not in self._values:
            raise KeyError(key)
        self._remember(key)
        self._put(key, None)

    def observe(self, observer: Observer[V]) -> None:
        """Call `observer(old, new)` at every put, delete and undo; None stands for "not there".

        It is called at once for each object the table holds already, as `observer(None, object)`.
        """
        self._observers.append(observer)
        for value in self._values.values():
            observer(None, value)

    def _remember(self, key: str) -> None:
        self._state._remember(  # noqa: SLF001 - the two classes are one idea
            _Undo(cast("Table[AttrsInstance]", self), key, self._values.get(key), self._orders.get(key))
        )

    def _entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(key, self._orders[key], value) for key, value in self._values.items())

    def _drop(self, wanted: Iterable[Entry]) -> None:
        """Delete what is not wanted as it is and where it is."""
        stay = {
            entry.key
            for entry in wanted
            if self._orders.get(entry.key) == entry.order and self._values[entry.key] == entry.value
        }
        for key in [key for key in self._values if key not in stay]:
            del self[key]

    def _fill(self, wanted: Iterable[Entry]) -> None:
        """Put what is wanted and not there."""
        for entry in wanted:
            if not isinstance(entry.value, self.kind):
                raise TypeError(f"table {self.name} holds {self.kind.__name__}, not {type(entry.value).__name__}")
            if entry.key not in self._values:
                self._remember(entry.key)
                self._put(entry.key, entry.value, entry.order, sort=False)
        self._sort()

    def _put(self, key: str, value: V | None, order: int | None = None, *, sort: bool = True) -> None:
        old = self._values.get(key)
        if value is None:
            self._values.pop(key, None)
            self._orders.pop(key, None)
        else:
            self._values[key] = value
            if key not in self._orders:
                self._orders[key] = self._next if order is None else order
                self._next = max(self._next, self._orders[key] + 1)
                if sort and self._orders[key] != self._next - 1:
                    self._sort()
        for observer in self._observers:
            observer(old, value)

    def _sort(self) -> None:
        """Bring objects that were put back to their old places."""
        self._values = {key: self._values[key] for key in sorted(self._values, key=self._orders.__getitem__)}

    def _row(self, key: str) -> Row:
        return Row(self.name, key, self._orders.get(key, 0), self._values.get(key))

    def _load(self, row: Row) -> None:
        self._put(row.key, cast("V", row.value), row.order)


class State:
    """All tables of one array.

    Attributes:
        lock: Held during `change()`; a thread that reads several tables while others change them may hold it.
    """

    def __init__(self, store: ArrayStore | None = None, content: Content | None = None) -> None:
        """Make a state.

        Args:
            store: Where it is kept, if anywhere; what is kept there is its content.
            content: What its tables hold to begin with.
        """
        self.lock = RLock()
        self._store = store
        self._first = content or {}
        self._tables: dict[str, Table[AttrsInstance]] = {}
        self._journal: list[_Undo] = []
        self._depth = 0
        self._kept = False
        self._replaced = False
        self._recalls: list[Callable[[], None]] = []
        self._overlays: list[_Overlay] = []
        # What the changes of this task are kept in rather than in the store, where they are to be discarded.
        self._discarded: ContextVar[_Overlay | None] = ContextVar("discarded", default=None)

    def table(self, name: str, kind: type[V]) -> Table[V]:
        """Declare a table, holding what the store kept for it.

        Raises:
            ValueError: The table was declared before.
        """
        if name in self._tables:
            raise ValueError(f"table {name} is declared twice")
        table = Table(self, name, kind)
        if self._store is not None:
            for row in self._store.rows(name, kind):
                table._load(row)  # noqa: SLF001 - the two classes are one idea
        for entry in self._first.get(name, ()):
            table._load(Row(name, entry.key, entry.order, entry.value))  # noqa: SLF001 - as above
        self._tables[name] = cast("Table[AttrsInstance]", table)
        return table

    @contextmanager
    def change(self) -> Iterator[None]:
        """Let tables be changed in this block; an exception undoes what the block changed.

        Blocks nest: an inner one joins the outer, and only the outermost writes to the store. Never held over
        an `await`.
        """
        with self.lock:
            mark = len(self._journal)
            self._depth += 1
            try:
                yield
                if self._depth == 1 and not self._kept:
                    self._keep()
            except BaseException:
                self._undo(mark)
                raise
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._journal.clear()
                    self._kept = False
                    self._tell()

    def _remember(self, undo: _Undo) -> None:
        if self._depth == 0:
            raise RuntimeError(f"table {undo.table.name} changes only inside `with state.change():`")
        self._journal.append(undo)

    def _undo(self, mark: int) -> None:
        while len(self._journal) > mark:
            undo = self._journal.pop()
            undo.table._put(undo.key, undo.old, undo.order)  # noqa: SLF001 - the two classes are one idea

    @contextmanager
    def discarded(self) -> Iterator[None]:
        """Let what this task changes in the block be seen there, and take it back at the end; it is never stored.

        The block may await. What others changed meanwhile stays, also where it replaces what was to be discarded.
        """
        changes: _Overlay = []
        token = self._discarded.set(changes)
        self._overlays.append(changes)
        try:
            yield
        finally:
            self._discarded.reset(token)
            with self.lock:
                self._overlays = [overlay for overlay in self._overlays if overlay is not changes]
                for undo, new in reversed(changes):
                    if undo.table.get(undo.key) is new:
                        undo.table._put(undo.key, undo.old, undo.order)  # noqa: SLF001 - the two classes are one idea

    @property
    def discarding(self) -> bool:
        """Whether what this task changes is to be taken back."""
        return self._discarded.get() is not None

    def _keep(self) -> None:
        """Store what the outermost block changed, or note it where it is to be discarded."""
        changes = self._discarded.get()
        if changes is None:
            write(self._stored())
            return
        first: dict[tuple[str, str], _Undo] = {}
        for undo in self._journal:
            first.setdefault((undo.table.name, undo.key), undo)
        changes.extend((undo, undo.table.get(undo.key)) for undo in first.values())

    def _is_ending(self) -> bool:
        """Whether this is the outermost block, and what it changes is to stay."""
        return self._depth == 1 and self._discarded.get() is None

    def _stored(self) -> list[tuple[ArrayStore, Row]]:
        """Return what changed since the outermost block began, as it is now, and where it is to be kept."""
        if self._store is None:
            return []
        changed = {(undo.table.name, undo.key): undo.table for undo in self._journal}
        return [(self._store, table._row(key)) for (_, key), table in changed.items()]  # noqa: SLF001 - as above

    # The whole of it.

    @property
    def tables(self) -> Mapping[str, type[AttrsInstance]]:
        """What the tables hold, by their names, in the order they were declared."""
        return {name: table.kind for name, table in self._tables.items()}

    def content(self, without: Collection[str] = ()) -> Content:
        """Return what the tables hold, but for some; what is to be discarded is left out."""
        with self.lock:
            found = {
                name: {entry.key: entry for entry in table._entries()}  # noqa: SLF001 - as above
                for name, table in self._tables.items()
                if name not in without
            }
            for overlay in reversed(self._overlays):
                for undo, new in reversed(overlay):
                    _take_back(found.get(undo.table.name, {}), undo, new)
        return {name: tuple(sorted(entries.values(), key=lambda entry: entry.order)) for name, entries in found.items()}

    def replace(self, content: Content) -> None:
        """Let tables hold this and nothing else; tables that are not named stay. Inside `change()` only.

        All deletes come before all puts, so that no observer meets two objects where there can be one. Those who
        keep something about the tables elsewhere hear of it at the end of the outermost block.

        Raises:
            KeyError: There is no such table.
            TypeError: An object is none of its table's.
        """
        self._replaced = True
        for name, entries in content.items():
            self._tables[name]._drop(entries)  # noqa: SLF001 - as above
        for name, entries in content.items():
            self._tables[name]._fill(entries)  # noqa: SLF001 - as above

    def on_replaced(self, recall: Callable[[], None]) -> None:
        """Call `recall` whenever the state was replaced as a whole, or that was undone; it reads and changes nothing.

        For what an engine keeps beside the tables and cannot keep up by observing them.
        """
        self._recalls.append(recall)

    def _tell(self) -> None:
        if self._replaced:
            self._replaced = False
            for recall in self._recalls:
                recall()


_Overlay: TypeAlias = list[tuple[_Undo, AttrsInstance | None]]


def _take_back(entries: dict[str, Entry], undo: _Undo, new: AttrsInstance | None) -> None:
    """Undo one change in a copy, unless something else is there by now."""
    here = entries.get(undo.key)
    if (None if here is None else here.value) is not new:
        return
    entries.pop(undo.key, None)
    if undo.old is not None and undo.order is not None:
        entries[undo.key] = Entry(undo.key, undo.order, undo.old)


@contextmanager
def change_together(states: Sequence[State]) -> Iterator[None]:
    """Let several arrays be changed in this block, all or none: one transaction of the file they have in common.

    An array that is being changed around the block already is written there, and what is to be discarded nowhere.
    """
    with ExitStack() as stack:
        for state in states:
            stack.enter_context(state.change())
        yield
        ending = [state for state in states if state._is_ending()]  # noqa: SLF001 - the same idea
        write(row for state in ending for row in state._stored())  # noqa: SLF001 - the same idea
        for state in ending:
            state._kept = True  # noqa: SLF001 - the same idea
