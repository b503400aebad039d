"""Numbers as ZFS prints and reads them (source: illumos libzfs_util.c)."""

import re
from functools import lru_cache

__all__ = ["NumberError", "human", "parse_number", "percent", "ratio"]

_LETTERS = ("", "K", "M", "G", "T", "P", "E")
_SUFFIXES = "BKMGTPEZ"
_LARGEST = 2**64 - 1
_WIDEST = 5
"""Characters that a number with its letter may take before it loses a decimal."""


class NumberError(ValueError):
    """A text that is no number; the message is the reason as ZFS words it."""


@lru_cache(maxsize=1024)
def human(number: int, byte: str = "") -> str:
    """Return a number divided by 1024 until it is short: `10G`, `1.50K`, `107G`.

    Args:
        number: What to print.
        byte: The letter of a number below 1024; OpenZFS has one for bytes: `512B`.
    """
    power = 0
    while number >> (10 * power) >= 1024 and power < len(_LETTERS) - 1:  # noqa: PLR2004 - the base of the letters
        power += 1
    letter = _LETTERS[power] or byte
    unit = 1 << (10 * power)
    if number % unit == 0:
        return f"{number // unit}{letter}"
    for decimals in (2, 1):
        text = f"{number / unit:.{decimals}f}{letter}"
        if len(text) <= _WIDEST:
            return text
    return f"{number / unit:.0f}{letter}"


def parse_number(text: str, *, binary: bool = False) -> int:
    """Return the bytes that a size such as `10G`, `1.5T` or `100mb` stands for.

    Args:
        text: The size, as typed.
        binary: Whether suffixes may be written `GiB`.

    Raises:
        NumberError: It is no number, has an unknown suffix, or is too large.
    """
    if not text or text[0] not in ".0123456789":
        raise NumberError(f"bad numeric value '{text}'")
    match = re.match(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+", text)
    digits = match.group() if match else ""
    suffix = text[len(digits) :]
    shift = _shift(suffix, binary=binary)
    number = int(float(digits) * (1 << shift)) if "." in digits else int(digits) << shift
    if number > _LARGEST:
        raise NumberError("numeric value is too large")
    return number


def _shift(suffix: str, *, binary: bool) -> int:
    if not suffix:
        return 0
    letter, rest = suffix[0].upper(), suffix[1:].upper()
    power = _SUFFIXES.find(letter)
    if power < 0 or (rest and (letter == "B" or (rest != "B" and not (binary and rest == "IB")))):
        raise NumberError(f"invalid numeric suffix '{suffix}'")
    return 10 * power


def ratio(hundredths: int) -> str:
    """Return a ratio given in hundredths: `1.00x`."""
    return f"{hundredths // 100}.{hundredths % 100:02d}x"


def percent(part: int, whole: int) -> int:
    """Return the whole percents that a part is."""
    return part * 100 // whole if whole else 0
