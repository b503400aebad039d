"""What a login may do on the host. One place, so that a finer model needs no change in the programs."""

from enum import Enum

from sansim.program import Call

__all__ = ["Right", "holds"]


class Right(Enum):
    """A privilege or authorization that a program asks for."""

    SYS_DEVICES = "sys_devices"
    MODIFY_STMF = "solaris.smf.modify.stmf"
    READ_STMF = "solaris.smf.read.stmf"
    MANAGE_SMF = "solaris.smf.manage"


def holds(call: Call, right: Right) -> bool:
    """Whether the caller has a right: root has all of them, others what they were given."""
    who = call.credentials
    return who.root or right.value in who.privileges | who.authorizations
