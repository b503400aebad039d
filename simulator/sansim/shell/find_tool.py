"""`find`, as far as scripts on a storage host use it."""

from collections.abc import Iterator

from attrs import Factory, define

from sansim.shell.files import Files, absolute
from sansim.shell.patterns import compile_pattern
from sansim.shell.process_tools import run_words
from sansim.shell.system import Process

__all__ = ["find"]

_WITH_VALUE = ("-name", "-type", "-maxdepth")
_USAGE = "find: bad option {0}\nfind: [-H | -L] path-list predicate-list\n"


@define
class _Search:
    """What is looked for: a name, a kind, how deep, and what runs for each; nothing prints the path."""

    name: str = "*"
    kind: str = ""
    depth: int = 1 << 16
    command: list[str] = Factory(list)


async def find(process: Process) -> int:
    """`find [PATH…] [-name PATTERN] [-type f|d|l] [-maxdepth N] [-print | -exec COMMAND {} ;]`."""
    words = list(process.argv[1:])
    roots = []
    while words and not words[0].startswith("-"):
        roots.append(words.pop(0))
    search = _Search()
    while words:
        word = words.pop(0)
        if word == "-exec" and ";" in words:
            end = words.index(";")
            search.command, words = words[:end], words[end + 1 :]
        elif word in _WITH_VALUE and words:
            value = words.pop(0)
            search.name = value if word == "-name" else search.name
            search.kind = value if word == "-type" else search.kind
            search.depth = int(value) if word == "-maxdepth" and value.isdecimal() else search.depth
        elif word != "-print":
            process.line.recording.unsupported.append(f"find {word}")
            return await process.complain(_USAGE.format(word))
    status = 0
    for root in roots or ["."]:
        if not process.system.files.exists(absolute(process.cwd, root)):
            status = await process.complain(f"find: stat() error {root}: No such file or directory\n")
            continue
        for shown in _walk(process, root, search, 0):
            if search.command:
                await run_words(process, [shown if item == "{}" else item for item in search.command], process.env)
            else:
                await process.say(f"{shown}\n")
    return status


def _walk(process: Process, shown: str, search: _Search, level: int) -> Iterator[str]:
    files, path = process.system.files, absolute(process.cwd, shown)
    matching = compile_pattern(((search.name, False),)).fullmatch(path.rpartition("/")[2] or "/")
    if matching and search.kind in ("", _kind(files, path)):
        yield shown
    if files.is_directory(path) and not files.is_link(path) and level < search.depth:
        for name in files.entries(path):
            yield from _walk(process, f"{shown.rstrip('/')}/{name}", search, level + 1)


def _kind(files: Files, path: str) -> str:
    return "l" if files.is_link(path) else "d" if files.is_directory(path) else "f" if files.is_file(path) else "c"
