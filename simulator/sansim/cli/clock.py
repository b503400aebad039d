"""`sansim clock`: the time on arrays."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from typing import Any, Final

from sansim.cli.output import show, table
from sansim.cli.verbs import Run, Verbs, client, group, verb

__all__ = ["add"]

_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_TIME = re.compile(r"(\d+(?:\.\d+)?)([smhd]?)")


def add(verbs: Verbs) -> None:
    """Add the word and its verbs."""
    below = group(
        verbs, "clock", _show, "show the time on arrays, let it pass, or set it", "Without a verb it shows the time."
    )
    parser = verb(below, "show", _show, "show the time on arrays, and how far it was moved")
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only on this one")
    _add_setting(below, "advance", _advance, "let time pass", "sansim clock advance 90m hp")
    parser = _add_setting(below, "jump", _jump, "set the clock, as whoever corrects it", "sansim clock jump --back 1d")
    parser.add_argument("--back", action="store_true", help="back by that time instead of forward")


def _add_setting(below: Verbs, name: str, run: Run, text: str, example: str) -> ArgumentParser:
    parser = verb(below, name, run, text, f"  {example}")
    parser.add_argument("time", type=_time, metavar="TIME", help="seconds, or with a unit: 30s, 90m, 12h, 7d")
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only on this one")
    return parser


def _time(text: str) -> float:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ArgumentTypeError(f"{text!r} is no time; write seconds, or 30s, 90m, 12h, 7d")
    return float(match[1]) * _UNITS[match[2]]


def _show(options: Namespace) -> int:
    with client(options) as simulator:
        return _say(options, simulator.ask("clocks", array=options.array))


def _advance(options: Namespace) -> int:
    with client(options) as simulator:
        return _say(options, simulator.ask("advance", array=options.array, seconds=options.time))


def _jump(options: Namespace) -> int:
    seconds = -options.time if options.back else options.time
    with client(options) as simulator:
        return _say(options, simulator.ask("jump", array=options.array, seconds=seconds))


def _say(options: Namespace, answer: Mapping[str, Any]) -> int:
    rows = [(one["array"], one["now"], f"{one['ahead']:g} s") for one in answer["clocks"]]
    return show(options, answer, table(("array", "now", "ahead"), rows, "there are no arrays"))
