"""The commands of remote volumes and their snapshots."""

from collections.abc import Sequence

from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import NO_OBJECTS, SNAPSHOT_NOT_FOUND
from sansim.lefthand.rendering import Element
from sansim.lefthand.results import Refusal
from sansim.lefthand.views import Views

__all__ = ["get_remote_snapshot_info", "make_primary", "make_remote"]


def make_remote(group: ManagementGroup, arguments: Arguments) -> None:
    """Turn a primary volume into a remote one."""
    group.remote.make_remote(arguments.text("volumeName"), arguments.text("snapshotName"))


def make_primary(group: ManagementGroup, arguments: Arguments) -> None:
    """Turn a remote volume into a primary one."""
    group.remote.make_primary(arguments.text("volumeName"))


def get_remote_snapshot_info(group: ManagementGroup, arguments: Arguments, flavour: Flavour) -> Sequence[Element]:
    """Show the named remote snapshots, or all of the group; all inferred but name and percentComplete."""
    views = Views(group, flavour)
    names = arguments.items("snapshotName")
    snapshots = [group.snapshot(name) for name in names] if names else list(group.tables.snapshots.values())
    made_here = [snapshot.name for snapshot in snapshots if snapshot.copy is None]
    if names and made_here:
        raise Refusal(SNAPSHOT_NOT_FOUND, f"Remote snapshot '{made_here[0]}' not found.")
    found = [views.remote_snapshot(snapshot) for snapshot in snapshots if snapshot.copy is not None]
    if not found:
        raise Refusal(NO_OBJECTS, "No objects found.")
    return found
