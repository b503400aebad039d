"""The commands that change a group: parameters in, one call of the engine out."""

from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import INVALID_VALUE
from sansim.lefthand.results import Refusal

__all__ = [
    "assign_volume",
    "assign_volume_chap",
    "assign_volume_to_server",
    "clone_snapshot",
    "create_server",
    "create_snapshot",
    "create_volume",
    "delete_server",
    "delete_snapshot",
    "delete_volume",
    "modify_server",
    "modify_volume",
    "rollback_snapshot",
    "unassign_volume",
    "unassign_volume_chap",
    "unassign_volume_to_server",
]

_ACCESS = ("rw", "r", "w")
_PROVISIONING = {"0": False, "1": True, "2": False, "false": False, "true": True}
"""thinProvision: 1 is thin; 0 (drivers, scripts) and 2 (a session on 8.1) are full."""
_REPLICATION = range(1, 5)


def create_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Make a volume; without thinProvision a full one (inferred)."""
    size = _size(arguments)
    group.create_volume(
        arguments.text("volumeName"),
        arguments.text("clusterName"),
        size,
        thin=_thin(arguments),
        replication=arguments.number("replication", _REPLICATION, 0) or None,
        description=arguments.text("description"),
        adaptive_optimization=arguments.flag("adaptiveOptimization", default=False),
    )


def modify_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Change what is given of a volume; all but the size and the description is inferred."""
    group.modify_volume(
        arguments.text("volumeName"),
        size=arguments.size("size"),
        description=arguments.text("description") if "description" in arguments else None,
        thin=_thin(arguments) if "thinProvision" in arguments else None,
        replication=arguments.number("replication", _REPLICATION, 0) or None,
        cluster_name=arguments.text("clusterName") if "clusterName" in arguments else None,
        adaptive_optimization=(
            arguments.flag("adaptiveOptimization", default=False) if "adaptiveOptimization" in arguments else None
        ),
    )


def delete_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Delete a volume."""
    group.delete_volume(arguments.text("volumeName"))


def create_snapshot(group: ManagementGroup, arguments: Arguments) -> None:
    """Make a snapshot, or one of each volume of a list; a shorter list repeats its last element (manual)."""
    names = arguments.items("snapshotName")
    volumes = arguments.items("volumeName")
    count = max(len(names), len(volumes))
    pairs = zip(_stretched(names, count), _stretched(volumes, count), strict=True)
    group.create_snapshots(
        pairs, arguments.text("description"), inherit_access=arguments.flag("inheritAccess", default=False)
    )


def delete_snapshot(group: ManagementGroup, arguments: Arguments) -> None:
    """Delete a snapshot."""
    group.delete_snapshot(arguments.text("snapshotName"))


def clone_snapshot(group: ManagementGroup, arguments: Arguments) -> None:
    """Make a SmartClone volume."""
    group.clone_snapshot(arguments.text("snapshotName"), arguments.text("volumeName"), arguments.text("description"))


def rollback_snapshot(group: ManagementGroup, arguments: Arguments) -> None:
    """Put a volume back to a snapshot; remoteSnapshots takes the copies of newer ones along (inferred)."""
    group.roll_back(arguments.text("snapshotName"), remote_snapshots=arguments.flag("remoteSnapshots", default=False))


def create_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Make a server."""
    group.access.create_server(
        arguments.text("serverName"), arguments.items("initiator"), arguments.text("description")
    )


def modify_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Change a server: the initiators given replace those that it had (inferred)."""
    group.access.modify_server(
        arguments.text("serverName"),
        initiators=arguments.items("initiator") if "initiator" in arguments else None,
        description=arguments.text("description") if "description" in arguments else None,
    )


def delete_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Delete a server."""
    group.access.delete_server(arguments.text("serverName"))


def assign_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Assign a volume to initiators, in place of the assignment it has.

    With exclusiveAccess one of them is let in while no other is (inferred).
    """
    group.access.assign_initiators(
        arguments.text("volumeName"),
        arguments.items("initiator"),
        arguments.choice("accessRights", _ACCESS, "rw"),
        exclusive=arguments.flag("exclusiveAccess", default=False),
    )


def assign_volume_chap(group: ManagementGroup, arguments: Arguments) -> None:
    """Assign a volume to whoever knows a secret, in place of the assignment it has, as `assign_volume` does."""
    group.access.assign_chap(
        arguments.text("volumeName"),
        arguments.text("chapName"),
        arguments.text("targetSecret"),
        arguments.text("initiatorSecret"),
        arguments.choice("accessRights", _ACCESS, "rw"),
        exclusive=arguments.flag("exclusiveAccess", default=False),
    )


def assign_volume_to_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Assign a volume to a server, beside the assignment it has."""
    group.access.assign_server(arguments.text("volumeName"), arguments.text("serverName"))


def unassign_volume_to_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Take a volume away from a server."""
    group.access.unassign_server(arguments.text("volumeName"), arguments.text("serverName"))


def unassign_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Take a volume away from everybody."""
    group.access.unassign_all(arguments.text("volumeName"))


def unassign_volume_chap(group: ManagementGroup, arguments: Arguments) -> None:
    """Take a volume away from those who know its secret."""
    group.access.unassign_chap(arguments.text("volumeName"))


def _thin(arguments: Arguments) -> bool:
    return _PROVISIONING[arguments.choice("thinProvision", _PROVISIONING, "0")]


def _size(arguments: Arguments) -> int:
    size = arguments.size("size")
    if size is None:
        raise Refusal(INVALID_VALUE, "Parameter 'size' is not specified correctly.")
    return size


def _stretched(items: tuple[str, ...], count: int) -> tuple[str, ...]:
    return items + items[-1:] * (count - len(items))
