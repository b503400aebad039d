"""`sansim latency`: how much longer programs take."""

from argparse import Namespace

from sansim.cli.ills import Ill
from sansim.cli.verbs import Verbs, verb

__all__ = ["add"]

_LATENCY = Ill(
    name="latency",
    plural="latencies",
    word="latency",
    columns=("pattern", "seconds", "spread"),
    row=lambda one: (one["pattern"], one["seconds"], one.get("spread", 0)),
    remove="remove",
    removed="removed",
    about="latencies: programs that always take longer",
)


def add(verbs: Verbs) -> None:
    """Add the word and its verbs."""
    below = _LATENCY.add(verbs)
    parser = verb(
        below,
        "add",
        _add,
        "let programs take longer from now on",
        "Of several latencies that match a program the last set counts.\n\n"
        "  sansim latency add hp 'getVolumeInfo*' 1.5 --spread 0.5",
    )
    parser.add_argument("array", metavar="ARRAY", help="on which array")
    parser.add_argument("pattern", metavar="PATTERN", help="shell-style pattern on program lines; quote it")
    parser.add_argument("seconds", type=float, metavar="SECONDS", help="how much longer, on average")
    parser.add_argument("--spread", type=float, default=0.0, metavar="SECONDS", help="how much more or less than that")


def _add(options: Namespace) -> int:
    table = {"pattern": options.pattern, "seconds": options.seconds, "spread": options.spread}
    return _LATENCY.set(options, table)
