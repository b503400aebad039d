"""A management group as it is known from the command lines alone, without the simulator."""

from collections.abc import Mapping

from attrs import field, frozen

__all__ = ["Grant", "Model", "Row", "Schedule", "Server", "Snapshot", "Volume"]


@frozen
class Grant:
    """A permission: of a server by its name, of one initiator, or of whoever knows a secret."""

    access: str
    server: str = ""
    iqn: str = ""
    chap: tuple[str, str, str] = ("", "", "")


Row = tuple[str, str, str, str, str, str]
"""A permission as it is shown: access, server or "", initiator, CHAP name, target secret, initiator secret."""


@frozen
class Volume:
    """A volume as far as the model knows it."""

    cluster: str
    size: int
    thin: bool
    replication: int
    description: str
    clone_of: str = ""
    primary: bool = True
    grants: tuple[Grant, ...] = ()


@frozen
class Snapshot:
    """A snapshot as far as the model knows it; `number` tells which of two is newer."""

    volume: str
    size: int
    replication: int
    description: str
    number: int
    grants: tuple[Grant, ...] = ()


@frozen
class Server:
    """A server."""

    initiators: tuple[str, ...]
    description: str


@frozen
class Schedule:
    """A snapshot schedule; `period` is in seconds."""

    volume: str
    period: str
    start: str
    retention: str
    paused: bool = False


@frozen
class Model:
    """A group; every change makes a new one.

    Attributes:
        made: How many snapshots were made; the number of the last.
        automatic: The volume of each snapshot that a schedule made. Their coming and going is for other checks.
    """

    volumes: Mapping[str, Volume] = field(factory=dict)
    snapshots: Mapping[str, Snapshot] = field(factory=dict)
    servers: Mapping[str, Server] = field(factory=dict)
    schedules: Mapping[str, Schedule] = field(factory=dict)
    made: int = 0
    automatic: Mapping[str, str] = field(factory=dict)

    def rows(self, grants: tuple[Grant, ...]) -> list[Row]:
        """Return permissions as the group shows them: a server's one for each of its initiators."""
        return [
            (grant.access, grant.server, iqn, *grant.chap)
            for grant in grants
            for iqn in (self.servers[grant.server].initiators if grant.server else (grant.iqn,))
        ]

    def clones(self, snapshot: str) -> list[str]:
        """Return the volumes that stand on a snapshot."""
        return [name for name, volume in self.volumes.items() if volume.clone_of == snapshot]
