"""Which names a pool, dataset or snapshot may have.

Source: illumos zfs_namecheck.c and libzfs_dataset.c; the refusal of `.` and `..` is seen on OpenZFS only.
"""

import string

__all__ = ["MAX_NAME", "MAX_NESTING", "check_name", "check_nesting", "check_pool_name", "is_user_property"]

MAX_NAME = 256
MAX_NESTING = 50
_LEGAL = frozenset(string.ascii_letters + string.digits + "-_.: ")
_DELIMITERS = "@#"
_RESERVED_POOLS = ("mirror", "raidz")
_USER_PROPERTY = frozenset(string.ascii_lowercase + string.digits + "-_.:")


def check_name(name: str, *, snapshot: bool, dataset: bool = True, changing: bool = False) -> str | None:
    """Say what is wrong with a name.

    Args:
        name: The name, as typed.
        snapshot: Whether it may be a snapshot's.
        dataset: Whether it may be a filesystem's or volume's.
        changing: Whether something is to be made under this name (`%` is then refused).

    Returns:
        The reason in ZFS's words, None if the name is in order.
    """
    if not snapshot and "@" in name:
        return "snapshot delimiter '@' is not expected here"
    if not dataset and "@" not in name:
        return "missing '@' delimiter in snapshot name"
    if "#" in name:
        return "bookmark delimiter '#' is not expected here"
    reason = _check_components(name)
    if reason is None and changing and "%" in name:
        return "invalid character % in name"
    return reason


def _check_components(name: str) -> str | None:
    if len(name.encode(errors="surrogateescape")) >= MAX_NAME:
        return "name is too long"
    if name.startswith("/"):
        return "leading slash in name"
    if not name:
        return "empty component in name"
    delimited = False
    start = 0
    while True:
        end = start
        while end < len(name) and name[end] not in "/@#":
            end += 1
        reason = _check_component(name, start, end)
        if reason or end == len(name):
            return reason
        if name[end] in _DELIMITERS:
            if delimited:
                return "multiple '@' and/or '#' delimiters in name"
            delimited = True
        elif delimited:
            return "trailing slash in name"
        start = end + 1


def _check_component(name: str, start: int, end: int) -> str | None:
    component = name[start:end]
    if end == len(name) and start > 0 and name[end - 1] == "/":
        return "trailing slash in name"
    if not component:
        return "empty component in name"
    for character in component:
        if character not in _LEGAL and character != "%":
            return f"invalid character '{_first_byte(character)}' in name"
    if not name[end : end + 1].strip("/") and component == ".":
        return "self reference, '.' is found in name"
    if not name[end : end + 1].strip("/") and component == "..":
        return "parent reference, '..' is found in name"
    return None


def _first_byte(character: str) -> str:
    """Return what C prints for a character of several bytes: the first, undecoded."""
    return character.encode(errors="surrogateescape")[:1].decode(errors="surrogateescape")


def check_nesting(name: str) -> str | None:
    """Say that a dataset would lie too deep, None if it does not."""
    return "maximum name nesting depth exceeded" if name.count("/") >= MAX_NESTING else None


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
