"""GUIDs that the host makes for its logical units. Source: illumos `stmf.c` (driver)."""

from random import Random

from attrs import evolve, frozen

from sansim.clock import Clock
from sansim.state import State

__all__ = ["Guids"]

_DEFAULT_OUI = "00144F"


@frozen
class _Host:
    """What the host makes GUIDs of: its hostid, and how many were made since it booted."""

    host_id: str
    made: int


class Guids:
    """Composes GUIDs: 6, OUI, 0, host part, time of creation in seconds, a counter from 1."""

    def __init__(self, state: State, clock: Clock, random: Random) -> None:
        self._state = state
        self._clock = clock
        self._table = state.table("stmf.guids", _Host)
        if "host" not in self._table:
            with state.change():
                self._table["host"] = _Host(f"{random.getrandbits(24):08X}", 0)

    @property
    def host_id(self) -> str:
        """The hostid, eight hexadecimal digits; that of an x86 host begins with two zeros (seen)."""
        return self._table["host"].host_id

    def make(self, oui: str | None = None, host_id: str | None = None) -> str:
        """Return the next GUID, in upper case.

        The host part is the host id as it is given; the host's own stands there in the byte order of the
        processor, as the kernel knows no Ethernet address to use (published GUIDs nearly all have this form).

        Args:
            oui: Six hexadecimal digits; Sun's by default.
            host_id: Eight hexadecimal digits instead of the host's own.
        """
        host = self._table["host"]
        made = (host.made + 1) % 0x10000
        with self._state.change():
            self._table["host"] = evolve(host, made=made)
        seconds = int(self._clock.now().timestamp()) & 0xFFFFFFFF
        part = host_id or bytes.fromhex(host.host_id)[::-1].hex()
        return f"6{oui or _DEFAULT_OUI}0{part}0000{seconds:08x}{made:04x}".upper()
