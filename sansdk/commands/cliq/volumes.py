"""Volumes of a group. Source of attributes: HP drivers' comments of 2011 and 2013, a 2010 blog (all seen)."""

import re
from datetime import datetime
from typing import Final

from attrs import field, frozen

from sansdk.commands.base import Pace, register
from sansdk.commands.cliq.base import CliqChange, CliqCommand
from sansdk.commands.cliq.response import NOTHING_FOUND, Thing
from sansdk.errors import InputError
from sansdk.secrets import Secret
from sansdk.transport.base import Answer

_UNITS: Final = ("KB", "MB", "GB", "TB", "PB")


@frozen
class Permission:
    """Who may use a volume: one row per assigned server or initiator, or one for CHAP.

    Attributes:
        access: `rw`, `r` or `w`.
        group: `authGroup`: the server's name (inferred), or `api-…` for a row made by CHAP (seen).
        iqn: The initiator; None in a row made by CHAP.
        chap_user: None without CHAP.
        chap_required: Whether CHAP is asked for.
        target_secret: Readable here; None without CHAP.
        initiator_secret: Filled for mutual CHAP only.
    """

    access: str
    group: str | None
    iqn: str | None
    chap_user: str | None
    chap_required: bool
    target_secret: Secret | None
    initiator_secret: Secret | None


@frozen
class CliqSnapshot:
    """A snapshot as its volume shows it."""

    name: str
    created: datetime | None
    deleting: bool


@frozen
class CliqVolume:
    """A volume. What a version does not tell is None.

    Attributes:
        name: Unique in the group.
        cluster: The cluster that holds it.
        serial: The group's 32 hexadecimal digits and the object's number in 16.
        size: Bytes.
        thin: Whether space is taken as data is written.
        iqn: Of its target; it is LUN 0 there.
        description: Empty where it has none.
        created: When.
        replication: How many copies the cluster keeps.
        primary: False of the target of a remote copy.
        deleting: Whether it is on its way out, though still listed.
        status: `OK`, `online` and the like.
        sessions: How many initiators are logged in.
        permissions: Who may use it; empty where nobody may.
        snapshots: Its snapshots.
    """

    name: str
    cluster: str
    serial: str
    size: int | None
    thin: bool | None
    iqn: str | None
    description: str
    created: datetime | None
    replication: int | None
    primary: bool
    deleting: bool = field(eq=False)
    status: str | None = field(eq=False)
    sessions: int = field(eq=False)
    permissions: tuple[Permission, ...]
    snapshots: tuple[CliqSnapshot, ...]


@register
@frozen
class GetVolumes(CliqCommand[tuple[CliqVolume, ...]]):
    """Every volume of the group, of all its clusters: what is not among them is not there."""

    template = "cliq/getVolumes.j2"

    def read(self, answer: Answer) -> tuple[CliqVolume, ...]:
        """As CliqCommand.read; that nothing was found is the empty tuple."""
        if self.outcome(answer).result == NOTHING_FOUND:
            return ()
        return super().read(answer)

    def value(self, answer: Thing) -> tuple[CliqVolume, ...]:
        """One volume an element."""
        return tuple(_volume(each) for each in answer.children("volume"))


@register
@frozen
class GetVolume(CliqCommand[CliqVolume]):
    """One volume."""

    template = "cliq/getVolume.j2"

    volume: str

    def value(self, answer: Thing) -> CliqVolume:
        """The one element."""
        found = [_volume(each) for each in answer.children("volume")]
        if len(found) != 1:
            raise answer.unexpected(f"it shows {len(found)} volumes instead of 1")
        return found[0]


@register
@frozen
class CreateVolume(CliqChange):
    """Make a volume; replication is the array's default.

    Attributes:
        size: As `cliq_size` writes it.
    """

    template = "cliq/createVolume.j2"

    volume: str
    cluster: str
    size: str
    thin: bool
    description: str = ""


@register
@frozen
class ModifyVolume(CliqChange):
    """Give a volume another size, as `cliq_size` writes it."""

    template = "cliq/modifyVolume.j2"

    volume: str
    size: str


@register
@frozen
class DeleteSnapshot(CliqChange):
    """Delete a snapshot without asking; the array's own clone points refuse."""

    template = "cliq/deleteSnapshot.j2"
    pace = Pace.LONG

    snapshot: str


@register
@frozen
class DeleteVolume(CliqChange):
    """Delete a volume without asking; it may stay listed as `deleting` for a while."""

    template = "cliq/deleteVolume.j2"

    volume: str


def cliq_size(size: int) -> str:
    """A number of bytes as CLIQ writes it, in the largest unit that divides it: `10GB` is 10 · 2³⁰.

    Raises:
        InputError: It is not a positive multiple of 1 KiB, CLIQ's smallest unit.
    """
    count, unit = size, -1
    while unit + 1 < len(_UNITS) and count and count % 1024 == 0:
        count, unit = count // 1024, unit + 1
    if size <= 0 or unit < 0:
        raise InputError(f"CLIQ cannot say {size} bytes: it must be a positive multiple of 1024.")
    return f"{count}{_UNITS[unit]}"


def _volume(volume: Thing) -> CliqVolume:
    return CliqVolume(
        name=volume.text("name"),
        cluster=volume.text("clusterName"),
        serial=volume.text("serialNumber"),
        size=volume.number("size"),
        thin=volume.flag("thinProvision"),
        iqn=volume.optional("iscsiIqn"),
        description=volume.optional("description") or "",
        created=volume.moment("created"),
        replication=volume.number("replication"),
        primary=volume.flag("isPrimary") is not False,
        deleting=volume.flag("deleting") is True,
        status=_status(volume),
        sessions=sum(_connected(session) for session in volume.children("session")),
        permissions=tuple(_permission(each) for each in volume.children("permission")),
        snapshots=tuple(_snapshot(each) for each in volume.children("snapshot")),
    )


def _status(volume: Thing) -> str | None:
    """An element below since 9.0, an attribute in 8.1 (both seen)."""
    below = next(volume.children("status"), None)
    return below.optional("description") if below else volume.optional("status")


def _connected(session: Thing) -> bool:
    """Its attributes are not published, only that one holds this word while logged in (seen)."""
    return any(re.search(r"\bconnected\b", value) for value in session.element.attrib.values())


def _permission(row: Thing) -> Permission:
    return Permission(
        access=row.optional("access") or "rw",
        group=row.optional("authGroup"),
        iqn=row.optional("iqn"),
        chap_user=row.optional("chapName"),
        chap_required=row.flag("chapRequired") is True,
        target_secret=row.secret("targetSecret"),
        initiator_secret=row.secret("initiatorSecret"),
    )


def _snapshot(snapshot: Thing) -> CliqSnapshot:
    return CliqSnapshot(
        name=snapshot.text("name"),
        created=snapshot.moment("created"),
        deleting=snapshot.flag("deleting") is True,
    )
