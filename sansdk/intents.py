"""What somebody wants of an array, as values.

A session's verb submits one intent; bulk, plans and desired states are lists of them. Making one checks all that
can be known without the array. Each says what a planner must have read before it can plan it: its `scope`.
"""

from collections.abc import Iterable
from typing import Literal

from attrs import field, frozen

from sansdk import names
from sansdk.errors import InputError
from sansdk.inventory import EXPORTS, NOTHING, VOLUMES, Scope
from sansdk.model import ANYONE, Anyone, Chap, Initiators
from sansdk.units import format_size, parse_size

AskedChap = Chap | Literal[True] | None
AskedInitiators = Iterable[str] | Literal[Anyone.ANYONE]


def _initiators(asked: AskedInitiators | str) -> Initiators:
    if asked is ANYONE:
        return ANYONE
    if isinstance(asked, str):
        raise InputError(f"initiators is a sequence of names: say initiators=({asked!r},).")
    listed = tuple(dict.fromkeys(asked))
    for name in listed:
        names.check_iqn(name)
    return listed


def _chap(asked: AskedChap) -> AskedChap:
    if asked is None or asked is True:
        return asked
    if not isinstance(asked, Chap):
        raise InputError(f"chap is None, True or a Chap, not {type(asked).__name__}.")
    names.check_chap_user(asked.user)
    return asked


class Intent:
    """Root of all intents."""

    __slots__ = ()

    @property
    def volume(self) -> str:
        """The volume that it is about."""
        raise NotImplementedError

    @property
    def scope(self) -> Scope:
        """What must have been read before it can be planned."""
        raise NotImplementedError


@frozen
class _VolumeIntent(Intent):
    name: str = field(validator=names.existing)

    @property
    def volume(self) -> str:
        return self.name


@frozen
class CreateVolume(_VolumeIntent):
    """A volume that is not there yet. The array's own refusal decides, so nothing is read first."""

    name: str = field(validator=names.made)
    size: int = field(converter=parse_size)
    thin: bool = True

    @property
    def scope(self) -> Scope:
        """Nothing."""
        return NOTHING

    def __str__(self) -> str:
        return f"create volume {self.name}, {format_size(self.size)}, {'thin' if self.thin else 'thick'}"


@frozen
class EnsureVolume(_VolumeIntent):
    """A volume of this size and kind, made if it is missing; `grow` lets a smaller one grow."""

    name: str = field(validator=names.made)
    size: int = field(converter=parse_size)
    thin: bool = True
    grow: bool = False

    @property
    def scope(self) -> Scope:
        """The volume."""
        return Scope.of(self.name, VOLUMES)

    def __str__(self) -> str:
        return f"ensure volume {self.name}, {format_size(self.size)}, {'thin' if self.thin else 'thick'}"


@frozen
class ResizeVolume(_VolumeIntent):
    """The volume at another size; smaller only if `shrink` says so, for what lies beyond is lost."""

    size: int = field(converter=parse_size)
    shrink: bool = False

    @property
    def scope(self) -> Scope:
        """The volume and whoever uses it."""
        return Scope.of(self.name, VOLUMES, EXPORTS)

    def __str__(self) -> str:
        return f"resize volume {self.name} to {format_size(self.size)}"


@frozen
class DeleteVolume(_VolumeIntent):
    """The volume gone, its snapshots with it only if `snapshots` says so."""

    missing_ok: bool = False
    snapshots: bool = False

    @property
    def scope(self) -> Scope:
        """The volume and whoever uses it."""
        return Scope.of(self.name, VOLUMES, EXPORTS)

    def __str__(self) -> str:
        return f"delete volume {self.name}{' and its snapshots' if self.snapshots else ''}"


@frozen
class _ExportIntent(Intent):
    volume: str = field(validator=names.existing)

    @property
    def scope(self) -> Scope:
        return Scope.of(self.volume, VOLUMES, EXPORTS)


@frozen
class CreateExport(_ExportIntent):
    """The volume offered to these initiators. Closed: neither initiators nor CHAP is refused."""

    initiators: Initiators = field(default=(), converter=_initiators)
    chap: AskedChap = field(default=None, converter=_chap)
    lun: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse an export that would be open without saying so."""
        if not self.initiators and self.chap is None:
            raise InputError(
                f"An export of {self.volume!r} without initiators and without CHAP would be open to everyone.",
                mend="Name initiators=(…), give chap=True, or say initiators=sansdk.ANYONE.",
            )
        if self.lun is not None and (isinstance(self.lun, bool) or self.lun < 0):
            raise InputError(f"A LUN is a number from 0 up, not {self.lun!r}.")

    def __str__(self) -> str:
        return f"{self._verb} {self.volume} {_offered(self)}"

    @property
    def _verb(self) -> str:
        return "export"


@frozen
class EnsureExport(CreateExport):
    """The same, made or completed if it is not so yet.

    Attributes:
        exact: More than was asked for is a `Conflict`, too.
        adopt: Take an export that others made.
        replace_chap: Overwrite CHAP credentials that differ.
    """

    exact: bool = False
    adopt: bool = False
    replace_chap: bool = False

    @property
    def _verb(self) -> str:
        return "ensure export of"


@frozen
class RemoveExport(_ExportIntent):
    """No initiator sees the volume any more.

    Attributes:
        missing_ok: Nothing to remove is no error.
        adopt: Remove an export that others made, too.
        force: Even where initiators are logged in.
    """

    missing_ok: bool = False
    adopt: bool = False
    force: bool = False

    def __str__(self) -> str:
        return f"remove export of {self.volume}"


def _offered(export: CreateExport) -> str:
    whom = "anyone" if export.initiators is ANYONE else ", ".join(export.initiators)
    parts = (f"to {whom}" if whom else "", "with CHAP" if export.chap is not None else "")
    return " ".join(part for part in (*parts, "" if export.lun is None else f"as LUN {export.lun}") if part)
