"""Tools that tell or change what a file is beside its content: chmod, chown, touch, ln, stat."""

import re
from datetime import UTC, datetime

from attrs import evolve

from sansim.shell.files import Files, absolute
from sansim.shell.system import Executable, Process

__all__ = ["ATTRIBUTE_TOOLS"]

_CLAUSE = re.compile(r"([ugoa]*)([-+=])([rwxXst]*)")
_SHIFTS = {"u": 6, "g": 3, "o": 0}
_BITS = {"r": 4, "w": 2, "x": 1, "X": 1, "s": 0, "t": 0}


async def _chmod(process: Process) -> int:
    files = process.system.files
    names = [word for word in process.argv[1:] if word not in ("-R", "-f", "--")]
    deep = "-R" in process.argv
    if len(names) < 2:  # noqa: PLR2004 - a mode and a file
        return await process.refuse("chmod operands")
    status = 0
    for name in names[1:]:
        path = absolute(process.cwd, name)
        if not files.exists(path):
            status = await process.refuse("chmod absent", name)
            continue
        if not _may_change(process, path):
            status = await process.refuse("chmod denied", name)
            continue
        for each in _below(files, path) if deep else [path]:
            mode = _changed(names[0], files.mode(each), process.umask)
            if mode is None:
                return await process.refuse("chmod mode", names[0])
            files.chmod(each, mode)
    return status


def _may_change(process: Process, path: str) -> bool:
    who = process.credentials
    return (
        who.root
        or bool(who.privileges & {"file_owner", "file_chown"})
        or process.system.files.owner(path).user == who.user
    )


def _changed(text: str, mode: int, umask: int) -> int | None:
    """Return a mode after `755` or `u+x,g-w`; None when the text is neither."""
    if text and not set(text) - set("01234567"):
        return int(text, 8)
    for clause in text.split(","):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        who, operator, letters = match.groups()
        bits = sum(_BITS[letter] for letter in set(letters))
        for place in _SHIFTS if who in ("", "a") else who:
            wanted = bits << _SHIFTS[place] & (~umask if not who else ~0)
            if operator == "=":
                mode = mode & ~(7 << _SHIFTS[place]) | wanted
            else:
                mode = mode | wanted if operator == "+" else mode & ~wanted
    return mode


def _below(files: Files, path: str) -> list[str]:
    found = [path]
    if files.is_directory(path):
        for name in files.entries(path):
            found += _below(files, absolute(path, name))
    return found


async def _chown(process: Process) -> int:
    """`chown [-R] USER[:GROUP] FILE…` and `chgrp [-R] GROUP FILE…`."""
    command = process.argv[0].rpartition("/")[2]
    files = process.system.files
    names = [word for word in process.argv[1:] if not word.startswith("-")]
    if len(names) < 2:  # noqa: PLR2004 - an owner and a file
        return await process.refuse("chown operands")
    user, _, group = names[0].replace(".", ":", 1).partition(":") if command == "chown" else ("", "", names[0])
    account = process.system.accounts.find(user) if user else None
    if user and account is None:
        return await process.refuse("chown user", user)
    known = {item.name for account_of in process.system.accounts.values() for item in account_of.groups}
    if group and group not in known and not group.isdecimal():
        return await process.refuse("chown group" if user else "chgrp group", group)
    status = 0
    for name in names[1:]:
        path = absolute(process.cwd, name)
        if not files.exists(path):
            status = await process.refuse("chown absent", name)
            continue
        if not (process.credentials.root or "file_chown" in process.credentials.privileges):
            status = await process.refuse("chown denied", name)
            continue
        for each in _below(files, path) if "-R" in process.argv else [path]:
            owner = files.owner(each)
            owner = evolve(owner, user=user) if user else owner
            files.chown(each, evolve(owner, group=group) if group else owner)
    return status


async def _touch(process: Process) -> int:
    files = process.system.files
    words, at, only_there = list(process.argv[1:]), process.system.clock.now(), False
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-r", "-t", "-d") and words:
            value = words.pop(0)
            given = files.modified(absolute(process.cwd, value)) if word == "-r" else _time(value, at)
            if given is None:
                return await process.refuse("touch time")
            at = given
        only_there = only_there or "c" in word
    status = 0
    for name in words:
        path = absolute(process.cwd, name)
        try:
            if not files.exists(path):
                if only_there:
                    continue
                files.create(path, 0o666 & ~process.umask, owner=process.owner)
            if files.is_file(path) or files.is_directory(path):
                files.touch(path, at)
        except OSError:
            status = await process.refuse("touch", name)
    return status


def _time(text: str, now: datetime) -> datetime | None:
    """Return the time of `[[CC]YY]MMDDhhmm[.SS]`, or of a date as ISO has it."""
    digits, _, seconds = text.partition(".")
    layouts = {8: "%m%d%H%M", 10: "%y%m%d%H%M", 12: "%Y%m%d%H%M"}
    try:
        if digits.isdecimal() and len(digits) in layouts:
            prefix = str(now.year) if len(digits) == 8 else ""  # noqa: PLR2004 - without a year
            layout = "%Y" + layouts[8] if prefix else layouts[len(digits)]
            return datetime.strptime(prefix + digits + (seconds or "00"), layout + "%S").replace(tzinfo=UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


async def _ln(process: Process) -> int:
    """`ln -s TARGET NAME`; a second name of a file is not simulated."""
    files = process.system.files
    letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
    names = [word for word in process.argv[1:] if not word.startswith("-")]
    if "s" not in letters:
        process.line.recording.unsupported.append("ln")
        return await process.complain("ln: hard links are not supported here\n", 2)
    if len(names) != 2:  # noqa: PLR2004 - from and to
        return await process.refuse("ln operands")
    path = absolute(process.cwd, names[1])
    if files.is_directory(path) and not ("n" in letters and files.is_link(path)):
        path = absolute(path, names[0].rpartition("/")[2])
    try:
        if "f" in letters and (files.exists(path) or files.is_link(path)):
            files.remove(path)
        files.link(path, names[0])
    except OSError as error:
        reason = "File exists" if isinstance(error, FileExistsError) else "No such file or directory"
        return await process.refuse("ln failed", names[1], reason)
    return 0


async def _readlink(process: Process) -> int:
    files = process.system.files
    names = [word for word in process.argv[1:] if not word.startswith("-")]
    status = 0
    for name in names:
        path = absolute(process.cwd, name)
        if "-f" in process.argv:
            await process.say(f"{files.real(path)}\n")
        elif files.is_link(path):
            await process.say(f"{files.target(path)}\n")
        else:
            status = 1
    return status


async def _stat(process: Process) -> int:
    """GNU's `stat -c FORMAT FILE…`, and its usual listing."""
    files, words, layout = process.system.files, list(process.argv[1:]), ""
    while words and words[0].startswith("-"):
        word = words.pop(0)
        if word in ("-c", "--format"):
            layout = words.pop(0) if words else ""
        elif word.startswith("--format="):
            layout = word.partition("=")[2]
    status = 0
    for name in words:
        path = absolute(process.cwd, name)
        if not files.exists(path):
            status = await process.complain(f"stat: cannot statx '{name}': No such file or directory\n")
            continue
        await process.say(_described(process, path, name, layout) + "\n")
    return status


def _described(process: Process, path: str, name: str, layout: str) -> str:
    files = process.system.files
    owner, at, mode = files.owner(path), files.modified(path), files.mode(path)
    kind = "directory" if files.is_directory(path) else "regular file" if files.is_file(path) else "special file"
    numbers = process.system.accounts.get(owner.user)
    values = {
        "n": name, "s": str(files.size(path)), "a": f"{mode:o}", "U": owner.user, "G": owner.group,
        "u": str(0 if numbers is None else numbers.number), "Y": str(int(at.timestamp())),
        "y": f"{at:%Y-%m-%d %H:%M:%S.%f000 +0000}", "F": kind,
    }  # fmt: skip
    usual = "  File: %n\n  Size: %s\t%F\nAccess: (%a)  Uid: (%u/%U)   Gid: (%G)\nModify: %y"
    return re.sub(r"%([a-zA-Z])", lambda match: values.get(match[1], "?"), layout or usual)


ATTRIBUTE_TOOLS: dict[str, Executable] = {
    "chmod": _chmod, "chown": _chown, "chgrp": _chown, "touch": _touch, "ln": _ln, "readlink": _readlink, "stat": _stat,
}  # fmt: skip
"""What works on the attributes of files, by name."""
