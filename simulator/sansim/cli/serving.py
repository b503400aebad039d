"""`sansim serve`: the simulator as a process of its own."""

import json
import logging
import signal
from argparse import Namespace
from contextlib import ExitStack
from threading import Event

from sansim.cli.logfile import LogFile
from sansim.cli.output import complain, say, tell
from sansim.config import default
from sansim.config_file import read
from sansim.control import ControlError
from sansim.control.server import Control
from sansim.simulator import Simulator

__all__ = ["serve"]

_FAILED = 1


def serve(options: Namespace) -> int:
    """Start what the options say, serve until the end, and return the exit status."""
    # What fails inside is told where all else is told to people.
    logging.basicConfig(format="sansim: %(message)s")
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    arrays = (default("solaris"), default("hp")) if options.config is None else read(options.config)
    simulator = Simulator(arrays, seed=options.seed, state=options.state, strict=options.strict, host=options.listen)
    try:
        with ExitStack() as stack:
            log = stack.enter_context(LogFile(options.log)) if options.log else None
            control = stack.enter_context(Control(options.control))
            _start(simulator, stack)
            control.open(simulator, ended.set)
            if log is not None:
                log.follow(simulator)
            _announce(simulator, control, as_json=options.json)
            ended.wait()
    except NotImplementedError as error:
        complain(str(error))
        return _FAILED
    return 0


def _start(simulator: Simulator, stack: ExitStack) -> None:
    try:
        stack.enter_context(simulator)
    except OSError as error:
        raise ControlError(f"{error.strerror or error}; choose another port or address") from error


def _announce(simulator: Simulator, control: Control, *, as_json: bool) -> None:
    """Say that all is ready: for a program on stdout, for a person on stderr."""
    if as_json:
        arrays = [array.description() for array in simulator.values()]
        say(json.dumps({"arrays": arrays, "control": str(control.path)}))
    for array in simulator.values():
        tell(f"{array.name}: {array.url} password {array.password}")
    tell("sansim is ready; stop it with Ctrl-C or `sansim stop`")
