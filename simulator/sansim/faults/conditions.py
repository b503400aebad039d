"""Conditions: what befalls the array itself, rather than the answer of a program.

A condition is a value. It befalls an array at once, or at the moment a `Fault` of kind `condition` strikes;
most can be lifted again. Which ones a kind of array can be in, and how it comes into them, the array knows.
"""

from collections.abc import Callable, Mapping

from attrs import field, frozen
from attrs.validators import and_, ge, min_len

from sansim.faults.checks import number, text, whole

__all__ = [
    "CONDITIONS",
    "ClockJump",
    "Condition",
    "ConnectedInitiator",
    "DegradedPool",
    "FullStorage",
    "Intervention",
    "LateDevices",
    "MovedVip",
    "NodeDown",
    "OtherAdmin",
    "ServiceInMaintenance",
]


@frozen
class Condition:
    """Any of the conditions below."""


@frozen
class DegradedPool(Condition):
    """A disk of a pool is faulted; without a name it is the pool's first one that redundancy can spare."""

    pool: str = field(default="", validator=text)
    disk: str = field(default="", validator=text)


@frozen
class FullStorage(Condition):
    """Somebody else took what was free of a pool or cluster, but for `free` bytes."""

    storage: str = field(default="", validator=text)
    free: int = field(default=0, validator=[whole, ge(0)])


@frozen
class ServiceInMaintenance(Condition):
    """A service failed and waits for an administrator, as `svcadm mark maintenance` leaves it."""

    service: str = field(default="stmf", validator=text)


@frozen
class LateDevices(Condition):
    """The device nodes of new volumes come late: the first `looks` at each find nothing.

    `volumes` is a shell-style pattern on the names of volumes; only those made from then on are concerned.
    """

    volumes: str = field(default="*", validator=text)
    looks: int = field(default=1, validator=[whole, ge(1)])


@frozen
class ConnectedInitiator(Condition):
    """An initiator is logged in to the target of a volume, which makes both busy."""

    volume: str = field(validator=and_(text, min_len(1)))
    initiator: str = field(validator=and_(text, min_len(1)))


@frozen
class ClockJump(Condition):
    """The array's clock is set by so many seconds, forward or back."""

    seconds: float = field(validator=number)


@frozen
class OtherAdmin(Condition):
    """Another administrator carries out a command line, to its end, with all rights and nobody to ask."""

    command: str = field(validator=and_(text, min_len(1)))


@frozen
class NodeDown(Condition):
    """A storage node is down; without a name the one that has the virtual IP, which another node takes over."""

    node: str = field(default="", validator=text)


@frozen
class MovedVip(Condition):
    """The virtual IP is taken over by another node: every connection is lost, and the next finds that node."""

    node: str = field(default="", validator=text)


@frozen
class Intervention(Condition):
    """What a program of the simulator's user does in that moment, given the line of the program that is struck."""

    act: Callable[[str], None]


CONDITIONS: Mapping[str, type[Condition]] = {
    "degraded-pool": DegradedPool,
    "full-storage": FullStorage,
    "service-in-maintenance": ServiceInMaintenance,
    "late-devices": LateDevices,
    "connected-initiator": ConnectedInitiator,
    "clock-jump": ClockJump,
    "other-admin": OtherAdmin,
    "node-down": NodeDown,
    "moved-vip": MovedVip,
}
"""The conditions by the names that configurations and the command line call them by."""
