"""Which names a pool, dataset, snapshot or bookmark may have.

Source: illumos zfs_namecheck.c and libzfs_dataset.c; the refusal of `.` and `..` is seen on OpenZFS only.
"""

import re
import string

from attrs import frozen

__all__ = ["MAX_NAME", "NameRules", "check_nesting", "check_pool_name", "is_user_property"]

MAX_NAME = 256
_MAX_NESTING = 50
_LEGAL = frozenset(string.ascii_letters + string.digits + "-_.: ")
_RESERVED_POOLS = ("mirror", "raidz")
_USER_PROPERTY = frozenset(string.ascii_lowercase + string.digits + "-_.:")
_TRAILING = "trailing slash in name"
_REFERENCES = {
    ".": "self reference, '.' is found in name",
    "..": "parent reference, '..' is found in name",
}
_SNAPSHOT = frozenset({"snapshot"})
_BOOKMARK = frozenset({"bookmark"})


@frozen
class NameRules:
    """How a release of ZFS judges names, and in which words.

    Attributes:
        bookmarks: Whether `#` parts a bookmark from its dataset; where there are none it is a wrong character.
        components_first: Whether each component is looked at before anything else.
        references: Whether components `.` and `..` are refused.
        empty: What it says of a component without a character.
        unexpected_at: What it says of an `@` in a dataset's name.
        many: What it says of a second delimiter.
    """

    bookmarks: bool = True
    components_first: bool = False
    references: bool = True
    empty: str = "empty component in name"
    unexpected_at: str = "snapshot delimiter '@' is not expected here"
    many: str = "multiple '@' and/or '#' delimiters in name"

    def check(self, name: str, kinds: frozenset[str], *, changing: bool = False) -> str | None:
        """Say what is wrong with a name.

        Args:
            name: The name, as typed.
            kinds: What may have it: `filesystem`, `volume`, `snapshot`, `bookmark`.
            changing: Whether something is to be made under this name (`%` is then refused).

        Returns:
            The reason in ZFS's words, None if the name is in order.
        """
        if self.components_first and (reason := self._check_components(name)):
            return reason
        return self._check_delimiters(name, kinds, changing=changing) or self._check_components(name)

    def _check_delimiters(self, name: str, kinds: frozenset[str], *, changing: bool) -> str | None:
        if "snapshot" not in kinds and "@" in name:
            return self.unexpected_at
        if kinds == _SNAPSHOT and "@" not in name:
            return "missing '@' delimiter in snapshot name"
        if self.bookmarks and "bookmark" not in kinds and "#" in name:
            return "bookmark delimiter '#' is not expected here"
        if kinds == _BOOKMARK and "#" not in name:
            return "missing '#' delimiter in bookmark name"
        if changing and "%" in name:
            return "invalid character % in name"
        return None

    def _check_components(self, name: str) -> str | None:
        if len(name.encode(errors="surrogateescape")) >= MAX_NAME:
            return "name is too long"
        if name.startswith("/"):
            return "leading slash in name"
        delimiters = "@#" if self.bookmarks else "@"
        delimited = False
        parts = re.split(f"([/{delimiters}])", name)
        for opening, component, closing in zip(["", *parts[1::2]], parts[::2], [*parts[1::2], ""], strict=True):
            if reason := self._check_component(opening, component, closing, delimited=delimited):
                return reason
            delimited |= closing not in ("", "/")
        return None

    def _check_component(self, opening: str, component: str, closing: str, *, delimited: bool) -> str | None:
        """Judge what stands between two delimiters; `delimited` if there was one of a snapshot or bookmark before."""
        if opening == "/" and not component and not closing:
            return _TRAILING
        for character in component:
            if character not in _LEGAL and character != "%":
                return f"invalid character '{_first_byte(character)}' in name"
        if self.references and closing in ("", "/") and component in _REFERENCES:
            return _REFERENCES[component]
        if delimited and closing not in ("", "/"):
            return self.many
        if not component:
            return self.empty
        return _TRAILING if delimited and closing else None


def _first_byte(character: str) -> str:
    """Return what C prints for a character of several bytes: the first, undecoded."""
    return character.encode(errors="surrogateescape")[:1].decode(errors="surrogateescape")


def check_nesting(name: str) -> str | None:
    """Say that a dataset would lie too deep, None if it does not."""
    return "maximum name nesting depth exceeded" if name.count("/") >= _MAX_NESTING else None


def check_pool_name(name: str) -> str | None:
    """Say what is wrong with the name of a pool that is to be opened (source: illumos libzfs_pool.c)."""
    for character in name:
        if character not in _LEGAL:
            return f"invalid character '{_first_byte(character)}' in pool name"
    if not name[:1].isalpha():
        return "name must begin with a letter"
    if name in _RESERVED_POOLS:
        return "name is reserved"
    return None


def is_user_property(name: str) -> bool:
    """Tell whether a name has the form of a user property's."""
    return ":" in name and all(character in _USER_PROPERTY for character in name)
