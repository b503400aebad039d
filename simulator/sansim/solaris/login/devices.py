"""The special files of a host: those of its volumes, which come and go with them, and its disks."""

import re
from collections.abc import Iterator
from functools import partial

from attrs import Factory, define

from sansim.shell.files import Device, Owner
from sansim.solaris.pools.disk_files import disk_paths, find_disk, find_linux_disk, linux_disk_paths
from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.pool import Pools

__all__ = ["Devices"]

_ILLUMOS_MAJOR = 303
_LINUX_MAJOR = 230
_LINUX_STEP = 16
_LINUX_VOLUME = re.compile(r"/dev/zd\d+")
_DISK_DIRECTORIES = ("/dev/dsk", "/dev/rdsk")


@define
class Devices:
    """What lies under `/dev`.

    Attributes:
        pools: Whose volumes have devices.
        linux: Whether a volume has one block device, `zd16`, in the place of a raw and a block one.
    """

    pools: Pools
    linux: bool = False
    _minors: dict[int, int] = Factory(dict)

    def find(self, path: str) -> Device | None:
        """Return the device of a path, None when there is none now."""
        volume = self.pools.volumes.at(path)
        if volume is None and self.linux and _LINUX_VOLUME.fullmatch(path):
            volume = next((name for minor, name in self._numbered() if path == f"/dev/zd{minor}"), None)
        if volume is None:
            return find_linux_disk(self.pools, path) if self.linux else find_disk(self.pools, path)
        minor = self._minor(volume)
        size, write = self.pools.volumes.size(volume), partial(self._write, volume)
        up = "../" * (path.count("/") - 1)
        if self.linux:
            target = "" if _LINUX_VOLUME.fullmatch(path) else f"{up.removeprefix('../')}zd{minor}"
            return Device("b", _LINUX_MAJOR, minor, target, Owner("root", "disk"), 0o660, size, write)
        raw = path.startswith("/dev/zvol/rdsk/")
        target = f"{up}devices/pseudo/zfs@0:{minor}{',raw' if raw else ''}"
        return Device("c" if raw else "b", _ILLUMOS_MAJOR, minor, target, Owner("root", "sys"), 0o600, size, write)

    def paths(self) -> Iterator[str]:
        """Yield the paths of all devices that exist now."""
        yield from self.pools.volumes.paths()
        yield from linux_disk_paths(self.pools) if self.linux else disk_paths(self.pools)
        if self.linux:
            yield from (f"/dev/zd{minor}" for minor, _ in self._numbered())

    def _numbered(self) -> Iterator[tuple[int, str]]:
        """Yield the minor number and the name of every volume."""
        for path in self.pools.volumes.paths():
            volume = self.pools.volumes.at(path)
            if volume is not None:
                yield self._minor(volume), volume

    def holds(self, path: str) -> bool:
        """Tell whether a path is a directory of devices: on illumos every pool and filesystem has one."""
        if self.linux:
            return any(device.startswith(f"{path}/") for device in self.paths())
        if path in _DISK_DIRECTORIES:
            return True
        directory = f"{path}/"
        return any(
            prefix.startswith(directory) or self._is_filesystem(path, prefix) for prefix in self.pools.release.devices
        )

    def _is_filesystem(self, path: str, prefix: str) -> bool:
        dataset = self.pools.datasets.get(path.removeprefix(prefix)) if path.startswith(prefix) else None
        return dataset is not None and dataset.kind == "filesystem"

    def _write(self, volume: str, size: int) -> None:
        """Let a volume hold what was written to its device.

        Raises:
            OSError: Its pool is full, or it is gone.
        """
        try:
            self.pools.write(volume, size)
        except Refused as error:
            raise OSError("No space left on device") from error

    def _minor(self, volume: str) -> int:
        """Return a volume's minor number: the lowest that was free when it was first looked at."""
        guid = self.pools.dataset(volume).guid
        if guid not in self._minors:
            taken = set(self._minors.values())
            number = 1
            while number in taken:
                number += 1
            self._minors[guid] = number
        return self._minors[guid] * (_LINUX_STEP if self.linux else 1)
