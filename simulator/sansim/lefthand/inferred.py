"""What nobody published and the simulator has to decide, in one place so that it is easy to correct.

Every name here is inferred. One constraint is known (seen, indirectly): the result of reading an unknown
snapshot is written with decimal digits alone, because a client converts it with base 10.
"""

from sansim.lefthand.results import NOTHING_DONE, NOTHING_FOUND, PARAMETER_FORMAT, SUCCESS, Result

__all__ = [
    "ABANDONED_TEXT",
    "ALREADY_ASSIGNED",
    "AUTH_GROUP_DIGITS",
    "CLUSTER_NOT_FOUND",
    "DEFAULT_REPLICATION",
    "FIRST_ID",
    "GENERAL_ERROR",
    "INVALID_VALUE",
    "NAME_PATTERN",
    "NODE_NETWORK",
    "NOT_ASSIGNED",
    "NO_OBJECTS",
    "OUT_OF_SPACE",
    "QUESTION",
    "SECRET_LENGTH",
    "SERVER_EXISTS",
    "SERVER_NOT_FOUND",
    "SHELL_STATUS",
    "SNAPSHOT_EXISTS",
    "SNAPSHOT_NOT_FOUND",
    "THIN_RESERVE",
    "VOLUME_EXISTS",
]

# Results that continue the published table.
CLUSTER_NOT_FOUND = Result("CliqClusterNotFound", 0x8000100B)
VOLUME_EXISTS = Result("CliqVolumeExists", 0x8000100D)
SERVER_NOT_FOUND = Result("CliqServerNotFound", 0x80001010)
SNAPSHOT_NOT_FOUND = Result("CliqSnapshotNotFound", 0x80001011)
SNAPSHOT_EXISTS = Result("CliqSnapshotExists", 0x80001012)
SERVER_EXISTS = Result("CliqServerExists", 0x80001013)
OUT_OF_SPACE = Result("CliqInsufficientSpace", 0x80001014)
GENERAL_ERROR = Result("CliqGeneralError", 0x80001028)

# Which published result a case gets.
INVALID_VALUE = PARAMETER_FORMAT
NO_OBJECTS = NOTHING_FOUND
ALREADY_ASSIGNED = NOTHING_DONE
NOT_ASSIGNED = NOTHING_DONE
SHELL_STATUS = SUCCESS.status

# Texts.
QUESTION = "This operation is potentially irreversible.  Are you sure? (y/n)"
"""Seen for deleteVolume; that the other irreversible commands ask the same is inferred."""
ABANDONED_TEXT = "Operation abandoned."

# Rules.
NAME_PATTERN = r"[A-Za-z0-9._-]{1,127}"
SECRET_LENGTH = range(12, 17)
THIN_RESERVE = 536870912
"""What a thin volume or a snapshot reserves per copy: the reserveQuota of every sample that was seen."""
DEFAULT_REPLICATION = 2
"""The copies of a volume for which nothing was said, as far as the cluster has nodes."""
FIRST_ID = 25
"""The number of the first object made in a group; its own parts have the lower ones."""
AUTH_GROUP_DIGITS = 32
"""Hexadecimal digits behind `api-` in the name of an authorization group without a server."""
NODE_NETWORK = "10.0.0.0/24"
"""Where nodes (from .11 on) and the virtual IP (.10) live."""
