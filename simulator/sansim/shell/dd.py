"""`dd`, and the numbers with units that it and its like take."""

import re

from attrs import define

from sansim.shell.opening import REASONS, open_reader, open_writer
from sansim.shell.streams import Reader, Writer
from sansim.shell.system import ABSENT, Process

__all__ = ["dd", "number"]

_UNITS = {"": 1, "b": 512, "k": 1 << 10, "K": 1 << 10, "m": 1 << 20, "M": 1 << 20, "g": 1 << 30, "G": 1 << 30, "w": 2}
_FACTOR = re.compile(r"(\d+)([bkKmMgGw]?)")
_DEFAULTS = {"if": "/dev/stdin", "of": "/dev/stdout", "ibs": "512", "skip": "0", "status": ""}
_OTHERS = frozenset(("bs", "obs", "count", "iseek"))
_UNSUPPORTED = frozenset(("seek", "oseek", "conv", "cbs", "files", "iflag", "oflag"))


def number(text: str) -> int | None:
    """Return a count with an optional unit (`64k`), products of such (`2x512`) too; None for another text."""
    product = 1
    for part in text.split("x"):
        match = _FACTOR.fullmatch(part)
        if match is None:
            return None
        product *= int(match[1]) * _UNITS[match[2]]
    return product


@define
class _Blocks:
    """Whole blocks and partial ones, as `dd` counts them."""

    size: int
    whole: int = 0
    partial: int = 0

    def note(self, data: bytes) -> None:
        if len(data) == self.size:
            self.whole += 1
        else:
            self.partial += 1

    def __str__(self) -> str:
        return f"{self.whole}+{self.partial} records"


async def dd(process: Process) -> int:
    """`dd` with if, of, bs, ibs, obs, count, skip or iseek, and status; what would change bytes is refused."""
    given = dict(_DEFAULTS)
    for word in process.argv[1:]:
        name, equals, value = word.partition("=")
        if name in _UNSUPPORTED:
            process.line.recording.unsupported.append(f"dd {name}=")
        if not equals or name not in _DEFAULTS.keys() | _OTHERS:
            return await process.refuse("dd word", word)
        given[name] = value
    size = number(given.get("bs", given["ibs"]))
    count, skip = number(given.get("count", "0")), number(given.get("iseek", given["skip"]))
    if not size or count is None or skip is None:
        return await process.refuse("dd number", given.get("bs", given["ibs"]))
    try:
        source, sink = open_reader(process, given["if"]), open_writer(process, given["of"])
    except OSError as error:
        return await process.refuse("dd open", str(error.args[0]), REASONS.get(type(error), ABSENT))
    for _ in range(skip):
        await _block(source, size)
    read, written = _Blocks(size), _Blocks(size)
    full = await _copy(source, sink, read, written, count if "count" in given else None)
    if full:
        await process.complain("dd: unexpected short write\ndd: write: No space left on device\n")
    if given["status"] != "none":
        await process.complain(f"{read} in\n{written} out\n")
    return 2 if full else 0


async def _copy(source: Reader, sink: Writer, read: _Blocks, written: _Blocks, count: int | None) -> bool:
    """Copy block by block; tell whether the sink is full."""
    while count is None or read.whole + read.partial < count:
        data = await _block(source, read.size)
        if not data:
            return False
        read.note(data)
        try:
            await sink.write(data)
        except BrokenPipeError:
            raise
        except OSError:
            return True
        written.note(data)
    return False


async def _block(source: Reader, size: int) -> bytes:
    """Read one block, less at the end only."""
    pieces, missing = [], size
    while missing:
        data = await source.read()
        if not data:
            break
        pieces.append(data[:missing])
        source.unread(data[missing:])
        missing -= len(pieces[-1])
    return b"".join(pieces)
