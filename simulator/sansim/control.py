"""The control socket of a simulator that runs as a process of its own.

A local socket that only its user may open; one JSON object a line in each direction:

    {"do": "arrays"}                                        {"arrays": [{"name": …}, …]}
    {"do": "log", "array": NAME}                            {"log": [{"text": …, "programs": […]}, …]}
    {"do": "fault", "array": NAME, "fault": {"kind": …}}    {"faults": 1}
    {"do": "clear-faults", "array": NAME}                   {"faults": 0}
    {"do": "advance", "array": NAME, "seconds": 60}         {"now": "2026-01-01T00:01:00+00:00"}

What is not understood is answered with {"error": …}.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

from sansim.faults import fault_of
from sansim.simulator import SimulatedArray, Simulator

__all__ = ["Control"]

Request = Mapping[str, Any]
Reply = dict[str, object]


class Control:
    """Answers on the control socket while the `with` block runs.

    Attributes:
        path: Where the socket is.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="sansim-"))
        self.path = self._directory / "control"
        self._server = _Server(str(self.path), simulator)
        self.path.chmod(0o600)
        self._thread = Thread(target=self._server.serve_forever, name="sansim-control", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        shutil.rmtree(self._directory)


class _Server(ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, simulator: Simulator) -> None:
        super().__init__(path, _Handler)
        self.simulator = simulator


class _Handler(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        for line in self.rfile:
            self.wfile.write(json.dumps(_reply(self.server.simulator, line)).encode() + b"\n")


def _reply(simulator: Simulator, line: bytes) -> Reply:
    """Answer one line."""
    try:
        request = json.loads(line)
        if request["do"] == "arrays":
            return {"arrays": [array.description() for array in simulator.values()]}
        return _ACTIONS[request["do"]](simulator[request["array"]], request)
    except (KeyError, TypeError, ValueError) as error:
        return {"error": f"not understood: {error!r}; actions are arrays, {', '.join(_ACTIONS)}"}


def _log(array: SimulatedArray, _request: Request) -> Reply:
    return {"log": [item.plain() for item in array.log]}


def _fault(array: SimulatedArray, request: Request) -> Reply:
    array.faults.add(fault_of(request["fault"]))
    return {"faults": len(array.faults)}


def _clear(array: SimulatedArray, _request: Request) -> Reply:
    array.faults.clear()
    return {"faults": len(array.faults)}


def _advance(array: SimulatedArray, request: Request) -> Reply:
    array.clock.advance(float(request["seconds"]))
    return {"now": array.clock.now().isoformat()}


_ACTIONS: dict[str, Callable[[SimulatedArray, Request], Reply]] = {
    "log": _log,
    "fault": _fault,
    "clear-faults": _clear,
    "advance": _advance,
}
