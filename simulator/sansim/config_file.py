"""The TOML file that says what arrays a simulator has: one table `[[array]]` for each."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeGuard, TypeVar

import attrs

from sansim.config import ArrayConfig, ClusterConfig, ConfigError, UserConfig, either
from sansim.faults import condition_of, fault_of, latency_of

__all__ = ["read"]

C = TypeVar("C", ArrayConfig, ClusterConfig, UserConfig)

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB|TiB|PiB)")
_UNITS = {unit: 1 << 10 * power for power, unit in enumerate(("B", "KiB", "MiB", "GiB", "TiB", "PiB"))}
_TYPES: Final[Mapping[type, str]] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    tuple: "list",
}


def read(path: Path) -> tuple[ArrayConfig, ...]:
    """Read the arrays of a TOML file.

    Raises:
        ConfigError: The file cannot be read, or says something that is not understood; all of it is named.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error
    tables = document.pop("array", None)
    if document or not _are_tables(tables) or not tables:
        raise ConfigError(f"{path}: write a table [[array]] for each array, and nothing else at the top")
    problems: list[str] = []
    arrays = [array for number, table in enumerate(tables, 1) if (array := _array(number, table, problems))]
    problems += _twice(arrays)
    if problems:
        raise ConfigError(*(f"{path}: {problem}" for problem in problems))
    return tuple(arrays)


def _twice(arrays: Sequence[ArrayConfig]) -> Iterator[str]:
    """Yield what two arrays have that only one can have."""
    names = [array.name for array in arrays]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two arrays are called {name!r}; give each its own name"
    ports = [array.port for array in arrays if array.port]
    for port in sorted({port for port in ports if ports.count(port) > 1}):
        yield f"two arrays have port = {port}; give each its own port, or 0 for a free one"


_ELSEWHERE: Final[Mapping[str, frozenset[str]]] = {
    "solaris": frozenset({"cluster", "clusters", "network", "nodes", "vips"}),
    "hp": frozenset({"groups", "layout", "pool", "profiles", "root", "sudo", "user", "users"}),
}
"""The keys that only the other kind of array understands."""


def _array(number: int, table: Mapping[str, Any], problems: list[str]) -> ArrayConfig | None:
    """Make an array of a table, the number-th; what is wrong with it goes to the problems."""
    kind = table.get("kind", table.get("name"))
    name = table.get("name", kind)
    place = f"array {name}" if isinstance(name, str) else f"array number {number}"
    if kind is None:
        problems.append(f'{place}: kind is missing; write kind = "solaris" or kind = "hp"')
        return None
    elsewhere = [key for key in table if key in _ELSEWHERE.get(kind, ())] if isinstance(kind, str) else []
    found = [f"{key!r} says nothing about an array of kind {kind!r}; leave it out" for key in elsewhere]
    values: dict[str, Any] = {"kind": kind, "name": name, **table}
    for key in elsewhere:
        del values[key]
    _take_clusters(values, found)
    for key, (attribute, make) in _PARTS.items():
        if key in values:
            values[attribute] = _parts(key, values.pop(key), make, found)
    if "size" in values:
        try:
            values["size"] = _size(values["size"])
        except ConfigError as error:
            found += error.problems
            del values["size"]
    array = _made(ArrayConfig, values, "an array", found)
    problems += (f"{place}: {problem}" for problem in found)
    return array


def _take_clusters(values: dict[str, Any], problems: list[str]) -> None:
    """Take the clusters where they are tables: the first is the array's own, and what they lack the array says."""
    if not isinstance(values.get("cluster"), list):
        return
    keys = ("size", "nodes", "vips")
    common = {key: values[key] for key in keys if key in values}
    clusters = _parts("cluster", values.pop("cluster"), lambda table: _cluster({**common, **table}), problems)
    made = [cluster for cluster in clusters if isinstance(cluster, ClusterConfig)]
    if made:
        values["cluster"] = made[0].name
        values |= {key: getattr(made[0], key) for key in keys}
        values["clusters"] = tuple(made[1:])


def _cluster(table: Mapping[str, Any]) -> ClusterConfig:
    """Make a cluster of a table.

    Raises:
        ConfigError: It says something that is not understood.
    """
    values = dict(table)
    if "size" in values:
        values["size"] = _size(values["size"])
    found: list[str] = []
    cluster = _made(ClusterConfig, values, "a cluster", found)
    if cluster is None or found:
        raise ConfigError(*found)
    return cluster


def _user(table: Mapping[str, Any]) -> UserConfig:
    """Make a user of a table.

    Raises:
        ConfigError: It says something that is not understood.
    """
    found: list[str] = []
    user = _made(UserConfig, table, "a user", found)
    if user is None or found:
        raise ConfigError(*found)
    return user


_PARTS: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Any]], object]]]] = {
    "user": ("users", _user),
    "fault": ("faults", fault_of),
    "latency": ("latencies", latency_of),
    "condition": ("conditions", condition_of),
}
"""The tables below an array: the attribute that holds them, and what makes a value of each."""


def _parts(
    key: str, tables: object, make: Callable[[Mapping[str, Any]], object], problems: list[str]
) -> tuple[object, ...]:
    """Make the values of the tables below an array."""
    if not _are_tables(tables):
        problems.append(f"{key} is no list of tables; write [[array.{key}]] for each")
        return ()
    made = []
    for number, table in enumerate(tables, 1):
        try:
            made.append(make(table))
        except ConfigError as error:
            problems += (f"{key} {number}: {problem}" for problem in error.problems)
        except ValueError as error:
            problems.append(f"{key} {number}: {error}")
    return tuple(made)


def _made(kind: type[C], table: Mapping[str, Any], what: str, problems: list[str]) -> C | None:
    """Make a value of what fits its fields; what is wrong goes to the problems."""
    known = {item.name: item for item in attrs.fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            problems.append(f"{key!r} says nothing about {what}; write {either(known)}")
        elif not _fits(value, known[key]):
            problems.append(f"{key} = {value!r} is no {_TYPES[_type(known[key])]}")
        else:
            values[key] = value
    missing = [key for key, item in known.items() if item.default is attrs.NOTHING and key not in values]
    if missing:
        problems += (f'{key} is missing; write {key} = "…"' for key in missing if key not in table)
        return None
    try:
        return kind(**values)
    except ConfigError as error:
        problems += error.problems
        return None


def _type(item: "attrs.Attribute[Any]") -> type:
    return str if item.default is attrs.NOTHING else type(item.default)


def _fits(value: object, item: "attrs.Attribute[Any]") -> bool:
    wanted = _type(item)
    if wanted is tuple:
        # Of what was made of tables we know that it fits.
        return isinstance(value, tuple) or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    return type(value) is wanted or (wanted is float and type(value) is int)


def _are_tables(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _size(value: object) -> int:
    if type(value) is int:
        return value
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ConfigError(f'size = {value!r} is no size; write bytes, or text such as "10TiB"')
    return int(Fraction(match[1]) * _UNITS[match[2]])
