"""The values that reads return and verbs make: frozen, comparable, hashable.

Sizes are bytes, times aware UTC. Volatile fields (used, status, sessions, created) do not count for equality.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from random import Random
from typing import Final, Literal

from attrs import field, frozen

from sansdk.errors import InvalidChap
from sansdk.secrets import Secret


class Anyone(Enum):
    """The type of `ANYONE`."""

    ANYONE = "ANYONE"

    def __repr__(self) -> str:
        return "ANYONE"

    __str__ = __repr__


ANYONE: Final = Anyone.ANYONE
"""Every initiator. An export is closed unless this is said."""

Initiators = tuple[str, ...] | Literal[Anyone.ANYONE]


def named(initiators: Initiators) -> tuple[str, ...]:
    """The names; none for `ANYONE`."""
    return () if initiators is ANYONE else initiators


def _secret(value: Secret | str | None) -> Secret | None:
    if isinstance(value, str):
        return Secret(value)
    if value is not None and not isinstance(value, Secret):
        raise InvalidChap(f"A CHAP secret is a Secret or a str, not {type(value).__name__}.")
    return value


@frozen
class Chap:
    """CHAP credentials; `secret` is None where the array does not tell it. A str becomes a `Secret`."""

    user: str
    secret: Secret | None = field(default=None, converter=_secret)

    @classmethod
    def generate(cls, rng: Random) -> "Chap":
        """New credentials: the user shows that they were made here, the secret fits both arrays."""
        return cls(f"sansdk-{rng.getrandbits(32):08x}", Secret.generate(rng))


@frozen
class Volume:
    """A block device of the array.

    Attributes:
        name: Relative to the session's pool and parent, or the LeftHand volume name.
        size: Bytes that initiators see.
        thin: Whether space is taken only as it is written.
        pool: ZFS pool (with parent) or LeftHand cluster.
        array: Name of the array, as the session knows it.
        serial: LU GUID or LeftHand serial number; None until there is one.
        origin: The snapshot that a clone was made from (`volume@snapshot`); None if none or unknown.
        exported: Whether any initiator may see it.
        used: Bytes taken in the pool; None where the array does not tell.
        status: The array's own word.
    """

    name: str
    size: int
    thin: bool
    pool: str
    array: str
    serial: str | None = None
    origin: str | None = None
    exported: bool = False
    used: int | None = field(default=None, eq=False)
    created: datetime | None = field(default=None, eq=False)
    status: str = field(default="", eq=False)


@frozen
class Export:
    """A volume, offered under one target and LUN. Complete, or not made.

    Attributes:
        volume: The volume's name.
        target_iqn: The target's iSCSI name.
        lun: Logical unit number under that target.
        portals: `host:port,tag` each.
        chap: What an initiator must know; None where CHAP is off.
        initiators: Who may see it, or `ANYONE`.
        maker: Whose form it has (`sansdk`, `nova`, `cinder`, `nexenta`, `proxmox`); None if unknown. A hint
            for people.
    """

    volume: str
    target_iqn: str
    lun: int | None
    portals: tuple[str, ...]
    chap: Chap | None = None
    initiators: Initiators = ()
    maker: str | None = field(default=None, eq=False)

    @property
    def provider_location(self) -> str:
        """`portal,tag iqn lun`, as OpenStack Nova stores it."""
        portal = self.portals[0] if self.portals else ""
        return f"{portal} {self.target_iqn} {self.lun}"

    @property
    def provider_auth(self) -> Secret | None:
        """`CHAP user secret`, as OpenStack Nova stores it; None without CHAP or an unknown secret."""
        if self.chap is None or self.chap.secret is None:
            return None
        return Secret(f"CHAP {self.chap.user} {self.chap.secret.reveal()}")


@frozen
class Initiator:
    """A host's iSCSI name, as the array knows it.

    Attributes:
        iqn: Its name.
        group: Host group (COMSTAR) or server (LeftHand) that it is in; None if in none.
        chap_user: The user that it logs in as; None without a record.
        secret_set: Whether the array holds a secret for it.
    """

    iqn: str
    group: str | None = None
    chap_user: str | None = None
    secret_set: bool = False


@frozen
class Pool:
    """A ZFS pool or a LeftHand cluster.

    `free` is what a volume can still take; `provisioned`, the sum of what was promised, may exceed `size`.
    """

    name: str
    size: int
    used: int = field(eq=False)
    free: int = field(eq=False)
    provisioned: int = field(eq=False)
    health: str = field(eq=False)


@frozen
class ArrayInfo:
    """What answers at the other end."""

    name: str
    kind: str
    flavour: str
    version: str


@frozen
class Problem:
    """Something that `check()` found.

    Attributes:
        code: Stable name of the kind of problem.
        text: What is wrong, as a sentence.
        mend: What to do about it.
    """

    code: str
    text: str
    mend: str


@frozen
class Orphan:
    """Something on the array that nothing uses and no verb would make.

    Attributes:
        kind: Which kind of leftover.
        name: Its name on the array.
        text: Why it counts as one.
    """

    kind: str
    name: str
    text: str


Progress = Callable[[int, int], None]
"""Called with (items done, items in all)."""
