"""`python -m tests.simulator.killing --times 200`: kill a simulator under load, and see what is left."""

import argparse
import secrets
import sys
import time

from tests.simulator.killing.rounds import Failed, Result, kill_again_and_again

_EVERY = 20


def main() -> int:
    """Run the rounds and say how many of them went well; status 1 if not all did."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.killing", description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often (200)")
    parser.add_argument("--seed", type=int, default=None, help="what decides who does what, and when it is killed")
    options = parser.parse_args()
    seed = secrets.randbits(32) if options.seed is None else options.seed
    began, result = time.monotonic(), Result(0, 0, 0, 0)
    try:
        for result in kill_again_and_again(options.times, seed):
            if result.kills % _EVERY == 0:
                print(_told(result, options.times), flush=True)  # noqa: T201 - a command line talks by printing
    except Failed as failure:
        print(f"{result.kills} of {options.times}; seed {seed}: {failure}", file=sys.stderr)  # noqa: T201 - as above
        return 1
    print(f"{_told(result, options.times)}; seed {seed}, {time.monotonic() - began:.0f} s")  # noqa: T201 - as above
    return 0


def _told(result: Result, times: int) -> str:
    return (
        f"{result.kills} of {times} kills with nothing lost and nothing half; {result.acknowledged} commands "
        f"acknowledged, {result.under_way} under way when it was killed, {result.carried_out} of these carried out"
    )


if __name__ == "__main__":
    sys.exit(main())
