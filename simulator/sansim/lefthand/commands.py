"""Every command that the simulated node knows: its parameters, what it does, whether it asks first."""

from collections.abc import Callable, Mapping, Sequence

from attrs import field, frozen

from sansim.lefthand import administration, changes, reads, remote_commands, schedule_commands, utility
from sansim.lefthand.flavours import Flavour
from sansim.lefthand.grammar import Arguments
from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import MANAGER_TIME
from sansim.lefthand.questions import IRREVERSIBLE, SUPPORT_ONLY, Question
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
        asks: What it asks before it does anything, None if nothing.
        takes: The milliseconds it says it took (seen).
    """

    name: str
    run: Read
    required: tuple[str, ...] = field(default=())
    optional: tuple[str, ...] = field(default=())
    asks: Question | None = None
    takes: range = _READ

    def parameters(self, flavour: Flavour) -> tuple[str, ...]:
        """Return the optional parameters of a release."""
        return tuple(name for name in self.optional if name.lower() not in flavour.absent_parameters)


def _change(
    name: str,
    change: Change,
    required: str,
    optional: str = "",
    *,
    asks: Question | None = None,
    takes: range = _CHANGE,
) -> Command:
    def run(group: ManagementGroup, arguments: Arguments, _flavour: Flavour) -> Sequence[Element]:
        change(group, arguments)
        return ()

    return Command(name, run, tuple(required.split()), tuple(optional.split()), asks=asks, takes=takes)


_TABLE = (
    _change(
        "createVolume",
        changes.create_volume,
        "volumeName clusterName size",
        "replication thinProvision adaptiveOptimization description",
    ),
    _change(
        "modifyVolume",
        changes.modify_volume,
        "volumeName",
        "size description replication thinProvision clusterName adaptiveOptimization",
    ),
    _change("deleteVolume", changes.delete_volume, "volumeName", asks=IRREVERSIBLE),
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
    _change("modifyServer", changes.modify_server, "serverName", "initiator description"),
    _change("deleteServer", changes.delete_server, "serverName", asks=IRREVERSIBLE),
    _change("createSnapshot", changes.create_snapshot, "snapshotName volumeName", "description inheritAccess"),
    _change("deleteSnapshot", changes.delete_snapshot, "snapshotName", asks=IRREVERSIBLE),
    _change("cloneSnapshot", changes.clone_snapshot, "snapshotName volumeName", "description"),
    _change("rollbackSnapshot", changes.rollback_snapshot, "snapshotName", "remoteSnapshots", asks=IRREVERSIBLE),
    _change(
        "createSnapshotSchedule",
        schedule_commands.create_snapshot_schedule,
        "volumeName scheduleName recurPeriod startTime retentionCount",
        " ".join(("description", *schedule_commands.REMOTE)),
    ),
    _change(
        "modifySnapshotSchedule",
        schedule_commands.modify_snapshot_schedule,
        "scheduleName",
        "paused description recurPeriod startTime retentionCount",
    ),
    _change("deleteSnapshotSchedule", schedule_commands.delete_snapshot_schedule, "scheduleName"),
    _change("makeRemote", remote_commands.make_remote, "volumeName snapshotName"),
    _change("makePrimary", remote_commands.make_primary, "volumeName"),
    _change(
        "createAdminGroup",
        administration.create_admin_group,
        "adminGroupName",
        "description adminUserName permissions",
    ),
    _change(
        "modifyAdminGroup",
        administration.modify_admin_group,
        "adminGroupName",
        "description adminUserName permissions",
    ),
    _change("startManager", administration.start_manager, "", takes=MANAGER_TIME),
    _change("stopManager", administration.stop_manager, "", takes=MANAGER_TIME),
    Command("getVolumeInfo", reads.get_volume_info, (), ("volumeName", "verbose")),
    Command("getSnapshotInfo", reads.get_snapshot_info, ("snapshotName",)),
    Command("getServerInfo", reads.get_server_info, ("serverName",)),
    Command("getSnapshotScheduleInfo", schedule_commands.get_snapshot_schedule_info, ("scheduleName",)),
    Command("getRemoteSnapshotInfo", remote_commands.get_remote_snapshot_info, (), ("snapshotName",)),
    Command("getServerVolumeInfo", reads.get_server_volume_info, (), ("serverName",)),
    Command("getLocalVolumes", reads.get_local_volumes),
    Command("getGroupInfo", administration.get_group_info, (), ("searchDepth", "verbose")),
    Command("getNsmInfo", administration.get_nsm_info, takes=_LOCAL),
    Command("getAdminInfo", administration.get_admin_info, (), ("adminGroupName",)),
    Command("getClusterInfo", reads.get_cluster_info, (), ("clusterName", "searchDepth", "verbose")),
    Command("getPerformanceStats", reads.get_performance_stats, (), ("interval",)),
    Command("getSystemInfo", reads.get_system_info, takes=_LOCAL),
    Command("getCLIInfo", reads.get_cli_info, takes=_LOCAL),
    Command("utility", utility.utility, (), ("run",), asks=SUPPORT_ONLY, takes=_LOCAL),
)

COMMANDS: Mapping[str, Command] = {command.name.lower(): command for command in _TABLE}
"""The commands by their name in small letters."""

PARAMETERS = frozenset(name.lower() for command in _TABLE for name in (*command.required, *command.optional))
"""Every parameter of any command, in small letters."""

NOT_SIMULATED = frozenset(
    {
        "createcluster",
        "creategroup",
        "createremotesnapshot",
        "createremotesnapshotschedule",
        "getadinfo",
        "getalertlog",
        "getautomountpolicy",
        "getdnsinfo",
        "geteventlog",
        "getnotificationpolicy",
        "getnsmlogs",
        "getscsiinfo",
        "getservercapabilities",
        "getserverjobinfo",
        "getsiteinfo",
        "getsnmpinfo",
        "getsupportinfo",
        "gettargetinfo",
        "getvolumecontrollingserver",
        "mountsnapshot",
        "provisionvolume",
        "testcredentials",
        "waitforevent",
    }
)
"""Commands that arrays have and this one does not, in small letters; they are noted as unsupported."""
