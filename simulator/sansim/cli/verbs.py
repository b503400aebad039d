"""How verbs of the command line are declared: their words, their help, and what all of them know."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sansim.control import Client, find

__all__ = ["Run", "Verbs", "client", "group", "new_parser", "verb"]

Run = Callable[[argparse.Namespace], int]
"""Does what the options say, and returns the exit status."""

if TYPE_CHECKING:
    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no public name
else:
    Verbs = argparse._SubParsersAction  # noqa: SLF001 - as above

_EPILOG = """\
Verbs other than `serve` and `check` steer a simulator that runs already, as its owner only. It is found by itself
when it is the only one; else say which with --control PATH or in SANSIM_CONTROL. The exit status is 0 when it is
done, 1 when it was refused, 2 when the command line or a file is wrong."""


def new_parser() -> tuple[argparse.ArgumentParser, Verbs]:
    """Return the parser of the command line, and where its verbs are to be added."""
    parser = argparse.ArgumentParser(
        prog="sansim", description="A fake SAN: arrays that answer over real SSH.", epilog=_EPILOG
    )
    parser.set_defaults(array=None, control=None, json=False)
    return parser, parser.add_subparsers(title="verbs", metavar="VERB", required=True)


def verb(verbs: Verbs, name: str, run: Run, text: str, more: str = "") -> argparse.ArgumentParser:
    """Add a verb that steers a running simulator.

    Args:
        verbs: Where.
        name: Its word.
        run: What it does.
        text: What it does, in a few words.
        more: What else is to be known, as it is to be printed.
    """
    parser = verbs.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=more or None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _share(parser)
    parser.set_defaults(run=run)
    return parser


def group(verbs: Verbs, name: str, run: Run, text: str, more: str = "") -> Verbs:
    """Add a word that has verbs of its own; alone it lists."""
    parser = verb(verbs, name, run, text, more)
    return parser.add_subparsers(title="verbs", metavar="VERB")


def client(options: argparse.Namespace) -> Client:
    """Connect to the simulator that the options mean.

    Raises:
        ControlError: There is none, or several.
    """
    return Client(find(options.control))


def _share(parser: argparse.ArgumentParser) -> None:
    """Add the options of every verb; they may stand behind the word of a group or behind the verb itself."""
    parser.add_argument(
        "--control",
        type=Path,
        metavar="PATH",
        default=argparse.SUPPRESS,
        help="the control socket of the simulator that is meant",
    )
    parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="answer in JSON, for programs")
