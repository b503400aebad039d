"""Columns of `list` and `get`: which were asked for, how wide they are, how a row is laid out.

Source: illumos libzfs_util.c, libzfs_dataset.c (`zfs_expand_proplist`), zfs_main.c, zpool_main.c.
"""

from collections.abc import Callable, Iterable, Sequence

from attrs import define

from sansim.solaris.zfs.command import UsageError
from sansim.solaris.zfs.properties import Property, Shape

__all__ = ["Column", "header_row", "layout", "read_columns", "row"]

_NARROWEST_NUMBER = 5
_EXPANDING_NUMBERS = ("creation",)


@define
class Column:
    """One property of a listing.

    Attributes:
        name: The property's name as it is printed; a user property's as typed.
        prop: None for a user property.
        width: Characters, grown by `fit`.
    """

    name: str
    prop: Property | None
    width: int
    fixed: bool

    @staticmethod
    def of(name: str, prop: Property | None) -> "Column":
        """Return the column of a property, as wide as it is before any value is known."""
        if prop is None:
            return Column(name, None, len(name), fixed=False)
        width = max(len(prop.header), prop.narrowest)
        if prop.shape is Shape.NUMBER:
            width = max(width, _NARROWEST_NUMBER)
        elif prop.shape is Shape.INDEX:
            width = max(width, *(len(choice) for choice in prop.choices))
        fixed = prop.shape is not Shape.STRING and prop.name not in _EXPANDING_NUMBERS
        return Column(prop.name, prop, width, fixed)

    @property
    def title(self) -> str:
        """What stands above the column in a list."""
        return self.prop.header if self.prop else self.name.upper()

    @property
    def right(self) -> bool:
        """Whether the column is right-aligned."""
        return self.prop is not None and self.prop.right

    def fit(self, text: str, *, exact: bool) -> None:
        """Widen the column for a value; numbers do not widen it unless printed exactly."""
        if not self.fixed or exact:
            self.width = max(self.width, len(text))


def read_columns(text: str, find: Callable[[str], Property | None], is_user: Callable[[str], bool]) -> list[Column]:
    """Return the columns that a comma-separated list of properties asks for.

    Raises:
        UsageError: A property is unknown, or one is empty.
    """
    if not text:
        raise UsageError("bad property list: no properties specified")
    columns: list[Column] = []
    for name in text.removesuffix(",").split(","):
        if not name:
            raise UsageError("bad property list: empty property name")
        prop = find(name)
        if prop is None and not is_user(name):
            raise UsageError(f"bad property list: invalid property '{name}'")
        columns.append(Column.of(name, prop))
    return columns


def layout(columns: Sequence[Column]) -> Callable[..., str]:
    """Return what makes a line of a list of as many cells as there are columns; a text in the last is not padded."""
    last = len(columns) - 1
    return "  ".join(
        f"{{:>{column.width}}}" if column.right else "{}" if place == last else f"{{:<{column.width}}}"
        for place, column in enumerate(columns)
    ).format


def header_row(columns: Sequence[Column]) -> str:
    """Return the line of titles."""
    return layout(columns)(*(column.title for column in columns))


def row(columns: Sequence[Column], cells: Iterable[str], *, scripted: bool) -> str:
    """Return a line of a list; scripted, the cells are only parted by tabs."""
    return "\t".join(cells) if scripted else layout(columns)(*cells)
