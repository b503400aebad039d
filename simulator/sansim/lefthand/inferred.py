"""What nobody published and the simulator has to decide, in one place so that it is easy to correct.

Every name here is inferred. One constraint is known (seen, indirectly): the result of reading an unknown
snapshot is written with decimal digits alone, because a client converts it with base 10.
"""

from sansim.lefthand.results import NOTHING_DONE, NOTHING_FOUND, PARAMETER_FORMAT, SUCCESS, Result

__all__ = [
    "ABANDONED_TEXT",
    "ADMIN_GROUPS",
    "ADMIN_GROUP_EXISTS",
    "ADMIN_GROUP_NOT_FOUND",
    "ALREADY_ASSIGNED",
    "AUTH_GROUP_DIGITS",
    "CLI_VERSION",
    "CLUSTER_NOT_FOUND",
    "COPY_LEAST",
    "COPY_RATE",
    "DEFAULT_REPLICATION",
    "FIRST_ID",
    "FIRST_NODE",
    "FIRST_VIP",
    "FURTHER_VIPS",
    "GENERAL_ERROR",
    "INVALID_VALUE",
    "MANAGER_TIME",
    "NAME_PATTERN",
    "NOT_ASSIGNED",
    "NOT_AUTHORIZED",
    "NO_OBJECTS",
    "OUT_OF_SPACE",
    "QUESTION",
    "READS_PER_SESSION",
    "SAMPLE_SECONDS",
    "SCHEDULED_NAME",
    "SCHEDULE_ELEMENT",
    "SCHEDULE_EXISTS",
    "SCHEDULE_NOT_FOUND",
    "SECRET_LENGTH",
    "SERVER_EXISTS",
    "SERVER_NOT_FOUND",
    "SHELL_STATUS",
    "SNAPSHOT_EXISTS",
    "SNAPSHOT_NOT_FOUND",
    "THIN_RESERVE",
    "UNAVAILABLE",
    "UNAVAILABLE_STATUS",
    "VOLUME_EXISTS",
    "WRITES_PER_SESSION",
]

# Results that continue the published table.
CLUSTER_NOT_FOUND = Result("CliqClusterNotFound", 0x8000100B)
VOLUME_EXISTS = Result("CliqVolumeExists", 0x8000100D)
SERVER_NOT_FOUND = Result("CliqServerNotFound", 0x80001010)
SNAPSHOT_NOT_FOUND = Result("CliqSnapshotNotFound", 0x80001011)
SNAPSHOT_EXISTS = Result("CliqSnapshotExists", 0x80001012)
SERVER_EXISTS = Result("CliqServerExists", 0x80001013)
OUT_OF_SPACE = Result("CliqInsufficientSpace", 0x80001014)
SCHEDULE_NOT_FOUND = Result("CliqScheduleNotFound", 0x80001015)
SCHEDULE_EXISTS = Result("CliqScheduleExists", 0x80001016)
ADMIN_GROUP_NOT_FOUND = Result("CliqAdminGroupNotFound", 0x80001017)
ADMIN_GROUP_EXISTS = Result("CliqAdminGroupExists", 0x80001018)
NOT_AUTHORIZED = Result("CliqNotAuthorized", 0x80001019)
GENERAL_ERROR = Result("CliqGeneralError", 0x80001028)

# Which published result a case gets.
INVALID_VALUE = PARAMETER_FORMAT
"""A value that its parameter does not take."""
NO_OBJECTS = NOTHING_FOUND
"""A read that was not told names and finds nothing."""
ALREADY_ASSIGNED = NOTHING_DONE
"""An assignment to a server that is there already."""
NOT_ASSIGNED = NOTHING_DONE
"""Taking away an assignment that is not there."""
SHELL_STATUS = SUCCESS.status
"""The exit status of an interactive login, however its last command ended."""

# Texts.
QUESTION = "This operation is potentially irreversible.  Are you sure? (y/n)"
"""Seen for deleteVolume; that the other irreversible commands ask the same is inferred."""
ABANDONED_TEXT = "Operation abandoned."
"""The description when the question was not answered with yes."""

# Rules.
NAME_PATTERN = r"[A-Za-z0-9._-]{1,127}"
"""What volumes, snapshots, servers, schedules and groups may be called (seen: `_`, digits, capitals)."""
SECRET_LENGTH = range(12, 17)
"""The characters of a CHAP secret (seen: 12 at least)."""
THIN_RESERVE = 536870912
"""What a thin volume or a snapshot reserves per copy: the reserveQuota of every sample that was seen."""
DEFAULT_REPLICATION = 2
"""The copies of a volume for which nothing was said, as far as the cluster has nodes."""
FIRST_ID = 25
"""The number of the first object made in a group; its own parts have the lower ones."""
AUTH_GROUP_DIGITS = 32
"""Hexadecimal digits behind `api-` in the name of an authorization group without a server."""
FIRST_NODE = 11
"""The host part of the first node's address in the group's network; the next ones follow."""
FIRST_VIP, FURTHER_VIPS = 10, 201
"""The host parts of the first virtual IP and of the second, which the others follow."""
SCHEDULE_ELEMENT = "snapshotSchedule"
"""The element of a snapshot schedule."""
CLI_VERSION = "cliVersion"
"""The one attribute of what `getCLIInfo` shows."""
SCHEDULED_NAME = "{schedule}.{number}"
"""What a scheduled snapshot is called: its schedule and the number of the run, from 1 on."""
COPY_RATE = 64 << 20
"""Bytes a second that remote copying moves."""
COPY_LEAST = 1
"""Seconds that the copying of a remote snapshot takes at least, with nothing written since the one before."""
MANAGER_TIME = range(14000, 16001)
"""Milliseconds that a manager says it took to start or stop (seen; that they are drawn evenly is inferred)."""
ADMIN_GROUPS = {"Full_Administrator": "fffr", "View_Only_Administrator": "rrrr"}
"""The groups of administrators that a management group begins with; the login belongs to the first."""
UNAVAILABLE = "offline"
"""The availability of a volume with as many nodes down as it has copies, or more."""
UNAVAILABLE_STATUS = ("Unavailable", "1")
"""The description and the value of such a volume's status."""
SAMPLE_SECONDS = 6
"""Seconds from one sample of the counters to the next (seen: below that an interval is pointless)."""
READS_PER_SESSION, WRITES_PER_SESSION = 120, 60
"""Operations a second that a logged-in initiator does on the average, half as many or half as many more."""
