"""The history of pools: each command that changed one, as it was typed (source: illumos spa_history.c)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.program import Answer, Call, Credentials, Program
from sansim.solaris.pools.model import Bookmark, Dataset, Pool, Snapshot, pool_of
from sansim.state import State, Table

__all__ = ["History", "Record", "recorded"]

_WATCHED: ContextVar[list[int] | None] = ContextVar("watched", default=None)


@frozen
class Record:
    """One command in the history of a pool.

    Attributes:
        pool: The pool's guid.
        user: Who ran it, number and name: `0 (root)`.
        host: Where.
    """

    pool: int
    time: datetime
    user: str
    host: str
    command: str


class History:
    """What was done to the pools of a host.

    Args:
        state: Where it is kept.
        clock: The host's time.
        host: What the host is called.
        pools: The pools that are imported.
        tables: What lies in them; a change of a row is a change of its pool.
    """

    def __init__(
        self,
        state: State,
        clock: Clock,
        host: str,
        pools: Table[Pool],
        *tables: Table[Dataset] | Table[Snapshot] | Table[Bookmark],
    ) -> None:
        self._state = state
        self._host = host
        self._clock = clock
        self._pools = pools
        self._records = state.table("zfs.history", Record)
        pools.observe(self._pool_changed)
        for table in tables:
            table.observe(self._changed)

    def __bool__(self) -> bool:
        """Whether the host ever had a pool; what is destroyed leaves its history."""
        return bool(self._records)

    def of(self, pool: int) -> Iterator[Record]:
        """Yield the records of a pool, given by its guid, oldest first."""
        return (record for record in self._records.values() if record.pool == pool)

    def add(self, pool: int, user: str, command: str) -> None:
        """Enter a command that changed a pool."""
        with self._state.change():
            self._records[f"{len(self._records):012}"] = Record(pool, self._clock.now(), user, self._host, command)

    def moved(self, old: int, new: int) -> None:
        """Keep the history of a pool that has got another guid."""
        with self._state.change():
            for key, record in list(self._records.items()):
                if record.pool == old:
                    self._records[key] = evolve(record, pool=new)

    def copied(self, old: int, new: int) -> None:
        """Give a pool that was split off the history of the one it comes from."""
        with self._state.change():
            for record in list(self.of(old)):
                self._records[f"{len(self._records):012}"] = evolve(record, pool=new)

    @contextmanager
    def watching(self) -> Iterator[list[int]]:
        """Yield a list that takes the guid of each pool which this task changes meanwhile."""
        touched: list[int] = []
        token = _WATCHED.set(touched)
        try:
            yield touched
        finally:
            _WATCHED.reset(token)

    def _pool_changed(self, old: Pool | None, new: Pool | None) -> None:
        changed = new or old
        touched = _WATCHED.get()
        if touched is not None and changed is not None:
            touched.append(changed.guid)

    def _changed(self, old: Dataset | Snapshot | Bookmark | None, new: Dataset | Snapshot | Bookmark | None) -> None:
        touched = _WATCHED.get()
        changed = new or old
        if touched is None or changed is None or _only_mounted(old, new):
            return
        pool = self._pools.get(pool_of(changed.name))
        if pool is not None:
            touched.append(pool.guid)


def recorded(history: History, program: Program) -> Program:
    """Return a program whose calls are entered in the history of the pool they changed last."""

    async def run(call: Call) -> Answer:
        with history.watching() as touched:
            answer = await program(call)
        if touched and answer.status == 0:
            history.add(touched[-1], _who(call.credentials), " ".join(call.argv))
        return answer

    return run


def _who(caller: Credentials) -> str:
    return f"{caller.number} ({caller.user})"


def _only_mounted(old: Dataset | Snapshot | Bookmark | None, new: Dataset | Snapshot | Bookmark | None) -> bool:
    """Tell whether all that changed is that a filesystem is mounted; the pool does not know that."""
    return isinstance(old, Dataset) and isinstance(new, Dataset) and evolve(old, mounted=new.mounted) == new
