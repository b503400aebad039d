"""The management groups that reach each other over the network: those of one simulator."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sansim.state import change_together

if TYPE_CHECKING:
    from sansim.lefthand.group import ManagementGroup

__all__ = ["Neighbours"]


class Neighbours:
    """Groups, found by the addresses of their nodes."""

    def __init__(self) -> None:
        self._groups: list[ManagementGroup] = []

    def __iter__(self) -> Iterator["ManagementGroup"]:
        return iter(self._groups)

    def join(self, group: "ManagementGroup") -> None:
        """Let a group be reached by those that are here, and reach them."""
        self._groups.append(group)
        group.neighbours = self

    def with_node(self, address: str) -> "ManagementGroup | None":
        """Return the group that has a node of this address, if the node is up."""
        for group in self._groups:
            node = group.managers.node_at(address)
            if node is not None and node.up:
                return group
        return None

    def with_vip(self, address: str) -> "ManagementGroup | None":
        """Return the group that has a virtual IP of this address."""
        for group in self._groups:
            for cluster in group.tables.clusters.values():
                if any(vip.ip_address == address for vip in cluster.vips):
                    return group
        return None

    def catch_up(self) -> None:
        """Let every schedule make what it had to make by now: a snapshot and its copy are there both or neither."""
        with change_together([group.tables.state for group in self._groups]):
            for group in self._groups:
                group.schedules.catch_up()
