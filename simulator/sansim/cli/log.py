"""`sansim log`: what arrays were asked."""

import json
import select
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

from sansim.cli.output import say
from sansim.cli.verbs import Verbs, client, verb
from sansim.control import Client, ControlError

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verb(
        verbs,
        "log",
        _run,
        "print what arrays were asked: one line for each SSH exec that ended",
        "A line has the array's time, the array, the user, the exit status, the text, and in brackets the faults that\n"
        "struck. With --json it has everything: both streams, the programs that ran, how long it took, …\n\n"
        "  sansim log --follow --json solaris | jq .programs",
    )
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only of this array")
    parser.add_argument("--last", type=_count, metavar="N", help="only the last N; with --follow none by default")
    parser.add_argument("--follow", action="store_true", help="go on with what ends from now on, until it stops")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is no count; write 0 or more")
    return int(text)


def _run(options: Namespace) -> int:
    nobody_reads = Event()
    with client(options) as simulator:
        if options.follow:
            Thread(target=_watch, args=(sys.stdout.fileno(), simulator, nobody_reads), daemon=True).start()
        try:
            for item in simulator.execs(array=options.array, last=options.last, follow=options.follow):
                say(json.dumps(item, ensure_ascii=False) if options.json else _line(item))
        except ControlError:
            if nobody_reads.is_set():
                raise BrokenPipeError from None
            raise
    return 0


def _watch(output: int, simulator: Client, nobody_reads: Event) -> None:
    """Hang up when nobody reads the output any more, as `tail -f` does, rather than at the next exec."""
    watched = select.poll()
    watched.register(output, 0)
    watched.poll()
    nobody_reads.set()
    simulator.hang_up()


def _line(item: Mapping[str, Any]) -> str:
    ended = item["signal"] or ("-" if item["status"] is None else item["status"])
    struck = f" [{', '.join(item['faults'])}]" if item["faults"] else ""
    text = "(login)" if item["interactive"] else _text(item["text"])
    return f"{item['at'][:19]} {item['array']} {item['user']} {ended} {text}{struck}"


def _text(carried: str | Mapping[str, str]) -> str:
    """Return the text of an exec on one line, with nothing that a terminal obeys."""
    if not isinstance(carried, str):
        return f"(no UTF-8, in base64: {carried['base64']})"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in carried)
