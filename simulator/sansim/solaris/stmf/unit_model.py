"""What a logical unit is, and how its metadata are written down. Source: illumos `sbd.c`."""

import json

import attrs
from attrs import frozen

__all__ = ["LogicalUnit", "UnitProperties", "from_text", "to_text"]


@frozen
class UnitProperties:
    """What may be said when a unit is made; None takes the default.

    Attributes:
        size: In bytes; what the data file holds by default.
        block_size: In bytes.
        oui: Six hexadecimal digits for a GUID made by the host.
        host_id: Eight hexadecimal digits for the same.
        meta_file: Where its metadata are kept, if not with the data.
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
        data_file: The path by which its data were opened.
        meta_file: The separate file with its metadata, if there is one.
        volume: The guid of the volume that it lies on, None on a file.
        size: In bytes; not bound to the data file's size.
        status: Online, Offline, or Offlining while commands are still under way.
        access: Active, or Standby while another host serves it.
    """

    guid: str
    data_file: str
    meta_file: str | None
    volume: int | None
    alias: str
    size: int
    block_size: int
    vendor: str
    product: str
    serial: str | None
    management_url: str | None
    write_protect: bool
    write_cache: bool
    status: str = "Online"
    access: str = "Active"

    @property
    def name(self) -> str:
        """The path that the provider knows it by, and finds its metadata at."""
        return self.meta_file or self.data_file


_NOT_KEPT = frozenset({"meta_file", "volume", "status", "access"})


def to_text(unit: LogicalUnit) -> str:
    """Write down what a unit's metadata keep: the path of the data only where the metadata lie elsewhere."""
    kept = {name: value for name, value in attrs.asdict(unit).items() if name not in _NOT_KEPT}
    if unit.meta_file is None:
        del kept["data_file"]
    return json.dumps(kept)


def from_text(text: str, path: str) -> LogicalUnit | None:
    """Read a unit from the metadata found at a path, not registered yet; None if the text describes none."""
    try:
        kept = json.loads(text)
        apart = "data_file" in kept
        return LogicalUnit(**{"data_file": path, **kept}, meta_file=path if apart else None, volume=None)
    except (TypeError, ValueError):
        return None
