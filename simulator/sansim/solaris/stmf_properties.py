"""Properties of a logical unit as stmfadm and sbdadm take them on the command line.

Source: illumos `stmfadm.c`, `libstmf` (`stmf.c`).
"""

import re
from collections.abc import Callable, Mapping

from sansim.solaris.stmf_errors import StmfCode, StmfError

__all__ = ["MODIFIABLE", "PROPERTIES", "Value", "parse_size"]

Value = str | int | bool | None

_SIZE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(?:([kmgtpeb]).*)?", re.IGNORECASE | re.DOTALL)
_SHIFTS = {"b": 0, "k": 10, "m": 20, "g": 30, "t": 40, "p": 50, "e": 60}


def parse_size(text: str) -> int:
    """Return bytes: a number with an optional fraction and a suffix; what follows the suffix is ignored.

    Raises:
        StmfError: INVALID_ARGUMENT.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    number, suffix = match.groups()
    whole, _, fraction = number.partition(".")
    unit: int = 1 << _SHIFTS[(suffix or "b").lower()]
    return int(whole or 0) * unit + int(fraction or 0) * unit // int(10 ** len(fraction))


def _text(limit: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > limit:
            raise StmfError(StmfCode.INVALID_PROPERTY_SIZE)
        return text

    return parse


def _hexadecimal(digits: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) != digits:
            raise StmfError(StmfCode.INVALID_PROPERTY_SIZE)
        if not re.fullmatch(r"[0-9A-Fa-f]*", text):
            raise StmfError(StmfCode.INVALID_ARGUMENT)
        return text.upper()

    return parse


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    return int(text)


def _boolean(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    return text.lower() == "true"


def _inverted(text: str) -> bool:
    return not _boolean(text)


PROPERTIES: Mapping[str, tuple[str, Callable[[str], Value]]] = {
    "guid": ("guid", _hexadecimal(32)),
    "alias": ("alias", _text(255)),
    "vid": ("vendor", _text(8)),
    "pid": ("product", _text(16)),
    "wp": ("write_protect", _boolean),
    "wcd": ("write_cache", _inverted),
    "blk": ("block_size", _number),
    "serial": ("serial", _text(252)),
    "oui": ("oui", _hexadecimal(6)),
    "meta": ("meta_file", _text(1023)),
    "mgmt-url": ("management_url", _text(1023)),
    "host-id": ("host_id", _hexadecimal(8)),
}
"""Each property's field of a unit, and how its value is read; names are case-insensitive."""

MODIFIABLE = frozenset({"alias", "mgmt-url", "wp", "wcd"})
"""The properties that a unit lets change."""
