"""The files of a simulated host: a tree in memory, and devices that come and go by themselves."""

import posixpath
from collections.abc import Callable, Iterable

from attrs import Factory, define

__all__ = ["Files", "absolute"]


@define
class _Node:
    """A regular file, or a directory when it has no content."""

    content: bytearray | None
    mode: int


def _no_device(_path: str) -> bool:
    return False


@define
class Files:
    """All files of a host, by absolute path. Paths given are absolute and normal (see `absolute`).

    Attributes:
        is_device: Tells whether a path is a device that exists now.
        devices: Lists the devices that exist now.
    """

    is_device: Callable[[str], bool] = _no_device
    devices: Callable[[], Iterable[str]] = tuple
    _nodes: dict[str, _Node] = Factory(lambda: {"/": _Node(None, 0o755)})

    def exists(self, path: str) -> bool:
        """Tell whether there is anything of that name."""
        return path in self._nodes or path == "/dev/null" or self.is_device(path) or self._holds_devices(path)

    def is_file(self, path: str) -> bool:
        """Tell whether it is a regular file."""
        node = self._nodes.get(path)
        return node is not None and node.content is not None

    def is_directory(self, path: str) -> bool:
        """Tell whether it is a directory."""
        node = self._nodes.get(path)
        return (node is not None and node.content is None) or self._holds_devices(path)

    def _holds_devices(self, path: str) -> bool:
        return path.startswith("/dev/zvol/") and any(name.startswith(f"{path}/") for name in self.devices())

    def mode(self, path: str) -> int:
        """Return the permissions; 0 when there is no such file."""
        node = self._nodes.get(path)
        return 0 if node is None else node.mode

    def chmod(self, path: str, mode: int) -> None:
        """Set the permissions."""
        self._node(path).mode = mode

    def size(self, path: str) -> int:
        """Return the bytes of a regular file, 0 for others."""
        node = self._nodes.get(path)
        return 0 if node is None or node.content is None else len(node.content)

    def read(self, path: str) -> bytes:
        """Return the content of a regular file.

        Raises:
            OSError: There is none.
        """
        return b"" if path == "/dev/null" else bytes(self._content(path))

    def create(self, path: str, mode: int = 0o644, content: bytes = b"") -> None:
        """Make a regular file, or give one that is there a new content; its mode then stays.

        Raises:
            OSError: Its directory is not there, or it is a directory itself.
        """
        if path in self._nodes:
            self._content(path)[:] = content
        elif not self.is_directory(posixpath.dirname(path)):
            raise FileNotFoundError(path)
        else:
            self._nodes[path] = _Node(bytearray(content), mode)

    def append(self, path: str, data: bytes) -> None:
        """Write at the end of a regular file.

        Raises:
            OSError: There is none.
        """
        self._content(path).extend(data)

    def mkdir(self, path: str, mode: int = 0o755) -> None:
        """Make a directory and the ones above it; one that is there stays as it is."""
        if path not in self._nodes:
            self.mkdir(posixpath.dirname(path))
            self._nodes[path] = _Node(None, mode)

    def remove(self, path: str) -> None:
        """Remove a file, or a directory with all in it.

        Raises:
            OSError: There is none.
        """
        self._node(path)
        for name in [name for name in self._nodes if name.startswith(f"{path}/")] if self.is_directory(path) else ():
            del self._nodes[name]
        del self._nodes[path]

    def rename(self, old: str, new: str) -> None:
        """Move a file or a directory.

        Raises:
            OSError: It is not there, or the new place has no directory.
        """
        self._node(old)
        if not self.is_directory(posixpath.dirname(new)):
            raise FileNotFoundError(new)
        moved = [name for name in self._nodes if name == old or name.startswith(f"{old}/")]
        for name in moved:
            self._nodes[new + name[len(old) :]] = self._nodes.pop(name)

    def entries(self, path: str) -> list[str]:
        """Return the names in a directory, sorted."""
        prefix = path.rstrip("/") + "/"
        paths = [*self._nodes, *(self.devices() if prefix.startswith("/dev/zvol/") else ())]
        return sorted({name[len(prefix) :].partition("/")[0] for name in paths if name.startswith(prefix)} - {""})

    def _node(self, path: str) -> _Node:
        node = self._nodes.get(path)
        if node is None:
            raise FileNotFoundError(path)
        return node

    def _content(self, path: str) -> bytearray:
        content = self._node(path).content
        if content is None:
            raise IsADirectoryError(path)
        return content


def absolute(cwd: str, path: str) -> str:
    """Return the absolute, normal form of a path."""
    return "/" + posixpath.normpath(posixpath.join(cwd, path)).lstrip("/")
