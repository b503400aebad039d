"""What stmfadm, sbdadm, itadm and svcs say when they refuse; the first that matches decides.

Source of the texts: illumos stmfadm.c, sbdadm.c, itadm.c and svcs.c. Before 2014 some of itadm's texts end
with a period (source: Nexenta 3.1).
"""

from typing import Final

from sansdk.commands.base import Refusal, Taken
from sansdk.errors import AlreadyExists, ArrayError, Busy, LimitReached, NotFound, PermissionDenied, ServiceDown

_AGAIN: Final = "Nothing was done; try again."
_PROFILE: Final = "Root must give the login's profile privs=sys_devices for this program."
_STMF: Final = "'svcadm enable -s stmf' starts it; every old logical unit, view and target comes back with it."

STMF_REFUSALS: Final = (
    Refusal(r"permission denied$", PermissionDenied, _PROFILE),
    Refusal(r"(?P<service>STMF service) (?:not found|version incorrect|is )", ServiceDown, _STMF),
    Refusal(r"resource busy$", Busy, _AGAIN),
    Refusal(r"guid in use$", Taken, "Take another GUID."),
    Refusal(r"LUN already in use$", Taken, "Take another LUN."),
    Refusal(r"filename .*: in use$", AlreadyExists, "The device backs a logical unit already."),
    Refusal(r"view entry exists$|: already exists$", AlreadyExists),
    Refusal(r": group is in use by existing view entry$", Busy, "Remove its views first."),
    Refusal(r"STMF target must be offline$", Busy, "A target joins or leaves a group only while offline."),
    Refusal(r"invalid (?:host|target) group$", NotFound, "Create the group first."),
    Refusal(r": not found$|: no views found$", NotFound),
    Refusal(r"data file error$", ArrayError, "The device is not there, or not yet."),
    Refusal(r"Logical unit number must be less than", LimitReached),
    Refusal(r"timed out\.?$", ArrayError, "Read the state: it may still get there."),
)

ITADM_REFUSALS: Final = (
    Refusal(r"operation requires authorization (?P<right>\S+)$", PermissionDenied, "Root must grant it."),
    Refusal(r"permission denied$|: 32773$", PermissionDenied, _PROFILE),
    Refusal(
        r"iSCSI target service must be online(?:.*\n)*?.*'svcadm enable -r (?P<service>\S+)'",
        ServiceDown,
        "The command that starts it also enables what it depends on, for good.",
    ),
    Refusal(r"Configuration changed during processing|resource busy$", Busy, _AGAIN),
    Refusal(r"The target is online or busy|associated with one or more targets", Busy),
    Refusal(r"already configured$|already exists$|already in use$", AlreadyExists),
    Refusal(r"Maximum of \d+ iSCSI targets", LimitReached, "Delete targets, or share one between volumes."),
    Refusal(r"not found[!.]?$|does not exist\.?$|not defined$", NotFound),
    Refusal(r"^Invalid secret file", ArrayError, "itadm takes a secret from a regular file only."),
)

SVCS_REFUSALS: Final = (Refusal(r"Pattern '.*' doesn't match any instances$", NotFound, "Is its package installed?"),)
