"""The special files of a host's disks.

Source: illumos zpool_vdev.c, sd(4D) for the names; the paths of the hardware and the major numbers are inferred.
"""

from collections.abc import Iterable, Iterator, Mapping

from sansim.shell import files
from sansim.solaris.vdevs import Device

__all__ = ["illumos_disks", "linux_disks"]

_SD_MAJOR = 197
_SCSI_MAJOR = 8
_MINORS = 64
_LINUX_MINORS = 16
_SLICES = 16
_PARTITIONS = 5
_LINUX_PARTITIONS = (1, 9)
_RESERVED = 8 << 20
"""Bytes of the last part of a disk that was labelled whole."""
_SYS = files.Owner("root", "sys")
_DISK = files.Owner("root", "disk")


def illumos_disks(disks: Iterable[Device]) -> Mapping[str, files.Device]:
    """Return the raw and block devices of disks, their slices and partitions, by path."""
    return {path: device for number, disk in enumerate(disks) for path, device in _illumos(disk, number)}


def _illumos(disk: Device, number: int) -> Iterator[tuple[str, files.Device]]:
    parts = [("", "wd")]
    parts += [(f"s{place}", chr(ord("a") + place)) for place in range(_SLICES)]
    parts += [(f"p{place}", chr(ord("q") + place)) for place in range(_PARTITIONS)]
    for place, (suffix, letter) in enumerate(parts):
        target = f"../../devices/pci@0,0/pci1000,30@10/sd@{number + 1},0:{letter}"
        minor = number * _MINORS + place
        yield (
            f"/dev/dsk/{disk.name}{suffix}",
            files.Device("b", _SD_MAJOR, minor, target, _SYS, 0o640, disk.size, _refuse),
        )
        yield (
            f"/dev/rdsk/{disk.name}{suffix}",
            files.Device("c", _SD_MAJOR, minor, f"{target},raw", _SYS, 0o640, disk.size, _refuse),
        )


def linux_disks(disks: Iterable[Device]) -> Mapping[str, files.Device]:
    """Return the block devices of disks and of the parts that ZFS makes on them, by path."""
    return {path: device for number, disk in enumerate(disks) for path, device in _linux(disk, number + 1)}


def _linux(disk: Device, number: int) -> Iterator[tuple[str, files.Device]]:
    minor = number * _LINUX_MINORS
    yield f"/dev/{disk.name}", files.Device("b", _SCSI_MAJOR, minor, "", _DISK, 0o660, disk.size, _refuse)
    for part in _LINUX_PARTITIONS:
        size = disk.size - _RESERVED if part == _LINUX_PARTITIONS[0] else _RESERVED
        yield f"/dev/{disk.name}{part}", files.Device("b", _SCSI_MAJOR, minor + part, "", _DISK, 0o660, size, _refuse)


def _refuse(size: int) -> None:
    """Refuse to write past the pools' backs: what a disk holds is not simulated.

    Raises:
        OSError: Always.
    """
    raise OSError(f"Device busy: {size} bytes are not written")
