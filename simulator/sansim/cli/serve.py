"""`sansim serve`: the simulator as a process of its own."""

import json
import signal
import sys
from argparse import Namespace
from contextlib import ExitStack
from pathlib import Path
from threading import Event

from sansim.cli.logfile import LogFile
from sansim.cli.output import say
from sansim.cli.verbs import Verbs
from sansim.config import default
from sansim.config_file import read
from sansim.control import Control
from sansim.simulator import Simulator

__all__ = ["add"]

_FAILED = 1


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
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    arrays = (default("solaris"), default("hp")) if options.config is None else read(options.config)
    with ExitStack() as stack:
        log = stack.enter_context(LogFile(options.log)) if options.log else None
        control = stack.enter_context(Control(options.control))
        simulator = Simulator(
            arrays, seed=options.seed, state=options.state, strict=options.strict, host=options.listen
        )
        try:
            with simulator:
                control.open(simulator, ended.set)
                if log is not None:
                    log.follow(simulator)
                _announce(simulator, control, as_json=options.json)
                ended.wait()
        except NotImplementedError as error:
            print(f"sansim: {error}", file=sys.stderr)  # noqa: T201 - a command line talks by printing
            return _FAILED
        except OSError as error:
            print(f"sansim: {error.strerror or error}; choose another port or address", file=sys.stderr)  # noqa: T201 - as above
            return _FAILED
    return 0


def _announce(simulator: Simulator, control: Control, *, as_json: bool) -> None:
    """Say that all is ready: for a program on stdout, for a person on stderr."""
    if as_json:
        arrays = [array.description() for array in simulator.values()]
        say(json.dumps({"arrays": arrays, "control": str(control.path)}))
    for array in simulator.values():
        print(f"{array.name}: {array.url} password {array.password}", file=sys.stderr)  # noqa: T201 - as above
    print("sansim is ready; stop it with Ctrl-C", file=sys.stderr, flush=True)  # noqa: T201 - as above
