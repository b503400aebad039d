"""A fresh simulator for each test, and a client that is not the SDK."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

import asyncssh
import pytest

from sansim import Simulator

if TYPE_CHECKING:
    from tests.simulator.served import Home


class Address(Protocol):
    """Where an array listens and how to log in there."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def host_key(self) -> str: ...


class Run(Protocol):
    """Runs one exec over SSH and returns its status and both streams."""

    def __call__(self, array: Address, text: str, stdin: bytes = b"") -> tuple[int | None, bytes, bytes]: ...


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with Simulator(seed=1) as simulator:
        yield simulator


@pytest.fixture
def home() -> Iterator["Home"]:
    from tests.simulator.served import new_home  # noqa: PLC0415 - it needs what is here

    with new_home() as home:
        yield home


@pytest.fixture
def run() -> Run:
    return exec_over_ssh


def exec_over_ssh(array: Address, text: str, stdin: bytes = b"") -> tuple[int | None, bytes, bytes]:
    async def talk() -> tuple[int | None, bytes, bytes]:
        async with connect(array) as connection:
            process = await connection.create_process(text, encoding=None)
            # A command that reads nothing may be over before its input is sent.
            with suppress(BrokenPipeError):
                process.stdin.write(stdin)
                process.stdin.write_eof()
            done = await process.wait()
            return done.exit_status, _bytes(done.stdout), _bytes(done.stderr)

    return asyncio.run(talk())


async def type_lines(
    array: Address, lines: Iterable[str], *, errors: str = "surrogateescape"
) -> list[tuple[int | None, str, str]]:
    """Run each line as a command of its own, all on one connection; what is no UTF-8 comes as `errors` says."""
    async with connect(array) as connection:
        done = [await connection.run(line, encoding="utf-8", errors=errors) for line in lines]
        return [(one.exit_status, str(one.stdout), str(one.stderr)) for one in done]


def connect(array: Address) -> "asyncssh.misc._ACMWrapper[asyncssh.SSHClientConnection]":
    return asyncssh.connect(
        array.host,
        array.port,
        username=array.username,
        password=array.password,
        known_hosts=([asyncssh.import_public_key(array.host_key)], [], []),
        client_keys=None,
        agent_path=None,
        config=None,
    )


def _bytes(data: object) -> bytes:
    assert isinstance(data, bytes)
    return data
