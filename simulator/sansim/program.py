"""What a program of an array is: a call goes in, an answer comes out.

A program parses its arguments, asks an engine, and renders. It knows neither SSH nor the shell: the login
gives it a `Call` and writes its `Answer`.
"""

from collections.abc import Awaitable, Callable

from attrs import frozen

__all__ = ["Answer", "Call", "Program"]


@frozen
class Call:
    """One invocation of a program.

    Attributes:
        argv: The words of the command; the first is the program's base name (`zfs`, not `/usr/sbin/zfs`).
        user: The login's user name.
        read_file: Reads a regular file of the login's file system; raises `OSError`.
        root: Whether the user may do everything (is root or holds the rights profiles).
    """

    argv: tuple[str, ...]
    user: str
    read_file: Callable[[str], bytes]
    root: bool


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
