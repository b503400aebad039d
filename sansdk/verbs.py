"""Every verb, once. A verb makes an intent and submits it: a session runs it at once, a plan collects it."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from sansdk.intents import (
    AskedChap,
    AskedInitiators,
    CreateExport,
    CreateVolume,
    DeleteVolume,
    EnsureExport,
    EnsureVolume,
    Intent,
    RemoveExport,
    ResizeVolume,
)

V = TypeVar("V")
E = TypeVar("E")


class Verbs(ABC, Generic[V, E]):
    """The changing verbs; `V` and `E` are what those about volumes and about exports return."""

    @abstractmethod
    def _volume(self, intent: Intent) -> V:
        """Submit an intent whose value is a volume."""

    @abstractmethod
    def _export(self, intent: Intent) -> E:
        """Submit an intent whose value is an export."""

    @abstractmethod
    def _nothing(self, intent: Intent) -> None:
        """Submit an intent that leaves nothing to return."""

    def create_volume(self, name: str, size: int | str, *, thin: bool = True) -> V:
        """Make a volume; the volume only, not its export.

        Args:
            name: A letter or digit, then letters, digits, `.`, `_`, `-`; 63 characters at most.
            size: Bytes, or a text such as `10GiB`; rounded up to the array's block.
            thin: Whether space is taken only as it is written.

        Raises:
            InvalidName: The name breaks the rule.
            InvalidSize: The size is none.
            AlreadyExists: There is something of that name; `existing` is what.
            OutOfSpace: It does not fit.
        """
        return self._volume(CreateVolume(name, size, thin))

    def ensure_volume(self, name: str, size: int | str, *, thin: bool = True, grow: bool = False) -> V:
        """Make a volume unless it is there as asked.

        Args:
            name: As for `create_volume`.
            size: As for `create_volume`.
            thin: As for `create_volume`.
            grow: Whether one that is smaller is to grow.

        Raises:
            Conflict: It is there with another size or kind; `differences` tells.
        """
        return self._volume(EnsureVolume(name, size, thin, grow))

    def resize_volume(self, name: str, size: int | str, *, shrink: bool = False) -> V:
        """Give a volume another size. What initiators see follows; they have to rescan.

        Args:
            name: The volume.
            size: Bytes, or a text such as `10GiB`; rounded up to the array's block.
            shrink: Whether it may become smaller. What lies beyond the new size is lost at once.

        Raises:
            NotFound: It is not there.
            Conflict: It would become smaller, and `shrink` does not say that it may.
            Busy: It would become smaller while initiators are logged in.
            OutOfSpace: It does not fit.
        """
        return self._volume(ResizeVolume(name, size, shrink))

    def delete_volume(self, name: str, *, missing_ok: bool = False, snapshots: bool = False) -> None:
        """Delete a volume. Its data is gone at once.

        Args:
            name: The volume.
            missing_ok: Whether its absence is no error.
            snapshots: Whether its snapshots may go with it.

        Raises:
            NotFound: It is not there.
            Exported: Initiators may see it: remove the export first.
            HasDependents: Snapshots or clones are in the way.
        """
        self._nothing(DeleteVolume(name, missing_ok, snapshots))

    def create_export(
        self, volume: str, *, initiators: AskedInitiators = (), chap: AskedChap = None, lun: int | None = None
    ) -> E:
        """Offer a volume to initiators.

        Args:
            volume: The volume.
            initiators: iSCSI names of those who may see it, or `ANYONE`.
            chap: True for a secret that is made here, or a `Chap`; None for no CHAP.
            lun: The logical unit number; chosen if None.

        Raises:
            InputError: Neither initiators nor CHAP: that would be open to everyone.
            NotFound: There is no such volume.
            AlreadyExists: It is exported already; `existing` is the export.
            Unsupported: The array cannot combine these.
            Conflict: The initiator, the LUN or the like is bound otherwise.
        """
        return self._export(CreateExport(volume, initiators, chap, lun))

    def ensure_export(
        self,
        volume: str,
        *,
        initiators: AskedInitiators = (),
        chap: AskedChap = None,
        lun: int | None = None,
        exact: bool = False,
        adopt: bool = False,
        replace_chap: bool = False,
    ) -> E:
        """Offer a volume to initiators unless it is so already; completes what is half made, takes nothing away.

        Args:
            volume: The volume.
            initiators: iSCSI names of those who must be able to see it, or `ANYONE`.
            chap: As for `create_export`.
            lun: As for `create_export`.
            exact: Whether more than was asked for is a conflict.
            adopt: Whether an export that others made may be completed.
            replace_chap: Whether CHAP credentials that differ are overwritten; the old ones are lost.

        Raises:
            Conflict: What is there differs from what was asked; `differences` tells.
        """
        return self._export(EnsureExport(volume, initiators, chap, lun, exact, adopt, replace_chap))

    def remove_export(self, volume: str, *, missing_ok: bool = False, adopt: bool = False, force: bool = False) -> None:
        """Let no initiator see a volume any more; the volume stays.

        Args:
            volume: The volume.
            missing_ok: Whether nothing to remove is no error.
            adopt: Whether an export that others made goes, too.
            force: Whether it goes although initiators are logged in.

        Raises:
            NotFound: There is no such volume, or it is not exported.
            Busy: Initiators are logged in; `sessions` names them.
            Conflict: Others made it.
        """
        self._nothing(RemoveExport(volume, missing_ok, adopt, force))
