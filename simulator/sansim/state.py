"""An array's state: tables of frozen objects that change together or not at all.

Engines declare their tables, read them as mappings, and change them inside `with state.change():`. An error
in the block puts the old objects back. With a store behind it, the end of the outermost block writes exactly
the changed objects in one transaction, before any answer can be sent.
"""

from collections.abc import Callable, Iterator, Mapping, ValuesView
from contextlib import contextmanager
from contextvars import ContextVar
from threading import RLock
from typing import Generic, TypeVar, cast

from attrs import AttrsInstance, frozen

from sansim.store import ArrayStore, Row

__all__ = ["State", "Table"]

V = TypeVar("V", bound=AttrsInstance)
Observer = Callable[[V | None, V | None], None]


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

    def _put(self, key: str, value: V | None, order: int | None = None) -> None:
        old = self._values.get(key)
        if value is None:
            self._values.pop(key, None)
            self._orders.pop(key, None)
        else:
            self._values[key] = value
            if key not in self._orders:
                self._orders[key] = self._next if order is None else order
                self._next = max(self._next, self._orders[key] + 1)
                if self._orders[key] != self._next - 1:
                    self._sort()
        for observer in self._observers:
            observer(old, value)

    def _sort(self) -> None:
        """Bring an object that an undo put back to its old place."""
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

    def __init__(self, store: ArrayStore | None = None) -> None:
        self.lock = RLock()
        self._store = store
        self._tables: dict[str, Table[AttrsInstance]] = {}
        self._journal: list[_Undo] = []
        self._depth = 0
        # What the changes of this task are kept in rather than in the store, where they are to be discarded.
        self._discarded: ContextVar[list[tuple[_Undo, AttrsInstance | None]] | None]
        self._discarded = ContextVar("discarded", default=None)

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
                if self._depth == 1:
                    self._keep()
            except BaseException:
                self._undo(mark)
                raise
            finally:
                self._depth -= 1
                if self._depth == 0:
                    self._journal.clear()

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
        changes: list[tuple[_Undo, AttrsInstance | None]] = []
        token = self._discarded.set(changes)
        try:
            yield
        finally:
            self._discarded.reset(token)
            with self.lock:
                for undo, new in reversed(changes):
                    if undo.table.get(undo.key) is new:
                        undo.table._put(undo.key, undo.old, undo.order)  # noqa: SLF001 - the two classes are one idea

    def _keep(self) -> None:
        """Store what the outermost block changed, or note it where it is to be discarded."""
        changes = self._discarded.get()
        if changes is None:
            self._write()
            return
        first: dict[tuple[str, str], _Undo] = {}
        for undo in self._journal:
            first.setdefault((undo.table.name, undo.key), undo)
        changes.extend((undo, undo.table.get(undo.key)) for undo in first.values())

    def _write(self) -> None:
        if self._store is None or not self._journal:
            return
        changed = {(undo.table.name, undo.key): undo.table for undo in self._journal}
        self._store.write([table._row(key) for (_, key), table in changed.items()])  # noqa: SLF001 - as above
