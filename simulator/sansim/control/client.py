"""The client's end of the control socket."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sansim.control.protocol import ControlError, decoded, encoded, is_trusted, user_of

__all__ = ["Client"]


class Client:
    """A connection to a running simulator.

    Args:
        path: Its control socket.

    Raises:
        ControlError: Nobody answers there who is to be trusted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX)
        try:
            self._socket.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            self._socket.close()
            raise ControlError(
                f"no simulator answers at {path}; start one with `sansim serve --control {path}`, or name another"
            ) from error
        except OSError as error:
            self._socket.close()
            raise ControlError(f"cannot use the control socket {path}: {error.strerror or error}") from error
        user = user_of(self._socket)
        if not is_trusted(user):
            self._socket.close()
            raise ControlError(f"somebody else (user {user}) answers at {path}, who is not trusted; name another")
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        self._socket.close()

    def ask(self, do: str, **values: object) -> dict[str, Any]:
        """Ask for something and return the answer.

        Raises:
            ControlError: It was refused, or the simulator stopped.
        """
        self._send(do, values)
        return self._answer()

    def execs(self, **values: object) -> Iterator[dict[str, Any]]:
        """Ask for the log and yield its execs as they come.

        Raises:
            ControlError: It was refused, or the simulator was killed.
        """
        self._send("log", values)
        while (answer := self._answer()).get("exec") is not None:
            yield answer["exec"]

    def hang_up(self) -> None:
        """Break off what is being read, from another thread."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def until_closed(self) -> None:
        """Return when the simulator has stopped."""
        with suppress(ConnectionError):
            self._lines.read()

    def _send(self, do: str, values: dict[str, object]) -> None:
        given = {key: value for key, value in values.items() if value is not None}
        try:
            self._socket.sendall(encoded({"do": do, **given}))
        except ConnectionError as error:
            raise self._stopped() from error

    def _answer(self) -> dict[str, Any]:
        try:
            line = self._lines.readline()
        except ConnectionError as error:
            raise self._stopped() from error
        if not line:
            raise self._stopped()
        answer = decoded(line)
        if "error" in answer:
            raise ControlError(str(answer["error"]))
        return {key: value for key, value in answer.items() if key != "version"}

    def _stopped(self) -> ControlError:
        return ControlError(f"the simulator at {self._path} stopped before it answered")
