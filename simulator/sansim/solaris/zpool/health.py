"""What is the matter with a pool, and what to do about it (source: illumos libzfs_status.c, zpool_main.c)."""

from attrs import frozen

from sansim.solaris.pools.model import Pool
from sansim.solaris.pools.vdevs import leaves
from sansim.solaris.zpool.release import ZpoolRelease

__all__ = ["Diagnosis", "diagnose"]


@frozen
class Diagnosis:
    """What `zpool status` says of a pool in trouble.

    Attributes:
        text: The lines that begin with `status:` and `action:`.
        message: The number of the message that explains it.
        importing: What `zpool import` says instead of the status.
        harmless: Whether -x passes over it.
    """

    text: str
    message: str = ""
    importing: str = ""
    harmless: bool = False


_RESILVERING = Diagnosis(
    "status: One or more devices is currently being resilvered.  The pool will\n"
    "\tcontinue to function, possibly in a degraded state.\n"
    "action: Wait for the resilver to complete.\n",
    importing=" status: One or more devices were being resilvered.\n",
)
_FAULTED_LOST = Diagnosis(
    "status: One or more devices are faulted in response to persistent errors.  "
    "There are insufficient replicas for the pool to\n\tcontinue functioning.\n"
    "action: Destroy and re-create the pool from a backup source.  Manually marking the device\n"
    "\trepaired using 'zpool clear' may allow some data to be recovered.\n",
    importing=" status: One or more devices are faulted.\n",
)
_MISSING_LOST = Diagnosis(
    "status: One or more devices could not be opened.  There are insufficient\n"
    "\treplicas for the pool to continue functioning.\n"
    "action: Attach the missing device and online it using 'zpool online'.\n",
    "ZFS-8000-3C",
    " status: One or more devices are missing from the system.\n",
)
_FAULTED = Diagnosis(
    "status: One or more devices are faulted in response to persistent errors.\n"
    "\tSufficient replicas exist for the pool to continue functioning in a\n"
    "\tdegraded state.\n"
    "action: Replace the faulted device, or use 'zpool clear' to mark the device\n"
    "\trepaired.\n",
    importing=" status: One or more devices are faulted.\n",
)
_MISSING = Diagnosis(
    "status: One or more devices could not be opened.  Sufficient replicas exist for\n"
    "\tthe pool to continue functioning in a degraded state.\n"
    "action: Attach the missing device and online it using 'zpool online'.\n",
    "ZFS-8000-2Q",
    " status: One or more devices are missing from the system.\n",
)
_FAILING = Diagnosis(
    "status: One or more devices has experienced an unrecoverable error.  An\n"
    "\tattempt was made to correct the error.  Applications are unaffected.\n"
    "action: Determine if the device needs to be replaced, and clear the errors\n"
    "\tusing 'zpool clear' or replace the device with 'zpool replace'.\n",
    "ZFS-8000-9P",
)
_OFFLINE = Diagnosis(
    "status: One or more devices has been taken offline by the administrator.\n"
    "\tSufficient replicas exist for the pool to continue functioning in a\n"
    "\tdegraded state.\n"
    "action: Online the device using 'zpool online' or replace the device with\n"
    "\t'zpool replace'.\n",
    importing=" status: One or more devices are offlined.\n",
)
_REMOVED = Diagnosis(
    "status: One or more devices has been removed by the administrator.\n"
    "\tSufficient replicas exist for the pool to continue functioning in a\n"
    "\tdegraded state.\n"
    "action: Online the device using 'zpool online' or replace the device with\n"
    "\t'zpool replace'.\n",
)
_OLD_VERSION = " status: The pool is formatted using a legacy on-disk version.\n"
_MISSING_FEATURES = " status: Some supported features are not enabled on the pool.\n"


def diagnose(release: ZpoolRelease, pool: Pool) -> Diagnosis | None:
    """Return the worst of what is the matter with a pool, None if nothing is."""
    disks = [disk for vdev in pool.vdevs for disk in leaves(vdev.disks)]
    states = {disk.state for disk in disks}
    lost = pool.state == "UNAVAIL"
    if pool.scan is not None and pool.scan.function == "resilver" and pool.scan.state == "scanning":
        return _RESILVERING
    old_version = Diagnosis(release.status.old_version, importing=_OLD_VERSION, harmless=True)
    checks = (
        (lost and "FAULTED" in states, _FAULTED_LOST),
        (lost, _MISSING_LOST),
        ("FAULTED" in states, _FAULTED),
        ("UNAVAIL" in states, _MISSING),
        (any(any(disk.errors) for disk in disks), _FAILING),
        ("OFFLINE" in states, _OFFLINE),
        ("REMOVED" in states, _REMOVED),
        (pool.version is not None and (bool(release.features) or pool.version < release.newest_version), old_version),
        (bool(pool.disabled), Diagnosis(release.status.features, importing=_MISSING_FEATURES, harmless=True)),
    )
    return next((diagnosis for found, diagnosis in checks if found), None)
