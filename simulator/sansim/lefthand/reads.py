"""The commands that show something: parameters in, elements out."""

from collections.abc import Sequence

from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import CLI_VERSION, NO_OBJECTS
from sansim.lefthand.performance import counters
from sansim.lefthand.rendering import Element
from sansim.lefthand.results import Refusal
from sansim.lefthand.views import DEEPEST, Views

__all__ = [
    "get_cli_info",
    "get_cluster_info",
    "get_local_volumes",
    "get_performance_stats",
    "get_server_info",
    "get_server_volume_info",
    "get_snapshot_info",
    "get_system_info",
    "get_volume_info",
]

_INTERVAL = 6000
"""Milliseconds (seen)."""


def get_volume_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the named volumes, or all of the group."""
    verbose = arguments.flag("verbose", default=True)
    views = Views(group, flavour)
    names = arguments.items("volumeName")
    volumes = [group.volume(name) for name in names] if names else list(group.tables.volumes.values())
    return _found([views.volume(volume, verbose=verbose) for volume in volumes])


def get_snapshot_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the named snapshots."""
    views = Views(group, flavour)
    return [views.snapshot(group.snapshot(name)) for name in arguments.items("snapshotName")]


def get_server_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the named servers."""
    views = Views(group, flavour)
    return [views.server(group.access.server(name)) for name in arguments.items("serverName")]


def get_cluster_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the named clusters, or all of the group."""
    verbose = arguments.flag("verbose", default=True)
    depth = arguments.number("searchDepth", range(1, DEEPEST + 1), DEEPEST)
    views = Views(group, flavour)
    names = arguments.items("clusterName")
    clusters = [group.cluster(name) for name in names] if names else list(group.tables.clusters.values())
    return _found([views.cluster(cluster, depth=depth, verbose=verbose) for cluster in clusters])


def get_system_info(_group: ManagementGroup, _arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the version of the node's software."""
    return [Element("info", {"saniqVersion": flavour.version})]


def get_cli_info(_group: ManagementGroup, _arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the version of the command line interface, which is the software's (inferred)."""
    return [Element("info", {CLI_VERSION: flavour.version})]


def get_performance_stats(group: ManagementGroup, arguments: Arguments, _flavour: Flavour) -> Sequence[Element]:
    """Show the counters of each cluster."""
    interval = arguments.number("interval", range(1, 10**9), _INTERVAL)
    return [
        Element(
            "cluster",
            {"name": cluster.name},
            tuple(
                Element("counter", {"name": name, "value": str(value)})
                for name, value in counters(group, cluster, interval).items()
            ),
        )
        for cluster in group.tables.clusters.values()
    ]


def get_server_volume_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the named servers, or all of the group, with what is assigned to them (inferred)."""
    views = Views(group, flavour)
    names = arguments.items("serverName")
    servers = [group.access.server(name) for name in names] if names else list(group.tables.servers.values())
    return _found([views.server(server) for server in servers])


def get_local_volumes(_group: ManagementGroup, _arguments: Arguments, _flavour: Flavour) -> Sequence[Element]:
    """Show the volumes that this host is logged in to: a storage node is no initiator, so there are none."""
    return _found([])


def _found(elements: Sequence[Element]) -> Sequence[Element]:
    if not elements:
        raise Refusal(NO_OBJECTS, "No objects found.")
    return elements
