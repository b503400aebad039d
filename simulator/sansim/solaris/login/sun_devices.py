"""The special files of Solaris and illumos: a raw and a block one for each volume, and for each slice of a disk.

Source: illumos zpool_vdev.c, sd(4D) for the names; the paths of the hardware and the major numbers are inferred.
"""

import re
from collections.abc import Iterator
from functools import partial

from sansim.shell.files import Device, Owner
from sansim.solaris.login.devices import Minors, keep_disk, write_volume
from sansim.solaris.pools.pool import Pools

__all__ = ["SunDevices"]

_DISK = re.compile(r"/dev/(r?)dsk/(.+?)(|s\d|s1[0-5]|p[0-4])")
_DISK_DIRECTORIES = ("/dev/dsk", "/dev/rdsk")
_SUFFIXES = ("", *(f"s{number}" for number in range(16)), *(f"p{number}" for number in range(5)))
_LETTERS = {"": "wd"} | {suffix: chr(ord("a") + place) for place, suffix in enumerate(_SUFFIXES[1:])}
_ZVOL_MAJOR, _SD_MAJOR = 303, 197
_MINORS = 64
"""Minor numbers of one disk."""
_SYS = Owner("root", "sys")


class SunDevices:
    """The devices of the volumes and disks of a host's pools."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._minors = Minors(pools)

    def find(self, path: str) -> Device | None:
        """Return the device of a path, None when there is none now."""
        volume = self._pools.volumes.at(path)
        return self._disk(path) if volume is None else self._volume(path, volume)

    def _volume(self, path: str, volume: str) -> Device:
        raw = path.startswith("/dev/zvol/rdsk/")
        minor = self._minors.of(volume)
        up = "../" * (path.count("/") - 1)
        return Device(
            "c" if raw else "b",
            _ZVOL_MAJOR,
            minor,
            f"{up}devices/pseudo/zfs@0:{minor}{',raw' if raw else ''}",
            _SYS,
            0o600,
            self._pools.volumes.size(volume),
            partial(write_volume, self._pools, volume),
        )

    def _disk(self, path: str) -> Device | None:
        match = _DISK.fullmatch(path)
        disks = self._pools.disks
        if match is None or match[2] not in disks:
            return None
        raw, name, suffix = match.groups()
        number = list(disks).index(name)
        return Device(
            "c" if raw else "b",
            _SD_MAJOR,
            number * _MINORS + _SUFFIXES.index(suffix),
            f"../../devices/pci@0,0/pci1000,30@10/sd@{number + 1},0:{_LETTERS[suffix]}{',raw' if raw else ''}",
            _SYS,
            0o640,
            disks[name].size,
            keep_disk,
        )

    def paths(self, under: str) -> Iterator[str]:
        """Yield the paths of the devices that exist now, at least those below a directory given with its `/`."""
        yield from self._pools.volumes.paths(under)
        for directory in _DISK_DIRECTORIES:
            for name in self._pools.disks:
                yield from (f"{directory}/{name}{suffix}" for suffix in _SUFFIXES)

    def holds(self, path: str) -> bool:
        """Tell whether a path is a directory of devices: every pool and filesystem has one."""
        directory = f"{path}/"
        return path in _DISK_DIRECTORIES or any(
            prefix.startswith(directory) or self._is_filesystem(path, prefix) for prefix in self._pools.release.devices
        )

    def _is_filesystem(self, path: str, prefix: str) -> bool:
        dataset = self._pools.datasets.get(path.removeprefix(prefix)) if path.startswith(prefix) else None
        return dataset is not None and dataset.kind == "filesystem"
