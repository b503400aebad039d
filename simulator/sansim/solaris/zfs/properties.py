"""What a property of a dataset or snapshot is, and a catalogue of them as a release of ZFS has one."""

from collections.abc import Mapping
from enum import Enum

from attrs import evolve, field, frozen

__all__ = ["LISTED", "SPACE_COLUMNS", "Catalogue", "Edit", "Property", "Shape", "index", "number", "size", "string"]

_KINDS = {"filesystem": "f", "volume": "v", "snapshot": "s", "bookmark": "b"}


class Shape(Enum):
    """What a property's value is: `INDEX` is one of a fixed set of words."""

    NUMBER = "number"
    STRING = "string"
    INDEX = "index"


class Edit(Enum):
    """Whether a property can be set, and whether it is inherited."""

    READONLY = "readonly"
    INHERIT = "inherit"
    DEFAULT = "default"
    ONETIME = "onetime"
    ONETIME_DEFAULT = "onetime default"


@frozen
class Property:
    """A property.

    Attributes:
        kinds: Letters of what it applies to: `f`ilesystem, `v`olume, `s`napshot, `b`ookmark.
        values: What the usage text says that it may be.
        header: The title of its column.
        default: As typed; None where there is none to speak of.
        choices: The words of an index property, in the order of the usage text.
        right: Whether its column is right-aligned.
        shown: Whether `all` and the usage text contain it.
        narrowest: Characters that its column takes at least.
        byte: The letter behind a number below 1024, on releases that print one: `0B`.
        bare: Whether a ratio is without its `x` when printed exactly.
    """

    name: str
    shape: Shape
    edit: Edit
    kinds: str
    values: str
    header: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    right: bool = False
    shown: bool = True
    narrowest: int = 0
    byte: str = ""
    bare: bool = False

    def applies_to(self, kind: str) -> bool:
        """Tell whether a `filesystem`, `volume`, `snapshot` or `bookmark` has it."""
        return _KINDS[kind] in self.kinds

    @property
    def settable(self) -> bool:
        """Whether it can be set on what exists."""
        return self.edit in (Edit.INHERIT, Edit.DEFAULT)

    @property
    def inheritable(self) -> bool:
        """Whether ZFS counts it among the inherited ones (those fixed at making are)."""
        return self.edit in (Edit.INHERIT, Edit.ONETIME)


def number(name: str, edit: Edit, kinds: str, values: str, header: str, *, default: str | None = None) -> Property:
    """Return a property that is a number."""
    return Property(name, Shape.NUMBER, edit, kinds, values, header, default, right=True)


def size(name: str, kinds: str, header: str) -> Property:
    """Return a number of bytes that can only be read."""
    return number(name, Edit.READONLY, kinds, "<size>", header)


def string(name: str, edit: Edit, kinds: str, values: str, header: str, *, default: str | None = None) -> Property:
    """Return a property that is a text."""
    return Property(name, Shape.STRING, edit, kinds, values, header, default)


def index(
    name: str,
    kinds: str,
    choices: tuple[str, ...],
    header: str,
    default: str,
    *,
    edit: Edit = Edit.INHERIT,
    values: str = "",
) -> Property:
    """Return a property that is one of a fixed set of words."""
    return Property(name, Shape.INDEX, edit, kinds, values or " | ".join(choices), header, default, choices)


def _account(name: str, byte: str) -> Property:
    """Return the property that counts something of a user, a group or since a snapshot."""
    what = name.partition("@")[0].partition("#")[0]
    edit = Edit.DEFAULT if what.endswith("quota") else Edit.READONLY
    kinds = "fvs" if what == "written" else "fs"
    return Property(
        name,
        Shape.STRING,
        edit,
        kinds,
        "<size>",
        name.upper(),
        right=True,
        byte="" if "obj" in name.partition("@")[0] else byte,
    )


@frozen(eq=False)
class Catalogue:
    """The properties that a release of ZFS has.

    Attributes:
        properties: In the order in which `zfs get all` lists them; those that are not shown come last.
        accounts: What names begin with that end in a user, a group or a snapshot: `written@`.
        byte: The letter behind a number below 1024 that such a property has.
    """

    properties: tuple[Property, ...]
    accounts: tuple[str, ...] = ()
    byte: str = ""
    _by_name: Mapping[str, Property] = field(init=False)

    @_by_name.default
    def _index(self) -> Mapping[str, Property]:
        headers = {item.header.lower(): item for item in self.properties if item.header}
        return headers | {item.name: item for item in self.properties}

    def find(self, name: str) -> Property | None:
        """Return the property of a name; a column's title in lower case is one too (`avail`)."""
        found = self._by_name.get(name)
        if found is None and name.startswith(self.accounts):
            return _account(name, self.byte)
        return found

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a property of a name."""
        return name in self._by_name

    def __getitem__(self, name: str) -> Property:
        """Return the property of a name that is known to be there."""
        return self._by_name[name]

    @property
    def shown(self) -> tuple[Property, ...]:
        """Those that `all` and the usage text contain."""
        return tuple(item for item in self.properties if item.shown)

    def but(self, *changed: Property) -> "Catalogue":
        """Return a catalogue in which some differ from here, or are new."""
        kept = {item.name: item for item in self.properties} | {item.name: item for item in changed}
        return evolve(self, properties=tuple(kept.values()))

    def ordered(self, names: str) -> "Catalogue":
        """Return a catalogue of only these shown properties, in this order, and all that are not shown.

        Args:
            names: Parted by blanks.
        """
        hidden = [item for item in self.properties if not item.shown]
        return evolve(self, properties=(*(self[name] for name in names.split()), *hidden))


LISTED = ("name", "used", "available", "referenced", "mountpoint")
SPACE_COLUMNS = (
    *("name", "available", "used", "usedbysnapshots"),
    *("usedbydataset", "usedbyrefreservation", "usedbychildren"),
)
