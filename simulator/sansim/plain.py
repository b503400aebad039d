"""Objects from the plain values of JSON or TOML, by the annotations of their classes."""

import base64
import types
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

__all__ = ["Misfit", "structured"]


class Misfit(ValueError):
    """A plain value does not fit the class.

    Attributes:
        place: Where, as names of fields and numbers of items below what was read: `vdevs[0].disks`.
        reason: Why.
    """

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.place = place
        self.reason = reason

    def within(self, step: str) -> "Misfit":
        """Return the same misfit as seen from one level further up."""
        return Misfit(self.reason, step + ("." * (not self.place.startswith("[")) + self.place if self.place else ""))


# JSON has no type of its own for the checker; the annotation decides what becomes of it.
def structured(plain: Any, kind: Any, *, strict: bool) -> Any:  # noqa: ANN401 - as said above
    """Return the value of some kind that a plain value stands for.

    Fields that are missing have their default; without one they are None where that is possible.

    Args:
        plain: What was read.
        kind: A class of attrs, or any annotation of a field of one.
        strict: Whether names that are no fields are refused rather than passed over.

    Raises:
        Misfit: It does not fit.
    """
    if get_origin(kind) is not None:
        return _generic(plain, get_origin(kind), get_args(kind), strict=strict)
    if attrs.has(kind):
        return _object(plain, kind, strict=strict)
    try:
        return _single(plain, kind)
    except (KeyError, TypeError, ValueError) as error:
        raise Misfit(f"{plain!r} is no {kind.__name__}") from error


def _single(plain: Any, kind: Any) -> object:  # noqa: ANN401 - as above
    if kind is datetime:
        found = plain if isinstance(plain, datetime) else datetime.fromisoformat(plain)
        if found.tzinfo is None:
            raise ValueError(plain)
        return found
    if issubclass(kind, Enum):
        return kind(plain)
    if kind is str and isinstance(plain, Mapping):
        return base64.b64decode(plain["bytes"], validate=True).decode("utf-8", "surrogateescape")
    if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise TypeError(plain)
    return plain


def _object(plain: Any, kind: Any, *, strict: bool) -> object:  # noqa: ANN401 - as above
    if not isinstance(plain, Mapping):
        raise Misfit(f"{plain!r} is no table of a {kind.__name__}")
    hints = _hints(kind)
    fields = {field.name: field for field in attrs.fields(kind) if field.init}
    values = {}
    for name, field in fields.items():
        if name in plain:
            try:
                values[field.alias] = structured(plain[name], hints[name], strict=strict)
            except Misfit as misfit:
                raise misfit.within(name) from misfit
        elif field.default is attrs.NOTHING:
            if type(None) not in get_args(hints[name]):
                raise Misfit(f"{name} is missing")
            values[field.alias] = None
    if strict and (unknown := [name for name in plain if name not in fields]):
        raise Misfit(f"there is no {unknown[0]}; write {', '.join(sorted(fields))}")
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        # What attrs says besides is for programmers.
        raise Misfit(str(error.args[0])) from error


@lru_cache(maxsize=256)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _generic(plain: Any, origin: Any, args: tuple[Any, ...], *, strict: bool) -> object:  # noqa: ANN401 - as above
    if origin is Literal:
        if plain not in args:
            raise Misfit(f"{plain!r} is none of {', '.join(map(repr, args))}")
        return plain
    if origin in (Union, types.UnionType):
        if plain is None:
            return None
        (inner,) = (arg for arg in args if arg is not type(None))
        return structured(plain, inner, strict=strict)
    if issubclass(origin, Mapping):
        if not isinstance(plain, Mapping):
            raise Misfit(f"{plain!r} is no table")
        return {
            structured(key, args[0], strict=strict): structured(item, args[1], strict=strict)
            for key, item in plain.items()
        }
    if not isinstance(plain, list):
        raise Misfit(f"{plain!r} is no list")
    kinds = args[:1] * len(plain) if origin is not tuple or args[-1] is Ellipsis else args
    if len(kinds) != len(plain):
        raise Misfit(f"{plain!r} has not {len(kinds)} items")
    return origin(_items(plain, kinds, strict=strict))


def _items(plain: list[Any], kinds: tuple[Any, ...], *, strict: bool) -> list[object]:
    made = []
    for place, (item, kind) in enumerate(zip(plain, kinds, strict=True)):
        try:
            made.append(structured(item, kind, strict=strict))
        except Misfit as misfit:
            raise misfit.within(f"[{place}]") from misfit
    return made
