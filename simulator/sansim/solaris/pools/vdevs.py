"""What pools are built of: disks, and the groups they form. Frozen values; the engine replaces them.

Source of the rules: illumos vdev.c, vdev_raidz.c, vdev_mirror.c.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import evolve, frozen

__all__ = [
    "LOG",
    "ONLINE",
    "Device",
    "Disk",
    "Removal",
    "Scan",
    "Vdev",
    "device_size",
    "leaves",
    "space_of",
    "vdev_space",
]

ONLINE = "ONLINE"
LOG = "logs"

_BLOCK = 128 << 10
_SECTOR_SHIFT = 9
_LABELS = 4608 << 10
"""Bytes of a disk that its four labels and the boot block take."""
_RESERVED = 9 << 20
"""Bytes that the table of a whole disk and its reserved slice take."""
_METASLABS = 200
_FEWEST_METASLABS = 16
_METASLAB_SHIFTS = (24, 34)
_DEFAULT_METASLAB_SHIFT = 29


@frozen
class Device:
    """A disk that the host has, or a file that serves as one.

    Attributes:
        name: The short name of a disk, the path of a file.
        size: Bytes.
        whole: Whether it is a whole disk, which is labelled before use.
    """

    name: str
    size: int
    whole: bool = True


@frozen
class Disk:
    """A disk as a member of a pool.

    Attributes:
        name: The short name of a disk, the path of a file.
        size: Bytes of the device.
        state: `ONLINE`, `OFFLINE`, `FAULTED`, `REMOVED`, `UNAVAIL`.
        temporary: Whether it is offline only until the next import.
        errors: Counts of read, write and checksum errors.
        fresh: Whether it still lacks data that are being copied to it.
        successor: The disk that takes its place, while the data are copied or as long as a spare stands in.
        spare: Whether the successor is a hot spare.
    """

    name: str
    guid: int
    size: int
    state: str = ONLINE
    temporary: bool = False
    errors: tuple[int, int, int] = (0, 0, 0)
    fresh: bool = False
    successor: "Disk | None" = None
    spare: bool = False

    @property
    def works(self) -> bool:
        """Whether the data can be read from it, or from what stands in for it."""
        return (self.state == ONLINE and not self.fresh) or (self.successor is not None and self.successor.works)

    @property
    def whole(self) -> bool:
        """Whether it and all that belongs to its place are online."""
        return self.state == ONLINE and (self.successor is None or self.successor.whole)


@frozen
class Vdev:
    """A group of disks that a pool stripes over; a lone disk is one too.

    Attributes:
        kind: `disk`, `mirror`, `raidz1`, `raidz2`, `raidz3`.
        number: Its place among the groups of the pool, as in `mirror-0`.
        size: Raw bytes, as `zpool list` counts them.
        role: What it is for: `logs`, `special`, `dedup`; empty for common data.
        ashift: The binary logarithm of its sector.
    """

    kind: str
    number: int
    disks: tuple[Disk, ...]
    size: int
    guid: int = 0
    role: str = ""
    ashift: int = _SECTOR_SHIFT

    @property
    def name(self) -> str:
        """What it is called; a lone disk by its own name."""
        return self.disks[0].name if self.kind == "disk" else f"{self.kind}-{self.number}"

    @property
    def parity(self) -> int:
        """How many disks of a raidz hold parity; 0 for other kinds."""
        return int(self.kind.removeprefix("raidz")) if self.kind.startswith("raidz") else 0

    @property
    def tolerance(self) -> int:
        """How many of its disks may fail."""
        return len(self.disks) - 1 if self.kind == "mirror" else self.parity

    @property
    def state(self) -> str:
        """`ONLINE`, `DEGRADED` or `UNAVAIL`; of a lone disk its own."""
        if self.kind == "disk" and self.disks[0].successor is None:
            return self.disks[0].state
        if sum(not disk.works for disk in self.disks) > self.tolerance:
            return "UNAVAIL"
        return ONLINE if all(disk.whole for disk in self.disks) else "DEGRADED"

    def allocated(self, size: int) -> int:
        """Return the bytes that a block of this size takes on the disks, parity and padding included."""
        sectors = -(-size // (1 << self.ashift))
        if self.parity:
            sectors += self.parity * -(-sectors // (len(self.disks) - self.parity))
            sectors = -(-sectors // (self.parity + 1)) * (self.parity + 1)
        return sectors << self.ashift

    @property
    def usable(self) -> int:
        """The bytes of data that it holds, reckoned with blocks of 128 KiB as ZFS does."""
        ratio = _BLOCK // (self.allocated(_BLOCK) >> _SECTOR_SHIFT)
        return (self.size >> _SECTOR_SHIFT) * ratio

    def with_disk(self, old: str, new: Disk | None) -> "Vdev":
        """Return it with one disk replaced, or taken away."""
        disks = (new if disk.name == old else disk for disk in self.disks)
        return evolve(self, disks=tuple(disk for disk in disks if disk is not None))


@frozen
class Scan:
    """A scrub or resilver, running or over.

    Attributes:
        function: `scrub` or `resilver`.
        end: When it ended; while it runs, when it will if nothing comes between.
        total: Bytes to examine.
        repaired: Bytes written.
        state: `scanning`, `finished`, `canceled`.
        paused: Since when a scrub rests.
    """

    function: str
    start: datetime
    end: datetime
    total: int
    repaired: int = 0
    state: str = "scanning"
    paused: datetime | None = None


@frozen
class Removal:
    """The last removal of a group of disks from a pool."""

    number: int
    copied: int
    start: datetime
    end: datetime
    memory: int


def leaves(disks: Iterable[Disk]) -> Iterator[Disk]:
    """Yield disks and the disks that stand in for them."""
    for disk in disks:
        yield disk
        if disk.successor is not None:
            yield from leaves((disk.successor,))


def space_of(device: Device) -> int:
    """Return the bytes of a device between its labels."""
    size = device.size - _LABELS - (_RESERVED if device.whole else 0)
    return max(0, size >> 18 << 18)


def vdev_space(kind: str, devices: Iterable[Device]) -> int:
    """Return the raw bytes of a new group: those of its smallest disk for a mirror, of all disks for a raidz.

    The space is cut into metaslabs of one power of two; what is left over is lost.
    """
    sizes = [space_of(device) for device in devices]
    raw = min(sizes) * (len(sizes) if kind.startswith("raidz") else 1)
    shift = _DEFAULT_METASLAB_SHIFT
    if raw >> shift < _FEWEST_METASLABS:
        shift = max(_METASLAB_SHIFTS[0], (raw // _FEWEST_METASLABS).bit_length())
    elif raw >> shift > _METASLABS:
        shift = min(_METASLAB_SHIFTS[1], (raw // _METASLABS).bit_length())
    return raw >> shift << shift


def device_size(space: int) -> int:
    """Return the bytes of a whole disk that offers a pool so much space."""
    return space + _LABELS + _RESERVED
