"""What a name may be: the one that we make, and the one that is already there."""

import re
from typing import Any

import attrs

from sansdk.errors import InvalidChap, InvalidName

_MADE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", re.ASCII)
_IQN = re.compile(r"iqn\.\d{4}-\d{2}\.[A-Za-z0-9.:-]+|(?:eui|wwn)\.[0-9A-Fa-f]{16}", re.ASCII)
_IQN_LENGTH = 223
_CHAP_USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,222}", re.ASCII)


def check_made(name: str) -> None:
    """Refuse a name that we would not give to anything on either array.

    Raises:
        InvalidName: It breaks the rule, which the message quotes.
    """
    if not isinstance(name, str) or _MADE.fullmatch(name) is None:
        raise InvalidName(
            f"{_shown(name)} is no name for a volume:"
            " a name starts with a letter or digit and goes on with letters, digits, '.', '_' or '-',"
            " 63 characters at most ([A-Za-z0-9][A-Za-z0-9._-]{0,62})."
        )


def check_existing(name: str, forbidden: str) -> None:
    """Refuse what cannot be the name of anything on the array; `forbidden` are the characters of its kind.

    Raises:
        InvalidName: It breaks the rule, which the message quotes.
    """
    bad = f"\0\n{forbidden}"
    if not isinstance(name, str) or not name or name.startswith("-") or any(c in bad for c in name):
        listed = f", none of {' '.join(forbidden)}" if forbidden else ""
        raise InvalidName(
            f"{_shown(name)} cannot be the name of a volume: not empty, no leading '-', no NUL, no newline{listed}."
        )


def check_iqn(name: str) -> None:
    """Refuse what is no iSCSI name (RFC 3720: `iqn.` or `eui.`; COMSTAR knows `wwn.` too).

    Raises:
        InvalidName: It is none.
    """
    if not isinstance(name, str) or len(name) > _IQN_LENGTH or _IQN.fullmatch(name) is None:
        raise InvalidName(
            f"{_shown(name)} is no initiator name: say 'iqn.YYYY-MM.domain:rest' with letters, digits, '.', '-'"
            " and ':' only, 223 characters at most, or 'eui.' and 16 hexadecimal digits."
        )


def check_chap_user(user: str) -> None:
    """Refuse a CHAP user that one of the arrays, or its command line, would not take.

    Raises:
        InvalidChap: It breaks the rule, which the message quotes.
    """
    if not isinstance(user, str) or _CHAP_USER.fullmatch(user) is None:
        raise InvalidChap(
            f"{_shown(user)} is no CHAP user: letters, digits, '.', '_', ':', '@' and '-', starting with a letter"
            " or digit, 223 characters at most."
        )


def made(_: Any, __: "attrs.Attribute[str]", value: str) -> None:  # noqa: ANN401 - an attrs validator
    """`check_made` as an attrs validator."""
    check_made(value)


def existing(_: Any, __: "attrs.Attribute[str]", value: str) -> None:  # noqa: ANN401 - an attrs validator
    """`check_existing` without an array's own characters, as an attrs validator."""
    check_existing(value, "")


def _shown(name: object) -> str:
    text = repr(name)
    return text if len(text) <= 80 else f"{text[:60]}… ({len(text) - 2} characters)"  # noqa: PLR2004
