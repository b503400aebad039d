"""`sansim arrays`: who is there."""

from argparse import Namespace

from sansim.cli.output import show, table
from sansim.cli.verbs import Verbs, client, verb

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verb(
        verbs,
        "arrays",
        _run,
        "list the arrays of a running simulator, with their URLs",
        "With --json the passwords are in the answer; in the table they are with --passwords only.",
    )
    parser.add_argument("array", nargs="?", metavar="ARRAY", help="only this one")
    parser.add_argument("--passwords", action="store_true", help="show the passwords too")


def _run(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("arrays", array=options.array)
    columns = ["name", "kind", "url", *(["password"] if options.passwords else [])]
    rows = [[array[column] for column in columns] for array in answer["arrays"]]
    return show(options, answer, table(columns, rows, "there are no arrays"))
