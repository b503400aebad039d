"""Tokens that say where an interrupted receive goes on; none is ever given out here, since none is interrupted.

Source: illumos libzfs_sendrecv.c.
"""

import re

from sansim.solaris.zfs.command import Failure, Run

__all__ = ["check_token"]

_TOKEN = re.compile(r"\d+-[0-9a-f]+-[0-9a-f]+-[0-9a-f]*", re.IGNORECASE)
_VERSION = "1"


def check_token(run: Run, token: str) -> None:
    """Refuse a token as the real program refuses one that is corrupt.

    Raises:
        Failure: Always: one that another host gave out may be good there, and cannot be read here.
    """
    if not _TOKEN.fullmatch(token):
        raise Failure("cannot resume send: resume token is corrupt (invalid format)", 255)
    version = token.partition("-")[0]
    if version != _VERSION:
        raise Failure(f"cannot resume send: resume token is corrupt (invalid version {version})")
    raise run.cannot("zfs send -t", "cannot resume send: resume token is corrupt (incorrect checksum)")
