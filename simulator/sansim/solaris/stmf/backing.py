"""What logical units lie on: volumes and regular files, and where their metadata are kept.

A volume keeps a unit's metadata as a property of its dataset, which a rename and a send carry along and a
clone has not. A regular file keeps them in its own first 64 KiB, before the data, and so does a separate meta
file. Source: illumos `sbd.c`; what stands in those bytes is this simulator's own, not the driver's.
"""

from collections.abc import Mapping

from sansim.shell.files import Files
from sansim.solaris.pools.errors import Busy
from sansim.solaris.pools.model import pool_of, setting
from sansim.solaris.pools.pool import Pools
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.zfs.values import value

__all__ = ["Backing"]

_SHARED_METADATA = 64 * 1024
"""How many bytes of a regular file the metadata take."""

_META_OFFSET = 4096
_MAGIC = b"sansim logical unit\n"


class Backing:
    """The volumes and files of a host, as the sbd provider opens them."""

    def __init__(self, pools: Pools, files: Files) -> None:
        self._pools = pools
        self._files = files

    def open_data(self, path: str, holder: str, *, writing: bool) -> int | None:
        """Open a data file; a volume is held until `close` and opens for one holder only.

        Args:
            path: Where it is.
            holder: Who holds a volume.
            writing: Whether it is written to.

        Returns:
            The guid of the volume, None for a regular file.

        Raises:
            StmfError: DATA_FILE_NAME for a path that is relative or leads nowhere, and for a volume that cannot be
                written to but is to be; STATUS_ERROR for what is neither file nor disk; BUSY for a volume that
                another holds.
        """
        dataset = self._pools.volumes.at(path)
        if dataset is None:
            self._check_file(path, StmfCode.DATA_FILE_NAME)
            return None
        if writing and self._is_read_only(dataset):
            raise StmfError(StmfCode.DATA_FILE_NAME)
        try:
            self._pools.volumes.open(dataset, holder)
        except Busy as error:
            raise StmfError(StmfCode.BUSY) from error
        return self._pools.dataset(dataset).guid

    def reopen(self, holders: Mapping[int, str]) -> None:
        """Hold these volumes and no others, by their guids, wherever they are named now."""
        self._pools.volumes.reopen(holders)

    def close(self, path: str, holder: str) -> None:
        """Let go of a data file."""
        self._pools.volumes.close(self._pools.volumes.at(path) or path, holder)

    def is_held(self, path: str) -> bool:
        """Tell whether a path is a volume that somebody holds open."""
        dataset = self._pools.volumes.at(path)
        return dataset is not None and self._pools.volumes.is_open(dataset)

    def size(self, path: str) -> int:
        """Return the bytes of a data file that can be a unit's.

        Raises:
            StmfError: FILE_SIZE_INVALID for a regular file that is too small to hold the metadata.
        """
        dataset = self._pools.volumes.at(path)
        if dataset is not None:
            return self._pools.volumes.size(dataset)
        size = self._files.size(path) - _SHARED_METADATA
        if size <= 0:
            raise StmfError(StmfCode.FILE_SIZE_INVALID)
        return size

    def check_meta_file(self, path: str) -> None:
        """Check that a separate meta file can be used: it must be there, and a regular file here.

        Raises:
            StmfError: META_FILE_NAME; STATUS_ERROR for what is no file.
        """
        if self._pools.volumes.at(path) is not None:
            raise StmfError(StmfCode.STATUS_ERROR, "a volume as meta file")
        self._check_file(path, StmfCode.META_FILE_NAME)

    def read(self, path: str) -> str | None:
        """Return the metadata that a volume or a file keeps, None without any.

        Raises:
            StmfError: As `check_meta_file`.
        """
        dataset = self._pools.volumes.at(path)
        if dataset is not None:
            return self._pools.volumes.lu_metadata(dataset)
        self._check_file(path, StmfCode.META_FILE_NAME)
        head = self._files.read(path)[_META_OFFSET:_SHARED_METADATA]
        if not head.startswith(_MAGIC):
            return None
        return head.removeprefix(_MAGIC).partition(b"\n")[0].decode(errors="replace")

    def write(self, path: str, text: str) -> bool:
        """Keep metadata on a volume or in a file.

        Returns:
            False if the path leads nowhere any more.
        """
        dataset = self._pools.volumes.at(path)
        if dataset is not None:
            self._pools.volumes.set_lu_metadata(dataset, text)
            return True
        if not self._files.is_file(path):
            return False
        head = _MAGIC + text.encode() + b"\n"
        content = self._files.read(path)
        before = content[:_META_OFFSET].ljust(_META_OFFSET, b"\0")
        self._files.create(path, content=before + head + content[_META_OFFSET + len(head) :])
        return True

    def _is_read_only(self, dataset: str) -> bool:
        pools = self._pools
        if setting(pools.pools[pool_of(dataset)].settings, "readonly") == "on":
            return True
        own = value(pools, pools.dataset(dataset), pools.release.properties["readonly"])
        return own is not None and own.value == "on"

    def _check_file(self, path: str, missing: StmfCode) -> None:
        if self._files.is_file(path):
            return
        if not path.startswith("/") or not self._files.exists(path):
            raise StmfError(missing)
        device = self._files.device(path)
        raise StmfError(StmfCode.STATUS_ERROR, "a disk under a logical unit" if device and device.size else None)
