"""The file to which a running simulator adds each exec that ends."""

import json
import os
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from sansim.config import ConfigError
from sansim.simulator import SimulatedArray, Simulator

__all__ = ["LogFile"]


class LogFile:
    """A file of JSON lines, readable for its owner only: CHAP secrets may be in it.

    It is to be entered before the simulator, and so left after it: the last exec is in it too.
    """

    def __init__(self, path: Path) -> None:
        """Say where it is; what is in it stays."""
        self._path = path
        self._lock = Lock()
        self._writers: list[Thread] = []

    def __enter__(self) -> Self:
        """Open the file.

        Raises:
            ConfigError: It cannot be written.
        """
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise ConfigError(f"cannot write the log {self._path}: {error.strerror}; name another file") from error
        self._file = os.fdopen(descriptor, "w", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers:
            writer.join()
        self._file.close()

    def follow(self, simulator: Simulator) -> None:
        """Write what ends on the arrays until they stop."""
        for array in simulator.values():
            writer = Thread(target=self._write, args=[array], name="sansim-log", daemon=True)
            self._writers.append(writer)
            writer.start()

    def _write(self, array: SimulatedArray) -> None:
        for item in array.log.follow(0):
            line = json.dumps({"array": array.name, **item.plain()}, ensure_ascii=False)
            with self._lock:
                # At once, so that whoever waits for a line finds it.
                self._file.write(f"{line}\n")
                self._file.flush()
