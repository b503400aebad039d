"""`ls`."""

from datetime import datetime, timedelta

from attrs import frozen

from sansim.shell.columns import columns
from sansim.shell.files import ROOT, absolute
from sansim.shell.system import Process

__all__ = ["ls"]

_RECENT = timedelta(days=183)
_AHEAD = timedelta(minutes=1)
"""By how much a file may be younger than now and its time still be shown."""
_USUAL_WIDTH = 80
"""Where the terminal does not tell its own."""
_BLOCK = 512
_PAGE, _KIB = 4096, 1024
"""What a file takes on Linux, and what its `ls` counts in."""


@frozen
class _Entry:
    path: str
    name: str


_Row = tuple[str, tuple[str, str, str, str], str]
_WIDTHS = (3, 8, 8, 7)
"""Of links, owner, group and size where columns do not fit themselves to what is in them."""


async def ls(process: Process) -> int:
    """`ls [-aAdlLnrtFh1i] [FILE…]`, in columns at a terminal."""
    files = process.system.files
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
    names = [word for word in process.argv[1:] if not word.startswith("-") or word == "-"]
    status, alone, directories = 0, [], []
    for name in sorted(names) or ["."]:
        path = absolute(process.cwd, name)
        if not files.exists(path) and not files.is_link(path):
            status = await process.refuse("ls", name)
        elif files.is_directory(path) and "d" not in letters and not (files.is_link(path) and "l" in letters):
            directories.append(_Entry(path, name))
        else:
            alone.append(_Entry(path, name))
    await process.say(_lines(process, alone, letters))
    for number, directory in enumerate(directories):
        if len(names) > 1:
            await process.say(("\n" if number or alone else "") + f"{directory.name}:\n")
        if not _readable(process, directory.path):
            status = await process.refuse("ls denied", directory.name)
            continue
        entries = [_Entry(absolute(directory.path, name), name) for name in files.entries(directory.path)]
        hidden = [_Entry(absolute(directory.path, name), name) for name in (".", "..")] if "a" in letters else []
        shown = hidden + [item for item in entries if letters & {"a", "A"} or not item.name.startswith(".")]
        total = sum(_blocks(process, item.path) for item in shown)
        heading = f"total {total}\n" if letters & {"l", "n", "s"} else ""
        await process.say(heading + _lines(process, shown, letters))
    return status


def _blocks(process: Process, path: str) -> int:
    """Return what a file takes, in the blocks that a listing counts in."""
    files = process.system.files
    if not process.style.fits:
        return -(-files.size(path) // _BLOCK)
    size = 0 if files.is_link(path) else _PAGE if files.is_directory(path) else files.size(path)
    return -(-size // _PAGE) * _PAGE // _KIB


def _readable(process: Process, path: str) -> bool:
    return process.system.files.allows(path, process.credentials, 4)


def _lines(process: Process, entries: list[_Entry], letters: set[str]) -> str:
    files = process.system.files
    if "t" in letters:
        entries = sorted(entries, key=lambda item: files.modified(item.path), reverse=True)
    if "r" in letters:
        entries = entries[::-1]
    if not letters & {"l", "n"}:
        names = [f"{item.name}{_mark(process, item, letters)}" for item in entries]
        if process.console is not None and process.is_terminal(1) and "1" not in letters:
            return columns(names, process.console.columns or _USUAL_WIDTH, fits=process.style.fits)
        return "".join(f"{name}\n" for name in names)
    rows = [_row(process, item, letters) for item in entries]
    widths = [max(len(row[1][at]) for row in rows) for at in range(4)] if process.style.fits and rows else _WIDTHS
    return "".join(
        f"{kind} {links:>{widths[0]}} {owner:<{widths[1]}} {group:<{widths[2]}} {size:>{widths[3]}} {rest}\n"
        for kind, (links, owner, group, size), rest in rows
    )


def _mark(process: Process, entry: _Entry, letters: set[str]) -> str:
    """Return what `-F` and `-p` put after a name."""
    if not letters & {"F", "p"}:
        return ""
    files = process.system.files
    if files.is_link(entry.path) and "L" not in letters:
        return "@"
    executable = files.is_file(entry.path) and files.mode(entry.path) & 0o111
    return "/" if files.is_directory(entry.path) else "*" if executable else ""


def _row(process: Process, entry: _Entry, letters: set[str]) -> _Row:
    """Return the cells of a long listing: the mode, those that are aligned, and the rest."""
    files = process.system.files
    link = files.is_link(entry.path) and "L" not in letters
    device = files.device(entry.path)
    kind = "l" if link else "d" if files.is_directory(entry.path) else device.kind if device is not None else "-"
    mode = 0o777 if link else files.mode(entry.path)
    target = files.target(entry.path)
    size = str(files.size(entry.path))
    if link:
        # What is under illumos's /dev is of another filesystem, whose links have no size.
        size = str(len(target)) if device is None or process.style.fits else "0"
    elif device is not None:
        size = f"{device.major:3d},{device.minor:3d}"
    elif kind == "d":
        size = str(_PAGE if process.style.fits else 2)
    owner = ROOT if link and device is not None else files.owner(entry.path)
    arrow = f" -> {target}" if link else _mark(process, entry, letters)
    when = _when(process.system.clock.now(), files.modified(entry.path))
    links = "2" if kind == "d" and process.style.fits else "1"
    return f"{kind}{_bits(mode)}", (links, owner.user, owner.group, size), f"{when} {entry.name}{arrow}"


def _bits(mode: int) -> str:
    text = "".join(letter if mode & (0o400 >> place) else "-" for place, letter in enumerate("rwxrwxrwx"))
    return text[:8] + ("t" if mode & 1 else "T") if mode & 0o1000 else text


def _when(now: datetime, at: datetime) -> str:
    return at.strftime("%b %e %H:%M" if -_AHEAD < now - at < _RECENT else "%b %e  %Y")
