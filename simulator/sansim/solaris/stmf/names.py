"""Names of SCSI devices as the stmf services take and store them. Source: illumos `stmfadm.c`."""

import re

__all__ = ["GUID_LENGTH", "is_addressable", "is_guid", "parse_device_id", "scan_guid"]

GUID_LENGTH = 32
"""Hexadecimal digits of a logical unit's GUID."""

_IQN_LENGTH = 223
_IQN = re.compile(r"iqn\.[0-9A-Za-z.:-]*")
_WWN = re.compile(r"(?:eui|wwn)\.[0-9A-Fa-f]{16}")
_GUID = re.compile(r"[0-9A-Fa-f]{32}")


def parse_device_id(text: str) -> str | None:
    """Return the name as it is stored, or None if it is no device id.

    `iqn.` names are stored in lower case, `eui.` and `wwn.` digits in upper case; the prefix itself is taken
    in lower case only.
    """
    if _IQN.fullmatch(text) and len(text) <= _IQN_LENGTH:
        return text.lower()
    if _WWN.fullmatch(text):
        return text[:4] + text[4:].upper()
    return None


def is_guid(text: str) -> bool:
    """Whether the text is 32 hexadecimal digits."""
    return _GUID.fullmatch(text) is not None


def is_addressable(guid: str) -> bool:
    """Whether the driver tells the properties of a GUID; one whose first byte is zero it takes for none."""
    return not guid.startswith("00")


def scan_guid(text: str) -> str:
    """Return a GUID as the kernel gets it from an operand of which only the length was checked.

    Digits are read in pairs up to the first that is none; the rest is taken as 0 (the source leaves it to
    chance).
    """
    digits = re.match(r"(?:[0-9A-Fa-f]{2})*", text)
    return (digits[0] if digits else "").ljust(GUID_LENGTH, "0").upper()
