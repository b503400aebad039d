"""Faults, latencies and conditions from plain tables, as configurations and the control socket have them, and back."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import attrs
from attrs import AttrsInstance

from sansim.faults.conditions import CONDITIONS, Condition
from sansim.faults.fault import Fault, Latency

__all__ = ["ALWAYS", "condition_of", "fault_of", "latency_of", "table_of"]

ALWAYS: Final = "always"
"""What tables say for `times` where Python says None; TOML has no word for that."""

V = TypeVar("V", bound=AttrsInstance)


def fault_of(table: Mapping[str, Any]) -> Fault:
    """Make a fault of a table; its `condition` is a table too, and `times` may be "always".

    Raises:
        ValueError: The table says something that is not understood; the message says what can be said.
    """
    values = dict(table)
    if isinstance(values.get("condition"), Mapping):
        values["condition"] = condition_of(values["condition"])
    if values.get("times") == ALWAYS:
        values["times"] = None
    return _made(Fault, values, "a fault")


def latency_of(table: Mapping[str, Any]) -> Latency:
    """Make a latency of a table.

    Raises:
        ValueError: As for `fault_of`.
    """
    return _made(Latency, table, "a latency")


def condition_of(table: Mapping[str, Any]) -> Condition:
    """Make a condition of a table, whose `kind` says which.

    Raises:
        ValueError: As for `fault_of`.
    """
    values = dict(table)
    kind = values.pop("kind", None)
    if kind not in CONDITIONS:
        raise ValueError(f"there is no condition {kind!r}; write kind = one of {', '.join(sorted(CONDITIONS))}")
    return _made(CONDITIONS[kind], values, f"the condition {kind}")


def table_of(value: Fault | Latency | Condition) -> dict[str, Any]:
    """Return what a fault, latency or condition says beyond its defaults, and how often it struck.

    What an `Intervention` does is nothing that a table can say.
    """
    table: dict[str, Any] = {}
    if isinstance(value, Condition):
        table["kind"] = next((name for name, kind in CONDITIONS.items() if isinstance(value, kind)), "intervention")
    for item in attrs.fields(type(value)):
        given = getattr(value, item.name)
        if item.name.startswith("_") or callable(given):
            continue
        if item.name == "struck" or given != item.default:
            table[item.name] = table_of(given) if isinstance(given, Condition) else given
    if table.get("times", ALWAYS) is None:
        table["times"] = ALWAYS
    return table


def _made(kind: type[V], values: Mapping[str, Any], what: str) -> V:
    known = {item.name: item for item in attrs.fields(kind) if item.init}
    for name in values:
        if name not in known:
            raise ValueError(f"{name!r} says nothing about {what}; write {', '.join(sorted(known))}")
    missing = [name for name, item in known.items() if item.default is attrs.NOTHING and name not in values]
    if missing:
        raise ValueError(f"{what} needs {' and '.join(missing)}")
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        # What attrs says besides is for programmers.
        raise ValueError(f"{what} is not understood: {error.args[0]}") from error
