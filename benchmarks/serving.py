"""A server to measure, in a process of its own: `python -m benchmarks.serving constant|hosts JSON`.

It says where it listens as a line of JSON, answers each word on its standard input by one of JSON, and ends with its
input.
"""

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

import asyncssh

from sansim import ArrayConfig, SimulatedArray, Simulator

__all__ = ["main"]

_VOLUME_SIZE = 1 << 30
_BLOCK_SIZE = 8 << 10
_MIB = 1 << 20
_REST = 0.01


def main() -> None:
    """Serve what the arguments ask for until the input ends."""
    kind, what = sys.argv[1], json.loads(sys.argv[2])
    if kind == "constant":
        _serve_constant(what)
    else:
        _serve_hosts(what)


def _serve_constant(answer: str) -> None:
    """Let anybody in, and answer whatever they type with the same text."""
    loop = asyncio.new_event_loop()
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = asyncssh.create_server(
        lambda: _Door(answer.encode()),
        "127.0.0.1",
        0,
        server_host_keys=[key],
        encoding=None,
        line_editor=False,
        compression_algs=None,
    )
    port = loop.run_until_complete(server).get_port()
    Thread(target=loop.run_forever, daemon=True).start()
    door = {
        "host": "127.0.0.1",
        "port": port,
        "username": "admin",
        "password": "any",
        "host_key": key.export_public_key().decode().strip(),
    }
    _converse({"constant": door}, {})


class _Answerer(asyncssh.SSHServerSession[bytes]):
    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._chan = chan

    def exec_requested(self, _command: str) -> bool:
        return True

    def session_started(self) -> None:
        self._chan.write(self._answer)
        self._chan.exit(0)


class _Door(asyncssh.SSHServer):
    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return True

    def session_requested(self) -> _Answerer:
        return _Answerer(self._answer)


def _serve_hosts(volumes: Mapping[str, int]) -> None:
    """Simulate Solaris hosts by name, each with so many volumes `tank/v000000` and on."""
    gc.collect()
    before = _resident()
    with Simulator([ArrayConfig(name=name, kind="solaris") for name in volumes]) as simulator:
        for name, number in volumes.items():
            _populate(simulator[name], number)
        watch = _Watch()
        watching = asyncio.run_coroutine_threadsafe(watch.watch(), simulator._loop)  # noqa: SLF001 - it is looked into
        _converse(
            {array.name: array.description() for array in simulator.values()},
            {
                "MiB taken": lambda: _resident() - before,
                "MiB": _resident,
                "MiB at most": _peak,
                "watch": watch.begin,
                "longest slice": watch.end,
            },
        )
        watching.cancel()


def _populate(array: SimulatedArray, number: int) -> None:
    pools = array.solaris.pools
    with array.state.change():
        for place in range(number):
            pools.create_volume(f"tank/v{place:06}", _VOLUME_SIZE, _BLOCK_SIZE)


class _Watch:
    """Measures the longest time that a loop is kept from going round, in seconds of its thread's processor time."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._watching = False

    def begin(self) -> float:
        """Measure from now on."""
        self._longest = 0.0
        self._watching = True
        return 0.0

    def end(self) -> float:
        """Measure no more, and return what was found."""
        self._watching = False
        return self._longest

    async def watch(self) -> None:
        """Run in the loop for ever."""
        while True:
            if not self._watching:
                await asyncio.sleep(_REST)
                continue
            last = time.thread_time()
            await asyncio.sleep(0)
            self._longest = max(self._longest, time.thread_time() - last)


def _resident() -> float:
    """Return the memory that this process has in use, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / _MIB


def _peak() -> float:
    """Return the most memory that this process has had in use, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _converse(opening: object, answers: Mapping[str, Callable[[], float]]) -> None:
    print(json.dumps(opening), flush=True)  # noqa: T201 - this is how it talks
    for line in sys.stdin:
        print(json.dumps(answers[line.strip()]()), flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    main()
