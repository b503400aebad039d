"""Opens what a path names: files, and the special files that give or take bytes without end."""

import os
from collections.abc import Callable, Mapping

from sansim.shell.files import Device, absolute
from sansim.shell.streams import NULL, BytesReader, FileWriter, Reader, Stream, Writer
from sansim.shell.system import Process

__all__ = ["REASONS", "open_reader", "open_writer"]

REASONS: Mapping[type[OSError], str] = {IsADirectoryError: "Is a directory", PermissionError: "Permission denied"}
"""What tools say of an error; of others that there is no such file."""

_PIECE = 1 << 16


class _Endless(Reader):
    """`/dev/zero`, `/dev/urandom`, and what a volume holds: zeros, to its end."""

    def __init__(self, make: Callable[[int], bytes], size: int | None = None) -> None:
        super().__init__()
        self._make = make
        self._left = size

    async def more(self) -> bytes:
        size = _PIECE if self._left is None else min(_PIECE, self._left)
        if self._left is not None:
            self._left -= size
        return self._make(size)


class _DeviceWriter(Writer):
    """A volume's device: it keeps how much was written, not what."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._left = device.size

    async def write(self, data: bytes) -> None:
        """Write on from where the last write ended.

        Raises:
            OSError: The device, or its pool, is full.
        """
        taken = min(len(data), self._left)
        self._left -= taken
        if self._device.write is not None and taken:
            self._device.write(taken)
        if taken < len(data):
            raise OSError("No space left on device")


_SPECIAL_READERS: dict[str, Callable[[], Reader]] = {
    "/dev/null": lambda: NULL,
    "/dev/zero": lambda: _Endless(bytes),
    "/dev/urandom": lambda: _Endless(os.urandom),
    "/dev/random": lambda: _Endless(os.urandom),
}
_STREAMS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}


def open_reader(process: Process, name: str) -> Reader:
    """Open something for reading.

    Raises:
        OSError: It is not there, may not be read, or is a directory.
    """
    files, path = process.system.files, absolute(process.cwd, name)
    stream = _descriptor(process, path)
    if isinstance(stream, Reader):
        return stream
    if path in _SPECIAL_READERS:
        return _SPECIAL_READERS[path]()
    if files.exists(path) and not files.allows(path, process.credentials, 4):
        raise PermissionError(name)
    device = files.device(path)
    return BytesReader(files.read(path)) if device is None else _Endless(bytes, device.size)


def open_writer(process: Process, name: str, *, append: bool = False) -> Writer:
    """Open something for writing; a file is made, or emptied unless it is appended to.

    Raises:
        OSError: Its directory is not there, it may not be written, or it is a directory.
    """
    files, path = process.system.files, absolute(process.cwd, name)
    stream = _descriptor(process, path)
    if isinstance(stream, Writer):
        return stream
    if path in ("/dev/null", "/dev/zero"):
        return NULL
    if files.is_directory(path):
        raise IsADirectoryError(name)
    exists, device = files.exists(path), files.device(path)
    # A new file takes the right to write in its directory.
    asked = path if exists else absolute(path, "..")
    if files.exists(asked) and not files.allows(asked, process.credentials, 2):
        raise PermissionError(name)
    if device is not None:
        return _DeviceWriter(device)
    if not exists or not append:
        files.create(path, 0o666 & ~process.umask, owner=process.owner)
    return FileWriter(files, path)


def _descriptor(process: Process, path: str) -> Stream | None:
    """Return the open descriptor that a path names, or the terminal."""
    if path == "/dev/tty" and process.console is not None:
        return process.console.output
    number = _STREAMS.get(path)
    if number is None and path.startswith("/dev/fd/") and path[8:].isdecimal():
        number = int(path[8:])
    return None if number is None else process.fds.get(number)
