"""Names in columns, as `ls` prints them at a terminal: down, then across."""

from collections.abc import Sequence

__all__ = ["columns"]

_GAP = 2


def columns(names: Sequence[str], width: int, *, fits: bool) -> str:
    """Return names in lines of that width.

    Args:
        names: What to print, in order.
        width: The width of the terminal.
        fits: Whether each column is as wide as its own names (GNU), or all are as wide as the longest (illumos).
    """
    rows = len(names)
    for many in range(len(names), 1, -1):
        tried = -(-len(names) // many)
        if sum(_widths(names, tried, fits=fits)) - _GAP < width:
            rows = tried
            break
    widths = _widths(names, rows, fits=fits)
    lines = []
    for row in range(rows):
        cells = names[row::rows]
        padded = [f"{name:<{size}}" for name, size in zip(cells[:-1], widths, strict=False)]
        lines.append("".join((*padded, *cells[-1:])) + "\n")
    return "".join(lines)


def _widths(names: Sequence[str], rows: int, *, fits: bool) -> list[int]:
    if not names:
        return []
    widths = [max(map(len, names[start : start + rows])) + _GAP for start in range(0, len(names), rows)]
    return widths if fits else [max(widths)] * len(widths)
