"""What both ends of the control socket agree on."""

import json
import os
import socket
import struct
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["VERSION", "ControlError", "Message", "decoded", "encoded", "is_trusted", "user_of"]

VERSION: Final = 1
"""The version of the requests and answers."""

_CREDENTIALS = struct.Struct("3i")

Message = Mapping[str, Any]


class ControlError(Exception):
    """A simulator cannot be steered so; the message says why and what to do."""


def encoded(message: Message) -> bytes:
    """Return a message as a line."""
    return json.dumps({"version": VERSION, **message}).encode() + b"\n"


def decoded(line: bytes) -> dict[str, Any]:
    """Return the message of a line.

    Raises:
        ControlError: It is none, or of another version.
    """
    try:
        message = json.loads(line)
    except ValueError as error:
        raise ControlError(f"this is no JSON: {error}; write one object a line") from error
    if not isinstance(message, dict):
        raise ControlError("this is no JSON object; write one a line")
    if message.get("version") != VERSION:
        raise ControlError(
            f"version {message.get('version')!r} of the control socket's language is not spoken here, "
            f"{VERSION} is; use the sansim of the same version at both ends"
        )
    return message


def user_of(connection: socket.socket) -> int | None:
    """Return the number of the user at the other end, None where the platform does not tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    given = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    _process, user, _group = _CREDENTIALS.unpack(given)
    return int(user)


def is_trusted(user: int | None) -> bool:
    """Tell whether a user may steer or be asked: oneself, and the superuser, who may anything."""
    return user is None or user in {os.geteuid(), 0}
