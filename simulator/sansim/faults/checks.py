"""What attributes may hold, checked with messages for whoever wrote a table or a command line."""

from attrs import Attribute

__all__ = ["number", "text", "whole"]


def text(_instance: object, attribute: "Attribute[str]", value: object) -> None:
    """Let text alone pass.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(value, str):
        raise TypeError(f"{attribute.name} = {value!r} is no text")


def whole(_instance: object, attribute: "Attribute[int]", value: object) -> None:
    """Let whole numbers alone pass.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{attribute.name} = {value!r} is no whole number")


def number(_instance: object, attribute: "Attribute[float]", value: object) -> None:
    """Let numbers alone pass.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{attribute.name} = {value!r} is no number")
