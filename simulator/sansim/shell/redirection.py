"""Opens what redirections name."""

from typing import Protocol

from sansim.shell.expansion import Scope, expand_text
from sansim.shell.files import absolute
from sansim.shell.streams import NULL, BytesReader, FileWriter, Stream
from sansim.shell.syntax import Redirect
from sansim.shell.system import Process, encode

__all__ = ["RedirectionProblem", "redirected"]


class RedirectionProblem(Exception):
    """A redirection cannot be done; the command does not run."""


class _Opener(Scope, Protocol):
    umask: int
    process_of: Process


async def redirected(shell: _Opener, fds: dict[int, Stream], redirects: tuple[Redirect, ...]) -> dict[int, Stream]:
    """Return the file descriptors as they are after the redirections, done in order.

    Raises:
        RedirectionProblem: One of them cannot be done.
    """
    result = dict(fds)
    for redirect in redirects:
        target = await expand_text(shell, redirect.target)
        if redirect.operator in (">&", "<&"):
            _duplicate(result, redirect.fd, target)
        elif redirect.operator.startswith("<<"):
            result[redirect.fd] = BytesReader(encode(target))
        else:
            result[redirect.fd] = _open(shell, result, redirect.operator, target)
    return result


def _duplicate(fds: dict[int, Stream], fd: int, target: str) -> None:
    if target == "-":
        fds.pop(fd, None)
    elif target.isdigit() and int(target) in fds:
        fds[fd] = fds[int(target)]
    else:
        raise RedirectionProblem(f"{target}: bad file unit number [Bad file descriptor]")


def _open(shell: _Opener, fds: dict[int, Stream], operator: str, target: str) -> Stream:
    path = absolute(shell.cwd, target)
    special = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}.get(path)
    if special is not None and special in fds:
        return fds[special]
    if path == "/dev/null":
        return NULL
    if operator in ("<", "<>"):
        return _open_to_read(shell, path, target)
    return _open_to_write(shell, operator, path, target)


def _open_to_read(shell: _Opener, path: str, target: str) -> Stream:
    if shell.files.is_directory(path):
        raise RedirectionProblem(f"{target}: cannot open [Is a directory]")
    if shell.files.is_file(path) and not shell.files.allows(path, shell.process_of.credentials, 4):
        raise RedirectionProblem(f"{target}: cannot open [Permission denied]")
    try:
        return BytesReader(shell.files.read(path))
    except OSError:
        raise RedirectionProblem(f"{target}: cannot open [No such file or directory]") from None


def _open_to_write(shell: _Opener, operator: str, path: str, target: str) -> Stream:
    if shell.files.is_directory(path):
        raise RedirectionProblem(f"{target}: cannot create [Is a directory]")
    exists = shell.files.is_file(path)
    if exists and operator == ">" and shell.option("C"):
        raise RedirectionProblem(f"{target}: file already exists [File exists]")
    # A new file takes the right to write in its directory.
    asked = path if exists else absolute(path, "..")
    if shell.files.exists(asked) and not shell.files.allows(asked, shell.process_of.credentials, 2):
        raise RedirectionProblem(f"{target}: cannot create [Permission denied]")
    try:
        if not exists or operator != ">>":
            shell.files.create(path, 0o666 & ~shell.umask, owner=shell.process_of.owner)
    except OSError:
        raise RedirectionProblem(f"{target}: cannot create [No such file or directory]") from None
    return FileWriter(shell.files, path)
