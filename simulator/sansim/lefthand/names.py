"""What the objects of a group may be called."""

import re

from sansim.lefthand.inferred import INVALID_VALUE, NAME_PATTERN
from sansim.lefthand.results import Refusal

__all__ = ["check_name"]


def check_name(parameter: str, name: str) -> None:
    """Refuse a name that an object cannot have; `parameter` is where it stood."""
    if not re.fullmatch(NAME_PATTERN, name):
        raise Refusal(INVALID_VALUE, f"Parameter '{parameter}' has an invalid name '{name}'.")
