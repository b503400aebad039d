"""Which storage nodes are up, which one has a cluster's virtual IPs, and what is lost with the others.

All virtual IPs of a cluster are on one node here; that of the first cluster is where clients of CLIQ connect. What
happens when a node is lost is nowhere published in terms of CLIQ: all of it is inferred.
"""

import attrs

from sansim.lefthand.inferred import GENERAL_ERROR
from sansim.lefthand.model import Cluster, Node, Snapshot, Volume
from sansim.lefthand.results import Refusal
from sansim.lefthand.tables import Tables

__all__ = ["Nodes"]


class Nodes:
    """The storage nodes of a group as they come and go."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @property
    def first(self) -> Cluster:
        """The cluster whose virtual IP clients connect to."""
        return next(iter(self._tables.clusters.values()))

    @property
    def answering(self) -> Node:
        """The node that clients of CLIQ reach."""
        return self.holder(self.first)

    def holder(self, cluster: Cluster) -> Node:
        """Return the node that has the virtual IPs of a cluster."""
        return next((node for node in cluster.nodes if node.name == cluster.vip_node), cluster.nodes[0])

    def find(self, name: str) -> tuple[Cluster, Node]:
        """Return a node with its cluster.

        Raises:
            ValueError: There is none of that name; the message says which there are.
        """
        nodes = {node.name: (cluster, node) for cluster in self._tables.clusters.values() for node in cluster.nodes}
        if name not in nodes:
            raise ValueError(f"there is no storage node {name!r}; there are {', '.join(nodes)}")
        return nodes[name]

    def down(self, cluster: Cluster) -> list[Node]:
        """Return the nodes of a cluster that are down."""
        return [node for node in cluster.nodes if not node.up]

    def take_down(self, name: str) -> bool:
        """Let a node go down; another one takes over the virtual IPs that it has.

        Returns:
            Whether clients were connected to it, and lose their connections.

        Raises:
            ValueError: There is no such node, or no other of its cluster is up.
        """
        cluster, node = self.find(name)
        answering = self.answering
        if not node.up:
            return False
        successor = self.holder(cluster)
        if successor == node and (cluster.vips or node == answering):
            successor = self._successor(cluster, node)
        with self._tables.state.change():
            nodes = tuple(attrs.evolve(node, up=False) if other == node else other for other in cluster.nodes)
            self._tables.clusters[cluster.name] = attrs.evolve(cluster, nodes=nodes, vip_node=successor.name)
        return node == answering

    def bring_up(self, name: str) -> None:
        """Let a node come up again; virtual IPs stay where they are. One that is up, or gone, is no error."""
        for cluster in self._tables.clusters.values():
            for node in cluster.nodes:
                if node.name == name and not node.up:
                    nodes = tuple(attrs.evolve(other, up=True) if other == node else other for other in cluster.nodes)
                    with self._tables.state.change():
                        self._tables.clusters[cluster.name] = attrs.evolve(cluster, nodes=nodes)
                    return

    def move(self, name: str = "") -> bool:
        """Let another node have the virtual IPs of its cluster: the next one, of the first cluster, without a name.

        Returns:
            Whether clients lose their connections.

        Raises:
            ValueError: There is no such node, it is down, or no other is up.
        """
        cluster, node = self.find(name) if name else (self.first, self._successor(self.first, self.answering))
        if not cluster.vips:
            raise ValueError(f"cluster {cluster.name} has no virtual IP; make the array with vips = 1 or more")
        if not node.up:
            raise ValueError(f"storage node {name} is down and takes over nothing; lift that first")
        answering = self.answering
        with self._tables.state.change():
            self._tables.clusters[cluster.name] = attrs.evolve(cluster, vip_node=node.name)
        return self.answering != answering

    def available(self, item: Volume | Snapshot) -> bool:
        """Tell whether a volume's data can be had: as long as fewer nodes are down than it has copies."""
        cluster = self._tables.clusters[item.cluster]
        return len(self.down(cluster)) < item.replication

    def check_available(self, kind: str, item: Volume | Snapshot) -> None:
        """Refuse what needs the data of a volume or snapshot that cannot be had."""
        if not self.available(item):
            raise Refusal(
                GENERAL_ERROR, f"{kind} '{item.name}' is not available because too many of its storage nodes are down."
            )

    def _successor(self, cluster: Cluster, node: Node) -> Node:
        """Return the node that takes over from one: the next of its cluster that is up.

        Raises:
            ValueError: There is none.
        """
        if len(cluster.nodes) == 1:
            raise ValueError(
                f"cluster {cluster.name} has one node, {node.name}: no other can take over; "
                "make the array with nodes = 2 or more"
            )
        if not cluster.vips:
            raise ValueError(
                f"cluster {cluster.name} has no virtual IP that another node than {node.name} could take over; "
                "make the array with vips = 1 or more"
            )
        place = cluster.nodes.index(node)
        for other in (*cluster.nodes[place + 1 :], *cluster.nodes[:place]):
            if other.up:
                return other
        raise ValueError(f"no other node of cluster {cluster.name} than {node.name} is up to take over")
