"""Volumes, their snapshots and properties. Source of forms and outputs: illumos zfs_main.c."""

from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from sansdk.commands.base import Command, Pace, SilentChange, register
from sansdk.commands.zfs.refusals import ZFS_REFUSALS
from sansdk.commands.zfs.rows import moment, number, only_row, optional, rows


@frozen
class ZfsVolume:
    """A dataset as `zfs list` shows it.

    Attributes:
        name: Pool and path, `tank/a/b`.
        type: `volume`; of what VolumeDetails was asked for also `filesystem` or `snapshot`.
        size: volsize in bytes; 0 where it is no volume.
        used: Bytes, reservation, snapshots and children included.
        referenced: Bytes that the data now in it occupies.
        created: When.
        origin: The snapshot that it is a clone of, `tank/v@a`.
        refreservation: Bytes; 0 of a thin volume.
        volblocksize: Bytes; 0 where it is no volume.
        guid: ZFS's own, decimal; stays with the dataset under any name.
        lu_guid: The mark `sansdk:guid`: the GUID of its logical unit.
        owner: The mark `sansdk:owner`.
    """

    name: str
    type: str
    size: int
    used: int = field(eq=False)
    referenced: int = field(eq=False)
    created: datetime
    origin: str | None
    refreservation: int
    volblocksize: int
    guid: str
    lu_guid: str | None
    owner: str | None


@frozen
class ZfsSnapshot:
    """A snapshot: its full name `tank/v@a`, bytes that it alone holds and refers to, GUID, number of holds."""

    name: str
    created: datetime
    used: int = field(eq=False)
    referenced: int
    guid: str
    holds: int


@frozen
class Property:
    """A property's value and where it comes from: `-`, `default`, `local`, `inherited from X`, `received`."""

    value: str
    source: str


@frozen
class Space:
    """What a dataset may still take, and what it and all below it take, in bytes."""

    available: int
    used: int


_COLUMNS: Final = 12


@register
@frozen
class CreateVolume(SilentChange):
    """Make a volume of `size` bytes, a multiple of its block size, with properties `name=value`."""

    template = "zfs/create.j2"
    refusals = ZFS_REFUSALS

    name: str
    size: int
    thin: bool
    properties: tuple[str, ...] = ()


@register
@frozen
class Destroy(SilentChange):
    """Destroy one volume or snapshot, never what depends on it."""

    template = "zfs/destroy.j2"
    pace = Pace.LONG
    refusals = ZFS_REFUSALS

    name: str


@register
@frozen
class SetProperties(SilentChange):
    """Set properties, each `name=value`. Releases before about 2015 take one a call."""

    template = "zfs/set.j2"
    repeatable = True
    refusals = ZFS_REFUSALS

    name: str
    properties: tuple[str, ...]


@register
@frozen
class InheritProperty(SilentChange):
    """Take a property's own value off a dataset."""

    template = "zfs/inherit.j2"
    repeatable = True
    refusals = ZFS_REFUSALS

    name: str
    property: str


@register
@frozen
class GetProperties(Command[dict[str, Property]]):
    """Properties of one dataset, user properties included, by name."""

    template = "zfs/get.j2"
    refusals = ZFS_REFUSALS

    name: str
    properties: tuple[str, ...]

    def parse(self, output: str) -> dict[str, Property]:
        """Name → value and source; raises UnexpectedOutput where an asked one is missing."""
        found = {name: Property(value, source) for name, value, source in rows(self, output, 3)}
        missing = [name for name in self.properties if name not in found]
        if missing:
            raise self.unexpected(output, f"it lacks {', '.join(missing)}")
        return found


@register
@frozen
class Guid(Command[str]):
    """The GUID of a dataset, decimal: the same under any name, another after it was made anew."""

    template = "zfs/guid.j2"
    refusals = ZFS_REFUSALS

    name: str

    def parse(self, output: str) -> str:
        """The GUID."""
        return str(number(self, output, only_row(self, output, 1)[0]))


@register
@frozen
class ListVolumes(Command[tuple[ZfsVolume, ...]]):
    """Every volume at and below a dataset, by name."""

    template = "zfs/list-volumes.j2"
    refusals = ZFS_REFUSALS

    parent: str

    def parse(self, output: str) -> tuple[ZfsVolume, ...]:
        """One volume a row."""
        return tuple(_volume(self, output, row) for row in rows(self, output, _COLUMNS))


@register
@frozen
class VolumeDetails(Command[ZfsVolume]):
    """One dataset as ListVolumes shows it; its `type` tells a filesystem apart."""

    template = "zfs/list-volume.j2"
    refusals = ZFS_REFUSALS

    name: str

    def parse(self, output: str) -> ZfsVolume:
        """The one row."""
        return _volume(self, output, only_row(self, output, _COLUMNS))


@register
@frozen
class ListSnapshots(Command[tuple[ZfsSnapshot, ...]]):
    """The snapshots of one dataset, oldest first."""

    template = "zfs/list-snapshots.j2"
    refusals = ZFS_REFUSALS

    name: str

    def parse(self, output: str) -> tuple[ZfsSnapshot, ...]:
        """One snapshot a row."""
        return tuple(
            ZfsSnapshot(
                name=name,
                created=moment(self, output, created),
                used=number(self, output, used),
                referenced=number(self, output, referenced),
                guid=guid,
                holds=number(self, output, holds),
            )
            for name, created, used, referenced, guid, holds in rows(self, output, 6)
        )


@register
@frozen
class ListAvailable(Command[Space]):
    """The room below a dataset: what new volumes may take, slop and reservations deducted."""

    template = "zfs/list-available.j2"
    refusals = ZFS_REFUSALS

    parent: str

    def parse(self, output: str) -> Space:
        """The one row."""
        available, used = only_row(self, output, 2)
        return Space(number(self, output, available), number(self, output, used))


def _volume(command: Command[Any], output: str, row: list[str]) -> ZfsVolume:
    name, kind, size, used, referenced, created, origin, refreservation, block, guid, lu_guid, owner = row
    return ZfsVolume(
        name=name,
        type=kind,
        size=number(command, output, size),
        used=number(command, output, used),
        referenced=number(command, output, referenced),
        created=moment(command, output, created),
        origin=optional(origin),
        refreservation=number(command, output, refreservation),
        volblocksize=number(command, output, block),
        guid=guid,
        lu_guid=optional(lu_guid),
        owner=optional(owner),
    )
