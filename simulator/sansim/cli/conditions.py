"""`sansim conditions`: what befalls arrays."""

import inspect
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from sansim.cli.ills import Ill
from sansim.cli.verbs import Verbs, verb
from sansim.config import ConfigError, either
from sansim.faults.conditions import CONDITIONS

__all__ = ["add", "condition_table"]


def _says(one: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in one.items() if key not in _APART)


_APART = ("number", "array", "kind", "struck", "lifts")
_CONDITION = Ill(
    name="condition",
    plural="conditions",
    word="conditions",
    columns=("condition", "of", "can be lifted"),
    row=lambda one: (one["kind"], _says(one), "yes" if one["lifts"] else "no"),
    remove="lift",
    removed="lifted",
    about="conditions of arrays: a degraded pool, a node that is down, …",
)


def add(verbs: Verbs) -> None:
    """Add the word and its verbs."""
    below = _CONDITION.add(verbs)
    parser = verb(
        below,
        "add",
        _add,
        "let a condition befall an array now",
        f"{_catalogue()}\n\n"
        "  sansim conditions add solaris service-in-maintenance service=stmf\n"
        "  sansim conditions add hp node-down",
    )
    parser.add_argument("array", metavar="ARRAY", help="which array")
    parser.add_argument("condition", metavar="CONDITION", help="one of those below")
    parser.add_argument("says", nargs="*", default=[], metavar="KEY=VALUE", help="what it says beyond its defaults")


def _catalogue() -> str:
    """Return the conditions with what each can say, and what it is."""
    lines = ["conditions:"]
    for name, kind in sorted(CONDITIONS.items()):
        keys = [
            f"{item.name}=…" if item.default is attrs.NOTHING else f"[{item.name}=…]" for item in attrs.fields(kind)
        ]
        sentence = inspect.getdoc(kind) or ""
        lines += [f"  {' '.join([name, *keys])}", *(f"      {line}" for line in sentence.splitlines() if line)]
    return "\n".join(lines)


def condition_table(name: str, says: Sequence[str]) -> dict[str, Any]:
    """Return a condition as a table; numbers are read where the condition has some.

    Raises:
        ConfigError: There is no such condition, or something else than `KEY=VALUE` is said of it.
    """
    if name not in CONDITIONS:
        raise ConfigError(f"there is no condition {name!r}; write {either(sorted(CONDITIONS))}")
    types = {item.name: item.type for item in attrs.fields(CONDITIONS[name])}
    table: dict[str, Any] = {"kind": name}
    for text in says:
        key, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"{text!r} says nothing about a condition; write KEY=VALUE")
        table[key] = _value(value, types.get(key))
    return table


def _value(text: str, kind: object) -> str | int | float:
    """Return a value of a kind; what is none the simulator refuses, with what it would take."""
    if kind not in {int, float}:
        return text
    try:
        return int(text) if kind is int else float(text)
    except ValueError:
        return text


def _add(options: Namespace) -> int:
    return _CONDITION.set(options, condition_table(options.condition, options.says))
