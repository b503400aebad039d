"""`sansim stop`: the end."""

from argparse import Namespace

from sansim.cli.output import show
from sansim.cli.verbs import Verbs, client, verb

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb."""
    verb(verbs, "stop", _run, "stop a running simulator, and return when it has")


def _run(options: Namespace) -> int:
    with client(options) as simulator:
        answer = simulator.ask("stop")
        simulator.until_closed()
    return show(options, answer, "stopped")
