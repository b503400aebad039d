"""Who published a command, its parameters and its answer. Facts, one row for each command that is known by name.

*manual*: the vendor's CLI guides of SAN/iQ 8.x and 9.0, and of LeftHand OS / StoreVirtual (2010 to 2016). *seen*:
published by somebody who ran it. *inferred*: neither.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from attrs import field, frozen

__all__ = ["COMMON", "ELSEWHERE", "RESULTS", "SOURCES", "Source"]


@frozen
class Source:
    """What is known of a command.

    Attributes:
        name: As the manuals spell it.
        standing: `seen`, `manual` or `inferred`: of the command itself.
        by: Who published it; empty when nobody did.
        answer: Of its answer: `seen`, `inferred`, or `unpublished` when nobody did and none is made up.
        parameters: The standing of each parameter.
    """

    name: str
    standing: str
    by: str
    answer: str
    parameters: Mapping[str, str] = field(factory=lambda: MappingProxyType({}))


def _row(
    name: str, standing: str, by: str, answer: str = "seen", *, seen: str = "", manual: str = "", inferred: str = ""
) -> Source:
    parameters = {
        parameter: word
        for word, names in (("seen", seen), ("manual", manual), ("inferred", inferred))
        for parameter in names.split()
    }
    return Source(name, standing, by, answer, parameters)


_SCHEDULE: Final = "volumeName scheduleName recurPeriod startTime retentionCount"
_REMOTE: Final = "remoteCluster remoteRetentionCount remoteVolume remoteIp remoteUserName remotePassword"
_ADMINS: Final = "adminGroupName description adminUserName permissions"
_LIST: Final = "list of the 2016 guide's reads, 12.6"
_GUIDE: Final = "the guides' lists of commands"

_ROWS: Final = (
    _row("createVolume", "seen", "2010 blog, drivers, scripts",
         seen="volumeName clusterName size replication thinProvision adaptiveOptimization description"),
    _row("modifyVolume", "seen", "drivers", seen="volumeName size description",
         inferred="replication thinProvision clusterName adaptiveOptimization"),
    _row("deleteVolume", "seen", "2010 blog, drivers", seen="volumeName"),
    _row("getVolumeInfo", "seen", "2010 blog, drivers, OneView tests", seen="volumeName verbose"),
    _row("assignVolume", "seen", "2010 blog, a script", seen="volumeName initiator accessRights exclusiveAccess"),
    _row("assignVolumeChap", "seen", "drivers", seen="volumeName chapName targetSecret",
         inferred="initiatorSecret exclusiveAccess accessRights"),
    _row("assignVolumeToServer", "seen", "drivers", seen="volumeName serverName"),
    _row("unassignVolume", "seen", "drivers", seen="volumeName"),
    _row("unassignVolumeChap", "inferred", "", "inferred", inferred="volumeName"),
    _row("unassignVolumeToServer", "seen", "drivers", seen="volumeName serverName"),
    _row("createServer", "seen", "drivers", seen="serverName initiator", inferred="description"),
    _row("modifyServer", "inferred", "", "inferred", inferred="serverName initiator description"),
    _row("deleteServer", "inferred", "", "inferred", inferred="serverName"),
    _row("getServerInfo", "seen", "drivers", "inferred", seen="serverName"),
    _row("getServerVolumeInfo", "seen", _LIST, "inferred", inferred="serverName"),
    _row("createSnapshot", "seen", "drivers", seen="snapshotName volumeName description inheritAccess"),
    _row("deleteSnapshot", "seen", "drivers", seen="snapshotName"),
    _row("cloneSnapshot", "seen", "drivers", seen="snapshotName volumeName description"),
    _row("rollbackSnapshot", "inferred", "", "inferred", inferred="snapshotName remoteSnapshots"),
    _row("getSnapshotInfo", "seen", "drivers, client library", seen="snapshotName"),
    _row("createSnapshotSchedule", "seen", "client library, drivers", seen=f"{_SCHEDULE} {_REMOTE}",
         inferred="description"),
    _row("modifySnapshotSchedule", "seen", "client library", seen="scheduleName paused",
         inferred="description recurPeriod startTime retentionCount"),
    _row("deleteSnapshotSchedule", "seen", "client library", seen="scheduleName"),
    _row("getSnapshotScheduleInfo", "seen", "client library, drivers", seen="scheduleName"),
    _row("makeRemote", "seen", "client library", seen="volumeName snapshotName"),
    _row("makePrimary", "seen", "client library", seen="volumeName"),
    _row("getRemoteSnapshotInfo", "seen", _LIST, "inferred", inferred="snapshotName"),
    _row("getClusterInfo", "seen", "2010 blog, drivers", seen="clusterName searchDepth verbose"),
    _row("getPerformanceStats", "seen", "scripts", seen="interval"),
    _row("getGroupInfo", "seen", _LIST, "inferred", inferred="searchDepth verbose"),
    _row("getNsmInfo", "seen", _LIST, "inferred"),
    _row("getLocalVolumes", "seen", _LIST, "inferred"),
    _row("startManager", "seen", "2011 blog"),
    _row("stopManager", "seen", "2011 blog"),
    _row("getSystemInfo", "seen", "2010 blog"),
    _row("getCLIInfo", "manual", _GUIDE, "inferred"),
    _row("createAdminGroup", "manual", "the guides", "inferred", manual=_ADMINS),
    _row("modifyAdminGroup", "manual", "the guides", "inferred", manual=_ADMINS),
    _row("getAdminInfo", "manual", _GUIDE, "inferred", inferred="adminGroupName"),
    _row("utility", "seen", "12.6 list, 13.5 report", seen="run"),
    *(
        _row(name, "seen", _LIST, "unpublished")
        for name in (
            "getADInfo",
            "getAlertLog",
            "getAutoMountPolicy",
            "getDnsInfo",
            "getEventLog",
            "getNotificationPolicy",
            "getNsmLogs",
            "getScsiInfo",
            "getServerCapabilities",
            "getServerJobInfo",
            "getSiteInfo",
            "getSnmpInfo",
            "getSupportInfo",
            "getVolumeControllingServer",
        )
    ),
    *(
        _row(name, "manual", _GUIDE, "unpublished")
        for name in (
            "createCluster",
            "createGroup",
            "createRemoteSnapshot",
            "createRemoteSnapshotSchedule",
            "getTargetInfo",
            "mountSnapshot",
            "provisionVolume",
            "testCredentials",
            "waitForEvent",
        )
    ),
)  # fmt: skip

SOURCES: Final[Mapping[str, Source]] = {row.name.lower(): row for row in _ROWS}
"""The rows by command, in small letters, as the page orders them."""

COMMON: Final[Mapping[str, tuple[str, str]]] = {
    "method": ("manual", "the command, when it is not the first word"),
    "output": ("seen", "`XML`, in any case of letters, for XML; else text"),
    "prompt": ("manual, seen", "`0` or `false`: a command that asks before it acts does not ask"),
    "login": ("manual", "accepted and ignored on a node (inferred)"),
    "userName": ("manual", "accepted and ignored on a node (inferred)"),
    "passWord": ("manual", "accepted and ignored on a node (inferred)"),
    "keyFile": ("manual", "accepted and ignored on a node (inferred)"),
}
"""The parameters of every command: their standing, and what they mean."""

ELSEWHERE: Final = ("createKey", "discoverTcp")
"""Commands of the Windows program (seen), which a node does not have: it refuses them as an array would."""

RESULTS: Final[Mapping[str, tuple[int, str, str]]] = {
    "CliqSuccess": (0, "manual, seen", ""),
    "CliqNothingDone": (1, "manual", "already in the requested state"),
    "CliqOperationPending": (2, "manual", "not failed, not complete; a handle to ask again"),
    "CliqOperationAbandoned": (3, "manual", "cancelled or abandoned"),
    "CliqNothingFound": (4, "manual", "found no objects"),
    "CliqSnapshotSet": (5, "manual", "the snapshot was part of a snapshot set"),
    "CliqVssSnapshotWarning": (6, "manual", "the writer operation failed"),
    "CliqPITSnapshotWarning": (7, "manual", "a point-in-time snapshot was created"),
    "CliqParameterIgnored": (8, "manual", "succeeded, an inapplicable parameter was ignored"),
    "CliqUnexpected": (0x80001001, "manual", "unexpected error"),
    "CliqXmlError": (0x80001002, "manual", "not well-formed"),
    "CliqParameterFormat": (0x80001003, "manual", "a parameter is not specified correctly"),
    "CliqParameterRepeat": (0x80001004, "manual", "a parameter is repeated"),
    "CliqMissingMethod": (0x80001005, "manual", "the command is missing"),
    "CliqMissingParameter": (0x80001006, "manual", "expected parameters are missing"),
    "CliqUnrecognizedCommand": (0x80001007, "manual", "command unrecognized"),
    "CliqVolumeNotFound": (0x8000100C, "seen", ""),
}
"""The published results: their codes, their standing, and what kind of ending they are."""
