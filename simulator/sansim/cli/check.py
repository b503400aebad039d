"""`sansim check`: whether a configuration can be used."""

from argparse import Namespace
from pathlib import Path

from sansim.cli.output import say
from sansim.cli.verbs import Verbs
from sansim.config_file import read

__all__ = ["add"]


def add(verbs: Verbs) -> None:
    """Add the verb."""
    text = "say everything that is wrong with a configuration, without starting it"
    parser = verbs.add_parser("check", help=text, description=f"{text.capitalize()}.")
    parser.add_argument("file", type=Path, metavar="FILE.toml")
    parser.set_defaults(run=_run)


def _run(options: Namespace) -> int:
    arrays = read(options.file)
    say(f"{options.file} is understood: {', '.join(f'{array.name} ({array.kind})' for array in arrays)}")
    return 0
