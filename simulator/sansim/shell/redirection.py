"""Opens what redirections name."""

from typing import Protocol

from attrs import evolve

from sansim.shell.expansion import Scope, expand_text
from sansim.shell.files import absolute
from sansim.shell.opening import REASONS, open_reader, open_writer
from sansim.shell.streams import BytesReader, Stream
from sansim.shell.syntax import Redirect
from sansim.shell.system import ABSENT, Process, encode

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
            _duplicate(shell, result, redirect.fd, target)
        elif redirect.operator.startswith("<<"):
            result[redirect.fd] = BytesReader(encode(target + ("\n" if redirect.operator == "<<<" else "")))
        else:
            result[redirect.fd] = _open(shell, result, redirect.operator, target)
    return result


def _duplicate(shell: _Opener, fds: dict[int, Stream], fd: int, target: str) -> None:
    if target == "-":
        fds.pop(fd, None)
    elif target.isdecimal() and int(target) in fds:
        fds[fd] = fds[int(target)]
    else:
        raise RedirectionProblem(shell.dialect.no_descriptor.format(name=target))


def _open(shell: _Opener, fds: dict[int, Stream], operator: str, target: str) -> Stream:
    process = evolve(shell.process_of, fds=fds, cwd=shell.cwd, umask=shell.umask)
    opening, dialect = operator in ("<", "<>"), shell.dialect
    try:
        if opening:
            return open_reader(process, target)
        path = absolute(shell.cwd, target)
        if operator == ">" and shell.option("C") and shell.files.is_file(path):
            raise RedirectionProblem(dialect.exists.format(name=target))
        return open_writer(process, target, append=operator == ">>")
    except OSError as error:
        reason = REASONS.get(type(error)) or (dialect.reason(ABSENT) if opening else dialect.no_place)
        said = dialect.cannot_open if opening else dialect.cannot_create
        raise RedirectionProblem(said.format(name=target, reason=reason)) from None
