"""What a program of an array is: a call goes in, an answer comes out.

A program parses its arguments, asks an engine, and renders. It knows neither SSH nor the shell: the login
gives it a `Call` and writes its `Answer`.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable

from attrs import Factory, frozen

__all__ = ["Answer", "Call", "Credentials", "Program", "pieces"]


@frozen
class Credentials:
    """Who runs a program, and what the kernel and the services let them do.

    Attributes:
        user: The user name.
        groups: The names of the user's groups.
        root: Whether the process runs as the superuser, with every privilege.
        privileges: Those that the process has beyond a plain user's, without the superuser's identity.
        authorizations: Those that the user has been given; they hold without `pfexec` too.
        number: The number of the user.
    """

    user: str
    groups: tuple[str, ...] = ()
    root: bool = False
    privileges: frozenset[str] = frozenset()
    authorizations: frozenset[str] = frozenset()
    number: int = 0


async def _no_input() -> bytes:
    return b""


async def _no_terminal(prompt: str) -> str | None:  # noqa: ARG001 - there is nobody to see it
    return None


def _no_terminals(number: int) -> bool:  # noqa: ARG001 - none is one
    return False


@frozen
class Call:
    """One invocation of a program.

    Attributes:
        argv: The words of the command; the first is the program's base name (`zfs`, not `/usr/sbin/zfs`).
        credentials: Who runs it.
        read_file: Reads a regular file of the login's file system; raises `OSError`.
        stdin: Returns the next piece of the process's standard input, b"" at its end.
        ask: Prints a prompt on the controlling terminal and returns the line that is typed there without echo;
            None without a terminal, or when the reading is interrupted.
        is_terminal: Tells whether a file descriptor of the process, by its number, is a terminal.
        called: The program as it was called, `/usr/sbin/zfs` for one; getopt complains in this name.
    """

    argv: tuple[str, ...]
    credentials: Credentials
    read_file: Callable[[str], bytes]
    stdin: Callable[[], Awaitable[bytes]] = _no_input
    ask: Callable[[str], Awaitable[str | None]] = _no_terminal
    is_terminal: Callable[[int], bool] = _no_terminals
    called: str = Factory(lambda self: self.argv[0], takes_self=True)


@frozen
class Answer:
    """What a program wrote to each stream, and its exit status.

    Bytes that are no UTF-8 travel as text decoded with `surrogateescape`.

    Attributes:
        stdout: The text, or its pieces, which are asked for one by one as the reader takes them; others run
            in between, and no more are asked for when nobody reads them. An empty piece only lets others run.
            Pieces that come by themselves, as a report that is given again and again, are asynchronous.
        unsupported: What was asked for, where the real program can do it and this one cannot.
    """

    stdout: str | Iterable[str] | AsyncIterable[str] = ""
    stderr: str = ""
    status: int = 0
    unsupported: str | None = None

    @property
    def printed(self) -> str:
        """All of `stdout`; pieces that were made for one reading are used up by it.

        Raises:
            TypeError: The pieces come by themselves, in their time.
        """
        if isinstance(self.stdout, AsyncIterable):
            raise TypeError("a report that is repeated is read as it comes")
        return self.stdout if isinstance(self.stdout, str) else "".join(self.stdout)


Program = Callable[[Call], Awaitable[Answer]]


async def pieces(stdout: str | Iterable[str] | AsyncIterable[str]) -> AsyncIterator[str]:
    """Yield the pieces of an answer's standard output, whichever way they come."""
    if isinstance(stdout, str):
        yield stdout
    elif isinstance(stdout, AsyncIterable):
        async for piece in stdout:
            yield piece
    else:
        for piece in stdout:
            yield piece
