"""The simulator: arrays that listen on loopback, in a thread of their own."""

import asyncio
import os
import resource
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from threading import Thread
from types import TracebackType
from typing import Self

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.config import ArrayConfig, ConfigError, default
from sansim.document import ImportRefused, read
from sansim.images import IDENTITY, Image
from sansim.lefthand.array import LeftHandArray
from sansim.lefthand.neighbours import Neighbours
from sansim.server import Account, Array, Limits, Server, host_key
from sansim.simulated import SimulatedArray, export, furnish, import_, reset, restore, snapshots
from sansim.solaris.host import SolarisHost
from sansim.state import Content, State
from sansim.store import Store

__all__ = ["SimulatedArray", "Simulator"]

_SEEDED_START = datetime(2026, 1, 1, tzinfo=UTC)
_FILES = 128
_FILES_OF_AN_ARRAY = 4
_PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - an alphabet


@frozen
class _Identity:
    """What a client knows an array by; kept with its state, so that a restart changes neither.

    Attributes:
        starts: How often the array was started with this state. Each start has another stream of chance, lest it
            invent again what an earlier one invented.
    """

    password: str
    host_key: str
    starts: int = 0


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
        if isinstance(arrays, str):
            raise ConfigError(f"arrays are a sequence; write arrays=({arrays!r},)")
        self._configs = _with_networks(default(array) if isinstance(array, str) else array for array in arrays)
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
        self._neighbours = Neighbours()
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

    # All arrays as a whole: see the same of `SimulatedArray`.

    def snapshot(self) -> Mapping[str, Image]:
        """Return all that the arrays hold now, by name."""
        return dict(zip(self, snapshots(tuple(self.values())), strict=True))

    def restore(self, images: Mapping[str, Image]) -> None:
        """Let arrays, given by name, hold what images say, all or none; the others stay as they are.

        Raises:
            KeyError: There is no array of that name.
            ValueError: An image is that of another kind or flavour of array.
            RuntimeError: It was called from the simulator's own thread.
        """
        if images:
            restore([(self[name], image) for name, image in images.items()])

    def reset(self) -> None:
        """Let all arrays be as freshly made from their configurations and the seed.

        Raises:
            RuntimeError: It was called from the simulator's own thread.
        """
        reset(tuple(self.values()))

    def export(self) -> str:
        """Return what the arrays hold as TOML."""
        return export(tuple(self.values()))

    def import_(self, text: str) -> None:
        """Let the arrays that a text names hold what it says, all or none; the others stay as they are.

        Raises:
            ImportRefused: The text cannot be used, and nothing was changed; the message says what to do.
            RuntimeError: It was called from the simulator's own thread.
        """
        sections = read(text)
        strange = [section.name for section in sections if section.name not in self]
        if strange:
            raise ImportRefused(f"there is no array {strange[0]!r} here; name one of {', '.join(self)}")
        import_([(self[section.name], section) for section in sections])

    async def _listen(self) -> None:
        _make_room(len(self._configs))
        for config in self._configs:
            state = State(None if self._store is None else self._store.array(config.name))
            identity = _identity(state, config, self._chance(config)[0])
            config = evolve(config, password=identity.password)  # noqa: PLW2901 - with its password from here
            _, random = self._chance(config, identity.starts)
            array = _build(config, state, Clock(self._start), random)
            if isinstance(array, LeftHandArray):
                self._neighbours.join(array.group)
            try:
                await furnish(array, config)
            except ValueError as error:
                raise ConfigError(f"array {config.name}: {error}") from error
            key = host_key(bytes.fromhex(identity.host_key))
            limits = Limits(config.max_sessions or array.most_sessions, config.max_connections or None)
            server = Server(array, _accounts(config), key, limits)
            self._servers.append(server)
            try:
                await server.start(self._host, config.port)
            except OSError as error:
                reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
                where = f"{self._host}:{config.port}" if config.port else self._host
                raise OSError(error.errno, f"array {config.name} cannot listen on {where}: {reason}") from error
            self._arrays[config.name] = SimulatedArray(
                config=config,
                array=array,
                host=self._host,
                port=server.port,
                loop=self._loop,
                server=server,
                another=partial(self._another, config),
            )

    def _another(self, config: ArrayConfig, content: Content) -> Array:
        """Make an array that nobody can reach, which holds this to begin with."""
        _, random = self._chance(config)
        return _build(config, State(content=content), Clock(self._start), random)

    def _chance(self, config: ArrayConfig, start: int = 0) -> tuple[_Identity, Random]:
        """Return an invented identity and the source of whatever else an array invents.

        The one and the other are another for each start with the same state, the first being number 0.
        """
        name = f"{self._seed}:{config.name}"
        random = Random(f"{name}:{start}" if start else name)  # noqa: S311 - reproducible by design
        password = "".join(random.choices(_PASSWORD_LETTERS, k=16))
        return _Identity(password, random.randbytes(32).hex()), random

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
        # What asyncssh began for a connection may still wait at one of its stages.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_asyncgens()


def _with_networks(configs: Iterable[ArrayConfig]) -> list[ArrayConfig]:
    """Give each LeftHand group addresses of its own, by its place among them."""
    placed: list[ArrayConfig] = []
    groups = count()
    for config in configs:
        number = next(groups) if config.kind == "hp" else 0
        network = config.network or (f"10.{number >> 8}.{number & 255}.0/24" if config.kind == "hp" else "")
        placed.append(evolve(config, network=network))
    return placed


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


def _identity(state: State, config: ArrayConfig, invented: _Identity) -> _Identity:
    """Return the identity of an array, the invented one if it has none yet, and count this start."""
    identities = state.table(IDENTITY, _Identity)
    identity = identities.get("array", invented)
    if config.password:
        identity = evolve(identity, password=config.password)
    with state.change():
        identities["array"] = evolve(identity, starts=identity.starts + 1)
    return identity
