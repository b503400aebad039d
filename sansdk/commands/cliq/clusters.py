"""Clusters, and the system they run. Source of attributes: three published samples, 8.5 to 2014 (seen)."""

from attrs import field, frozen

from sansdk.commands.base import register
from sansdk.commands.cliq.base import CliqCommand
from sansdk.commands.cliq.response import Thing


@frozen
class Node:
    """A storage node of a cluster."""

    name: str
    address: str


@frozen
class Cluster:
    """A cluster.

    Attributes:
        name: Unique in the group.
        space_total: Bytes, before replication. One old sample had KB: hold it against the volumes' sum.
        unprovisioned: Bytes not yet promised, before replication.
        page_size: Bytes; None where the version does not tell.
        nodes: Its storage nodes.
        vips: Its virtual IP addresses, the portals of its targets; empty where it has none.
    """

    name: str
    space_total: int
    unprovisioned: int = field(eq=False)
    page_size: int | None
    nodes: tuple[Node, ...]
    vips: tuple[str, ...]


@register
@frozen
class GetClusters(CliqCommand[tuple[Cluster, ...]]):
    """Every cluster of the group, without what is below it."""

    template = "cliq/getClusters.j2"

    def value(self, answer: Thing) -> tuple[Cluster, ...]:
        """One cluster an element."""
        return tuple(_cluster(each) for each in answer.children("cluster"))


@register
@frozen
class GetSystem(CliqCommand[str | None]):
    """The version of the node that answers, `12.6.00.0155`; None where it does not tell."""

    template = "cliq/getSystem.j2"

    def value(self, answer: Thing) -> str | None:
        """`saniqVersion` of the `info` element."""
        info = next(answer.children("info"), None)
        return info.optional("saniqVersion") if info else None


def _cluster(cluster: Thing) -> Cluster:
    return Cluster(
        name=cluster.text("name"),
        space_total=cluster.command.count(cluster.output, cluster.text("spaceTotal")),
        unprovisioned=cluster.command.count(cluster.output, cluster.text("unprovisionedSpace")),
        page_size=cluster.number("pageSize"),
        nodes=tuple(
            Node(node.optional("name") or node.text("ipAddress"), node.text("ipAddress"))
            for node in cluster.children("nsm")
        ),
        vips=tuple(vip.text("ipAddress") for vip in cluster.children("vip")),
    )
