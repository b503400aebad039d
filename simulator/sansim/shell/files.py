"""The files of a simulated host: a tree in memory, and devices that come and go by themselves."""

import posixpath
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from attrs import Factory, define, field, frozen

from sansim.program import Credentials

__all__ = ["ROOT", "Device", "Files", "Owner", "absolute"]

_MOST_LINKS = 20


@frozen
class Owner:
    """Whose a file is: the names of a user and a group."""

    user: str
    group: str


ROOT = Owner("root", "root")


@frozen
class Device:
    """A special file.

    Attributes:
        kind: `b` for a block device, `c` for a character device.
        major, minor: Its numbers.
        target: Where the name under `/dev` points, as it is written; empty where it is the device itself.
        owner: Whose it is.
        mode: Its permissions.
        size: The bytes that it holds.
        write: Notes that so many bytes were written.
    """

    kind: str
    major: int
    minor: int
    target: str = ""
    owner: Owner = ROOT
    mode: int = 0o600
    size: int = 0
    write: Callable[[int], None] | None = None


@define
class _Node:
    """A regular file, a symbolic link when it has a target, or a directory when it has no content."""

    content: bytearray | None
    mode: int
    owner: Owner
    modified: datetime
    target: str = ""


def _no_device(_path: str) -> Device | None:
    return None


def _no_devices(_under: str) -> Iterable[str]:
    return ()


_MEMORY = {
    f"/dev/{name}": Device("c", 13, minor, f"../devices/pseudo/mm@0:{name}", Owner("root", "sys"), 0o666)
    for name, minor in (("null", 2), ("zero", 12), ("random", 0), ("urandom", 1), ("tty", 0))
}


def _now() -> datetime:
    return datetime.now(UTC)


@define
class Files:
    """All files of a host, by absolute path. Paths given are absolute and normal (see `absolute`).

    Symbolic links are followed, but by `remove`, `rename`, `is_link`, `target` and the last part in `entries`.

    Attributes:
        find_device: Returns the device of a path, None when there is none now.
        devices: Lists the devices that exist now, at least those below a directory given with its `/`.
        holds_devices: Tells whether a path is a directory of such devices.
        now: Tells the time.
        next_command: Is told when a command begins, which may look at files.
    """

    find_device: Callable[[str], Device | None] = _no_device
    devices: Callable[[str], Iterable[str]] = _no_devices
    holds_devices: Callable[[str], bool] = lambda _path: False
    now: Callable[[], datetime] = _now
    next_command: Callable[[], None] = lambda: None
    _nodes: dict[str, _Node] = Factory(dict)
    _links: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._nodes.setdefault("/", _Node(None, 0o755, ROOT, self.now()))

    def clear(self) -> None:
        """Remove everything but the root."""
        self._nodes.clear()
        self._links = 0
        self.__attrs_post_init__()

    def exists(self, path: str) -> bool:
        """Tell whether there is anything of that name; a link to nothing is nothing."""
        path = self.real(path)
        return path in self._nodes or self.device(path) is not None or self._holds_devices(path)

    def device(self, path: str) -> Device | None:
        """Return the device of a path, None when it is none."""
        return (_MEMORY.get(path) or self.find_device(path)) if path.startswith("/dev/") else None

    def is_file(self, path: str) -> bool:
        """Tell whether it is a regular file."""
        node = self._nodes.get(self.real(path))
        return node is not None and node.content is not None

    def is_directory(self, path: str) -> bool:
        """Tell whether it is a directory."""
        path = self.real(path)
        node = self._nodes.get(path)
        return (node is not None and node.content is None) or self._holds_devices(path)

    def is_link(self, path: str) -> bool:
        """Tell whether it is a symbolic link."""
        return bool(self.target(path))

    def target(self, path: str) -> str:
        """Return where a symbolic link points, as it was written; empty when it is none."""
        node = self._nodes.get(self._named(path))
        if node is not None:
            return node.target
        device = self.device(path)
        return "" if device is None else device.target

    def real(self, path: str) -> str:
        """Return a path without symbolic links; what is not there stays as it is named."""
        node = self._nodes.get(path)
        if not self._links or (node is not None and not node.target):
            return path
        return self._resolved(path, _MOST_LINKS)

    def _resolved(self, path: str, most: int) -> str:
        found = "/"
        for part in path.split("/"):
            found = posixpath.join(found, part)
            node = self._nodes.get(found)
            if node is not None and node.target:
                if not most:
                    return path
                found = self._resolved(absolute(posixpath.dirname(found), node.target), most - 1)
        return found

    def _named(self, path: str) -> str:
        """Return a path whose last part is left as it is, links before it followed."""
        if not self._links or path in self._nodes:
            return path
        return posixpath.join(self.real(posixpath.dirname(path)), posixpath.basename(path))

    def _holds_devices(self, path: str) -> bool:
        return path.startswith("/dev/") and self.holds_devices(path)

    def mode(self, path: str) -> int:
        """Return the permissions; nothing when there is no such file."""
        path = self.real(path)
        node = self._nodes.get(path)
        if node is not None:
            return node.mode
        device = self.device(path)
        return device.mode if device is not None else 0o755 if self._holds_devices(path) else 0

    def owner(self, path: str) -> Owner:
        """Return whose it is."""
        node = self._nodes.get(self.real(path))
        if node is not None:
            return node.owner
        device = self.device(path)
        return ROOT if device is None else device.owner

    def allows(self, path: str, who: Credentials, bits: int) -> bool:
        """Tell whether somebody may read (4), write (2) or execute (1) what is there."""
        if who.root:
            return True
        owner = self.owner(path)
        shift = 6 if owner.user == who.user else 3 if owner.group in who.groups else 0
        return bool(self.mode(path) >> shift & bits)

    def may_remove(self, path: str, who: Credentials) -> bool:
        """Tell whether somebody may remove or rename a name.

        It takes the right to write in its directory and, where that has the sticky bit, to own the one or the other.
        """
        path = self._named(path)
        directory = posixpath.dirname(path)
        if who.root or not self.allows(directory, who, 2):
            return who.root
        sticky = self.mode(directory) & 0o1000
        return not sticky or who.user in (self.owner(path).user, self.owner(directory).user)

    def modified(self, path: str) -> datetime:
        """Return when its content last changed."""
        node = self._nodes.get(self.real(path))
        return self.now() if node is None else node.modified

    def chmod(self, path: str, mode: int) -> None:
        """Set the permissions."""
        self._node(path).mode = mode

    def chown(self, path: str, owner: Owner) -> None:
        """Give it to somebody else."""
        self._node(path).owner = owner

    def touch(self, path: str, at: datetime) -> None:
        """Say when its content last changed."""
        self._node(path).modified = at

    def size(self, path: str) -> int:
        """Return the bytes of a regular file, 0 for others."""
        node = self._nodes.get(self.real(path))
        return 0 if node is None or node.content is None else len(node.content)

    def read(self, path: str) -> bytes:
        """Return the content of a regular file.

        Raises:
            OSError: There is none.
        """
        return b"" if path == "/dev/null" else bytes(self._content(path))

    def create(self, path: str, mode: int = 0o644, content: bytes = b"", owner: Owner = ROOT) -> None:
        """Make a regular file, or give one that is there a new content; its mode and owner then stay.

        Raises:
            OSError: Its directory is not there, or it is a directory itself.
        """
        path = self.real(path)
        if path in self._nodes:
            self._content(path)[:] = content
            self._nodes[path].modified = self.now()
        elif self._holds_devices(path):
            raise IsADirectoryError(path)
        elif not self.is_directory(posixpath.dirname(path)):
            raise FileNotFoundError(path)
        else:
            self._nodes[path] = _Node(bytearray(content), mode, owner, self.now())

    def append(self, path: str, data: bytes) -> None:
        """Write at the end of a regular file.

        Raises:
            OSError: There is none.
        """
        self._content(path).extend(data)
        self._node(path).modified = self.now()

    def link(self, path: str, target: str) -> None:
        """Make a symbolic link.

        Raises:
            OSError: There is something of that name, or no directory for it.
        """
        path = self._named(path)
        if path in self._nodes:
            raise FileExistsError(path)
        if not self.is_directory(posixpath.dirname(path)):
            raise FileNotFoundError(path)
        self._nodes[path] = _Node(bytearray(), 0o777, ROOT, self.now(), target)
        self._links += 1

    def mkdir(self, path: str, mode: int = 0o755, owner: Owner = ROOT) -> None:
        """Make a directory and the ones above it; one that is there stays as it is."""
        path = self.real(path)
        if path not in self._nodes:
            self.mkdir(posixpath.dirname(path), owner=owner)
            self._nodes[path] = _Node(None, mode, owner, self.now())

    def remove(self, path: str) -> None:
        """Remove a file, a link itself, or a directory with all in it.

        Raises:
            OSError: There is none.
        """
        path = self._named(path)
        if path not in self._nodes:
            raise FileNotFoundError(path)
        inside = [name for name in self._nodes if name.startswith(f"{path}/")] if self.is_directory(path) else []
        for name in [*inside, path]:
            self._links -= bool(self._nodes.pop(name).target)

    def rename(self, old: str, new: str) -> None:
        """Move a file, a link itself, or a directory.

        Raises:
            OSError: It is not there, or the new place has no directory.
        """
        old, new = self._named(old), self._named(new)
        if old not in self._nodes:
            raise FileNotFoundError(old)
        if not self.is_directory(posixpath.dirname(new)):
            raise FileNotFoundError(new)
        if new in self._nodes and new != old:
            self.remove(new)
        moved = [name for name in self._nodes if name == old or name.startswith(f"{old}/")]
        for name in moved:
            self._nodes[new + name[len(old) :]] = self._nodes.pop(name)

    def entries(self, path: str) -> list[str]:
        """Return the names in a directory, sorted."""
        prefix = self.real(path).rstrip("/") + "/"
        paths = [*self._nodes, *(self.devices(prefix) if prefix.startswith("/dev/") else ())]
        return sorted({name[len(prefix) :].partition("/")[0] for name in paths if name.startswith(prefix)} - {""})

    def _node(self, path: str) -> _Node:
        path = self.real(path)
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
