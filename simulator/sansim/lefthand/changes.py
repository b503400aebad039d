"""The commands that change a group: parameters in, calls of the engine out.

Where a list names what is to be changed (`volumeName=v1;v2`), all of it is or nothing.
"""

from collections.abc import Callable, Iterable

from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import INVALID_VALUE
from sansim.lefthand.results import NOTHING_DONE, Refusal

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
    """Delete volumes."""
    _each(group, arguments.items("volumeName"), group.delete_volume)


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
    """Delete snapshots."""
    _each(group, arguments.items("snapshotName"), group.delete_snapshot)


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
    """Delete servers."""
    _each(group, arguments.items("serverName"), group.access.delete_server)


def assign_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Assign volumes to initiators, each to all of them, in place of the assignment it has.

    With exclusiveAccess one of them is let in while no other is (inferred).
    """
    initiators = arguments.items("initiator")
    access = arguments.choice("accessRights", _ACCESS, "rw")
    exclusive = arguments.flag("exclusiveAccess", default=False)
    _each(
        group,
        arguments.items("volumeName"),
        lambda name: group.access.assign_initiators(name, initiators, access, exclusive=exclusive),
    )


def assign_volume_chap(group: ManagementGroup, arguments: Arguments) -> None:
    """Assign volumes to whoever knows a secret, in place of the assignment they have, as `assign_volume` does."""
    chap = (arguments.text("chapName"), arguments.text("targetSecret"), arguments.text("initiatorSecret"))
    access = arguments.choice("accessRights", _ACCESS, "rw")
    exclusive = arguments.flag("exclusiveAccess", default=False)
    _each(
        group,
        arguments.items("volumeName"),
        lambda name: group.access.assign_chap(name, *chap, access, exclusive=exclusive),
    )


def assign_volume_to_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Assign volumes to a server, beside the assignment they have."""
    server = arguments.text("serverName")
    _each(group, arguments.items("volumeName"), lambda name: group.access.assign_server(name, server))


def unassign_volume_to_server(group: ManagementGroup, arguments: Arguments) -> None:
    """Take volumes away from a server."""
    server = arguments.text("serverName")
    _each(group, arguments.items("volumeName"), lambda name: group.access.unassign_server(name, server))


def unassign_volume(group: ManagementGroup, arguments: Arguments) -> None:
    """Take volumes away from everybody."""
    _each(group, arguments.items("volumeName"), group.access.unassign_all)


def unassign_volume_chap(group: ManagementGroup, arguments: Arguments) -> None:
    """Take volumes away from those who know their secret."""
    _each(group, arguments.items("volumeName"), group.access.unassign_chap)


def _each(group: ManagementGroup, names: Iterable[str], change: Callable[[str], None]) -> None:
    """Change whatever is named, once however often it is, all or nothing.

    What is in the requested state already hinders no other; if all of it is, nothing is done (inferred).
    """
    already: list[Refusal] = []
    distinct = tuple(dict.fromkeys(names))
    with group.tables.state.change():
        for name in distinct:
            try:
                change(name)
            except Refusal as refusal:
                if refusal.result is not NOTHING_DONE:
                    raise
                already.append(refusal)
    if len(already) == len(distinct):
        raise already[0]


def _thin(arguments: Arguments) -> bool:
    return _PROVISIONING[arguments.choice("thinProvision", _PROVISIONING, "0")]


def _size(arguments: Arguments) -> int:
    size = arguments.size("size")
    if size is None:
        raise Refusal(INVALID_VALUE, "Parameter 'size' is not specified correctly.")
    return size


def _stretched(items: tuple[str, ...], count: int) -> tuple[str, ...]:
    return items + items[-1:] * (count - len(items))
