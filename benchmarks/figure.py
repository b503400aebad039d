"""What a benchmark finds: a number, and the bound that it promises to keep."""

import platform
from collections.abc import Sequence
from os import cpu_count

from attrs import asdict, frozen

__all__ = ["FORMAT", "Figure", "at_least", "at_most", "document", "table"]

FORMAT = 1
"""The format of the JSON that this version writes."""


@frozen
class Figure:
    """One number.

    Attributes:
        name: What was measured.
        value: What came of it.
        unit: `x` for a ratio of two measurements of the same run, else what the value counts.
        sense: Whether the value is to be `at least` or `at most` the bound.
        bound: What it is held against.
    """

    name: str
    value: float
    unit: str
    sense: str
    bound: float

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.value >= self.bound if self.sense == "at least" else self.value <= self.bound


def at_least(bound: float, name: str, value: float, unit: str = "x") -> Figure:
    """Return a figure that is to be no smaller than a bound."""
    return Figure(name, value, unit, "at least", bound)


def at_most(bound: float, name: str, value: float, unit: str = "x") -> Figure:
    """Return a figure that is to be no larger than a bound."""
    return Figure(name, value, unit, "at most", bound)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table for a person."""
    width = max((len(figure.name) for figure in figures), default=0)
    rows = [f"{'':{width}}  {'measured':>10}  unit    bound"]
    for figure in figures:
        value = f"{figure.value:.2f}"
        verdict = "" if figure.holds else "  MISSED"
        rows.append(f"{figure.name:{width}}  {value:>10}  {figure.unit:<6}  {figure.sense} {figure.bound:g}{verdict}")
    return "\n".join(rows)


def document(figures: Sequence[Figure], *, quick: bool) -> dict[str, object]:
    """Return the figures, and what they were measured on, as `--json` writes them."""
    return {
        "format": FORMAT,
        "quick": quick,
        "machine": {"system": platform.platform(), "python": platform.python_version(), "processors": cpu_count()},
        "figures": [asdict(figure) | {"holds": figure.holds} for figure in figures],
    }
