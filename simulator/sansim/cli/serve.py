"""`sansim serve`: how it is asked for."""

from argparse import Namespace
from pathlib import Path

from sansim.cli.verbs import Verbs

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb."""
    text = "start arrays and serve until interrupted, or until `sansim stop`"
    parser = verbs.add_parser("serve", help=text, description=f"{text.capitalize()}.")
    parser.add_argument("--config", type=Path, metavar="FILE.toml", help="which arrays; one of each kind without it")
    parser.add_argument("--state", type=Path, metavar="FILE", help="keep the arrays' state in this file")
    parser.add_argument("--seed", type=int, metavar="N", help="invent the same secrets and names on every run")
    parser.add_argument("--json", action="store_true", help="say what was started as one line of JSON")
    parser.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (loopback)")
    parser.add_argument("--control", type=Path, metavar="PATH", help="where the control socket is to be")
    parser.add_argument("--log", type=Path, metavar="FILE", help="add each exec that ends to this file, as JSON lines")
    parser.add_argument(
        "--strict", action="store_true", help="end with status 1 if anything was asked that is not simulated"
    )
    parser.set_defaults(run=_run)


def _run(options: Namespace) -> int:
    # Imported here: the other verbs are there at once, without the arrays.
    from sansim.cli.serving import serve  # noqa: PLC0415 - as said above

    return serve(options)
