"""What a session on a Solaris host was told and has found out, and the names that follow from it."""

import re
from typing import Final

from attrs import field, frozen

from sansdk.commands.comstar.itadm import InitiatorRecord

OWN: Final = "sansdk:"
"""What the names of our groups, and the last part of our targets' names, begin with."""

MARK: Final = "sansdk:guid"
NEXT_LUN: Final = "sansdk:next-lun"
DEFAULT_PREFIX: Final = "iqn.2010-08.org.illumos:02:"
OLD_PREFIX: Final = "iqn.1986-03.com.sun:02:"
DEFAULT_PORT: Final = 3260
DEVICES: Final = ("/dev/zvol/rdsk/", "/dev/zvol/dsk/")


@frozen
class Setting:
    """Where and how a session works.

    Attributes:
        array: The host, as it was connected to.
        parent: The dataset below which its volumes are: a pool, or a filesystem in one.
        portals: Addresses of the default portal group, which cannot be read: `host` or `host:port`.
        target_prefix: What the names of our targets begin with.
        max_lun: The highest LUN that is given.
        flavour: Kind of release, such as `omnios`.
        version: Release, as the host names it.
        user: Who is logged in.
    """

    array: str
    parent: str
    portals: tuple[str, ...] = ()
    target_prefix: str = DEFAULT_PREFIX
    max_lun: int = 255
    flavour: str = field(default="illumos", eq=False)
    version: str = field(default="", eq=False)
    user: str = field(default="", eq=False)

    @property
    def pool(self) -> str:
        """The pool."""
        return self.parent.partition("/")[0]

    def dataset(self, volume: str) -> str:
        """The full name of a volume."""
        return f"{self.parent}/{volume}"

    def volume(self, dataset: str) -> str | None:
        """The volume that a dataset is, relative to the parent; None for one outside."""
        inside = dataset.startswith(f"{self.parent}/")
        return dataset.removeprefix(f"{self.parent}/") if inside else None

    def device(self, volume: str) -> str:
        """The raw device of a volume."""
        return f"{DEVICES[0]}{self.dataset(volume)}"

    def default_portals(self) -> tuple[str, ...]:
        """`host:port,tag` of the default portal group."""
        return tuple(f"{_with_port(p)},1" for p in self.portals or (self.array,))


def own_groups(pool: str, pool_guid: str) -> str:
    """What the names of our target groups begin with: the pool's guid makes them unique in the world, and they move."""
    slug = re.sub(r"[^a-z0-9.-]", "-", pool.lower())
    return f"{OWN}{slug}-{f'{int(pool_guid):016x}'[:8]}:"


def target_group(pool: str, pool_guid: str, auth: str, number: int) -> str:
    """The name of our target group of that number, for targets with or without CHAP (`chap`, `none`)."""
    return f"{own_groups(pool, pool_guid)}{auth}.{number}"


def made_here(record: InitiatorRecord) -> bool:
    """Whether the SDK made a CHAP record: its user begins with `sansdk-`. One that the caller named stays."""
    return (record.user or "").startswith("sansdk-")


def host_group(initiator: str) -> str:
    """The name of the host group of an initiator."""
    return f"{OWN}{initiator.lower()}"


def dataset_of(file: str | None) -> str | None:
    """The dataset that a logical unit's data file is; None for one that is no volume."""
    for directory in DEVICES:
        if file is not None and file.startswith(directory):
            return file.removeprefix(directory)
    return None


def _with_port(address: str) -> str:
    if address.startswith("[") or address.count(":") == 1:
        return address if not address.endswith("]") else f"{address}:{DEFAULT_PORT}"
    return f"[{address}]:{DEFAULT_PORT}" if ":" in address else f"{address}:{DEFAULT_PORT}"
