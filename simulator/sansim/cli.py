"""`sansim serve`: the simulator as a process of its own."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from sansim.config import ConfigError, default
from sansim.config_file import read
from sansim.control import Control
from sansim.simulator import Simulator
from sansim.store import StoreError

__all__ = ["main"]

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    try:
        arrays = (default("solaris"), default("hp")) if options.config is None else read(options.config)
        with (
            Simulator(arrays, seed=options.seed, state=options.state, host=options.listen) as simulator,
            Control(simulator) as control,
        ):
            _announce(simulator, control, as_json=options.json)
            ended.wait()
    except (ConfigError, StoreError) as error:
        print(f"sansim: {error}", file=sys.stderr)  # noqa: T201 - a command line talks by printing
        return _USAGE_ERROR
    except OSError as error:
        print(f"sansim: cannot listen: {error}; choose another port", file=sys.stderr)  # noqa: T201 - as above
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sansim", description="A fake SAN: arrays that answer over real SSH.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="start arrays and serve until interrupted")
    serve.add_argument("--config", type=Path, metavar="FILE.toml", help="which arrays; one of each kind without it")
    serve.add_argument("--state", type=Path, metavar="FILE", help="keep the arrays' state in this file")
    serve.add_argument("--seed", type=int, metavar="N", help="invent the same secrets and names on every run")
    serve.add_argument("--json", action="store_true", help="say what was started as one line of JSON")
    serve.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (loopback)")
    return parser


def _announce(simulator: Simulator, control: Control, *, as_json: bool) -> None:
    """Say that all is ready: for a program on stdout, for a person on stderr."""
    if as_json:
        arrays = [array.description() for array in simulator.values()]
        print(json.dumps({"arrays": arrays, "control": str(control.path)}), flush=True)  # noqa: T201 - as above
    for array in simulator.values():
        print(f"{array.name}: {array.url} password {array.password}", file=sys.stderr)  # noqa: T201 - as above
    print("sansim is ready; stop it with Ctrl-C", file=sys.stderr, flush=True)  # noqa: T201 - as above
