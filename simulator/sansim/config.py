"""What arrays a simulator has: values, and the TOML file they may come from."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
from attrs import field, frozen

from sansim.faults import Condition, Fault, Latency, condition_of, fault_of, latency_of

__all__ = ["ArrayConfig", "ConfigError", "UserConfig", "default", "read"]

FLAVOURS: Mapping[str, tuple[str, ...]] = {
    "solaris": ("omnios", "openindiana", "solaris11", "opensolaris", "openzfs"),
    "hp": ("12.6", "11.5", "10.x", "9.0", "8.1"),
}
"""The kinds of arrays and their flavours, the default first."""

_TIB = 1 << 40
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB|TiB|PiB)")
_UNITS = {unit: 1 << 10 * power for power, unit in enumerate(("B", "KiB", "MiB", "GiB", "TiB", "PiB"))}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_USER_NAME = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
_SUDO = ("", "password", "nopasswd")


class ConfigError(ValueError):
    """The configuration cannot be used; the message says what to write instead."""


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen(kw_only=True)
class UserConfig:
    """A user of a Solaris host beside the one whom the array's URL names.

    Attributes:
        name: The login name; `root` is the superuser.
        password: Their password; empty lets only a key log in.
        authorized_keys: OpenSSH public keys that may log in.
        profiles: Rights profiles, such as `File System Management`; `pfexec` and profile shells act on them.
        authorizations: What they are authorized to beyond their profiles, such as `solaris.smf.modify.stmf`.
        groups: Groups beside the primary one.
        root: Whether they hold every right without `pfexec`.
        sudo: What sudoers says of them: `password` or `nopasswd`; empty for nothing.
    """

    name: str
    password: str = ""
    authorized_keys: tuple[str, ...] = field(default=(), converter=_texts)
    profiles: tuple[str, ...] = field(default=(), converter=_texts)
    authorizations: tuple[str, ...] = field(default=(), converter=_texts)
    groups: tuple[str, ...] = field(default=(), converter=_texts)
    root: bool = False
    sudo: str = ""

    def __attrs_post_init__(self) -> None:
        if not _USER_NAME.fullmatch(self.name):
            raise ConfigError(f"{self.name!r} is no user name; write lower-case letters, digits, '.', '_' and '-'")
        if self.sudo not in _SUDO:
            raise ConfigError(f"user {self.name}: sudo = {self.sudo!r}; write 'password', 'nopasswd' or nothing")


def _users(given: Iterable[UserConfig | Mapping[str, Any]]) -> tuple[UserConfig, ...]:
    return tuple(user if isinstance(user, UserConfig) else _user(user) for user in given)


def _user(table: Mapping[str, Any]) -> UserConfig:
    """Make a user of a table.

    Raises:
        ConfigError: It says something that is not understood.
    """
    _check(table, UserConfig, "a user")
    if "name" not in table:
        raise ConfigError("a user needs a name")
    return UserConfig(**table)


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
        profiles: The rights profiles of that user on Solaris, when they do not hold every right.
        groups: Their groups beside the primary one.
        sudo: What sudoers says of them, when they do not hold every right: `password`, `nopasswd`, or nothing.
        users: Who else may log in on a Solaris host; `root` is one to give a password or key.
        faults: The faults set from the start.
        latencies: The latencies set from the start.
        conditions: What befalls it at the start, in this order.
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
    authorized_keys: tuple[str, ...] = field(default=(), converter=_texts)
    root: bool = True
    profiles: tuple[str, ...] = field(default=(), converter=_texts)
    groups: tuple[str, ...] = field(default=(), converter=_texts)
    sudo: str = ""
    users: tuple[UserConfig, ...] = field(default=(), converter=_users)
    faults: tuple[Fault, ...] = ()
    latencies: tuple[Latency, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ConfigError(f"{self.name!r} is no array name; write letters, digits, '.', '_' and '-'")
        if self.kind not in FLAVOURS:
            raise ConfigError(f"array {self.name}: kind {self.kind!r} is unknown; write {_either(FLAVOURS)}")
        known = FLAVOURS[self.kind]
        if self.flavour and self.flavour not in known:
            raise ConfigError(f"array {self.name}: flavour {self.flavour!r} is unknown; write {_either(known)}")
        if self.sudo not in _SUDO:
            raise ConfigError(f"array {self.name}: sudo = {self.sudo!r}; write 'password', 'nopasswd' or nothing")
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
    try:
        values["faults"] = tuple(fault_of(fault) for fault in values.pop("fault", ()))
        values["latencies"] = tuple(latency_of(latency) for latency in values.pop("latency", ()))
        values["conditions"] = tuple(condition_of(condition) for condition in values.pop("condition", ()))
        values["users"] = _users(values.pop("user", ()))
        _check(values, ArrayConfig, "an array")
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None
    return ArrayConfig(**values)


def _check(values: Mapping[str, Any], kind: type[ArrayConfig | UserConfig], what: str) -> None:
    """Refuse what a table has beyond the fields of a kind, and values of another type than theirs.

    Raises:
        ConfigError: There is such a thing.
    """
    known = {item.name: item for item in attrs.fields(kind)}
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"{key!r} says nothing about {what}; write {_either(known)}")
        default_value = known[key].default
        wanted = str if default_value is attrs.NOTHING else type(default_value)
        accepted = (tuple, list) if wanted is tuple else (wanted,)
        if not isinstance(value, accepted) or (wanted is int and isinstance(value, bool)):
            raise ConfigError(f"{key} = {value!r} is no {wanted.__name__}")


def _size(path: Path, value: object) -> int:
    if isinstance(value, int):
        return value
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ConfigError(f'{path}: size = {value!r} is no size; write bytes, or text such as "10TiB"')
    return int(Fraction(match[1]) * _UNITS[match[2]])


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}"
