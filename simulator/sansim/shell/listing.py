"""`ls`."""

from datetime import datetime, timedelta

from attrs import frozen

from sansim.shell.files import ROOT, absolute
from sansim.shell.system import Process

__all__ = ["ls"]

_RECENT = timedelta(days=183)
_BLOCK = 512


@frozen
class _Entry:
    path: str
    name: str


async def ls(process: Process) -> int:
    """`ls [-aAdlLnrtFh1i] [FILE…]`, one name a line."""
    files = process.system.files
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
    names = [word for word in process.argv[1:] if not word.startswith("-") or word == "-"]
    status, alone, directories = 0, [], []
    for name in sorted(names) or ["."]:
        path = absolute(process.cwd, name)
        if not files.exists(path) and not files.is_link(path):
            status = await process.complain(f"{name}: No such file or directory\n", 2)
        elif files.is_directory(path) and "d" not in letters and not (files.is_link(path) and "l" in letters):
            directories.append(_Entry(path, name))
        else:
            alone.append(_Entry(path, name))
    await process.say(_lines(process, alone, letters))
    for number, directory in enumerate(directories):
        if len(names) > 1:
            await process.say(("\n" if number or alone else "") + f"{directory.name}:\n")
        if not _readable(process, directory.path):
            status = await process.complain(f"ls: cannot access {directory.name}: Permission denied\n", 2)
            continue
        entries = [_Entry(absolute(directory.path, name), name) for name in files.entries(directory.path)]
        hidden = [_Entry(absolute(directory.path, name), name) for name in (".", "..")] if "a" in letters else []
        shown = hidden + [item for item in entries if letters & {"a", "A"} or not item.name.startswith(".")]
        total = sum(-(-files.size(item.path) // _BLOCK) for item in shown)
        heading = f"total {total}\n" if letters & {"l", "n", "s"} else ""
        await process.say(heading + _lines(process, shown, letters))
    return status


def _readable(process: Process, path: str) -> bool:
    return process.system.files.allows(path, process.credentials, 4)


def _lines(process: Process, entries: list[_Entry], letters: set[str]) -> str:
    files = process.system.files
    if "t" in letters:
        entries = sorted(entries, key=lambda item: files.modified(item.path), reverse=True)
    if "r" in letters:
        entries = entries[::-1]
    return "".join(f"{_line(process, item, letters)}\n" for item in entries)


def _line(process: Process, entry: _Entry, letters: set[str]) -> str:
    files = process.system.files
    link = files.is_link(entry.path) and "L" not in letters
    mark = ""
    if letters & {"F", "p"}:
        executable = files.is_file(entry.path) and files.mode(entry.path) & 0o111
        mark = "@" if link else "/" if files.is_directory(entry.path) else "*" if executable else ""
    if not letters & {"l", "n"}:
        return entry.name + mark
    device = files.device(entry.path)
    kind = "l" if link else "d" if files.is_directory(entry.path) else device.kind if device is not None else "-"
    mode = 0o777 if link else files.mode(entry.path)
    target = files.target(entry.path)
    size = (
        f"{device.major:3d},{device.minor:3d}"
        if device is not None and not link
        else str(len(target) if link and device is None else 2 if kind == "d" else files.size(entry.path))
    )
    owner = ROOT if link and device is not None else files.owner(entry.path)
    arrow = f" -> {target}" if link else mark
    when = _when(process.system.clock.now(), files.modified(entry.path))
    return f"{kind}{_bits(mode)}   1 {owner.user:<8} {owner.group:<8} {size:>7} {when} {entry.name}{arrow}"


def _bits(mode: int) -> str:
    text = "".join(letter if mode & (0o400 >> place) else "-" for place, letter in enumerate("rwxrwxrwx"))
    return text[:8] + ("t" if mode & 1 else "T") if mode & 0o1000 else text


def _when(now: datetime, at: datetime) -> str:
    return at.strftime("%b %e %H:%M" if timedelta() <= now - at < _RECENT else "%b %e  %Y")
