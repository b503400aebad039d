"""Logical units: volumes and files that the sbd provider offers as disks.

A unit is known by the path of its data file, or of its meta file if it has one; that name stays when the volume
is renamed. Its properties are kept as text where its metadata lie, so that an import finds them again. Sources:
illumos `sbd.c`, `stmf.c` (driver), `libstmf` (`stmf.c`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from attrs import evolve

from sansim.clock import Clock
from sansim.shell.files import Files
from sansim.solaris.pools.pool import Pools
from sansim.solaris.stmf.backing import Backing
from sansim.solaris.stmf.commands import Commands
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.guids import Guids
from sansim.solaris.stmf.unit_model import LogicalUnit, UnitProperties, from_text, to_text
from sansim.state import State

__all__ = ["LogicalUnit", "UnitProperties", "Units"]

_MINIMUM_SIZE = 1024**2
"""The smallest logical unit, in bytes."""

_MAXIMUM_BLOCK = 32 * 1024


class Units:
    """The logical units of the host.

    Attributes:
        commands: The commands under way on them.
        guids: What makes the GUIDs of new ones.
    """

    def __init__(self, state: State, pools: Pools, files: Files, clock: Clock, random: Random) -> None:
        self._state = state
        self._backing = Backing(pools, files)
        self._table = state.table("stmf.units", LogicalUnit)
        self._by_name: dict[str, str] = {}
        self._table.observe(self._index)
        self.commands = Commands(state)
        self.guids = Guids(state, clock, random)
        self._reopen()
        state.on_replaced(self._reopen)

    def _reopen(self) -> None:
        self._backing.reopen({unit.volume: unit.name for unit in self if unit.volume and unit.access == "Active"})

    def __contains__(self, guid: str) -> bool:
        return guid in self._table

    def __getitem__(self, guid: str) -> LogicalUnit:
        """Return a unit.

        Raises:
            StmfError: NOT_FOUND.
        """
        if guid not in self._table:
            raise StmfError(StmfCode.NOT_FOUND)
        return self._table[guid]

    def __iter__(self) -> Iterator[LogicalUnit]:
        return iter(self._table.values())

    def create(self, data_file: str, properties: UnitProperties, *, online: bool = True) -> LogicalUnit:
        """Make a unit of a volume or file, and keep its properties there.

        They are written before the GUID is looked at: a unit that is refused for its GUID leaves them behind.

        Args:
            data_file: The path of the data.
            properties: What it is to be like.
            online: Whether the service runs, and the unit comes online at once.

        Raises:
            StmfError: What the source refuses, in its order: INVALID_BLOCK_SIZE; FILE_IN_USE; what opening the
                data raises; FILE_SIZE_INVALID; STATUS_ERROR for a size off the block size; META_FILE_NAME;
                GUID_IN_USE; STATUS_ERROR for a GUID that does not begin with 6.
        """
        block = properties.block_size
        if block <= 0 or block & (block - 1) or block > _MAXIMUM_BLOCK:
            raise StmfError(StmfCode.INVALID_BLOCK_SIZE)
        name = properties.meta_file or data_file
        if name in self._by_name:
            raise StmfError(StmfCode.FILE_IN_USE)
        with self._opened(data_file, name, writing=not properties.write_protect) as volume:
            size = self._backing.size(data_file) if properties.size is None else properties.size
            _check_size(size, block)
            if properties.meta_file is not None:
                self._backing.check_meta_file(properties.meta_file)
            unit = LogicalUnit(
                guid=properties.guid or self.guids.make(properties.oui, properties.host_id),
                data_file=data_file,
                meta_file=properties.meta_file,
                volume=volume,
                alias=properties.alias or name,
                size=size,
                block_size=block,
                vendor=properties.vendor or "SUN",
                product=properties.product or "COMSTAR",
                serial=properties.serial,
                management_url=properties.management_url,
                write_protect=properties.write_protect,
                write_cache=properties.write_cache,
                status="Online" if online else "Offline",
            )
            self._enter_new(unit, keep=True)
        return unit

    def load(self, path: str, *, online: bool = True) -> LogicalUnit:
        """Make a unit of the metadata that a data file or meta file keeps (`import-lu`).

        A unit on standby that the path names becomes active instead.

        Raises:
            StmfError: FILE_IN_USE; META_FILE_NAME without metadata, BUSY on a volume that is held too; what opening
                the data raises; GUID_IN_USE.
        """
        known = self._table[self._by_name[path]] if path in self._by_name else None
        if known is not None and known.access == "Active":
            raise StmfError(StmfCode.FILE_IN_USE)
        if self._backing.read(path) is None and self._backing.is_held(path):
            # The driver looks for older metadata, among the data, and cannot open them.
            raise StmfError(StmfCode.BUSY)
        kept = self._kept(path)
        with self._opened(kept.data_file, path, writing=not kept.write_protect) as volume:
            unit = evolve(kept, volume=volume, status="Online" if online else "Offline")
            if known is None:
                self._enter_new(unit, keep=False)
                return unit
            unit = evolve(unit, guid=known.guid, status=known.status)
            with self._state.change():
                self._table[known.guid] = unit
        return unit

    def modify(self, guid: str, **changes: Any) -> None:  # noqa: ANN401 - fields of LogicalUnit
        """Change alias, size, management URL, write protection or write cache of a unit.

        Raises:
            StmfError: NOT_FOUND; STANDBY; a size that is refused; META_CREATION if its metadata are no longer
                where it knows them: then the change holds, but is not kept.
        """
        unit = self[guid]
        if unit.access != "Active":
            raise StmfError(StmfCode.STANDBY)
        changed = evolve(unit, **changes)
        _check_size(changed.size, changed.block_size)
        with self._state.change():
            self._table[guid] = changed
            kept = self._backing.write(changed.name, to_text(changed))
        if not kept:
            raise StmfError(StmfCode.META_CREATION)

    def modify_file(self, path: str, **changes: Any) -> None:  # noqa: ANN401 - fields of LogicalUnit
        """Change what a data file or meta file keeps, whether or not it is a unit now (`modify-lu -f`).

        Raises:
            StmfError: As `load` and `modify`.
        """
        if path in self._by_name:
            self.modify(self._by_name[path], **changes)
            return
        kept = self._kept(path)
        changed = evolve(kept, **changes)
        try:
            with self._opened(changed.data_file, path, writing=not kept.write_protect):
                _check_size(changed.size, changed.block_size)
                self._backing.write(path, to_text(changed))
        finally:
            self._backing.close(changed.data_file, path)

    def delete(self, guid: str) -> None:
        """Take a unit offline and forget it; what is kept with its data stays.

        Raises:
            StmfError: NOT_FOUND; BUSY if it cannot go offline at once.
        """
        self.offline(guid)
        unit = self[guid]
        if unit.status != "Offline":
            raise StmfError(StmfCode.BUSY)
        with self._state.change():
            self._backing.close(unit.data_file, unit.name)
            del self._table[guid]

    def online(self, guid: str) -> None:
        """Ask a unit to go online.

        Raises:
            StmfError: NOT_FOUND; BUSY while it goes offline.
        """
        unit = self[guid]
        if unit.status == "Offlining":
            raise StmfError(StmfCode.BUSY)
        self._enter(unit, "Online")

    def offline(self, guid: str) -> None:
        """Ask a unit to go offline; while commands are under way it stays Offlining.

        Raises:
            StmfError: NOT_FOUND.
        """
        unit = self[guid]
        if unit.status != "Offline":
            self._enter(unit, "Offlining" if self.commands.on(guid) else "Offline")

    def settle(self, guid: str) -> None:
        """Let a unit that goes offline get there, if no command is under way any more."""
        unit = self._table.get(guid)
        if unit is not None and unit.status == "Offlining" and not self.commands.on(guid):
            self._enter(unit, "Offline")

    def standby(self, guid: str) -> None:
        """Put a unit on standby, as the other node of a pair takes it over: it lets go of its data.

        Raises:
            StmfError: NOT_FOUND.
        """
        unit = self[guid]
        with self._state.change():
            self._backing.close(unit.data_file, unit.name)
            self._table[guid] = evolve(unit, access="Standby")

    def _enter(self, unit: LogicalUnit, status: str) -> None:
        with self._state.change():
            self._table[unit.guid] = evolve(unit, status=status)

    def _enter_new(self, unit: LogicalUnit, *, keep: bool) -> None:
        """Enter a unit unless its GUID is refused; if it is to be kept, that is done in either case."""
        refusal = None
        if unit.guid in self._table:
            refusal = StmfCode.GUID_IN_USE
        elif not unit.guid.startswith("6"):
            refusal = StmfCode.STATUS_ERROR
        with self._state.change():
            if keep:
                self._backing.write(unit.name, to_text(unit))
            if refusal is None:
                self._table[unit.guid] = unit
        if refusal is not None:
            raise StmfError(refusal)

    def _kept(self, path: str) -> LogicalUnit:
        """Return the unit that a data file or meta file describes."""
        text = self._backing.read(path)
        unit = None if text is None else from_text(text, path)
        if unit is None:
            raise StmfError(StmfCode.META_FILE_NAME)
        return unit

    @contextmanager
    def _opened(self, data_file: str, name: str, *, writing: bool) -> Iterator[int | None]:
        """Open data for the unit of a name; an error closes them again."""
        volume = self._backing.open_data(data_file, name, writing=writing)
        try:
            yield volume
        except BaseException:
            self._backing.close(data_file, name)
            raise

    def _index(self, old: LogicalUnit | None, new: LogicalUnit | None) -> None:
        if old is not None:
            del self._by_name[old.name]
        if new is not None:
            self._by_name[new.name] = new.guid


def _check_size(size: int, block: int) -> None:
    if size < _MINIMUM_SIZE:
        raise StmfError(StmfCode.FILE_SIZE_INVALID)
    if size % block:
        raise StmfError(StmfCode.STATUS_ERROR)
