"""From a host name to an open TCP connection, within one deadline."""

import socket
import threading
import time
from typing import TypeAlias

from sansdk.errors import ConnectError, Refused, Unreachable

_Address: TypeAlias = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]
_GREETING = 256


class Wire(socket.socket):
    """A TCP socket that remembers how its peer greeted.

    Attributes:
        greeting: The first bytes that came.
    """

    greeting = b""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive as every socket does."""
        data = super().recv(size, flags)
        if len(self.greeting) < _GREETING:
            self.greeting += data[:_GREETING]
        return data


def dial(host: str, port: int, deadline: float) -> Wire:
    """Connect to the first of the host's addresses that answers; small packets leave at once.

    Args:
        host: Name or address.
        port: TCP port.
        deadline: The `time.monotonic()` at which to give up.

    Raises:
        Refused: The host answers, the port does not.
        Unreachable: The name is unknown, or nobody answers in time.
    """
    error: ConnectError | None = None
    addresses = _resolve(host, port, deadline)
    for left, (family, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        wire = Wire(family, socket.SOCK_STREAM)
        try:
            # A dead address may not eat the time of those after it.
            wire.settimeout(max(0.001, (deadline - time.monotonic()) / left))
            wire.connect(address)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except ConnectionRefusedError:
            wire.close()
            error = Refused(
                f"{host} answers, but nothing listens at port {port}.",
                mend="Check the port, and that the SSH service runs.",
            )
        except OSError as reason:
            wire.close()
            error = error or Unreachable(
                f"{host}:{port} does not answer: {_words(reason)}.", mend="Check the address and the network."
            )
        else:
            return wire
    raise error or _unknown(host, "it has no address")


def _resolve(host: str, port: int, deadline: float) -> list[_Address]:
    """Look the name up in a thread: resolvers know no time limit."""
    found: list[_Address] = []
    failed: list[str] = []

    def look() -> None:
        try:
            found.extend(
                (family, address)
                for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )
        except (OSError, UnicodeError) as error:
            failed.append(_words(error))

    looking = threading.Thread(target=look, name="sansdk-resolve", daemon=True)
    looking.start()
    looking.join(max(0.0, deadline - time.monotonic()))
    if looking.is_alive():
        raise _unknown(host, "the name service does not answer")
    if failed:
        raise _unknown(host, failed[0])
    return found


def _unknown(host: str, reason: str) -> Unreachable:
    return Unreachable(f"The address of {host} is not known: {reason}.", mend="Check the name.")


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
