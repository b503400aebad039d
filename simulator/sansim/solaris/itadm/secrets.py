"""Where itadm takes secrets from: regular files, or the terminal. Source: illumos `itadm.c`."""

import errno

from sansim.program import Call
from sansim.solaris.itadm.grammar import UsageError
from sansim.solaris.itadm.release import ItadmRelease

__all__ = ["ask", "read"]

_SHORTEST = 12
_LONGEST = 255


def read(call: Call, path: str, release: ItadmRelease) -> str:
    """Return the secret that a file holds, without the newline at its end.

    Raises:
        UsageError: It is no regular file, cannot be read, or its length does not do.
    """
    try:
        content = call.read_file(path)
    except PermissionError as error:
        separator = ":" if release.worded else ","
        text = f"Could not open secret file {path}{separator} {release.named(errno.EACCES)}"
        raise UsageError(text, errno.EACCES) from error
    except OSError as error:
        raise UsageError(f"Invalid secret file {path}", errno.EBADF) from error
    return _checked(content.removesuffix(b"\n").partition(b"\0")[0].decode(errors="surrogateescape"))


async def ask(call: Call, prompt: str, release: ItadmRelease) -> str:
    """Return a secret that is typed twice on the terminal.

    Raises:
        UsageError: There is no terminal, the length does not do, or the two differ.
    """
    secret = _checked(await _typed(call, prompt, release))
    if await _typed(call, "Re-enter secret: ", release) != secret:
        raise UsageError("Secret validation failed", errno.EINVAL)
    return secret


async def _typed(call: Call, prompt: str, release: ItadmRelease) -> str:
    typed = await call.ask(prompt)
    if typed is None:
        separator = ":" if release.worded else ","
        raise UsageError(f"Could not read secret{separator} {release.named(errno.ENXIO)}", errno.ENXIO)
    return typed


def _checked(secret: str) -> str:
    if not _SHORTEST <= len(secret.encode(errors="surrogateescape")) <= _LONGEST:
        raise UsageError("Secret must be between 12 and 255 characters", errno.EINVAL)
    return secret
