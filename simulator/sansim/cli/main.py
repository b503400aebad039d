"""From the command line to an exit status."""

import os
import sys
from collections.abc import Sequence

from sansim.cli import arrays, check, clock, conditions, faults, latency, log, serve, sessions, state, stop
from sansim.cli.output import complain
from sansim.cli.verbs import new_parser
from sansim.config import ConfigError
from sansim.control import ControlError
from sansim.store import StoreError

__all__ = ["main"]

_REFUSED = 1
_USAGE = 2
_INTERRUPTED = 130
_GROUPS = (serve, check, arrays, faults, latency, conditions, sessions, log, state, clock, stop)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 refused, 2 not understood."""
    parser, verbs = new_parser()
    for group in _GROUPS:
        group.add(verbs)
    options = parser.parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except (ConfigError, StoreError) as error:
        complain(str(error))
        return _USAGE
    except ControlError as error:
        complain(str(error))
        return _REFUSED
    except BrokenPipeError:
        # Whoever read our output has enough; nothing is to be written there at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status
