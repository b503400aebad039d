"""Logical units: zvols that the sbd provider offers as disks.

A unit's properties are kept as text on its volume's dataset, so that import finds them again wherever the
dataset went. The path by which a unit was made stays its name: it is not followed when the volume is renamed.
Sources: illumos `sbd.c`, `libstmf` (`stmf.c`).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import attrs
from attrs import evolve, field, frozen

from sansim.clock import Clock
from sansim.solaris.pool import Pools
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.zfs_errors import Busy
from sansim.state import State

__all__ = ["MINIMUM_SIZE", "LogicalUnit", "UnitProperties", "Units"]

MINIMUM_SIZE = 1024**2
"""The smallest logical unit, in bytes."""

_MAXIMUM_BLOCK = 32 * 1024
_DEFAULT_OUI = "00144F"


@frozen
class UnitProperties:
    """What may be said when a unit is made; None takes the default.

    Attributes:
        size: In bytes; the device's by default.
        block_size: In bytes.
        oui: Six hexadecimal digits for a GUID made by the array.
        host_id: Eight hexadecimal digits for the same.
        write_cache: Whether the write-back cache is on.
    """

    guid: str | None = None
    size: int | None = None
    block_size: int = 512
    alias: str | None = None
    vendor: str | None = None
    product: str | None = None
    serial: str | None = None
    oui: str | None = None
    host_id: str | None = None
    meta_file: str | None = None
    management_url: str | None = None
    write_protect: bool = False
    write_cache: bool = True


@frozen
class LogicalUnit:
    """A logical unit.

    Attributes:
        guid: 32 upper-case hexadecimal digits.
        data_file: The device path by which it was made or imported.
        volume: The guid of the volume that it has open.
        size: In bytes; not bound to the device's size.
        status: Online, Offline, or Offlining while commands are still under way.
        draining: Commands are under way that do not end: it cannot go offline.
    """

    guid: str
    data_file: str
    volume: int
    alias: str
    size: int
    block_size: int
    vendor: str
    product: str
    serial: str | None
    management_url: str | None
    write_protect: bool
    write_cache: bool
    status: str = field(default="Online")
    draining: bool = field(default=False)


@frozen
class _Counter:
    """What the host makes GUIDs of."""

    host_id: str
    made: int


class Units:
    """The logical units of the host."""

    def __init__(self, state: State, pools: Pools, clock: Clock, random: Random) -> None:
        self._state = state
        self._pools = pools
        self._clock = clock
        self._table = state.table("stmf.units", LogicalUnit)
        self._counter = state.table("stmf.guids", _Counter)
        self._by_file: dict[str, str] = {}
        self._table.observe(self._index)
        self._reopen()
        if "host" not in self._counter:
            with state.change():
                self._counter["host"] = _Counter(f"{random.getrandbits(32):08X}", 0)

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

    def create(self, data_file: str, properties: UnitProperties) -> LogicalUnit:
        """Make a unit of a volume and keep its properties with it; the unit is online at once.

        Raises:
            StmfError: What the source refuses, in its order: block size, file in use, data file, size, meta
                file, GUID.
        """
        block = properties.block_size
        if block <= 0 or block & (block - 1) or block > _MAXIMUM_BLOCK:
            raise StmfError(StmfCode.INVALID_BLOCK_SIZE)
        self._refuse_known_file(data_file)
        dataset = self._pools.device(data_file)
        if dataset is None:
            raise StmfError(StmfCode.DATA_FILE_NAME)
        size = self._pools.volsize(dataset) if properties.size is None else properties.size
        with self._state.change(), self._opened(dataset, data_file) as volume:
            _check_size(size, block)
            if properties.meta_file is not None:  # no file of this host could hold it
                raise StmfError(StmfCode.META_FILE_NAME)
            guid = properties.guid or self._new_guid(properties.oui, properties.host_id)
            if guid in self._table:
                raise StmfError(StmfCode.GUID_IN_USE)
            if not guid.startswith("6"):
                raise StmfError(StmfCode.STATUS_ERROR)
            unit = LogicalUnit(
                guid=guid,
                data_file=data_file,
                volume=volume,
                alias=data_file if properties.alias is None else properties.alias,
                size=size,
                block_size=block,
                vendor=properties.vendor or "SUN",
                product=properties.product or "COMSTAR",
                serial=properties.serial,
                management_url=properties.management_url,
                write_protect=properties.write_protect,
                write_cache=properties.write_cache,
            )
            self._table[guid] = unit
            self._pools.set_lu_metadata(dataset, _to_text(unit))
        return unit

    def load(self, data_file: str) -> LogicalUnit:
        """Make a unit of what is kept with a volume (`import-lu`).

        Raises:
            StmfError: FILE_IN_USE, META_FILE_NAME, BUSY, GUID_IN_USE.
        """
        self._refuse_known_file(data_file)
        dataset = self._pools.device(data_file)
        text = None if dataset is None else self._pools.lu_metadata(dataset)
        if dataset is None or text is None:
            raise StmfError(StmfCode.META_FILE_NAME)
        with self._state.change(), self._opened(dataset, data_file) as volume:
            unit = _from_text(text, data_file, volume)
            if unit.guid in self._table:
                raise StmfError(StmfCode.GUID_IN_USE)
            self._table[unit.guid] = unit
        return unit

    def modify(self, guid: str, **changes: Any) -> None:  # noqa: ANN401 - fields of LogicalUnit
        """Change alias, size, management URL, write protection or write cache of a unit.

        Raises:
            StmfError: NOT_FOUND; a size too small or not a multiple of the block size; STATUS_ERROR if the
                volume is no longer where the unit knows it.
        """
        unit = self[guid]
        changed = evolve(unit, **changes)
        _check_size(changed.size, changed.block_size)
        dataset = self._pools.device(unit.data_file)
        if dataset is None or self._pools.dataset(dataset).guid != unit.volume:
            raise StmfError(StmfCode.STATUS_ERROR)
        with self._state.change():
            self._table[guid] = changed
            self._pools.set_lu_metadata(dataset, _to_text(changed))

    def modify_file(self, data_file: str, **changes: Any) -> None:  # noqa: ANN401 - fields of LogicalUnit
        """Change what is kept with a volume, whether or not it is a unit now (`modify-lu -f`).

        Raises:
            StmfError: META_FILE_NAME without kept properties, and as `modify`.
        """
        if data_file in self._by_file:
            self.modify(self._by_file[data_file], **changes)
            return
        dataset = self._pools.device(data_file)
        text = None if dataset is None else self._pools.lu_metadata(dataset)
        if dataset is None or text is None:
            raise StmfError(StmfCode.META_FILE_NAME)
        changed = evolve(_from_text(text, data_file, self._pools.dataset(dataset).guid), **changes)
        _check_size(changed.size, changed.block_size)
        with self._state.change():
            self._pools.set_lu_metadata(dataset, _to_text(changed))

    def delete(self, guid: str) -> None:
        """Take a unit offline and forget it; what is kept with the volume stays.

        Raises:
            StmfError: NOT_FOUND; BUSY if it cannot go offline.
        """
        unit = self[guid]
        self.offline(guid)
        if unit.draining:
            raise StmfError(StmfCode.BUSY)
        with self._state.change():
            self._forget(guid)

    def online(self, guid: str) -> None:
        """Ask a unit to go online.

        Raises:
            StmfError: NOT_FOUND; BUSY while it goes offline.
        """
        unit = self[guid]
        if unit.status == "Offlining":
            raise StmfError(StmfCode.BUSY)
        with self._state.change():
            self._table[guid] = evolve(unit, status="Online")

    def offline(self, guid: str) -> None:
        """Ask a unit to go offline; while commands are under way it stays Offlining.

        Raises:
            StmfError: NOT_FOUND.
        """
        unit = self[guid]
        if unit.status != "Offline":
            with self._state.change():
                self._table[guid] = evolve(unit, status="Offlining" if unit.draining else "Offline")

    def set_draining(self, guid: str, *, draining: bool) -> None:
        """Say whether commands are under way that do not end; when they end, a pending offline completes."""
        unit = self[guid]
        pending = unit.status == "Offlining" and not draining
        with self._state.change():
            self._table[guid] = evolve(unit, draining=draining, status="Offline" if pending else unit.status)

    def restart(self) -> None:
        """Do what a start of the service does: units whose path still leads to their volume go online.

        The others are lost: a volume renamed under its unit is no longer found by the path that is kept.
        """
        with self._state.change():
            for unit in list(self):
                dataset = self._pools.device(unit.data_file)
                if dataset is not None and self._pools.dataset(dataset).guid == unit.volume:
                    self._table[unit.guid] = evolve(unit, status="Online")
                else:
                    self._forget(unit.guid)

    def _forget(self, guid: str) -> None:
        unit = self._table[guid]
        self._pools.close(unit.data_file, unit.data_file)
        del self._table[guid]

    @contextmanager
    def _opened(self, dataset: str, data_file: str) -> Iterator[int]:
        """Open a volume for a unit, which is its holder by the path; an error closes it again."""
        try:
            self._pools.open(dataset, data_file)
        except Busy as error:
            raise StmfError(StmfCode.BUSY) from error
        try:
            yield self._pools.dataset(dataset).guid
        except BaseException:
            self._pools.close(dataset, data_file)
            raise

    def _reopen(self) -> None:
        """Open the volumes of the units that the state file kept."""
        names = {dataset.guid: dataset.name for dataset in self._pools.datasets.values()}
        for unit in self:
            self._pools.open(names[unit.volume], unit.data_file)

    def _refuse_known_file(self, data_file: str) -> None:
        if data_file in self._by_file:
            raise StmfError(StmfCode.FILE_IN_USE)

    def _index(self, old: LogicalUnit | None, new: LogicalUnit | None) -> None:
        if old is not None:
            del self._by_file[old.data_file]
        if new is not None:
            self._by_file[new.data_file] = new.guid

    def _new_guid(self, oui: str | None, host_id: str | None) -> str:
        """Compose a GUID: 6, OUI, 0, host part, time of creation, a counter that starts at 1."""
        counter = self._counter["host"]
        made = (counter.made + 1) % 0x10000
        self._counter["host"] = evolve(counter, made=made)
        seconds = int(self._clock.now().timestamp()) & 0xFFFFFFFF
        host = bytes.fromhex(host_id or counter.host_id)[::-1].hex()
        return f"6{oui or _DEFAULT_OUI}0{host}0000{seconds:08x}{made:04x}".upper()


def _check_size(size: int, block: int) -> None:
    if size < MINIMUM_SIZE:
        raise StmfError(StmfCode.FILE_SIZE_INVALID)
    if size % block:
        raise StmfError(StmfCode.STATUS_ERROR)


_NOT_KEPT = frozenset({"data_file", "volume", "status", "draining"})


def _to_text(unit: LogicalUnit) -> str:
    kept = {name: value for name, value in attrs.asdict(unit).items() if name not in _NOT_KEPT}
    return json.dumps(kept)


def _from_text(text: str, data_file: str, volume: int) -> LogicalUnit:
    return LogicalUnit(data_file=data_file, volume=volume, **json.loads(text))
