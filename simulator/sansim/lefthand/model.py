"""The objects of a management group. They are values: the engine replaces them, nobody changes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import field, frozen
from attrs.validators import ge

from sansim.lefthand.inferred import THIN_RESERVE

__all__ = [
    "AdminGroup",
    "Cluster",
    "Group",
    "Node",
    "Permission",
    "RemoteCopy",
    "Schedule",
    "Server",
    "Session",
    "Snapshot",
    "Vip",
    "Volume",
]


@frozen
class Group:
    """A management group.

    Attributes:
        name: Its name; in small letters it is part of every IQN.
        md5: 32 hexadecimal digits, the first part of every serial number (seen: one for the whole group).
        next_id: The number that the next object gets; numbers are never used again.
    """

    name: str
    md5: str
    next_id: int


@frozen
class Node:
    """A storage node.

    Attributes:
        name: Its name.
        ip_address: Its own address.
        manager: Whether a manager, one of those that run the group, runs on it.
        up: Whether it is up.
    """

    name: str
    ip_address: str
    manager: bool = True
    up: bool = True


@frozen
class Vip:
    """A virtual IP address, the portal of every volume of its cluster."""

    ip_address: str
    subnet_mask: str


@frozen
class Cluster:
    """A cluster of nodes.

    Attributes:
        name: Its name.
        nodes: Its nodes.
        vips: Its virtual IP addresses.
        space_total: In bytes, before replication.
        description: For people.
        vip_node: The node that has the virtual IPs; the first one when there is none of that name.
        taken: The bytes that are taken beside what volumes and snapshots reserve.
    """

    name: str
    nodes: tuple[Node, ...]
    vips: tuple[Vip, ...]
    space_total: int
    description: str = ""
    vip_node: str = ""
    taken: int = 0


@frozen
class Permission:
    """Who may log in: the initiators of a server, one initiator by name, or who knows a secret.

    Attributes:
        id: The number of the row.
        auth_group: The server's name, or a name made by the array for a row without a server.
        server: Whether `auth_group` is a server, whose initiators then count.
        iqn: The initiator of a row without a server; empty for CHAP.
        access: `rw`, `r` or `w`.
        chap_name: The user of a CHAP row.
        target_secret: The secret by which the initiator proves itself.
        initiator_secret: The secret by which the target proves itself; empty for one-way CHAP.
        exclusive: Whether it admits nobody while another initiator is logged in.
    """

    id: int
    auth_group: str
    server: bool = False
    iqn: str = ""
    access: str = "rw"
    chap_name: str = ""
    target_secret: str = ""
    initiator_secret: str = ""
    exclusive: bool = False

    @property
    def chap_required(self) -> bool:
        """Whether the row admits by secret."""
        return bool(self.chap_name)


def _once(initiators: Iterable[str]) -> tuple[str, ...]:
    """Return initiators without those named before; case does not count in an IQN."""
    found: dict[str, str] = {}
    for iqn in initiators:
        found.setdefault(iqn.lower(), iqn)
    return tuple(found.values())


@frozen
class Server:
    """A named host with its initiators, each of which it has once however often it is given."""

    id: int
    name: str
    initiators: tuple[str, ...] = field(converter=_once)
    description: str = ""


@frozen
class Volume:
    """A volume, which is LUN 0 of a target of its own.

    Attributes:
        id: The number in its IQN and serial number.
        name: Unique in the group, among snapshots too.
        cluster: The cluster's name.
        size: In bytes.
        thin: Whether it reserves little rather than its size.
        replication: How many copies the cluster keeps.
        created: In UTC.
        description: For people.
        clone_of: The snapshot it is a SmartClone of, or empty.
        adaptive_optimization: Whether it was asked for.
        bytes_written: What initiators wrote to it.
        permissions: Who may log in, in the order of assignment.
        primary: Whether it holds data of its own; a remote volume holds copies of another volume's snapshots.
    """

    id: int
    name: str
    cluster: str
    size: int
    thin: bool
    replication: int
    created: datetime
    description: str = ""
    clone_of: str = ""
    adaptive_optimization: bool = False
    bytes_written: int = 0
    permissions: tuple[Permission, ...] = ()
    primary: bool = True

    @property
    def reserve_quota(self) -> int:
        """The bytes that one copy reserves."""
        return min(self.size, THIN_RESERVE) if self.thin else self.size

    @property
    def reserved(self) -> int:
        """The bytes that it takes from its cluster."""
        return self.reserve_quota * self.replication


@frozen
class RemoteCopy:
    """Where a remote snapshot comes from, and how it gets here.

    Attributes:
        group: The management group of the primary snapshot.
        snapshot: The primary snapshot.
        started: When the copying began, by the clock of the group that receives.
        seconds: How long it takes.
    """

    group: str
    snapshot: str
    started: datetime
    seconds: int

    def percent(self, now: datetime) -> int:
        """Return how much is there, 0 to 100; a clock that was set back makes it less again."""
        elapsed = max((now - self.started) / timedelta(seconds=1), 0.0)
        return 100 if elapsed >= self.seconds else int(100 * elapsed / self.seconds)


@frozen
class Snapshot:
    """A snapshot; its fields mean what they mean for a volume, and `volume` names its parent.

    Attributes:
        schedule: The number of the schedule that made it; 0 when somebody did.
        copy: How it came from another volume; None when it was made here.
    """

    id: int
    name: str
    volume: str
    cluster: str
    size: int
    replication: int
    created: datetime
    description: str = ""
    bytes_written: int = 0
    permissions: tuple[Permission, ...] = ()
    schedule: int = 0
    copy: RemoteCopy | None = None

    @property
    def reserve_quota(self) -> int:
        """The bytes that one copy reserves."""
        return min(self.size, THIN_RESERVE)

    @property
    def reserved(self) -> int:
        """The bytes that it takes from its cluster."""
        return self.reserve_quota * self.replication


@frozen
class Session:
    """An initiator that is logged in to a volume or snapshot, admitted by one of its permissions."""

    id: int
    volume: str
    initiator: str
    permission: int
    since: datetime


@frozen
class Schedule:
    """A schedule of snapshots of a volume, or one end of a schedule of remote copies.

    Attributes:
        id: The number that its snapshots tell.
        name: Unique among the schedules of the group.
        volume: Whose snapshots it makes.
        period: Seconds from one run to the next.
        start: When it was told to begin, in UTC; it may lie in the past.
        due: When it runs next.
        retention: How many of its snapshots it keeps.
        description: For people.
        paused: Whether it lets its runs go by.
        runs: The number of its last run, which the name of its snapshot ends in.
        receives: Whether it is the remote end, which takes what the primary end sends and never runs itself.
        partner: The schedule at the other end; empty for a schedule of local snapshots.
        partner_address: The node by which the other group is reached; empty at the remote end.
        partner_volume: The volume at the other end.
    """

    id: int
    name: str
    volume: str
    period: int = field(validator=ge(1))
    start: datetime
    due: datetime
    retention: int = field(validator=ge(1))
    description: str = ""
    paused: bool = False
    runs: int = 0
    receives: bool = False
    partner: str = ""
    partner_address: str = ""
    partner_volume: str = ""


@frozen
class AdminGroup:
    """A group of administrators.

    Attributes:
        name: Its name.
        permissions: A letter each for group, network, storage system and report: `r`, `w` or `f` (source: manual).
        description: For people.
        users: Who belongs to it.
    """

    name: str
    permissions: str
    description: str = ""
    users: tuple[str, ...] = ()
