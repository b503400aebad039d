"""The simulator's end of the control socket."""

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from threading import Event, Thread
from types import TracebackType
from typing import Self

from sansim.control.places import claim, default_path
from sansim.control.protocol import ControlError, decoded, encoded, is_trusted, user_of
from sansim.control.steering import Steering
from sansim.control.verbs import answers
from sansim.simulator import Simulator

__all__ = ["Control"]

_LAST_WORDS = 5.0
_OWNER_ALONE = 0o177
_logger = logging.getLogger("sansim")


class Control:
    """A control socket while the `with` block runs; who asks before `open` waits.

    It is to be entered before the simulator, and so left after it: who follows the log gets the last exec too.

    Attributes:
        path: Where the socket is.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Say where the socket is to be; by default in the user's runtime directory, named after the process."""
        self._given = path
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        """Make the socket.

        Raises:
            ControlError: There is no place for it.
        """
        self.path = default_path() if self._given is None else self._given.absolute()
        claim(self.path)
        before = os.umask(_OWNER_ALONE)
        try:
            self._server = _Server(self.path)
        except OSError as error:
            raise ControlError(
                f"cannot make the control socket {self.path}: {error.strerror or error}; "
                "name another with --control PATH"
            ) from error
        finally:
            os.umask(before)
        self._inode = self.path.stat().st_ino
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
        with suppress(FileNotFoundError):
            # Whoever took the path meanwhile keeps it.
            if self.path.stat().st_ino == self._inode:
                self.path.unlink()
        self._server.end()

    def open(self, simulator: Simulator, stop: Callable[[], None]) -> None:
        """Begin to answer.

        Args:
            simulator: What is steered.
            stop: Called when the simulator is asked to stop.
        """
        self._server.steering = Steering(simulator, stop)
        self._thread = Thread(target=self._server.serve_forever, name="sansim-control", daemon=True)
        self._thread.start()


class _Server(ThreadingUnixStreamServer):
    """Serves each connection in a thread of its own.

    Attributes:
        steering: What requests are about.
        talking: The connections that stand, each with what is set when it ended.
    """

    daemon_threads = True
    request_queue_size = 64
    steering: Steering

    def __init__(self, path: Path) -> None:
        self.talking: dict[socket.socket, Event] = {}
        super().__init__(str(path), _Handler)

    def verify_request(self, request: socket.socket, _client_address: object) -> bool:  # type: ignore[override]
        """Turn away whoever is not the owner, should the socket's mode not do so already."""
        return is_trusted(user_of(request))

    def end(self) -> None:
        """Let every connection have its last words, and close it."""
        for connection, ended in tuple(self.talking.items()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
            ended.wait(_LAST_WORDS)
        self.server_close()


class _Handler(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        ended = self.server.talking.setdefault(self.connection, Event())
        try:
            for line in self.rfile:
                self._answer(line)
        except ConnectionError:
            _logger.debug("a client of the control socket went in the midst of an answer")
        finally:
            del self.server.talking[self.connection]
            ended.set()

    def _answer(self, line: bytes) -> None:
        try:
            for answer in answers(self.server.steering, decoded(line), self._is_gone):
                self.wfile.write(encoded(answer))
        except ControlError as refused:
            self.wfile.write(encoded({"error": str(refused)}))
        except ConnectionError:
            raise
        except Exception as error:
            _logger.exception("a request on the control socket failed inside the simulator")
            message = f"internal error: {error!r}; see the simulator's own output"
            self.wfile.write(encoded({"error": message}))

    def _is_gone(self) -> bool:
        """Tell whether the client closed its end, without waiting."""
        try:
            read: bytes = self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        return not read
