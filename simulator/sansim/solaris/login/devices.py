"""What the special files of all systems have in common; which ones there are is each system's own matter."""

from collections.abc import Iterator
from typing import Protocol

from attrs import Factory, define

from sansim.shell.files import Device
from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.pool import Pools

__all__ = ["Devices", "Minors", "keep_disk", "write_volume"]


class Devices(Protocol):
    """What lies under `/dev` of a host: files of its volumes, which come and go with them, and of its disks."""

    def find(self, path: str) -> Device | None:
        """Return the device of a path, None when there is none now."""

    def paths(self, under: str) -> Iterator[str]:
        """Yield the paths of the devices that exist now, at least those below a directory given with its `/`."""

    def holds(self, path: str) -> bool:
        """Tell whether a path is a directory of devices."""


@define
class Minors:
    """Numbers of volumes, from 1: each has the lowest that was free when it was first looked at, and keeps it."""

    pools: Pools
    _by_guid: dict[int, int] = Factory(dict)

    def of(self, volume: str) -> int:
        """Return a volume's number."""
        guid = self.pools.dataset(volume).guid
        if guid not in self._by_guid:
            taken = set(self._by_guid.values())
            number = 1
            while number in taken:
                number += 1
            self._by_guid[guid] = number
        return self._by_guid[guid]


def write_volume(pools: Pools, volume: str, size: int) -> None:
    """Let a volume hold what was written to its device.

    Raises:
        OSError: Its pool is full, or it is gone.
    """
    try:
        pools.write(volume, size)
    except Refused as error:
        raise OSError("No space left on device") from error


def keep_disk(size: int) -> None:
    """Refuse to write past the backs of the pools: what a disk holds is not simulated.

    Raises:
        OSError: Always.
    """
    raise OSError(f"Device busy: {size} bytes are not written")
