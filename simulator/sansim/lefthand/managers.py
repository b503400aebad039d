"""The managers of a group: one on each node at first, together they keep the group's configuration.

Commands reach the group through one of its nodes; `startManager` and `stopManager` concern that node (seen: they
have no parameters). That the last manager cannot be stopped is inferred.
"""

import attrs

from sansim.lefthand.inferred import GENERAL_ERROR
from sansim.lefthand.model import Cluster, Node
from sansim.lefthand.nodes import Nodes
from sansim.lefthand.results import NOTHING_DONE, Refusal
from sansim.lefthand.tables import Tables

__all__ = ["Managers"]


class Managers:
    """The nodes of a group, and on which of them a manager runs."""

    def __init__(self, tables: Tables, nodes: Nodes) -> None:
        self._tables = tables
        self._nodes = nodes

    def nodes(self) -> tuple[tuple[Cluster, Node], ...]:
        """Return every node with its cluster, in their order."""
        return tuple((cluster, node) for cluster in self._tables.clusters.values() for node in cluster.nodes)

    def node_at(self, address: str) -> Node | None:
        """Return the node of an address."""
        return next((node for _, node in self.nodes() if node.ip_address == address), None)

    def running(self) -> int:
        """Return how many managers run: those of nodes that are down do not."""
        return sum(node.manager and node.up for _, node in self.nodes())

    def start(self) -> None:
        """Start the manager of the node that answers.

        Raises:
            Refusal: It runs already.
        """
        cluster, node = self._nodes.first, self._nodes.answering
        if node.manager:
            raise Refusal(NOTHING_DONE, f"The manager on storage node '{node.name}' is already running.")
        self._set(cluster, attrs.evolve(node, manager=True))

    def stop(self) -> None:
        """Stop the manager of the node that answers.

        Raises:
            Refusal: It does not run, or no other one does.
        """
        cluster, node = self._nodes.first, self._nodes.answering
        if not node.manager:
            raise Refusal(NOTHING_DONE, f"The manager on storage node '{node.name}' is not running.")
        if self.running() == 1:
            raise Refusal(
                GENERAL_ERROR,
                f"The manager on storage node '{node.name}' cannot be stopped because it is the last one.",
            )
        self._set(cluster, attrs.evolve(node, manager=False))

    def _set(self, cluster: Cluster, changed: Node) -> None:
        nodes = tuple(changed if node.name == changed.name else node for node in cluster.nodes)
        with self._tables.state.change():
            self._tables.clusters[cluster.name] = attrs.evolve(cluster, nodes=nodes)
