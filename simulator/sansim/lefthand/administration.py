"""The commands of a group as a whole: its administrators, its nodes and their managers.

Of these commands the manuals name parameters, and sessions were seen that use them; no output is published, so
every element and attribute here is inferred.
"""

from collections.abc import Sequence

from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.rendering import Element
from sansim.lefthand.views import DEEPEST, Views
from sansim.lefthand.words import flag

__all__ = [
    "create_admin_group",
    "get_admin_info",
    "get_group_info",
    "get_nsm_info",
    "modify_admin_group",
    "start_manager",
    "stop_manager",
]


def create_admin_group(group: ManagementGroup, arguments: Arguments) -> None:
    """Make a group of administrators, which may read everything unless told otherwise (source: manual)."""
    group.administrators.create(
        arguments.text("adminGroupName"),
        arguments.text("permissions", "rrrr"),
        arguments.text("description"),
        arguments.items("adminUserName"),
    )


def modify_admin_group(group: ManagementGroup, arguments: Arguments) -> None:
    """Change a group of administrators; the users given replace those that it had."""
    group.administrators.modify(
        arguments.text("adminGroupName"),
        permissions=arguments.text("permissions") if "permissions" in arguments else None,
        description=arguments.text("description") if "description" in arguments else None,
        users=arguments.items("adminUserName") if "adminUserName" in arguments else None,
    )


def get_admin_info(group: ManagementGroup, arguments: Arguments, _flavour: Flavour) -> Sequence[Element]:
    """Show the named groups of administrators, or all."""
    names = arguments.items("adminGroupName") or tuple(group.tables.admin_groups)
    found = [group.administrators.group(name) for name in names]
    return [
        Element(
            "adminGroup",
            {"description": one.description, "name": one.name, "permissions": one.permissions},
            tuple(Element("adminUser", {"name": user}) for user in one.users),
        )
        for one in found
    ]


def start_manager(group: ManagementGroup, _arguments: Arguments) -> None:
    """Start the manager of this node."""
    group.managers.start()


def stop_manager(group: ManagementGroup, _arguments: Arguments) -> None:
    """Stop the manager of this node."""
    group.managers.stop()


def get_group_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the group with its clusters and servers, down to a depth of search as `getClusterInfo` has it."""
    verbose = arguments.flag("verbose", default=True)
    depth = arguments.number("searchDepth", range(1, DEEPEST + 1), DEEPEST)
    views = Views(group, flavour)
    return [
        Element(
            "group",
            {
                "name": group.tables.group.name,
                "runningManagerCount": str(group.managers.running()),
                "storageNodeCount": str(len(group.managers.nodes())),
            },
            (
                *(views.cluster(cluster, depth=depth, verbose=verbose) for cluster in group.tables.clusters.values()),
                *(views.server(server) for server in group.tables.servers.values() if verbose),
            ),
        )
    ]


def get_nsm_info(group: ManagementGroup, _arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the storage nodes."""
    return [
        Element(
            "nsm",
            {
                "clusterName": cluster.name,
                "groupName": group.tables.group.name,
                "ipAddress": node.ip_address,
                "managerRunning": flag(node.manager and node.up),
                "name": node.name,
                "softwareVersion": flavour.version,
                "status": "up" if node.up else "down",
            },
        )
        for cluster, node in group.managers.nodes()
    ]
