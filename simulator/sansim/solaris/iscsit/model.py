"""What the iSCSI target service keeps: targets, portal groups, initiators, defaults. Frozen values.

Source: illumos `libiscsit.c`, `iscsit_common.c`.
"""

import re
from enum import Enum, auto
from ipaddress import IPv4Address, IPv6Address

from attrs import field, frozen

__all__ = [
    "AUTHENTICATIONS",
    "Configuration",
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
_ADDRESS = re.compile(r"\[(?P<v6>[^\]]*)\](?::(?P<v6_port>.*))?|(?P<v4>[^:\[][^:]*)(?::(?P<v4_port>.*))?")
_NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?[0-9]+)")
_PORT = 3260
_LAST_PORT = 65535
_MAPPED = 0xFFFF << 32
_COMPATIBLE = 1 << 32


class IscsitRefusal(Enum):
    """Why the service refuses."""

    INVALID_NAME = auto()
    EXISTS = auto()
    TOO_MANY_TARGETS = auto()
    TOO_MANY_TAGS = auto()
    NOT_FOUND = auto()
    BUSY = auto()
    UNKNOWN_PORTAL_GROUP = auto()
    TAG_EXISTS = auto()
    INVALID_AUTHENTICATION = auto()
    MISSING_PROPERTY = auto()
    INVALID_PORTAL = auto()
    PORTAL_IN_USE = auto()
    LOGIN_REFUSED = auto()
    STALE = auto()


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
    """What holds for targets that say nothing of their own, and the servers that the host asks.

    Attributes:
        radius_server: `address:port`.
        isns_servers: Each `address:port`, in the order given.
    """

    alias: str | None = None
    authentication: str | None = None
    radius_server: str | None = None
    radius_secret: str | None = field(default=None, repr=False)
    isns: bool = False
    isns_servers: tuple[str, ...] = ()


@frozen
class Configuration:
    """All that is configured, the newest of each kind first."""

    targets: tuple[IscsiTarget, ...] = ()
    portal_groups: tuple[PortalGroup, ...] = ()
    initiators: tuple[Initiator, ...] = ()
    defaults: Defaults = Defaults()

    def target(self, name: str) -> IscsiTarget | None:
        """Return a target, or None; names compare case-insensitively."""
        return next((one for one in self.targets if one.name.lower() == name.lower()), None)

    def portal_group(self, name: str) -> PortalGroup | None:
        """Return a portal group, or None; names compare exactly."""
        return next((one for one in self.portal_groups if one.name == name), None)

    def initiator(self, name: str) -> Initiator | None:
        """Return an initiator's record, or None; names compare case-insensitively."""
        return next((one for one in self.initiators if one.name.lower() == name.lower()), None)

    def uses(self, group: str) -> bool:
        """Whether a target listens at a portal group."""
        return any(tag.group == group for target in self.targets for tag in target.tags)


def is_iscsi_name(text: str) -> bool:
    """Whether the text is a well-formed iSCSI name."""
    return _NAME.fullmatch(text) is not None and len(text) <= _NAME_LENGTH


def canonical_target(name: str) -> str:
    """Return a target's name as it is stored: iqn names in lower case, eui digits in upper case."""
    return name[:4] + name[4:].upper() if name.startswith("eui.") else name.lower()


def parse_portal(text: str, default_port: int = _PORT) -> str:
    """Return an address and port as they are listed: `address:port` or `[address]:port`.

    A port is read as far as it is a number, and is 0 without any (source: strtol in `it_common_convert_sa`).

    Raises:
        IscsitError: INVALID_PORTAL.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise IscsitError(IscsitRefusal.INVALID_PORTAL, text)
    given = match["v4_port"] if match["v6"] is None else match["v6_port"]
    port = default_port if given is None else _leading_number(given)
    if not 0 <= port <= _LAST_PORT:
        raise IscsitError(IscsitRefusal.INVALID_PORTAL, text)
    try:
        if match["v6"] is not None:
            return f"[{_printed_v6(match['v6'])}]:{port}"
        return f"{IPv4Address(match['v4'])}:{port}"
    except ValueError as error:
        raise IscsitError(IscsitRefusal.INVALID_PORTAL, text) from error


def _leading_number(text: str) -> int:
    match = _NUMBER.match(text)
    return int(match[1]) if match else 0


def _printed_v6(text: str) -> str:
    """Return an IPv6 address as inet_ntop writes it: one that holds an IPv4 address shows it.

    Raises:
        ValueError: It is none, or names an interface.
    """
    if "%" in text:
        raise ValueError(text)
    address = IPv6Address(text)
    number = int(address)
    if number >> 32 == _MAPPED >> 32:
        return f"::ffff:{IPv4Address(number & (_COMPATIBLE - 1))}"
    if 1 < number < _COMPATIBLE and number >> 16:
        return f"::{IPv4Address(number)}"
    return str(address)
