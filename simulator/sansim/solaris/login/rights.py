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
    MANAGE_STMF = "solaris.smf.manage.stmf"


def holds(call: Call, right: Right) -> bool:
    """Whether the caller has a right: root has all of them, others what they were given.

    An authorization that ends in `.*` stands for all below it (source: illumos chkauthattr).
    """
    who = call.credentials
    if who.root or right.value in who.privileges:
        return True
    return any(
        right.value == given or (given.endswith(".*") and right.value.startswith(given[:-1]))
        for given in who.authorizations
    )
