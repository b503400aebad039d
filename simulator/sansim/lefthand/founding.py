"""What a management group is made of when it is new: its clusters, and the addresses of their nodes."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from itertools import count

from sansim.config import ClusterConfig
from sansim.lefthand import inferred
from sansim.lefthand.model import Cluster, Node, Vip

__all__ = ["clusters"]


def clusters(group: str, network: IPv4Network, plans: Iterable[ClusterConfig]) -> Iterator[Cluster]:
    """Yield the clusters of a group; nodes are named and numbered through all of them."""
    numbers = count(1)
    hosts = _vip_hosts()
    for plan in plans:
        nodes = tuple(
            Node(f"{group}-node{number}", str(network[inferred.FIRST_NODE + number - 1]))
            for _, number in zip(range(plan.nodes), numbers, strict=False)
        )
        vips = tuple(
            Vip(str(network[host]), str(network.netmask)) for _, host in zip(range(plan.vips), hosts, strict=False)
        )
        yield Cluster(plan.name, nodes, vips, plan.size)


def _vip_hosts() -> Iterator[int]:
    yield inferred.FIRST_VIP
    yield from count(inferred.FURTHER_VIPS)
