"""One array of a running simulator, as its user holds it, and what is done to arrays as a whole."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import Any, TypedDict, TypeVar

from attrs import evolve, field, frozen

from sansim.clock import Clock
from sansim.config import FLAVOURS, ArrayConfig
from sansim.document import ImportRefused, Section, content_of, read, text_of, written
from sansim.faults import Condition, Faults, Standing
from sansim.images import IDENTITY, Image, put_back, take
from sansim.lefthand.array import LeftHandArray
from sansim.log import Log
from sansim.loop import is_here, on_loop
from sansim.server import Array, Server
from sansim.solaris.host import SolarisHost
from sansim.state import Content, State

__all__ = ["ConnectArgs", "SimulatedArray", "export", "furnish", "import_", "reset", "restore", "snapshots"]

T = TypeVar("T")


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
        loop: The event loop that it runs on.
        server: What listens for it.
        another: Makes an array like it, of the same configuration and seed, that holds this to begin with; nobody
            can log in there.
    """

    config: ArrayConfig
    array: Array
    host: str
    port: int
    loop: asyncio.AbstractEventLoop = field(repr=False)
    server: Server = field(repr=False)
    another: Callable[[Content], Array] = field(repr=False)

    @property
    def host_key(self) -> str:
        """Its host key as known_hosts writes it, `ssh-ed25519 AAAA…`: that of the node that answers now."""
        return self.server.host_key

    @property
    def name(self) -> str:
        """Its name in the simulator."""
        return self.config.name

    @property
    def kind(self) -> str:
        """`solaris` or `hp`."""
        return self.config.kind

    @property
    def flavour(self) -> str:
        """Which product and version it plays."""
        return self.config.flavour or FLAVOURS[self.kind][0]

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
            RuntimeError: It was called from the simulator's own thread.
        """
        return _waited([self], self.faults.befall(condition))

    def lift(self, standing: Standing) -> None:
        """Take a condition away again.

        Raises:
            ValueError: Nothing takes this one away.
        """
        self.faults.lift(standing)

    # The whole of it: see also the same of `Simulator`.

    def snapshot(self) -> Image:
        """Return all that the array holds now, to be put back later; cheap, and safe from any thread."""
        (image,) = snapshots([self])
        return image

    def restore(self, image: Image) -> None:
        """Let the array hold what an image says, its own or that of an array of the same kind and flavour.

        What runs on the array is killed; connections stay. Its clock is as it was, and it invents the same things
        next. The log, faults and latencies stay; conditions that befell it since are lifted.

        Raises:
            ValueError: The image is that of another kind or flavour of array.
            RuntimeError: It was called from the simulator's own thread.
        """
        restore([(self, image)])

    def reset(self) -> None:
        """Let the array be as freshly made from its configuration and seed.

        What runs on it is killed; connections stay, as do its password and host key. Faults, latencies and
        conditions are those of the configuration again, the log is empty, files are those of the installation.

        Raises:
            RuntimeError: It was called from the simulator's own thread.
        """
        reset([self])

    def export(self) -> str:
        """Return what the array holds as TOML; secrets of CHAP are in it, its password and host key are not."""
        return export([self])

    def import_(self, text: str) -> None:
        """Let the array hold what a text with one array says, whatever that is called there.

        What runs on the array is killed; connections stay, as do the clock, the log, faults and latencies.
        Conditions are lifted. Tables that the text has not are as in an array that is freshly made.

        Raises:
            ImportRefused: The text cannot be used, and nothing was changed; the message says what to do.
            RuntimeError: It was called from the simulator's own thread.
        """
        sections = read(text)
        if len(sections) > 1:
            names = ", ".join(section.name for section in sections)
            raise ImportRefused(f"there are several arrays in this ({names}); import it into a simulator of these")
        import_([(self, sections[0])])

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


def snapshots(arrays: Sequence[SimulatedArray]) -> list[Image]:
    """Return what arrays hold, all at one moment."""
    if not arrays:
        return []
    return on_loop(arrays[0].loop, lambda: [take(array.array, array.flavour) for array in arrays])


def restore(pairs: Sequence[tuple[SimulatedArray, Image]]) -> None:
    """Let arrays hold what images say, all or none.

    Raises:
        ValueError: An image is that of another kind or flavour of array.
        RuntimeError: It was called from the simulator's own thread.
    """
    for array, image in pairs:
        if (image.kind, image.flavour) != (array.kind, array.flavour):
            raise ValueError(
                f"the image is one of {image.kind} {image.flavour}, array {array.name} is {array.kind} "
                f"{array.flavour}; restore it to an array of that kind and flavour"
            )
    _waited([array for array, _ in pairs], _put_back(pairs))


def reset(arrays: Sequence[SimulatedArray]) -> None:
    """Let arrays be as freshly made, all or none.

    Raises:
        RuntimeError: It was called from the simulator's own thread.
    """

    async def begin_anew() -> None:
        for array in arrays:
            array.faults.clear()
        await _put_back([(array, take(array.another({}), array.flavour)) for array in arrays])
        for array in arrays:
            array.array.start_afresh()
            array.log.clear()
        for array in arrays:
            await furnish(array.array, array.config)

    if arrays:
        _waited(arrays, begin_anew())


def export(arrays: Sequence[SimulatedArray]) -> str:
    """Return what arrays hold as TOML."""
    images = zip(arrays, snapshots(arrays), strict=True)
    return text_of(written(array.name, array.kind, array.flavour, image.content) for array, image in images)


def import_(pairs: Sequence[tuple[SimulatedArray, Section]]) -> None:
    """Let arrays hold what sections of a text say, all or none.

    Raises:
        ImportRefused: A section cannot be used; nothing was changed.
        RuntimeError: It was called from the simulator's own thread.
    """

    async def take_in() -> None:
        await _put_back([(array, _image(array, section)) for array, section in pairs])

    _waited([array for array, _ in pairs], take_in())


async def furnish(array: Array, config: ArrayConfig) -> None:
    """Let everything befall an array that its configuration says.

    Raises:
        ValueError: It cannot be in a condition.
    """
    for fault in config.faults:
        array.faults.add(evolve(fault))
    for latency in config.latencies:
        array.faults.slow(evolve(latency))
    for condition in config.conditions:
        await array.faults.befall(condition)


def _image(array: SimulatedArray, section: Section) -> Image:
    """Return what an array is to be by a section: one like it is made, to see whether it can be."""
    if (section.kind, section.flavour) != (array.kind, array.flavour):
        raise ImportRefused(
            f"array {section.name} is {section.kind} {section.flavour}, array {array.name} is {array.kind} "
            f"{array.flavour}; import it into an array of that kind and flavour"
        )
    kinds = {name: kind for name, kind in array.state.tables.items() if name != IDENTITY}
    content = content_of(section, kinds)
    try:
        found = array.another(content)
        flaw = next(iter(found.flaws()), None)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ImportRefused(f"array {section.name}: its objects do not fit together: {error!r}") from error
    if flaw is not None:
        raise ImportRefused(f"array {section.name}: {flaw}")
    image = take(found, array.flavour)
    # What is invented from now on is nothing that the text has already.
    streams = tuple(Random(f"{place}:{section}").getstate() for place in range(len(image.streams)))  # noqa: S311
    return evolve(image, ahead=array.clock.ahead, streams=streams)


async def _put_back(pairs: Sequence[tuple[SimulatedArray, Image]]) -> None:
    # Until nothing runs anywhere: a client may begin something while another's is killed.
    while any(array.server.busy for array, _ in pairs):
        await asyncio.gather(*(array.server.halt() for array, _ in pairs))
    put_back([(array.array, image) for array, image in pairs])


def _waited(arrays: Sequence[SimulatedArray], work: Coroutine[Any, Any, T]) -> T:
    """Do on the loop of arrays what takes its time, and return what it returns."""
    loop = arrays[0].loop
    if is_here(loop):
        work.close()
        raise RuntimeError("this waits for what runs on the array; call it from another thread than the simulator's")
    return asyncio.run_coroutine_threadsafe(work, loop).result()
