"""What a program of an array is: a call goes in, an answer comes out.

A program parses its arguments, asks an engine, and renders. It knows neither SSH nor the shell: the login
gives it a `Call` and writes its `Answer`.
"""

from collections.abc import Awaitable, Callable

from attrs import frozen

__all__ = ["Answer", "Call", "Credentials", "Program"]


@frozen
class Credentials:
    """Who runs a program, and what the kernel and the services let them do.

    Attributes:
        user: The user name.
        groups: The names of the user's groups.
        root: Whether the process runs as the superuser, with every privilege.
        privileges: Those that the process has beyond a plain user's, without the superuser's identity.
        authorizations: Those that the user has been given; they hold without `pfexec` too.
    """

    user: str
    groups: tuple[str, ...] = ()
    root: bool = False
    privileges: frozenset[str] = frozenset()
    authorizations: frozenset[str] = frozenset()


@frozen
class Call:
    """One invocation of a program.

    Attributes:
        argv: The words of the command; the first is the program's base name (`zfs`, not `/usr/sbin/zfs`).
        credentials: Who runs it.
        read_file: Reads a regular file of the login's file system; raises `OSError`.
    """

    argv: tuple[str, ...]
    credentials: Credentials
    read_file: Callable[[str], bytes]


@frozen
class Answer:
    """What a program wrote to each stream, and its exit status.

    Attributes:
        unsupported: What was asked for, where the real program can do it and this one cannot.
    """

    stdout: str = ""
    stderr: str = ""
    status: int = 0
    unsupported: str | None = None


Program = Callable[[Call], Awaitable[Answer]]
