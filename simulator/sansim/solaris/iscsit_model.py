"""What the iSCSI target service keeps: targets, portal groups, initiators, defaults. Frozen values.

Source: illumos `libiscsit.c`, `iscsit_common.c`.
"""

import re
from enum import Enum, auto
from ipaddress import IPv4Address, IPv6Address

from attrs import field, frozen

__all__ = [
    "AUTHENTICATIONS",
    "Defaults",
    "Initiator",
    "IscsiTarget",
    "IscsitError",
    "IscsitRefusal",
    "PortalGroup",
    "Tag",
    "TargetChanges",
    "canonical_target",
    "is_iscsi_name",
    "parse_portal",
]

AUTHENTICATIONS = frozenset({"none", "chap", "radius"})

_NAME = re.compile(r"iqn\.[0-9]{4}-(?:0[0-9]|1[0-2])\.[0-9A-Za-z.:-]*|eui\.[0-9A-Fa-f]{16}")
_NAME_LENGTH = 223
_PORTAL = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<v4>[^:\[\]]*))(?::(?P<port>\d{1,5}))?")
_PORT = 3260
_LAST_PORT = 65535


class IscsitRefusal(Enum):
    """Why the service refuses."""

    INVALID_NAME = auto()
    EXISTS = auto()
    TOO_MANY_TARGETS = auto()
    NOT_FOUND = auto()
    BUSY = auto()
    UNKNOWN_PORTAL_GROUP = auto()
    INVALID_AUTHENTICATION = auto()
    MISSING_PROPERTY = auto()
    INVALID_PORTAL = auto()
    PORTAL_IN_USE = auto()
    LOGIN_REFUSED = auto()


class IscsitError(Exception):
    """A refusal of the iSCSI target service.

    Attributes:
        refusal: Why.
        subject: The name or value that it is about.
    """

    def __init__(self, refusal: IscsitRefusal, subject: str) -> None:
        super().__init__(f"{subject}: {refusal.name}")
        self.refusal = refusal
        self.subject = subject


@frozen
class Tag:
    """A portal group of a target, under the tag by which initiators know it."""

    group: str
    number: int


@frozen
class IscsiTarget:
    """A target; None takes the defaults or means that it is not set.

    Attributes:
        authentication: none, chap or radius.
        chap_user: The target's own identity for mutual CHAP; its name by default.
        tags: Its portal groups, the last given first; none means every address of the host.
    """

    name: str
    authentication: str | None = None
    alias: str | None = None
    chap_user: str | None = None
    chap_secret: str | None = field(default=None, repr=False)
    tags: tuple[Tag, ...] = ()


@frozen
class TargetChanges:
    """What is said of a target when it is made or changed; None leaves a thing as it is.

    Attributes:
        authentication: As the target's, or `default`.
        alias, chap_user: A text, or `none` to clear it.
        groups: Names of portal groups, in the order given; just `default` for none.
    """

    authentication: str | None = None
    alias: str | None = None
    chap_user: str | None = None
    chap_secret: str | None = field(default=None, repr=False)
    groups: tuple[str, ...] | None = None


@frozen
class PortalGroup:
    """A target portal group; portals as `address:port`, the last given first."""

    name: str
    portals: tuple[str, ...]


@frozen
class Initiator:
    """What is known of an initiator: who it is for CHAP; its user is its name by default."""

    name: str
    chap_user: str | None = None
    chap_secret: str | None = field(default=None, repr=False)


@frozen
class Defaults:
    """What holds for targets that say nothing of their own, and the servers that the host asks."""

    alias: str | None = None
    authentication: str | None = None
    radius_server: str | None = None
    radius_secret: str | None = field(default=None, repr=False)
    isns: bool = False
    isns_servers: tuple[str, ...] = ()


def is_iscsi_name(text: str) -> bool:
    """Whether the text is a well-formed iSCSI name."""
    return _NAME.fullmatch(text) is not None and len(text) <= _NAME_LENGTH


def canonical_target(name: str) -> str:
    """Return a target's name as it is stored: iqn names in lower case, eui digits in upper case."""
    return name[:4] + name[4:].upper() if name.startswith("eui.") else name.lower()


def parse_portal(text: str, default_port: int = _PORT) -> str:
    """Return an address and port as they are listed: `address:port` or `[address]:port`.

    Raises:
        IscsitError: INVALID_PORTAL.
    """
    match = _PORTAL.fullmatch(text)
    port = int(match["port"] or default_port) if match else 0
    if match is None or not 0 < port <= _LAST_PORT:
        raise IscsitError(IscsitRefusal.INVALID_PORTAL, text)
    try:
        if match["v6"] is not None:
            return f"[{IPv6Address(match['v6'])}]:{port}"
        return f"{IPv4Address(match['v4'])}:{port}"
    except ValueError as error:
        raise IscsitError(IscsitRefusal.INVALID_PORTAL, text) from error
