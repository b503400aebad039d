"""What `zfs send` writes and `zfs receive` reads: snapshots as a sequence of bytes that stands for itself.

It is **not** the format of a real ZFS, and says so in its first line; a real stream is refused as one with a
bad magic number. What a volume holds is not simulated, only how much: behind each increment stand zeros, in
proportion to the bytes it stands for and bounded, so that a pipe has something to carry and a volume of
terabytes sends one megabyte.

A stream is the first line, possibly a package (what replication and properties need), the increments, and a
last line. Package and increment are a line of JSON each, an increment's zeros follow it, and a line with the
checksum of both ends it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256

from attrs import frozen

from sansim.solaris.pools.model import Setting
from sansim.store import decode, encode

__all__ = ["Corrupt", "Increment", "NoStream", "Package", "Sent", "SentSnapshot", "read", "write"]

_MAGIC = b"sansim snapshots 1: this is no stream of a real ZFS, only sansim's zfs receive reads it"
_RECORD = 312
"""Bytes of the smallest record of a real stream: less than that is none at all."""

_ZEROS_SHIFT = 12
_MOST_ZEROS = 1 << 20
_PIECE = 1 << 16
_END = b"end"


class NoStream(Exception):
    """The bytes do not begin as a stream does.

    Attributes:
        short: Whether there are too few of them to tell.
    """

    def __init__(self, *, short: bool) -> None:
        super().__init__("too short" if short else "bad magic number")
        self.short = short


class Corrupt(Exception):
    """A stream breaks off, or was changed on its way.

    Attributes:
        incomplete: Whether it breaks off.
        part: What the broken part was to be, None where its head cannot be read.
    """

    def __init__(self, part: "Package | Increment | None" = None, *, incomplete: bool) -> None:
        super().__init__("incomplete" if incomplete else "checksum mismatch")
        self.incomplete = incomplete
        self.part = part


@frozen
class Increment:
    """One snapshot, whole or as what has changed since an earlier one.

    Attributes:
        name: The snapshot on the sender, `tank/v@s`.
        kind: `filesystem` or `volume`.
        guid: The snapshot's.
        base: The guid of the snapshot that it is to be put upon, 0 if it is whole.
        clone: Whether the base belongs to another dataset, of which this one is a clone.
        written: Bytes that the base does not reference.
        referenced: All bytes that the snapshot references.
    """

    name: str
    kind: str
    guid: int
    base: int
    clone: bool
    creation: datetime
    volsize: int
    volblocksize: int
    written: int
    referenced: int


@frozen
class SentSnapshot:
    """What a package tells about a snapshot."""

    name: str
    guid: int
    properties: tuple[Setting, ...] = ()
    holds: tuple[str, ...] = ()


@frozen
class Sent:
    """What a package tells about a dataset.

    Attributes:
        name: Its name on the sender.
        parent: The guid of its parent's snapshot, the one increments start from; 0 for the topmost.
        origin: The guid of the snapshot that it is a clone of, 0 if it is none.
        properties: Those set on it or received; None where the stream carries no properties.
        lu_metadata: COMSTAR's hidden property.
    """

    name: str
    parent: int
    origin: int
    snapshots: tuple[SentSnapshot, ...]
    properties: tuple[Setting, ...] | None = None
    lu_metadata: str | None = None


@frozen
class Package:
    """What stands in front of several increments that belong together.

    Attributes:
        name: The topmost snapshot.
        base: The last part of the name of the snapshot that replication starts from; empty if it starts anew.
        recursive: Whether what lies below the topmost dataset is in it.
        datasets: None where nothing but the increments is told.
    """

    name: str
    base: str
    recursive: bool
    datasets: tuple[Sent, ...] | None = None

    def sent(self, guid: int) -> tuple[Sent, SentSnapshot] | None:
        """Return what is told about the snapshot of a guid and its dataset."""
        for dataset in self.datasets or ():
            for snapshot in dataset.snapshots:
                if snapshot.guid == guid:
                    return dataset, snapshot
        return None


def write(package: Package | None, increments: Iterable[Increment]) -> Iterator[bytes]:
    """Yield the pieces of a stream."""
    yield _MAGIC + b" " * (_RECORD - len(_MAGIC)) + b"\n"
    if package is not None:
        yield from _write_part("package", encode(package), 0)
    for increment in increments:
        yield from _write_part("increment", encode(increment), min(increment.written >> _ZEROS_SHIFT, _MOST_ZEROS))
    yield _END + b"\n"


def _write_part(kind: str, text: str, zeros: int) -> Iterator[bytes]:
    head = f'{{"{kind}":{text},"zeros":{zeros}}}\n'.encode()
    checksum = sha256(head)
    yield head
    for begin in range(0, zeros, _PIECE):
        piece = bytes(min(_PIECE, zeros - begin))
        checksum.update(piece)
        yield piece
    yield f"\n{checksum.hexdigest()}\n".encode()


def read(stream: bytes) -> Iterator[Package | Increment]:
    """Yield what a stream holds, each part once it is known to be whole.

    Raises:
        NoStream: It is none.
        Corrupt: A part is broken; those before it were not.
    """
    if len(stream) < _RECORD:
        raise NoStream(short=True)
    if not stream.startswith(_MAGIC):
        raise NoStream(short=False)
    place = _line(stream, 0)[1]
    while True:
        head, body = _line(stream, place)
        if head == _END:
            return
        part, zeros = _read_head(head)
        empty, end = _line(stream, body + zeros, part)
        checksum, following = _line(stream, end, part)
        if empty or checksum.decode(errors="replace") != sha256(stream[place : body + zeros]).hexdigest():
            raise Corrupt(part, incomplete=False)
        yield part
        place = following


def _read_head(head: bytes) -> tuple[Package | Increment, int]:
    """Return a part, and how many zeros follow it."""
    try:
        plain = json.loads(head)
        zeros = int(plain.pop("zeros"))
        ((kind, value),) = plain.items()
        text = json.dumps(value)
        return decode(text, Package) if kind == "package" else decode(text, Increment), zeros
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Corrupt(incomplete=False) from error


def _line(stream: bytes, begin: int, part: Package | Increment | None = None) -> tuple[bytes, int]:
    """Return a line and where the next one begins."""
    end = stream.find(b"\n", begin)
    if end < 0:
        raise Corrupt(part, incomplete=True)
    return stream[begin:end], end + 1
