"""What goes wrong on arrays, as requests list, add and remove it: faults, latencies and conditions."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, Generic, TypeVar

from attrs import frozen

from sansim.control.protocol import ControlError, Message
from sansim.control.steering import Answer, Steering, Verb
from sansim.faults import Condition, Fault, Latency, Standing, condition_of, fault_of, latency_of, table_of
from sansim.simulator import SimulatedArray

__all__ = ["ILLS"]

S = TypeVar("S", Fault, Latency, Standing)
V = TypeVar("V", Fault, Latency, Condition)


@frozen
class _Ill(Generic[S, V]):
    """One kind of what goes wrong.

    Attributes:
        name: How a request calls one.
        plural: How it calls them.
        of: Returns those of an array.
        made: Makes one of a table.
        add: Sets it on an array, and returns it as it is set.
        remove: Takes it away again.
        stays: Tells whether nothing takes it away.
    """

    name: str
    plural: str
    of: Callable[[SimulatedArray], tuple[S, ...]]
    made: Callable[[Mapping[str, Any]], V]
    add: Callable[[SimulatedArray, V], S]
    remove: Callable[[SimulatedArray, S], None]
    stays: Callable[[S], bool] = lambda _one: False


def _list(ill: _Ill[S, V], steering: Steering, request: Message) -> Answer:
    return {
        ill.plural: [
            {"number": steering.numbers.of(one), "array": array.name, **_table(one)}
            for array, one in _those(ill, steering, request)
        ]
    }


def _add(ill: _Ill[S, V], steering: Steering, request: Message) -> Answer:
    array = steering.array(request)
    table = request.get(ill.name)
    if not isinstance(table, Mapping):
        raise ControlError(f"a request to add a {ill.name} has an object {ill.name!r}")
    try:
        one = ill.add(array, ill.made(table))
    except ValueError as error:
        raise ControlError(str(error)) from error
    return {"number": steering.numbers.of(one), "array": array.name}


def _remove(ill: _Ill[S, V], steering: Steering, request: Message) -> Answer:
    """Take those of the given numbers away: all of them or, where one cannot go, none."""
    numbers = request.get("numbers")
    if not isinstance(numbers, list) or not numbers:
        raise ControlError(f"a request to remove {ill.plural} has a list 'numbers'")
    known = {steering.numbers.of(one): (array, one) for array, one in _those(ill, steering, request)}
    for number in numbers:
        if number not in known:
            there = f"there are {', '.join(map(str, known))}" if known else "there is none"
            raise ControlError(f"there is no {ill.name} number {number}; {there}")
        if ill.stays(known[number][1]):
            raise ControlError(f"nothing takes {ill.name} number {number} back")
    going = {number: known[number] for number in numbers}
    for array, one in going.values():
        ill.remove(array, one)
    return {"removed": len(going), "stay": 0}


def _clear(ill: _Ill[S, V], steering: Steering, request: Message) -> Answer:
    there = list(_those(ill, steering, request))
    going = [(array, one) for array, one in there if not ill.stays(one)]
    for array, one in going:
        ill.remove(array, one)
    return {"removed": len(going), "stay": len(there) - len(going)}


def _those(ill: _Ill[S, V], steering: Steering, request: Message) -> Iterator[tuple[SimulatedArray, S]]:
    for array in steering.arrays(request):
        for one in ill.of(array):
            yield array, one


def _table(one: Fault | Latency | Standing) -> Mapping[str, Any]:
    if isinstance(one, Standing):
        return {**table_of(one.condition), "struck": one.struck, "lifts": one.lift is not None}
    return table_of(one)


_FAULT: Final = _Ill(
    "fault",
    "faults",
    of=lambda array: tuple(array.faults),
    made=fault_of,
    add=lambda array, fault: array.faults.add(fault),
    remove=lambda array, fault: array.faults.remove(fault),
)
_LATENCY: Final = _Ill(
    "latency",
    "latencies",
    of=lambda array: array.faults.latencies,
    made=latency_of,
    add=lambda array, latency: array.faults.slow(latency),
    remove=lambda array, latency: array.faults.hasten(latency),
)
_CONDITION: Final = _Ill(
    "condition",
    "conditions",
    of=lambda array: array.faults.standing,
    made=condition_of,
    add=lambda array, condition: array.befall(condition),
    remove=lambda array, standing: array.lift(standing),
    stays=lambda standing: standing.lift is None,
)


def _verbs(ill: _Ill[S, V]) -> dict[str, Verb]:
    return {
        ill.plural: partial(_list, ill),
        f"add-{ill.name}": partial(_add, ill),
        f"remove-{ill.name}": partial(_remove, ill),
        f"clear-{ill.plural}": partial(_clear, ill),
    }


ILLS: Final[Mapping[str, Verb]] = {**_verbs(_FAULT), **_verbs(_LATENCY), **_verbs(_CONDITION)}
"""What can be asked about them."""
