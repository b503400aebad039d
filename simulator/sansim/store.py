"""The state file: one SQLite database for all arrays, one row for each object.

Write-ahead log with `synchronous=OFF`: what was answered survives a kill of the process, power loss is not
promised. The file belongs to one process at a time.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

import attrs
from attrs import AttrsInstance, frozen

from sansim.plain import structured

__all__ = ["FORMAT", "ArrayStore", "Row", "Store", "StoreError", "decode", "encode", "write"]

V = TypeVar("V", bound=AttrsInstance)

FORMAT = 1
"""The format of the files that this version writes and reads."""

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE objects (
    array TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, place INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (array, kind, key)
) WITHOUT ROWID;
"""


class StoreError(Exception):
    """The state file cannot be used; the message says why and what to do."""


@frozen
class Row:
    """One object of a table; a value of None means that it is gone."""

    table: str
    key: str
    order: int
    value: AttrsInstance | None


class Store:
    """An open state file.

    Raises:
        StoreError: The file is no state file, has an unknown format, or is in use.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = Lock()
        try:
            # It holds passwords and CHAP secrets; what SQLite puts beside it has the same mode.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"cannot open the state file {path}: {error}; name a writable path") from error
        try:
            self._open()
        except sqlite3.OperationalError as error:
            self._db.close()
            raise StoreError(f"cannot use the state file {path}: {error}; is another sansim using it?") from error
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise StoreError(f"{path} is no state file of sansim ({error}); name another") from error
        except StoreError:
            self._db.close()
            raise

    def _open(self) -> None:
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and "meta" not in tables:
            raise StoreError(f"{self.path} is a database of something else; name another state file")
        if tables:
            (found,) = self._db.execute("SELECT value FROM meta WHERE key = 'format'").fetchone() or ("none",)
            if found != str(FORMAT):
                raise StoreError(
                    f"the state file {self.path} has format {found}, this sansim reads {FORMAT}; "
                    "use the sansim that wrote it, or name a new file"
                )
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        if not tables:
            self._db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            self._db.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))

    def array(self, name: str) -> "ArrayStore":
        """Return the part of the file that belongs to one array."""
        return ArrayStore(self, name)

    def read(self, array: str, table: str) -> list[tuple[str, int, str]]:
        """Return key, place and JSON of each object of a table, in order."""
        with self._lock:
            rows = self._db.execute(
                "SELECT key, place, json FROM objects WHERE array = ? AND kind = ? ORDER BY place",
                (array, table),
            ).fetchall()
        return [(_read_key(key), place, text) for key, place, text in rows]

    def write(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Write and remove objects of arrays, given by their names, in one transaction."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for array, row in rows:
                    if row.value is None:
                        self._db.execute(
                            "DELETE FROM objects WHERE array = ? AND kind = ? AND key = ?",
                            (array, row.table, _written_key(row.key)),
                        )
                    else:
                        self._db.execute(
                            "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?)",
                            (array, row.table, _written_key(row.key), row.order, encode(row.value)),
                        )
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the file; what was written is in it."""
        with self._lock:
            self._db.close()


def _written_key(key: str) -> str | bytes:
    """Return a key as SQLite takes it: bytes where it is no UTF-8."""
    data = key.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _read_key(key: str | bytes) -> str:
    return key.decode("utf-8", "surrogateescape") if isinstance(key, bytes) else key


@frozen
class ArrayStore:
    """The part of a state file that belongs to one array."""

    store: Store
    name: str

    def rows(self, table: str, kind: type[AttrsInstance]) -> Iterator[Row]:
        """Yield the kept objects of a table in their order.

        Raises:
            StoreError: A kept object does not fit the class.
        """
        for key, place, text in self.store.read(self.name, table):
            try:
                value = decode(text, kind)
            except ValueError as error:
                raise StoreError(
                    f"{self.store.path}: {table} {key!r} of array {self.name} cannot be read: {error}"
                ) from error
            yield Row(table, key, place, value)


def write(rows: Iterable[tuple[ArrayStore, Row]]) -> None:
    """Write and remove objects of arrays, those of one file in one transaction."""
    by_file: dict[Store, list[tuple[str, Row]]] = {}
    for array, row in rows:
        by_file.setdefault(array.store, []).append((array.name, row))
    for store, its_rows in by_file.items():
        store.write(its_rows)


def encode(value: AttrsInstance) -> str:
    """Return a value as JSON text."""
    plain = attrs.asdict(value, value_serializer=_plain)
    # ASCII: bytes that are no UTF-8 travel as lone surrogates, which SQLite takes in no text.
    return json.dumps(plain, separators=(",", ":"))


def _plain(_owner: object, _field: object, value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case frozenset():
            return sorted(value)
        case _:
            return value


def decode(text: str, kind: type[V]) -> V:
    """Return the value that JSON text stands for; fields that it does not know yet have their defaults.

    Raises:
        ValueError: The text does not fit the class.
    """
    return cast("V", structured(json.loads(text), kind, strict=False))
