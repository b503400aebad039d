"""`sansim faults`: what goes wrong when programs run."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping
from typing import Any, Final, get_args

from sansim.cli.conditions import condition_table
from sansim.cli.ills import Ill
from sansim.cli.verbs import Verbs, verb
from sansim.faults.fault import STAGES, Kind, When
from sansim.faults.tables import ALWAYS

__all__ = ["add"]

_SAYS: Final = ("status", "stdout", "stderr", "seconds", "keep", "skip", "probability")

_MORE: Final = f"""\
kinds:
  condition   a condition befalls the array (--condition); the program runs as ever
  cut         the SSH line is lost
  error       --status, --stdout and --stderr are answered in the program's place
  garble      some characters of its standard output are others
  hang        it does not go on until the fault is removed
  noop        it answers as ever, and what it changed is not kept
  slow        it takes --seconds longer
  status      it runs and answers, but its exit status is --status
  truncate    its standard output ends early; --keep of it is left

A pattern is matched with the whole program line: 'stmfadm add-view*', 'createVolume*'. The stages of a connection
are programs too: {", ".join(STAGES)}.

  sansim faults add solaris cut 'zfs create*' --when after
  sansim faults add solaris error 'stmfadm add-view*' --stderr $'stmfadm: out of memory\\n' --times always
  sansim faults add hp condition 'createSnapshot*' --condition other-admin command='deleteVolume volumeName=db1'"""


def _row(one: Mapping[str, Any]) -> tuple[object, ...]:
    says = [f"{key}={one[key]}" for key in _SAYS if key in one]
    if "condition" in one:
        says += [f"{key}={value}" for key, value in one["condition"].items() if key != "kind"]
        says.insert(0, str(one["condition"]["kind"]))
    return one["kind"], one["pattern"], one.get("when", "before"), one.get("times", 1), says


_FAULT = Ill(
    name="fault",
    plural="faults",
    word="faults",
    columns=("kind", "pattern", "when", "times", "of"),
    row=_row,
    remove="remove",
    removed="removed",
    about="faults: what goes wrong when programs run",
)


def add(verbs: Verbs) -> None:
    """Add the word and its verbs."""
    below = _FAULT.add(verbs)
    parser = verb(below, "add", _add, "let something go wrong when a program runs", _MORE)
    parser.add_argument("array", metavar="ARRAY", help="on which array")
    parser.add_argument("kind", choices=get_args(Kind), metavar="KIND", help="what happens; one of those below")
    parser.add_argument("pattern", metavar="PATTERN", help="shell-style pattern on program lines; quote it")
    parser.add_argument("--when", choices=get_args(When), help="before the effect (default), after it, or midway")
    parser.add_argument("--times", type=_times, metavar="N", help=f"how often it strikes: 1 by default, or {ALWAYS!r}")
    parser.add_argument("--skip", type=int, metavar="N", help="how many matching programs it lets pass before")
    parser.add_argument("--probability", type=float, metavar="P", help="how likely it strikes, from 0 to 1 (default)")
    parser.add_argument("--status", type=int, metavar="N", help="the exit status of `error` (1) and `status`")
    parser.add_argument("--stdout", metavar="TEXT", help="what an `error` prints, as it is: write its newline too")
    parser.add_argument("--stderr", metavar="TEXT", help="the same on standard error")
    parser.add_argument("--seconds", type=float, metavar="S", help="how much longer a `slow` program takes")
    parser.add_argument("--keep", type=float, metavar="PART", help="what `truncate` leaves, from 0 to 1 (0.5)")
    parser.add_argument(
        "--condition",
        nargs="+",
        metavar=("CONDITION", "KEY=VALUE"),
        help="what befalls the array; see `sansim conditions add --help`",
    )


def _times(text: str) -> int | str:
    if text == ALWAYS:
        return text
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is neither a number nor {ALWAYS!r}") from None


def _add(options: Namespace) -> int:
    keys = ("kind", "pattern", "when", "times", *_SAYS)
    table = {key: value for key in keys if (value := getattr(options, key)) is not None}
    if options.condition is not None:
        name, *says = options.condition
        table["condition"] = condition_table(name, says)
    return _FAULT.set(options, table)
