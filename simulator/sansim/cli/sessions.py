"""`sansim sessions`: who is connected."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from sansim.cli.output import show, table, unreadable
from sansim.cli.verbs import Verbs, client, group, verb
from sansim.config import ConfigError

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the word and its verbs."""
    below = group(
        verbs,
        "sessions",
        _list,
        "list who is connected: SSH clients, what they run, and iSCSI initiators",
        "Without a verb it lists.",
    )
    parser = verb(below, "list", _list, "list SSH connections, execs and logins under way, and iSCSI sessions")
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only those of this array")
    parser = verb(
        below,
        "connect",
        _connect,
        "log an initiator in, as it would over iSCSI",
        "The array admits it or not, by its exports and CHAP. `sansim conditions add ARRAY connected-initiator` finds\n"
        "the target of a volume and the secret by itself, and can be lifted.",
    )
    _add_names(parser)
    parser.add_argument("--user", metavar="NAME", help="the CHAP user that it offers")
    parser.add_argument(
        "--secret-file", type=Path, metavar="FILE", help="its CHAP secret, without a newline that ends it; - is stdin"
    )
    parser = verb(below, "disconnect", _disconnect, "end the iSCSI sessions of an initiator at a target")
    _add_names(parser)


def _add_names(parser: ArgumentParser) -> None:
    parser.add_argument("array", metavar="ARRAY", help="which array")
    parser.add_argument("initiator", metavar="INITIATOR", help="the initiator's iSCSI name")
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="the target's iSCSI name; on a LeftHand the volume's or snapshot's name will do",
    )


def _list(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("sessions", array=options.array)
    return show(options, answer, "\n\n".join(_tables(answer)))


def _tables(answer: dict[str, Any]) -> tuple[str, ...]:
    connections = [(one["array"], one["user"], one["address"]) for one in answer["connections"]]
    running = [
        (
            one["array"],
            one["user"],
            "login" if one["interactive"] else one["text"],
            f"{one['elapsed']:.1f} s",
            _held(one),
        )
        for one in answer["execs"]
    ]
    initiators = [
        (one["array"], one["initiator"], one["target"], one["volumes"], one["since"]) for one in answer["initiators"]
    ]
    return (
        table(("array", "user", "ssh from"), connections, "no SSH client is connected"),
        table(("array", "user", "runs", "since", "held up by"), running, "nothing runs"),
        table(("array", "initiator", "target", "volumes", "since"), initiators, "no initiator is logged in"),
    )


def _held(running: dict[str, Any]) -> list[str]:
    return [f"{hold['by']} of {hold['program']}" for hold in running["holds"]]


def _connect(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask(
            "connect",
            array=options.array,
            initiator=options.initiator,
            target=options.target,
            user=options.user,
            secret=_secret(options.secret_file),
        )
    return show(options, answer, f"{options.initiator} is logged in at {options.target}")


def _secret(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the secret in {path}: {unreadable(error)}") from error
    return text.removesuffix("\n")


def _disconnect(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("disconnect", array=options.array, initiator=options.initiator, target=options.target)
    return show(options, answer, f"{options.initiator} is logged out from {options.target}")
