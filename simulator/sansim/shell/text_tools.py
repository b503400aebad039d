"""Text utilities, run in bashkit: grep, sed, awk and their like."""

import asyncio
import posixpath
import shlex
from collections.abc import Iterable

from bashkit import Bash, CommandContext, ExecutionProfile, FileSystem

from sansim.shell.files import absolute
from sansim.shell.streams import Reader
from sansim.shell.system import Executable, Process

__all__ = ["TEXT_TOOLS"]

_IN_BASHKIT = (
    "awk", "nawk", "sed", "grep", "egrep", "fgrep", "sort", "uniq", "tail", "cut", "tr",
    "basename", "dirname", "expr", "seq", "diff", "cmp", "comm", "join", "paste", "od", "tac", "rev",
    "fold", "nl", "expand", "base64", "sha256sum", "md5sum",
)  # fmt: skip
_WRITABLE = ("/tmp", "/var/tmp")  # noqa: S108 - in the simulated tree
_NAMES_IN_BASHKIT = {"nawk": "awk"}
_WITHOUT_INPUT = frozenset(["basename", "dirname", "expr", "seq", "diff", "cmp", "comm", "join"])


async def _tool(process: Process) -> int:
    """Run a text utility in bashkit, with the files that its arguments name.

    bashkit reads a pipe to its end before most utilities start, so one that is given a file is given no input.
    """
    name = process.argv[0].rpartition("/")[2]
    named = _named_files(process)
    bash = Bash(profile=ExecutionProfile.Interactive, env=process.env)
    root = FileSystem()
    directories = _directories(process, named)
    for directory in directories:
        root.mkdir(directory, recursive=True)
    for path, content in named.items():
        if root.exists(path):
            # A directory of bashkit's own where the host has a file.
            root.remove(path, recursive=True)
        root.write_file(path, content)
    bash.mount("/", root)
    broken: list[BrokenPipeError] = []

    async def out(data: bytes) -> None:
        try:
            await process.stdout.write(bytes(data))
        except BrokenPipeError as error:
            broken.append(error)
            raise

    async def err(data: bytes) -> None:
        await process.stderr.write(bytes(data))

    words = [_NAMES_IN_BASHKIT.get(name, name), *process.argv[1:]]
    text = f"cd {shlex.quote(process.cwd)}\n{shlex.join(words)}"
    if name not in _WITHOUT_INPUT and ("-" in process.argv or not named):
        supply = _Supply(process.stdin)
        bash.add_command("__supply", supply.supply)
        bash.add_command("__finish", supply.finish)
        text = f"__supply | {{ ( {text}\n); __finish $?; }}"
    result = await bash.execute(text, stdout=out, stderr=err)
    refused = _keep_written(process, root, directories, named)
    for path in refused:
        await process.complain(f"{name}: cannot write {path}: Permission denied\n")
    if broken:
        raise broken[0]
    return result.exit_code or int(bool(refused))


def _keep_written(process: Process, root: FileSystem, directories: list[str], given: dict[str, bytes]) -> list[str]:
    """Put what a utility wrote (`sort -o`, `sed -i`, awk's `print >`) where the host keeps its files.

    Returns:
        The files that the user may not write.
    """
    files, refused = process.system.files, []
    for directory in directories:
        for entry in root.read_dir(directory):
            path = posixpath.join(directory, entry["name"])
            if entry["metadata"]["file_type"] == "file" and bytes(content := root.read_file(path)) != given.get(path):
                writable = not files.is_directory(path)
                if writable and files.allows(path if files.exists(path) else directory, process.credentials, 2):
                    files.create(path, 0o666 & ~process.umask, bytes(content), process.owner)
                else:
                    refused.append(path)
    return refused


def _directories(process: Process, named: Iterable[str]) -> list[str]:
    """Return the directories that a utility sees: those of its files, and where it may write others."""
    candidates = (process.cwd, *_WRITABLE, *(posixpath.dirname(path) for path in named))
    return [path for path in dict.fromkeys(candidates) if process.system.files.is_directory(path)]


def _named_files(process: Process) -> dict[str, bytes]:
    """Return the content of the files that the arguments name; bashkit takes no control characters in a path."""
    files = process.system.files
    paths = [absolute(process.cwd, word) for word in process.argv[1:] if not word.startswith("-")]
    return {
        path: files.read(path)
        for path in dict.fromkeys(paths)
        if path.isprintable() and files.is_file(path) and files.allows(path, process.credentials, 4)
    }


class _Supply:
    """Feeds a utility's input into bashkit until the utility has ended."""

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._done = asyncio.Event()

    async def supply(self, context: CommandContext) -> int:
        ended = asyncio.ensure_future(self._done.wait())
        while True:
            reading = asyncio.ensure_future(self._source.read())
            await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                reading.cancel()
                return 0
            if not reading.result():
                ended.cancel()
                return 0
            try:
                await context.stdout.write(reading.result())
            except BrokenPipeError:
                # The utility has read what it wanted: `head -1`.
                ended.cancel()
                return 0

    async def finish(self, context: CommandContext) -> int:
        self._done.set()
        return int(context.argv[0])


TEXT_TOOLS: dict[str, Executable] = dict.fromkeys(_IN_BASHKIT, _tool)
"""What runs in bashkit, by name."""
