"""How long `Simulator()` takes to start, its modules imported."""

import subprocess
import sys
from collections.abc import Iterable

from benchmarks.figure import Figure, at_most

__all__ = ["measure"]

_PROGRAM = """
from time import perf_counter
from sansim import Simulator
begun = perf_counter()
with Simulator():
    print(perf_counter() - begun)
"""


def measure(*, quick: bool) -> Iterable[Figure]:
    """Start in one new process after the other, and take the fastest: what else the machine does only adds to it."""
    took = [_start() for _ in range(3 if quick else 9)]
    return [at_most(50, "start of a Solaris host and a LeftHand group", min(took) * 1000, "ms")]


def _start() -> float:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return float(done.stdout)
