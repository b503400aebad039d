"""What arrays a simulator has, as values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from attrs import field, frozen

from sansim.faults import Condition, Fault, Latency

__all__ = ["FLAVOURS", "ArrayConfig", "ClusterConfig", "ConfigError", "UserConfig", "default", "either"]

FLAVOURS: Mapping[str, tuple[str, ...]] = {
    "solaris": ("omnios", "openindiana", "solaris11", "opensolaris", "openzfs"),
    "hp": ("12.6", "11.5", "10.x", "9.0", "8.1"),
}
"""The kinds of arrays and their flavours, the default first."""

_TIB = 1 << 40
_LAST_PORT = 65_535
_MOST_NODES = 180
_MOST_VIPS = 40
_LONGEST_PREFIX = 24
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_USER_NAME = re.compile(r"[a-z_][a-z0-9_.-]{0,31}")
_LAYOUTS = ("", "disk", "mirror")
_SUDO = ("", "password", "nopasswd")


class ConfigError(ValueError):
    """The configuration cannot be used.

    Attributes:
        problems: Everything that is wrong with it, each with what to write instead.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


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
        _refuse(_wrong_with_user(self))


def _users(given: Iterable[UserConfig | Mapping[str, Any]]) -> tuple[UserConfig, ...]:
    return tuple(user if isinstance(user, UserConfig) else UserConfig(**user) for user in given)


@frozen(kw_only=True)
class ClusterConfig:
    """A cluster of a LeftHand group.

    Attributes:
        name: Its name.
        size: Its size in bytes, before replication.
        nodes: How many storage nodes it has.
        vips: How many virtual IP addresses it has.
    """

    name: str
    size: int = 10 * _TIB
    nodes: int = 2
    vips: int = 1

    def __attrs_post_init__(self) -> None:
        _refuse(_wrong_with_cluster(self))


def _clusters(given: Iterable[ClusterConfig | Mapping[str, Any]]) -> tuple[ClusterConfig, ...]:
    return tuple(one if isinstance(one, ClusterConfig) else ClusterConfig(**one) for one in given)


@frozen(kw_only=True)
class ArrayConfig:
    """One array.

    Attributes:
        name: How the simulator's user calls it.
        kind: `solaris` or `hp`.
        flavour: Which product and version it plays; empty is the kind's default.
        pool: The ZFS pool of a Solaris host.
        layout: What the pool is made of: `mirror` (two disks) or `disk`; empty is what the flavour has, a single
            disk for openzfs and a mirror for the others.
        cluster: The cluster of a LeftHand group.
        size: The size of the pool or cluster in bytes.
        nodes: How many storage nodes the cluster has.
        vips: How many virtual IP addresses the cluster has.
        clusters: The further clusters of a LeftHand group.
        network: Where the addresses of a LeftHand group's nodes come from; empty is 10.0.0.0/24 for the first group
            of a simulator, 10.0.1.0/24 for the second, and so on.
        username: Who logs in.
        password: Their password; empty lets the simulator invent one.
        port: The port to listen on; 0 takes a free one.
        authorized_keys: OpenSSH public keys that may log in too.
        root: On Solaris, whether the user holds every right (is root, or has the profiles).
        profiles: The rights profiles of that user on Solaris, when they do not hold every right.
        groups: Their groups beside the primary one.
        sudo: What sudoers says of them, when they do not hold every right: `password`, `nopasswd`, or nothing.
        users: Who else may log in on a Solaris host; `root` is one to give a password or key.
        max_sessions: How many channels one SSH connection may have open; 0 is what the kind of array has: 10 on
            Solaris (source: sshd's MaxSessions), any number on a LeftHand.
        max_connections: How many SSH connections the array has room for; it closes those that come beyond. 0 is
            any number.
        faults: The faults set from the start.
        latencies: The latencies set from the start.
        conditions: What befalls it at the start, in this order.
    """

    name: str
    kind: str
    flavour: str = ""
    pool: str = "tank"
    layout: str = ""
    cluster: str = "Cluster01"
    size: int = 10 * _TIB
    nodes: int = 2
    vips: int = 1
    clusters: tuple[ClusterConfig, ...] = field(default=(), converter=_clusters)
    network: str = ""
    username: str = "admin"
    password: str = ""
    port: int = 0
    authorized_keys: tuple[str, ...] = field(default=(), converter=_texts)
    root: bool = True
    profiles: tuple[str, ...] = field(default=(), converter=_texts)
    groups: tuple[str, ...] = field(default=(), converter=_texts)
    sudo: str = ""
    users: tuple[UserConfig, ...] = field(default=(), converter=_users)
    max_sessions: int = 0
    max_connections: int = 0
    faults: tuple[Fault, ...] = ()
    latencies: tuple[Latency, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __attrs_post_init__(self) -> None:
        _refuse(_wrong_with_array(self))


def default(name: str) -> ArrayConfig:
    """Return the array that a kind's name stands for: `solaris` or `hp`, called by that name.

    Raises:
        ConfigError: There is no such kind.
    """
    return ArrayConfig(name=name, kind=name)


def either(words: Iterable[str]) -> str:
    """Return words as a sentence lists them: `one, two or three`."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _refuse(problems: Iterator[str]) -> None:
    """Raise all problems, if there are any."""
    found = tuple(problems)
    if found:
        raise ConfigError(*found)


def _wrong_with_user(user: UserConfig) -> Iterator[str]:
    if not _USER_NAME.fullmatch(user.name):
        yield f"name = {user.name!r} is no user name; write lower-case letters, digits, '.', '_' and '-'"
    yield from _wrong_with_login(user)


def _wrong_with_array(array: ArrayConfig) -> Iterator[str]:
    if not _NAME.fullmatch(array.name):
        yield f"name = {array.name!r} is no array name; write letters, digits, '.', '_' and '-'"
    if array.kind not in FLAVOURS:
        yield f"kind = {array.kind!r} is unknown; write {either(FLAVOURS)}"
    known = FLAVOURS.get(array.kind, ())
    if known and array.flavour and array.flavour not in known:
        yield f"flavour = {array.flavour!r} is unknown; write {either(known)}"
    if array.layout not in _LAYOUTS:
        yield f"layout = {array.layout!r} is unknown; write 'disk', 'mirror' or nothing"
    yield from _wrong_with_clusters(array)
    if not array.username:
        yield "username is empty; write who logs in"
    if not 0 <= array.port <= _LAST_PORT:
        yield f"port = {array.port} is no port; write 1 to {_LAST_PORT}, or 0 for a free one"
    for key in ("max_sessions", "max_connections"):
        if getattr(array, key) < 0:
            yield f"{key} = {getattr(array, key)} is less than none; write 0 for no bound of its own"
    yield from _wrong_with_login(array)


def _wrong_with_clusters(array: ArrayConfig) -> Iterator[str]:
    yield from _wrong_with_cluster(array)
    names = [array.cluster, *(cluster.name for cluster in array.clusters)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"two clusters are called {name!r}; give each its own name"
    for key, most in (("nodes", _MOST_NODES), ("vips", _MOST_VIPS)):
        count = sum(getattr(cluster, key) for cluster in (array, *array.clusters))
        if count > most:
            yield f"{key} = {count} in all are too many for one group; write {most} at most"
    if array.network:
        try:
            roomy = IPv4Network(array.network).prefixlen <= _LONGEST_PREFIX
        except ValueError:
            roomy = False
        if not roomy:
            yield f"network = {array.network!r} has no room for nodes; write an IPv4 network such as '10.1.0.0/24'"


def _wrong_with_cluster(cluster: ArrayConfig | ClusterConfig) -> Iterator[str]:
    if cluster.size <= 0:
        yield f"size = {cluster.size}: a size is more than 0 bytes"
    if cluster.nodes < 1:
        yield f"nodes = {cluster.nodes}: a cluster has at least one node"
    if cluster.vips < 0:
        yield f"vips = {cluster.vips} is less than none"
    name = cluster.name if isinstance(cluster, ClusterConfig) else cluster.cluster
    if not _NAME.fullmatch(name):
        yield f"{name!r} is no cluster name; write letters, digits, '.', '_' and '-'"


def _wrong_with_login(config: ArrayConfig | UserConfig) -> Iterator[str]:
    if config.sudo not in _SUDO:
        yield f"sudo = {config.sudo!r} is unknown; write 'password', 'nopasswd' or nothing"
    if config.authorized_keys:
        yield from _wrong_with_keys(config.authorized_keys)


def _wrong_with_keys(keys: Iterable[str]) -> Iterator[str]:
    # Imported here, since it takes a while and most configurations have no keys.
    import asyncssh  # noqa: PLC0415 - as said above

    for number, key in enumerate(keys, 1):
        try:
            asyncssh.import_public_key(key)
        except asyncssh.KeyImportError as error:
            yield f"authorized_keys, number {number}, is no public key ({error}); write 'ssh-ed25519 AAAA…'"
