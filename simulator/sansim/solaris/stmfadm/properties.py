"""Properties of a logical unit as stmfadm and sbdadm take them on the command line.

Source: illumos `stmfadm.c`, `libstmf` (`stmf.c`).
"""

import re
from collections.abc import Callable, Mapping

from sansim.solaris.stmf.errors import StmfCode, StmfError

__all__ = ["MODIFIABLE", "PROPERTIES", "Value", "parse_size", "split_property"]

Value = str | int | bool | None

_WHOLE = re.compile(r"\d+", re.ASCII)
_DECIMAL = re.compile(r"(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_SUFFIXES = "BKMGTPE"
_LIMIT = 1 << 64
_BLOCK_LIMIT = 65535


def parse_size(text: str) -> int:
    """Return bytes: a number with an optional fraction and a suffix; what follows the suffix is ignored.

    Raises:
        StmfError: INVALID_ARGUMENT, also for a number of more than 64 bits.
    """
    match = _DECIMAL.match(text) or _WHOLE.match(text)
    suffix = text[match.end() : match.end() + 1].upper() if match else "?"
    if match is None or suffix not in _SUFFIXES:
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    number: float = float(match[0]) if "." in match[0] else int(match[0])
    scaled = number * 1024 ** max(_SUFFIXES.find(suffix or "B"), 0)
    if scaled >= _LIMIT:
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    return int(scaled)


def split_property(text: str) -> tuple[str, str | None, str]:
    """Return the name and value of `prop=val`, and how much of the text a complaint shows.

    Empty words between `=` do not count, a further `=` ends the value, and the text is cut off after the name.
    """
    name, value, *_ = [*[word for word in text.split("=") if word], None, None]
    before = len(text) - len(text.lstrip("="))
    return name or "", value, text[: before + len(name or "")]


def _text(limit: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text.encode(errors="surrogateescape")) > limit:
            raise StmfError(StmfCode.INVALID_PROPERTY_SIZE)
        return text

    return parse


def _guid(text: str) -> str:
    if len(text) != 32:  # noqa: PLR2004 - the digits of a GUID
        raise StmfError(StmfCode.INVALID_PROPERTY_SIZE)
    return _digits(text)


def _number_in_digits(limit: int) -> Callable[[str], str]:
    """Read up to so many hexadecimal digits, not all zero; missing ones count as 0 (left to chance there)."""

    def parse(text: str) -> str:
        pairs = [text[place : place + 2].rjust(2, "0") for place in range(0, len(_digits(text)), 2)]
        digits = "".join(pairs).ljust(limit, "0").upper()
        if len(text) > limit or not int(digits, 16):
            raise StmfError(StmfCode.INVALID_ARGUMENT)
        return digits

    return parse


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Fa-f]*", text):
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    return text.upper()


def _block_size(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    if int(text[:20]) > _BLOCK_LIMIT:
        raise StmfError(StmfCode.INVALID_PROPERTY_SIZE)
    return int(text)


def _boolean(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise StmfError(StmfCode.INVALID_ARGUMENT)
    return text.lower() == "true"


def _inverted(text: str) -> bool:
    return not _boolean(text)


PROPERTIES: Mapping[str, tuple[str, Callable[[str], Value]]] = {
    "guid": ("guid", _guid),
    "alias": ("alias", _text(255)),
    "vid": ("vendor", _text(8)),
    "pid": ("product", _text(16)),
    "wp": ("write_protect", _boolean),
    "wcd": ("write_cache", _inverted),
    "blk": ("block_size", _block_size),
    "serial": ("serial", _text(252)),
    "oui": ("oui", _number_in_digits(6)),
    "meta": ("meta_file", _text(1023)),
    "mgmt-url": ("management_url", _text(1023)),
    "host-id": ("host_id", _number_in_digits(8)),
}
"""Each property's field of a unit, and how its value is read; names are case-insensitive."""

MODIFIABLE = frozenset({"alias", "mgmt-url", "wp", "wcd"})
"""The properties that a unit lets change."""
