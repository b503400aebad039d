"""Every command that the simulated node knows: its parameters, what it does, whether it asks first."""

from collections.abc import Callable, Mapping, Sequence

from attrs import field, frozen

from sansim.lefthand import changes, reads
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.rendering import Element

__all__ = ["COMMANDS", "NOT_SIMULATED", "PARAMETERS", "Command"]

Change = Callable[[ManagementGroup, Arguments], None]
Read = Callable[[ManagementGroup, Arguments, Flavour], Sequence[Element]]

_CHANGE = range(164, 206)
_READ = range(87, 1481)
_LOCAL = range(12, 32)


@frozen
class Command:
    """One command.

    Attributes:
        name: As the manuals spell it; case does not count.
        run: What it does.
        required: The parameters it must have.
        optional: The parameters it may have.
        asks: Whether it asks before it does anything irreversible.
        takes: The milliseconds it says it took (seen).
    """

    name: str
    run: Read
    required: tuple[str, ...] = field(default=())
    optional: tuple[str, ...] = field(default=())
    asks: bool = False
    takes: range = _READ


def _change(name: str, change: Change, required: str, optional: str = "", *, asks: bool = False) -> Command:
    def run(group: ManagementGroup, arguments: Arguments, _flavour: Flavour) -> Sequence[Element]:
        change(group, arguments)
        return ()

    return Command(name, run, tuple(required.split()), tuple(optional.split()), asks=asks, takes=_CHANGE)


_TABLE = (
    _change(
        "createVolume",
        changes.create_volume,
        "volumeName clusterName size",
        "replication thinProvision adaptiveOptimization description",
    ),
    _change("modifyVolume", changes.modify_volume, "volumeName", "size description"),
    _change("deleteVolume", changes.delete_volume, "volumeName", asks=True),
    _change("assignVolume", changes.assign_volume, "volumeName initiator", "accessRights exclusiveAccess"),
    _change(
        "assignVolumeChap",
        changes.assign_volume_chap,
        "volumeName chapName targetSecret",
        "initiatorSecret exclusiveAccess accessRights",
    ),
    _change("assignVolumeToServer", changes.assign_volume_to_server, "volumeName serverName"),
    _change("unassignVolume", changes.unassign_volume, "volumeName"),
    _change("unassignVolumeChap", changes.unassign_volume_chap, "volumeName"),
    _change("unassignVolumeToServer", changes.unassign_volume_to_server, "volumeName serverName"),
    _change("createServer", changes.create_server, "serverName initiator", "description"),
    _change("deleteServer", changes.delete_server, "serverName", asks=True),
    _change("createSnapshot", changes.create_snapshot, "snapshotName volumeName", "description inheritAccess"),
    _change("deleteSnapshot", changes.delete_snapshot, "snapshotName", asks=True),
    _change("cloneSnapshot", changes.clone_snapshot, "snapshotName volumeName", "description"),
    _change("rollbackSnapshot", changes.rollback_snapshot, "snapshotName", asks=True),
    Command("getVolumeInfo", reads.get_volume_info, (), ("volumeName", "verbose")),
    Command("getSnapshotInfo", reads.get_snapshot_info, ("snapshotName",)),
    Command("getServerInfo", reads.get_server_info, ("serverName",)),
    Command("getClusterInfo", reads.get_cluster_info, (), ("clusterName", "searchDepth", "verbose")),
    Command("getPerformanceStats", reads.get_performance_stats, (), ("interval",)),
    Command("getSystemInfo", reads.get_system_info, takes=_LOCAL),
)

COMMANDS: Mapping[str, Command] = {command.name.lower(): command for command in _TABLE}
"""The commands by their name in small letters."""

PARAMETERS = frozenset(name.lower() for command in _TABLE for name in (*command.required, *command.optional))
"""Every parameter of any command, in small letters."""

NOT_SIMULATED = frozenset(
    {
        "createadmingroup",
        "createcluster",
        "creategroup",
        "createkey",
        "createremotesnapshot",
        "createremotesnapshotschedule",
        "createsnapshotschedule",
        "deletesnapshotschedule",
        "getadinfo",
        "getadmininfo",
        "getalertlog",
        "getautomountpolicy",
        "getcliinfo",
        "getdnsinfo",
        "geteventlog",
        "getgroupinfo",
        "getlocalvolumes",
        "getnotificationpolicy",
        "getnsminfo",
        "getnsmlogs",
        "getremotesnapshotinfo",
        "getscsiinfo",
        "getservercapabilities",
        "getserverjobinfo",
        "getservervolumeinfo",
        "getsiteinfo",
        "getsnapshotscheduleinfo",
        "getsnmpinfo",
        "getsupportinfo",
        "gettargetinfo",
        "getvolumecontrollingserver",
        "makeprimary",
        "makeremote",
        "modifyadmingroup",
        "modifyserver",
        "modifysnapshotschedule",
        "mountsnapshot",
        "provisionvolume",
        "startmanager",
        "stopmanager",
        "testcredentials",
        "utility",
        "waitforevent",
    }
)
"""Commands that arrays have and this one does not, in small letters; they are noted as unsupported."""
