"""The special files of Linux: a block device for each volume, `zd16`, with a link of its name, and one for each disk.

Source: OpenZFS's zvol_id and its udev rules for the names; the major numbers are those of Linux's devices.txt,
that of `zd` is inferred.
"""

import re
from collections.abc import Iterator
from functools import partial

from sansim.shell.files import Device, Owner
from sansim.solaris.login.devices import Minors, keep_disk, write_volume
from sansim.solaris.pools.claims import claim
from sansim.solaris.pools.pool import Pools

__all__ = ["LinuxDevices"]

_DISK = re.compile(r"/dev/(sd[a-z])(|1|9)")
_VOLUME = re.compile(r"/dev/zd\d+")
_ZD_MAJOR, _SCSI_MAJOR = 230, 8
_MINORS = 16
"""Minor numbers of one disk or volume: itself, and its partitions."""
_PARTS = ("", "1", "9")
_RESERVED = 8 << 20
"""Bytes of the last part of a disk that a pool has taken whole."""
_OWNER = Owner("root", "disk")


class LinuxDevices:
    """The devices of the volumes and disks of a host's pools."""

    def __init__(self, pools: Pools) -> None:
        self._pools = pools
        self._minors = Minors(pools)

    def find(self, path: str) -> Device | None:
        """Return the device of a path, None when there is none now."""
        if _VOLUME.fullmatch(path):
            volume = next((name for name in self._pools.volumes.shown() if path == self._device(name)), None)
            return None if volume is None else self._volume(volume, "")
        volume = self._pools.volumes.at(path)
        if volume is None:
            return self._disk(path)
        up = "../" * (path.count("/") - 2)
        return self._volume(volume, up + self._device(volume).removeprefix("/dev/"))

    def _volume(self, volume: str, target: str) -> Device:
        return Device(
            "b",
            _ZD_MAJOR,
            self._minors.of(volume) * _MINORS,
            target,
            _OWNER,
            0o660,
            self._pools.volumes.size(volume),
            partial(write_volume, self._pools, volume),
        )

    def _disk(self, path: str) -> Device | None:
        match = _DISK.fullmatch(path)
        disks = self._pools.disks
        if match is None or match[1] not in disks or (match[2] and claim(self._pools, match[1]) is None):
            return None
        name, part = match.groups()
        size = {"": disks[name].size, "1": disks[name].size - _RESERVED, "9": _RESERVED}[part]
        minor = (list(disks).index(name) + 1) * _MINORS + int(part or 0)
        return Device("b", _SCSI_MAJOR, minor, "", _OWNER, 0o660, size, keep_disk)

    def paths(self, under: str) -> Iterator[str]:
        """Yield the paths of the devices that exist now, at least those below a directory given with its `/`."""
        yield from self._pools.volumes.paths(under)
        for name in self._pools.disks:
            parts = _PARTS if claim(self._pools, name) else ("",)
            yield from (f"/dev/{name}{part}" for part in parts)
        yield from (self._device(volume) for volume in self._pools.volumes.shown())

    def holds(self, path: str) -> bool:
        """Tell whether a path is a directory of devices: there is none without a volume."""
        prefixes = self._pools.release.devices
        shown = (prefix + name for name in self._pools.volumes.shown() for prefix in prefixes)
        return any(device.startswith(f"{path}/") for device in shown)

    def _device(self, volume: str) -> str:
        return f"/dev/zd{self._minors.of(volume) * _MINORS}"
