"""Sizes: plain int bytes inside, binary units in text."""

import re
from typing import Final

from sansdk.errors import InvalidSize

_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_FACTORS: Final[dict[str, int]] = {unit: 1024**power for power, unit in enumerate(_UNITS)}
_SIZE = re.compile(r"\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)\s*", re.ASCII)


def parse_size(size: int | str) -> int:
    """A size in bytes from an int (bytes) or a text such as `10GiB`.

    Raises:
        InvalidSize: No number, no or another unit, a fraction of a byte, or not positive.
    """
    if isinstance(size, bool) or not isinstance(size, int | str):
        raise InvalidSize(f"A size is an int (bytes) or a text such as '10GiB', not {size!r}.")
    count = size if isinstance(size, int) else _bytes(size)
    if count <= 0:
        raise InvalidSize(f"A size must be positive, not {size!r}.")
    return count


def format_size(size: int | None) -> str:
    """`size` for people: at most two decimals in the largest unit that leaves at least 1; `-` for None."""
    if size is None:
        return "-"
    unit = next((u for u in reversed(_UNITS) if abs(size) >= _FACTORS[u]), "B")
    number = f"{size / _FACTORS[unit]:.2f}".rstrip("0").rstrip(".")
    return f"{number}{unit}"


def round_up(size: int, block: int) -> int:
    """The least multiple of `block` that is not below `size`."""
    return -(-size // block) * block


def _bytes(text: str) -> int:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise InvalidSize(f"{text!r} is no size: say a number and a unit, such as '10GiB'.")
    number, unit = match["number"], match["unit"]
    if unit not in _FACTORS:
        likely = next((u for u in _UNITS if unit and u[0] == unit[0].upper()), "GiB")
        raise InvalidSize(f"{text!r} does not say whether it means powers of two: say {number}{likely}.")
    whole, _, fraction = number.partition(".")
    scaled = int(whole + fraction) * _FACTORS[unit]
    count, rest = divmod(scaled, int(10 ** len(fraction)))
    if rest:
        raise InvalidSize(f"{text!r} is not a whole number of bytes.")
    return count
