"""The simulator: arrays that listen on loopback, in a thread of their own."""

import asyncio
import resource
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Thread
from types import TracebackType
from typing import Self, TypedDict

from attrs import evolve, field, frozen

from sansim.clock import Clock
from sansim.config import ArrayConfig, ConfigError, default
from sansim.faults import Condition, Faults, Standing
from sansim.lefthand.array import LeftHandArray
from sansim.log import Log
from sansim.server import Account, Array, Server, host_key
from sansim.solaris.host import SolarisHost
from sansim.state import State
from sansim.store import Store

__all__ = ["SimulatedArray", "Simulator"]

_SEEDED_START = datetime(2026, 1, 1, tzinfo=UTC)
_FILES = 128
_FILES_OF_AN_ARRAY = 4
_PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - an alphabet


@frozen
class _Identity:
    """What a client knows an array by; kept with its state, so that a restart changes neither."""

    password: str
    host_key: str


class ConnectArgs(TypedDict):
    """What a client gives `sansdk.connect` beside the URL."""

    password: str
    host_key: str


@frozen(kw_only=True)
class SimulatedArray:
    """One array of a running simulator.

    Attributes:
        config: What it was made from, its password filled in.
        array: The array itself; `solaris` and `lefthand` give it by its class.
        host: The address it listens on.
        port: The port it listens on.
        host_key: Its host key as known_hosts writes it: `ssh-ed25519 AAAA…`.
        loop: The event loop that it runs on.
    """

    config: ArrayConfig
    array: Array
    host: str
    port: int
    host_key: str
    loop: asyncio.AbstractEventLoop = field(repr=False)

    @property
    def name(self) -> str:
        """Its name in the simulator."""
        return self.config.name

    @property
    def kind(self) -> str:
        """`solaris` or `hp`."""
        return self.config.kind

    @property
    def username(self) -> str:
        """Who logs in."""
        return self.config.username

    @property
    def password(self) -> str:
        """Their password."""
        return self.config.password

    @property
    def storage(self) -> str:
        """The name of its pool or cluster."""
        return self.config.pool if self.kind == "solaris" else self.config.cluster

    @property
    def url(self) -> str:
        """The URL that `sansdk.connect` takes."""
        return f"{self.kind}://{self.username}@{self.host}:{self.port}/{self.storage}"

    @property
    def connect_args(self) -> ConnectArgs:
        """The keyword arguments that `sansdk.connect` takes beside the URL."""
        return ConnectArgs(password=self.password, host_key=self.host_key)

    @property
    def log(self) -> Log:
        """What was asked of it."""
        return self.array.log

    @property
    def faults(self) -> Faults:
        """What goes wrong on it."""
        return self.array.faults

    @property
    def state(self) -> State:
        """All it holds."""
        return self.array.state

    @property
    def clock(self) -> Clock:
        """Its time."""
        return self.array.clock

    @property
    def solaris(self) -> SolarisHost:
        """The array as a Solaris host.

        Raises:
            TypeError: It is none.
        """
        if not isinstance(self.array, SolarisHost):
            raise TypeError(f"array {self.name} is no Solaris host")
        return self.array

    @property
    def lefthand(self) -> LeftHandArray:
        """The array as a LeftHand group.

        Raises:
            TypeError: It is none.
        """
        if not isinstance(self.array, LeftHandArray):
            raise TypeError(f"array {self.name} is no LeftHand group")
        return self.array

    def befall(self, condition: Condition) -> Standing:
        """Let a condition befall the array now, and return it; `lift` takes it away.

        Raises:
            ValueError: This array cannot be in it.
        """
        return asyncio.run_coroutine_threadsafe(self.faults.befall(condition), self.loop).result()

    def lift(self, standing: Standing) -> None:
        """Take a condition away again.

        Raises:
            ValueError: Nothing takes this one away.
        """

        async def lift() -> None:
            self.faults.lift(standing)

        asyncio.run_coroutine_threadsafe(lift(), self.loop).result()

    def description(self) -> dict[str, str | int]:
        """Return what a client needs to know, as `sansim serve --json` prints it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "host": self.host,
            "port": self.port,
            "username": self.username,
            "password": self.password,
            "url": self.url,
            "host_key": self.host_key,
            ("pool" if self.kind == "solaris" else "cluster"): self.storage,
        }


class Simulator(Mapping[str, SimulatedArray]):
    """Arrays by name, listening while the `with` block runs.

    Args:
        arrays: Kinds (`solaris`, `hp`) or configurations.
        seed: Makes everything that is invented, and the clock, the same on every run.
        state: The file that keeps the arrays' state; without one it ends with the simulator.
        strict: Whether leaving the block raises when something was asked for that is not simulated.
        host: The address to listen on.
    """

    def __init__(
        self,
        arrays: Sequence[str | ArrayConfig] = ("solaris", "hp"),
        *,
        seed: int | None = None,
        state: str | Path | None = None,
        strict: bool = False,
        host: str = "127.0.0.1",
    ) -> None:
        self._configs = [default(array) if isinstance(array, str) else array for array in arrays]
        twice = {c.name for c in self._configs if sum(c.name == other.name for other in self._configs) > 1}
        if twice:
            raise ConfigError(f"two arrays have the name {', '.join(sorted(twice))}; give each one of its own")
        self._seed = secrets.randbits(128) if seed is None else seed
        self._start = None if seed is None else _SEEDED_START
        self._path = None if state is None else Path(state)
        self._strict = strict
        self._host = host
        self._store: Store | None = None
        self._arrays: dict[str, SimulatedArray] = {}
        self._servers: list[Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="sansim", daemon=True)

    def __getitem__(self, name: str) -> SimulatedArray:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            if self._path is not None:
                self._store = Store(self._path)
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if self._strict and error is None:
            unsupported = [f"{array.name}: {text}" for array in self.values() for text in array.log.unsupported]
            if unsupported:
                raise NotImplementedError("not simulated: " + "; ".join(unsupported))

    async def _listen(self) -> None:
        _make_room(len(self._configs))
        for config in self._configs:
            random = Random(f"{self._seed}:{config.name}")  # noqa: S311 - reproducible by design
            state = State(None if self._store is None else self._store.array(config.name))
            identity = _identity(state, config, random)
            config = evolve(config, password=identity.password)  # noqa: PLW2901 - with its password from here
            array = _build(config, state, Clock(self._start), random)
            for fault in config.faults:
                array.faults.add(evolve(fault))
            for latency in config.latencies:
                array.faults.slow(evolve(latency))
            for condition in config.conditions:
                await array.faults.befall(condition)
            key = host_key(bytes.fromhex(identity.host_key))
            server = Server(array, _accounts(config), key)
            self._servers.append(server)
            await server.start(self._host, config.port)
            self._arrays[config.name] = SimulatedArray(
                config=config,
                array=array,
                host=self._host,
                port=server.port,
                host_key=key.export_public_key("openssh").decode().strip(),
                loop=self._loop,
            )

    def _close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._store is not None:
            self._store.close()

    async def _stop(self) -> None:
        for server in self._servers:
            await server.stop()


def _make_room(arrays: int) -> None:
    """Let this process have a socket for each array and for a few clients of it, as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES + arrays * _FILES_OF_AN_ARRAY
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _build(config: ArrayConfig, state: State, clock: Clock, random: Random) -> Array:
    if config.kind == "solaris":
        return SolarisHost(config, state, clock, random)
    return LeftHandArray(config, state, clock, random)


def _accounts(config: ArrayConfig) -> list[Account]:
    """Return who may log in: the user of the array's URL, and the others of a Solaris host."""
    first = Account(config.username, config.password, config.authorized_keys)
    return [first, *(Account(user.name, user.password, user.authorized_keys) for user in config.users)]


def _identity(state: State, config: ArrayConfig, random: Random) -> _Identity:
    """Return the password and host key of an array, inventing and keeping what is not known yet."""
    identities = state.table("identity", _Identity)
    invented = _Identity(password="".join(random.choices(_PASSWORD_LETTERS, k=16)), host_key=random.randbytes(32).hex())
    identity = identities.get("array", invented)
    if config.password:
        identity = evolve(identity, password=config.password)
    if identities.get("array") != identity:
        with state.change():
            identities["array"] = identity
    return identity
