"""What a session on a LeftHand group was told and has found out, and the names that follow from it."""

import hashlib
import re
from typing import Final

from attrs import field, frozen

MEBIBYTE: Final = 1024 * 1024
"""Sizes of volumes are multiples of this."""

_PORT: Final = 3260
_HASH: Final = 6


@frozen
class Setting:
    """Where a session works.

    Attributes:
        array: The node or virtual IP, as it was connected to.
        cluster: The cluster whose volumes it sees.
        version: Of the system; empty where the node does not tell.
    """

    array: str
    cluster: str
    version: str = field(default="", eq=False)


def portal(address: str) -> str:
    """`host:port,tag` of a virtual IP or node: port and portal group are fixed."""
    host = f"[{address}]" if ":" in address else address
    return f"{host}:{_PORT},1"


def server_name(initiator: str) -> str:
    """The name of the server object that we make for an initiator: its last part, and a hash of it all."""
    last = re.sub(r"[^A-Za-z0-9]", "", re.split(r"[:.]", initiator)[-1])
    digest = hashlib.sha256(initiator.lower().encode()).hexdigest()[:_HASH]
    return f"{last[:40] or 'host'}{digest}"
