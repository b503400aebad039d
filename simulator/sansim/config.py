"""What arrays a simulator has: values, and the TOML file they may come from."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import attrs
from attrs import frozen

from sansim.faults import Fault

__all__ = ["ArrayConfig", "ConfigError", "default", "read"]

FLAVOURS: Mapping[str, tuple[str, ...]] = {
    "solaris": ("omnios", "openindiana", "solaris11", "opensolaris"),
    "hp": ("12.6", "11.5", "10.x", "9.0", "8.1"),
}
"""The kinds of arrays and their flavours, the default first."""

_TIB = 1 << 40
_SIZE = re.compile(r"(\d+) ?(B|KiB|MiB|GiB|TiB|PiB)")
_UNITS = {unit: 1 << 10 * power for power, unit in enumerate(("B", "KiB", "MiB", "GiB", "TiB", "PiB"))}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


class ConfigError(ValueError):
    """The configuration cannot be used; the message says what to write instead."""


@frozen(kw_only=True)
class ArrayConfig:
    """One array.

    Attributes:
        name: How the simulator's user calls it.
        kind: `solaris` or `hp`.
        flavour: Which product and version it plays; empty is the kind's default.
        pool: The ZFS pool of a Solaris host.
        cluster: The cluster of a LeftHand group.
        size: The size of the pool or cluster in bytes.
        username: Who logs in.
        password: Their password; empty lets the simulator invent one.
        port: The port to listen on; 0 takes a free one.
        authorized_keys: OpenSSH public keys that may log in too.
        root: On Solaris, whether the user holds every right (is root, or has the profiles).
        faults: The faults set from the start.
    """

    name: str
    kind: str
    flavour: str = ""
    pool: str = "tank"
    cluster: str = "Cluster01"
    size: int = 10 * _TIB
    username: str = "admin"
    password: str = ""
    port: int = 0
    authorized_keys: tuple[str, ...] = ()
    root: bool = True
    faults: tuple[Fault, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError(f"{self.name!r} is no array name; write letters, digits, '.', '_' and '-'")
        if self.kind not in FLAVOURS:
            raise ConfigError(f"array {self.name}: kind {self.kind!r} is unknown; write {_either(FLAVOURS)}")
        known = FLAVOURS[self.kind]
        if self.flavour and self.flavour not in known:
            raise ConfigError(f"array {self.name}: flavour {self.flavour!r} is unknown; write {_either(known)}")
        if self.size <= 0:
            raise ConfigError(f"array {self.name}: a size is more than 0 bytes, not {self.size}")


def default(name: str) -> ArrayConfig:
    """Return the array that a kind's name stands for: `solaris` or `hp`, called by that name.

    Raises:
        ConfigError: There is no such kind.
    """
    return ArrayConfig(name=name, kind=name)


def read(path: Path) -> tuple[ArrayConfig, ...]:
    """Read the arrays of a TOML file: one table `[[array]]` for each.

    Raises:
        ConfigError: The file cannot be read, or says something that is not understood.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error
    tables = document.pop("array", None)
    if document or not isinstance(tables, list) or not tables:
        raise ConfigError(f"{path}: write a table [[array]] for each array, and nothing else at the top")
    arrays = tuple(_array(path, table) for table in tables)
    names = [array.name for array in arrays]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: two arrays are called {name!r}; give each its own name")
    return arrays


def _array(path: Path, table: Mapping[str, Any]) -> ArrayConfig:
    """Make an array of a TOML table."""
    kind = table.get("kind", table.get("name"))
    values: dict[str, Any] = {"kind": kind, "name": kind, **table}
    if "size" in values:
        values["size"] = _size(path, values["size"])
    values["faults"] = tuple(_fault(path, fault) for fault in values.pop("fault", ()))
    if isinstance(values.get("authorized_keys"), list):
        values["authorized_keys"] = tuple(values["authorized_keys"])
    known = {field.name: field for field in attrs.fields(ArrayConfig)}
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"{path}: {key!r} says nothing about an array; write {_either(known)}")
        wanted = {"authorized_keys": tuple, "faults": tuple}.get(key, known[key].type)
        if not isinstance(value, cast("type", wanted)) or (wanted is int and isinstance(value, bool)):
            raise ConfigError(f"{path}: {key} = {value!r} is no {cast('type', wanted).__name__}")
    return ArrayConfig(**values)


def _size(path: Path, value: object) -> int:
    if isinstance(value, int):
        return value
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ConfigError(f'{path}: size = {value!r} is no size; write bytes, or text such as "10TiB"')
    return int(match[1]) * _UNITS[match[2]]


def _fault(path: Path, table: Mapping[str, Any]) -> Fault:
    try:
        return Fault(**table)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{path}: a fault is not understood: {error}") from error


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"
