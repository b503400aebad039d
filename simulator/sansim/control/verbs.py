"""What a running simulator can be asked, by the word that requests have for it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Final

from sansim.config import either
from sansim.control.following import execs
from sansim.control.ills import ILLS
from sansim.control.initiators import connect, disconnect, sessions
from sansim.control.protocol import ControlError, Message
from sansim.control.steering import Answer, Kept, Steering, Verb
from sansim.document import ImportRefused
from sansim.loop import on_loop
from sansim.simulator import SimulatedArray

__all__ = ["answers"]


def answers(steering: Steering, request: Message, is_gone: Callable[[], bool]) -> Iterator[Answer]:
    """Do what is asked and yield the answer: one, but for the log.

    Args:
        steering: What is asked.
        request: What for.
        is_gone: Tells whether who asked is gone.

    Raises:
        ControlError: It is refused.
    """
    do = request.get("do")
    if do == "log":
        last = None if request.get("last") is None else _whole(request, "last")
        yield from execs(steering.arrays(request), last, is_gone, follow=bool(request.get("follow")))
    elif isinstance(do, str) and do in _VERBS:
        yield _VERBS[do](steering, request)
    else:
        raise ControlError(f"do = {do!r} is not understood; write {either([*_VERBS, 'log'])}")


# Who is there.


def _arrays(steering: Steering, request: Message) -> Answer:
    return {"arrays": [array.description() for array in steering.arrays(request)]}


def _sessions(steering: Steering, request: Message) -> Answer:
    arrays = steering.arrays(request)
    return {
        "connections": [
            {"array": array.name, "user": user, "address": address}
            for array in arrays
            for user, address in on_loop(array.loop, partial(_clients, array))
        ],
        "execs": [{"array": array.name, **item.plain()} for array in arrays for item in array.log.running],
        "initiators": [
            {"array": array.name, **session}
            for array in arrays
            for session in on_loop(array.loop, partial(sessions, array))
        ],
    }


def _clients(array: SimulatedArray) -> tuple[tuple[str, str], ...]:
    return array.server.clients


def _connect(steering: Steering, request: Message) -> Answer:
    array = steering.array(request)
    initiator, target = _text(request, "initiator"), _text(request, "target")
    user, secret = request.get("user"), request.get("secret")
    on_loop(array.loop, lambda: connect(array, initiator, target, user=user, secret=secret))
    return {"array": array.name, "initiator": initiator, "target": target}


def _disconnect(steering: Steering, request: Message) -> Answer:
    array = steering.array(request)
    initiator, target = _text(request, "initiator"), _text(request, "target")
    on_loop(array.loop, lambda: disconnect(array, initiator, target))
    return {"array": array.name, "initiator": initiator, "target": target}


# What arrays hold.


def _reset(steering: Steering, request: Message) -> Answer:
    if "array" in request:
        steering.array(request).reset()
    else:
        steering.simulator.reset()
    return {"arrays": [array.name for array in steering.arrays(request)]}


def _snapshot(steering: Steering, request: Message) -> Answer:
    name = _text(request, "name")
    if name in steering.kept and not request.get("replace"):
        raise ControlError(f"there is a snapshot {name!r} already; choose another name, or replace it (--replace)")
    if "array" in request:
        array = steering.array(request)
        images = {array.name: array.snapshot()}
    else:
        images = dict(steering.simulator.snapshot())
    steering.kept[name] = Kept(datetime.now(UTC), images)
    return {"name": name, "arrays": list(images)}


def _snapshots(steering: Steering, _request: Message) -> Answer:
    return {
        "snapshots": [
            {"name": name, "taken": kept.taken.isoformat(timespec="seconds"), "arrays": list(kept.images)}
            for name, kept in tuple(steering.kept.items())
        ]
    }


def _remove_snapshot(steering: Steering, request: Message) -> Answer:
    name, _ = _kept(steering, request)
    del steering.kept[name]
    return {"name": name}


def _restore(steering: Steering, request: Message) -> Answer:
    name, kept = _kept(steering, request)
    images = dict(kept.images)
    if "array" in request:
        array = steering.array(request)
        if array.name not in images:
            raise ControlError(f"snapshot {name!r} has nothing of array {array.name}, but of {either(images)}")
        images = {array.name: images[array.name]}
    steering.simulator.restore(images)
    return {"name": name, "arrays": list(images)}


def _export(steering: Steering, request: Message) -> Answer:
    return {"text": steering.array(request).export() if "array" in request else steering.simulator.export()}


def _import(steering: Steering, request: Message) -> Answer:
    text = request.get("text")
    if not isinstance(text, str):
        raise ControlError("a request to import has the TOML as text")
    try:
        if "array" in request:
            steering.array(request).import_(text)
        else:
            steering.simulator.import_(text)
    except ImportRefused as error:
        raise ControlError(str(error)) from error
    return {"imported": True}


# Time, and the end.


def _clocks(steering: Steering, request: Message) -> Answer:
    return {"clocks": [_clock(array) for array in steering.arrays(request)]}


def _advance(steering: Steering, request: Message) -> Answer:
    seconds = _number(request, "seconds")
    if seconds < 0:
        raise ControlError(f"a clock goes forward only, not by {seconds:g} seconds; set it back with a jump")
    return _set_clocks(steering, request, seconds, lambda array: array.clock.advance(seconds))


def _jump(steering: Steering, request: Message) -> Answer:
    seconds = _number(request, "seconds")
    return _set_clocks(steering, request, seconds, lambda array: array.clock.jump(seconds))


def _set_clocks(
    steering: Steering, request: Message, seconds: float, change: Callable[[SimulatedArray], None]
) -> Answer:
    arrays = steering.arrays(request)
    try:
        # All before any.
        for array in arrays:
            array.clock.check(seconds)
    except ValueError as error:
        raise ControlError(str(error)) from error
    for array in arrays:
        on_loop(array.loop, partial(change, array))
    return _clocks(steering, request)


def _clock(array: SimulatedArray) -> Answer:
    now = array.clock.now().isoformat(timespec="seconds")
    return {"array": array.name, "now": now, "ahead": array.clock.ahead.total_seconds()}


def _stop(steering: Steering, _request: Message) -> Answer:
    steering.stop()
    return {"stopping": True}


_VERBS: Final[Mapping[str, Verb]] = {
    "arrays": _arrays,
    **ILLS,
    "sessions": _sessions,
    "connect": _connect,
    "disconnect": _disconnect,
    "reset": _reset,
    "snapshot": _snapshot,
    "snapshots": _snapshots,
    "remove-snapshot": _remove_snapshot,
    "restore": _restore,
    "export": _export,
    "import": _import,
    "clocks": _clocks,
    "advance": _advance,
    "jump": _jump,
    "stop": _stop,
}


def _kept(steering: Steering, request: Message) -> tuple[str, Kept]:
    name = _text(request, "name")
    if name not in steering.kept:
        there = f"there is {either(steering.kept)}" if steering.kept else "there is none yet"
        raise ControlError(f"there is no snapshot {name!r}; {there}")
    return name, steering.kept[name]


def _text(request: Message, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str) or not value:
        raise ControlError(f"{key} = {value!r} is no text; the request needs it")
    return value


def _number(request: Message, key: str) -> float:
    value = request.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(f"{key} = {value!r} is no number; the request needs it")
    return float(value)


def _whole(request: Message, key: str) -> int:
    value = request.get(key)
    if type(value) is not int or value < 0:
        raise ControlError(f"{key} = {value!r} is no count; write 0 or more")
    return value
