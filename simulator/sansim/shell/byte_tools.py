"""Tools that pass bytes through unharmed and in bounded memory: head, wc, gzip."""

import zlib
from collections.abc import AsyncIterator

from sansim.shell.dd import dd, number
from sansim.shell.opening import REASONS, open_reader
from sansim.shell.streams import Reader
from sansim.shell.system import ABSENT, Executable, Process

__all__ = ["BYTE_TOOLS"]

_HEAD_USAGE = "usage: head [-n #] [-c #] [-q] [-#] [filename...]\n"
_GZIP = 31
"""zlib's window for a stream with gzip's frame."""


async def _inputs(process: Process, names: list[str], tool: str) -> AsyncIterator[tuple[str, Reader]]:
    """Yield the inputs that operands name, complaining of those that cannot be had; standard input without any."""
    if not names:
        yield "", process.stdin
    for name in names:
        try:
            yield name, process.stdin if name == "-" else open_reader(process, name)
        except OSError as error:
            reason = REASONS.get(type(error), ABSENT)
            if tool == "head":
                await process.refuse("head", name, reason)
            else:
                await process.complain(f"{tool}: {name}: {reason}\n")


async def _head(process: Process) -> int:
    """`head [-n N | -N | -c N] [FILE…]`."""
    words, lines, size = list(process.argv[1:]), 10, None
    while words and words[0].startswith("-") and len(words[0]) > 1:
        word = words.pop(0)
        counts = word[1] in "nc"
        value = (word[2:] or (words.pop(0) if words else "")) if counts else word[1:]
        count = number(value)
        if count is None:
            return await process.complain(f'head: Invalid "{word}" option\n{_HEAD_USAGE}')
        if word[1] == "c":
            size = count
        else:
            lines = count
    found = 0
    async for name, source in _inputs(process, words, "head"):
        if len(words) > 1:
            await process.say(("\n" if found else "") + f"==> {name} <==\n")
        found += 1
        if size is None:
            await _copy_lines(source, process, lines)
        else:
            await _copy_bytes(source, process, size)
    return int(found < max(1, len(words)))


async def _copy_lines(source: Reader, process: Process, lines: int) -> None:
    for _ in range(lines):
        line = await source.line()
        if not line:
            return
        await process.stdout.write(line)


async def _copy_bytes(source: Reader, process: Process, size: int) -> None:
    while size > 0:
        data = await source.read()
        if not data:
            return
        source.unread(data[size:])
        await process.stdout.write(data[:size])
        size -= len(data)


async def _wc(process: Process) -> int:
    """`wc [-clmw] [FILE…]`."""
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]} or set("lwc")
    names = [word for word in process.argv[1:] if not word.startswith("-") or word == "-"]
    rows: list[tuple[dict[str, int], str]] = []
    async for name, source in _inputs(process, names, "wc"):
        counted, inside = dict.fromkeys("lwcm", 0), False
        while data := await source.read():
            counted["l"] += data.count(b"\n")
            counted["c"] += len(data)
            counted["m"] += len(data) - sum(1 for byte in data if byte & 0xC0 == 0x80)  # noqa: PLR2004 - UTF-8
            counted["w"] += len(data.split()) - (inside and not data[:1].isspace())
            inside = not data[-1:].isspace()
        rows.append((counted, name))
    if len(rows) > 1:
        rows.append(({key: sum(row[key] for row, _ in rows) for key in "lwcm"}, "total"))
    for row, name in rows:
        cells = "".join(f" {row[key]:7d}" for key in "lwmc" if key in letters)
        await process.say(f"{cells}{f' {name}' if name else ''}\n")
    return int(len(rows) < max(1, len(names)))


async def _gzip(process: Process) -> int:
    """`gzip`, `gunzip` and `gzcat` between standard input and output; files in place are not simulated."""
    name = process.argv[0].rpartition("/")[2]
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
    names = [word for word in process.argv[1:] if not word.startswith("-")]
    back = name != "gzip" or "d" in letters
    if names and "c" not in letters and name != "gzcat":
        process.line.recording.unsupported.append(f"{name} of a file in place")
        return await process.complain(f"{name}: {names[0]}: files in place are not supported here\n")
    level = next((int(letter) for letter in sorted(letters) if letter.isdecimal()), 6)
    status = 0
    async for _, source in _inputs(process, names, name):
        coder = zlib.decompressobj(_GZIP) if back else zlib.compressobj(level, wbits=_GZIP)
        status = max(status, await _coded(source, process, coder, name))
    return status


async def _coded(source: Reader, process: Process, coder: "zlib._Compress | zlib._Decompress", name: str) -> int:
    while data := await source.read():
        try:
            coded = coder.compress(data) if hasattr(coder, "compress") else coder.decompress(data)
        except zlib.error:
            return await process.complain(f"\n{name}: stdin: not in gzip format\n")
        if coded:
            await process.stdout.write(coded)
    await process.stdout.write(coder.flush())
    return 0


BYTE_TOOLS: dict[str, Executable] = {
    "head": _head, "wc": _wc, "dd": dd, "gzip": _gzip, "gunzip": _gzip, "gzcat": _gzip, "zcat": _gzip,
}  # fmt: skip
"""What passes bytes through, by name."""
