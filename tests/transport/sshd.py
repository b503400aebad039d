"""Servers to talk to: a plain SSH server whose commands misbehave on request, and raw TCP ones."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, Self, TypeVar

import asyncssh

PASSWORD = "pw-7Zq-x9"
USER = "root"

_QUESTION = ("", "", "", [("Password: ", False)])
_T = TypeVar("_T")
Stage = Literal["login", "channel", "exec"]


class Sshd:
    """An SSH server on a thread of its own, for `with`.

    It stalls at one stage, if told to. Its commands: `echo` (stdin to stdout), `fill N` (N bytes to stderr, then to
    stdout, then reads stdin), `status N`, `say WORD` (and goes on running), `tick N` (a dot every 0.1 s, N times),
    `mute` (ends both streams, and goes on running), `killed`, `closed`, `drop` (the connection), `bytes` (no UTF-8).
    """

    def __init__(
        self,
        *,
        interactive: bool = False,
        max_sessions: int = 1000,
        host_keys: Sequence[asyncssh.SSHKey] = (),
        authorized: asyncssh.SSHKey | None = None,
        max_keys: int = 1000,
        dies_at_password: bool = False,
        stall: Stage | None = None,
        **options: object,
    ) -> None:
        self.passwords: list[str] = []
        self.commands: list[str] = []
        self.connections: list[asyncssh.SSHServerConnection] = []
        self.open_sessions = 0
        self.most_sessions = 0
        self.interactive = interactive
        self.max_sessions = max_sessions
        self.authorized = authorized
        self.max_keys = max_keys
        self.dies_at_password = dies_at_password
        self.stall = stall
        self.released = threading.Event()
        self._began = threading.Condition()
        self._host_keys = host_keys or [asyncssh.generate_private_key("ssh-ed25519")]
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def host_key(self) -> str:
        """The first host key, as a known_hosts line has it."""
        return self._host_keys[0].export_public_key().decode().strip()

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(self._listen())
        self.port: int = self._server.get_port()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._call(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def drop_all(self) -> None:
        """Cut every connection, and come back when that is done."""
        self._call(self._abort())

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """A server that is there, and does nothing at all."""
        thawed, asleep = threading.Event(), threading.Event()

        def sleep() -> None:
            asleep.set()
            thawed.wait()

        self._loop.call_soon_threadsafe(sleep)
        asleep.wait()
        try:
            yield
        finally:
            thawed.set()

    def await_command(self, command: str) -> None:
        """Come back when `command` has begun."""
        with self._began:
            assert self._began.wait_for(lambda: command in self.commands, 10)

    def _call(self, work: Coroutine[object, object, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Server(self),
            server_host_keys=self._host_keys,
            encoding=None,
            **self._options,
        )

    async def _abort(self) -> None:
        for connection in self.connections:
            connection.abort()
        await asyncio.gather(*(connection.wait_closed() for connection in self.connections))

    async def _shut(self) -> None:
        self._server.close()
        await self._abort()
        await self._server.wait_closed()
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def process(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        with self._began:
            self.commands.append(process.command or "")
            self._began.notify_all()
        try:
            name, *words = (process.command or "").split()
            await getattr(self, f"_{name}")(process, *words)
        except (OSError, asyncssh.Error):
            pass  # the client has gone
        finally:
            self.open_sessions -= 1

    async def _echo(self, process: "asyncssh.SSHServerProcess[bytes]", *_: str) -> None:
        process.stdout.write(await process.stdin.read())
        process.exit(0)

    async def _fill(self, process: "asyncssh.SSHServerProcess[bytes]", size: str) -> None:
        for stream in (process.stderr, process.stdout):
            for _ in range(int(size) // 50_000):
                stream.write(b"x" * 50_000)
                await stream.drain()
        process.stdout.write(b"%d" % len(await process.stdin.read()))
        process.exit(0)

    async def _status(self, process: "asyncssh.SSHServerProcess[bytes]", status: str) -> None:
        process.stdout.write(b"out")
        process.stderr.write(b"err")
        process.exit(int(status))

    async def _say(self, process: "asyncssh.SSHServerProcess[bytes]", word: str) -> None:
        process.stdout.write(word.encode())
        await process.wait_closed()

    async def _tick(self, process: "asyncssh.SSHServerProcess[bytes]", times: str) -> None:
        for _ in range(int(times)):
            process.stdout.write(b".")
            await asyncio.sleep(0.1)
        process.exit(0)

    async def _mute(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        process.stdout.write_eof()
        await process.wait_closed()

    async def _killed(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        process.stdout.write(b"so far")
        process.exit_with_signal("KILL")

    async def _closed(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        process.stdout.write(b"so far")
        process.close()

    async def _drop(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        process.stdout.write(b"so far")
        process.channel.get_connection().abort()

    async def _bytes(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        process.stdout.write(b"\xff\xfe caf\xc3\xa9")
        process.exit(0)


class _Server(asyncssh.SSHServer):
    def __init__(self, sshd: Sshd) -> None:
        self._sshd = sshd
        self._keys = 0

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._sshd.connections.append(conn)

    async def begin_auth(self, username: str) -> bool:
        if self._sshd.stall == "login":
            await asyncio.Event().wait()
        return True

    def password_auth_supported(self) -> bool:
        return not self._sshd.interactive

    def validate_password(self, username: str, password: str) -> bool:
        self._sshd.passwords.append(password)
        if self._sshd.dies_at_password:
            self._connection.abort()
        return (username, password) == (USER, PASSWORD)

    def kbdint_auth_supported(self) -> bool:
        return self._sshd.interactive

    def get_kbdint_challenge(
        self, username: str, lang: str, submethods: str
    ) -> tuple[str, str, str, list[tuple[str, bool]]]:
        return _QUESTION

    def validate_kbdint_response(self, username: str, responses: Sequence[str]) -> Any:  # noqa: ANN401 - an answer or another question
        if list(responses) == [""]:
            return False
        self._sshd.passwords.extend(responses)
        # Asks again where it was wrong, as PAM does.
        return list(responses) == [PASSWORD] or _QUESTION

    def public_key_auth_supported(self) -> bool:
        return self._sshd.authorized is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        assert self._sshd.authorized
        self._keys += 1
        if self._keys > self._sshd.max_keys:
            self._connection.disconnect(asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE, "Too many failures")
        return key.public_data == self._sshd.authorized.public_data

    def session_requested(self) -> Any:  # noqa: ANN401 - a session, or the wait for one
        sshd = self._sshd
        if sshd.stall == "channel":
            return asyncio.Event().wait()
        if sshd.stall == "exec":
            return _Session(sshd.released)
        if sshd.open_sessions >= sshd.max_sessions:
            raise asyncssh.ChannelOpenError(asyncssh.OPEN_RESOURCE_SHORTAGE, "open failed")
        sshd.open_sessions += 1
        sshd.most_sessions = max(sshd.most_sessions, sshd.open_sessions)
        return asyncssh.SSHServerProcess(sshd.process, None, 3, allow_scp=False)


class _Session(asyncssh.SSHServerSession[bytes]):
    """Never says whether the command has begun."""

    def __init__(self, released: threading.Event) -> None:
        self._released = released

    def exec_requested(self, command: str) -> bool:
        self._released.wait()
        return False


@contextmanager
def raw(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """A TCP server that serves one connection at a time with `serve`; the port is free again afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def loop() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    serve(connection)

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def says(text: bytes) -> Callable[[socket.socket], object]:
    """A server that says `text`, and then listens until the client goes."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(text)
        while connection.recv(1000):
            pass

    return serve


def free_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
