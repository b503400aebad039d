"""`python -m benchmarks`: measure, print a table, and tell whether all bounds are kept."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks import create_at_scale, fleet, list_at_scale, start, throughput
from benchmarks.figure import Figure, document, table

__all__ = ["main"]

_BENCHMARKS: Mapping[str, Callable[..., Iterable[Figure]]] = {
    "throughput": throughput.measure,
    "create_at_scale": create_at_scale.measure,
    "list_at_scale": list_at_scale.measure,
    "start": start.measure,
    "fleet": fleet.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 1 where a bound is missed that was to be checked."""
    options = _parser().parse_args(arguments)
    figures: list[Figure] = []
    for name in options.benchmark or _BENCHMARKS:
        print(f"{name} …", file=sys.stderr, flush=True)  # noqa: T201 - a command line talks by printing
        figures += _BENCHMARKS[name](quick=options.quick)
    print(table(figures))  # noqa: T201 - as above
    if options.json is not None:
        options.json.write_text(json.dumps(document(figures, quick=options.quick), indent=2) + "\n", encoding="utf-8")
    return int(options.check and not all(figure.holds for figure in figures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure the simulator against its bounds."
    )
    parser.add_argument("benchmark", nargs="*", choices=[*_BENCHMARKS, []], help="which ones; all without any")
    parser.add_argument("--quick", action="store_true", help="smaller: fewer volumes, fewer arrays, fewer rounds")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bound is missed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
