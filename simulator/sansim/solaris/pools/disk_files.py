"""The special files of a host's disks.

Source: illumos zpool_vdev.c, sd(4D) for the names; the paths of the hardware and the major numbers are inferred.
"""

import re
from collections.abc import Iterator

from sansim.shell import files
from sansim.solaris.pools.claims import claim
from sansim.solaris.pools.pool import Pools

__all__ = ["disk_paths", "find_disk", "find_linux_disk", "linux_disk_paths"]

_PATH = re.compile(r"/dev/(r?)dsk/(.+?)(|s\d|s1[0-5]|p[0-4])")
_LINUX_PATH = re.compile(r"/dev/(sd[a-z])(|1|9)")
_SUFFIXES = ("", *(f"s{number}" for number in range(16)), *(f"p{number}" for number in range(5)))
_LETTERS = {"": "wd"} | {suffix: chr(ord("a") + place) for place, suffix in enumerate(_SUFFIXES[1:])}
_LINUX_SUFFIXES = ("", "1", "9")
_SD_MAJOR = 197
_SCSI_MAJOR = 8
_MINORS = 64
_LINUX_MINORS = 16
_RESERVED = 8 << 20
"""Bytes of the last part of a disk that was labelled whole."""
_SYS = files.Owner("root", "sys")
_DISK = files.Owner("root", "disk")


def find_disk(pools: Pools, path: str) -> files.Device | None:
    """Return the raw or block device of a disk, or of a slice of it, as illumos has them; None where there is none."""
    match = _PATH.fullmatch(path)
    disks = pools.disks
    if match is None or match[2] not in disks:
        return None
    raw, name, suffix = match.groups()
    number = list(disks).index(name)
    return files.Device(
        "c" if raw else "b",
        _SD_MAJOR,
        number * _MINORS + _SUFFIXES.index(suffix),
        f"../../devices/pci@0,0/pci1000,30@10/sd@{number + 1},0:{_LETTERS[suffix]}{',raw' if raw else ''}",
        _SYS,
        0o640,
        disks[name].size,
        _refuse,
    )


def disk_paths(pools: Pools) -> Iterator[str]:
    """Yield the paths of all devices of disks, as illumos has them."""
    for directory in ("dsk", "rdsk"):
        for name in pools.disks:
            yield from (f"/dev/{directory}/{name}{suffix}" for suffix in _SUFFIXES)


def find_linux_disk(pools: Pools, path: str) -> files.Device | None:
    """Return the device of a disk, or of one of the parts that a pool made of it, as Linux has them."""
    match = _LINUX_PATH.fullmatch(path)
    if match is None or match[1] not in pools.disks:
        return None
    name, part = match.groups()
    disks = pools.disks
    if part and claim(pools, name) is None:
        return None
    size = {"": disks[name].size, "1": disks[name].size - _RESERVED, "9": _RESERVED}[part]
    minor = (list(disks).index(name) + 1) * _LINUX_MINORS + int(part or 0)
    return files.Device("b", _SCSI_MAJOR, minor, "", _DISK, 0o660, size, _refuse)


def linux_disk_paths(pools: Pools) -> Iterator[str]:
    """Yield the paths of all devices of disks, as Linux has them."""
    for name in pools.disks:
        parts = _LINUX_SUFFIXES if claim(pools, name) else ("",)
        yield from (f"/dev/{name}{part}" for part in parts)


def _refuse(size: int) -> None:
    """Refuse to write past the backs of the pools: what a disk holds is not simulated.

    Raises:
        OSError: Always.
    """
    raise OSError(f"Device busy: {size} bytes are not written")
