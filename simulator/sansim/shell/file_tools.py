"""Tools that work on files: cat, tee, ls, rm and their like."""

from sansim.shell.file_attributes import ATTRIBUTE_TOOLS
from sansim.shell.files import absolute
from sansim.shell.listing import ls
from sansim.shell.opening import REASONS, open_reader
from sansim.shell.system import ABSENT, Executable, Process

__all__ = ["FILE_TOOLS"]


def _operands(process: Process) -> tuple[set[str], list[str]]:
    """Return the option letters and the operands."""
    letters: set[str] = set()
    operands = list(process.argv[1:])
    while operands and operands[0][:1] == "-" and len(operands[0]) > 1:
        word = operands.pop(0)
        if word == "--":
            break
        letters.update(word[1:])
    return letters, operands


async def _cat(process: Process) -> int:
    status = 0
    for name in _operands(process)[1] or ["-"]:
        if name == "-":
            while data := await process.stdin.read():
                await process.stdout.write(data)
            continue
        try:
            source = open_reader(process, name)
            while data := await source.read():
                await process.stdout.write(data)
        except OSError as error:
            status = await process.refuse("cat", name, REASONS.get(type(error), ABSENT))
    return status


async def _tee(process: Process) -> int:
    files = process.system.files
    letters, names = _operands(process)
    paths, status = [], 0
    for name in names:
        path = absolute(process.cwd, name)
        try:
            if "a" not in letters or not files.is_file(path):
                files.create(path, 0o666 & ~process.umask, owner=process.owner)
            paths.append(path)
        except OSError:
            status = await process.complain(f"tee: {name}: No such file or directory\n")
    while data := await process.stdin.read():
        for path in paths:
            if files.is_file(path):
                files.append(path, data)
        await process.stdout.write(data)
    return status


async def _rm(process: Process) -> int:
    files = process.system.files
    letters, names = _operands(process)
    status = 0
    for name in names:
        path = absolute(process.cwd, name)
        if files.is_directory(path) and not files.is_link(path) and not letters & {"r", "R"}:
            status = await process.refuse("rm directory", name)
            continue
        there = files.exists(path) or files.is_link(path)
        if there and not files.may_remove(path, process.credentials):
            status = await process.refuse("rm denied", name)
            continue
        try:
            files.remove(path)
        except OSError:
            if "f" not in letters:
                status = await process.refuse("rm absent", name)
    return status


async def _mkdir(process: Process) -> int:
    files = process.system.files
    letters, names = _operands(process)
    # -m takes an argument of its own.
    mode = 0o777 & ~process.umask
    if "m" in letters:
        if len(names) < 2 or set(names[0]) - set("01234567"):  # noqa: PLR2004 - a mode and a name
            return await process.refuse("mkdir mode", names[0] if names else "")
        mode, names = int(names[0], 8), names[1:]
    status = 0
    for name in names:
        path = absolute(process.cwd, name)
        if files.exists(path) and "p" not in letters:
            status = await process.refuse("mkdir", name, "File exists")
        elif files.is_directory(absolute(path, "..")) and not files.allows(
            absolute(path, ".."), process.credentials, 2
        ):
            status = await process.refuse("mkdir", name, "Permission denied")
        elif not files.is_directory(absolute(path, "..")) and "p" not in letters:
            status = await process.refuse("mkdir", name, ABSENT)
        else:
            files.mkdir(path, mode, process.owner)
    return status


async def _rmdir(process: Process) -> int:
    files = process.system.files
    status = 0
    for name in _operands(process)[1]:
        path = absolute(process.cwd, name)
        if not files.is_directory(path):
            status = await process.refuse("rmdir absent", name)
        elif files.entries(path):
            status = await process.refuse("rmdir full", name)
        else:
            files.remove(path)
    return status


async def _mv(process: Process) -> int:
    return await _transfer(process, move=True)


async def _cp(process: Process) -> int:
    return await _transfer(process, move=False)


async def _transfer(process: Process, *, move: bool) -> int:
    files = process.system.files
    _, names = _operands(process)
    if len(names) < 2:  # noqa: PLR2004 - from and to
        return await process.refuse("cp operands")
    target = absolute(process.cwd, names[-1])
    status = 0
    for name in names[:-1]:
        source = absolute(process.cwd, name)
        place = absolute(target, source.rpartition("/")[2]) if files.is_directory(target) else target
        if files.exists(source) and not _may_transfer(process, source, place, move=move):
            status = await process.refuse("cp denied", name)
            continue
        try:
            if move:
                files.rename(source, place)
            else:
                files.create(place, files.mode(source), files.read(source), process.owner)
        except OSError:
            status = await process.refuse("cp absent", name)
    return status


def _may_transfer(process: Process, source: str, place: str, *, move: bool) -> bool:
    """Tell whether the user may take a file, and put it in its new place."""
    files, who = process.system.files, process.credentials
    taken = files.may_remove(source, who) if move else files.allows(source, who, 4)
    return taken and files.allows(place if files.exists(place) and not move else absolute(place, ".."), who, 2)


FILE_TOOLS: dict[str, Executable] = {
    "cat": _cat, "tee": _tee, "ls": ls, "rm": _rm, "mkdir": _mkdir, "rmdir": _rmdir, "mv": _mv, "cp": _cp,
    **ATTRIBUTE_TOOLS,
}  # fmt: skip
"""What works on files, by name."""
