"""The releases of zpool beside that of illumos, each as what differs from it."""

from attrs import evolve

from sansim.solaris.synopses import Synopses
from sansim.solaris.zpool.catalogues import (
    OPENSOLARIS_PROPERTIES,
    OPENZFS_FEATURES,
    OPENZFS_PROPERTIES,
    SOLARIS_11_PROPERTIES,
)
from sansim.solaris.zpool.release import ILLUMOS, DiskTexts, IostatLayout, StatusTexts

__all__ = ["OPENSOLARIS", "OPENZFS", "SOLARIS_11"]

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR

_COMPLETED = {
    "scrub": "scrub completed after {time} with 0 errors on {date}",
    "resilver": "resilver completed after {time} with 0 errors on {date}",
}
_OLDER = (
    "status: The pool is formatted using an older on-disk format.  The pool can\n"
    "\tstill be used, but some features are unavailable.\n"
    "action: Upgrade the pool using 'zpool upgrade'.  Once this is done, the\n"
    "\tpool will no longer be accessible on older software versions.\n"
)
_ISSUED = (
    "\t{seen} scanned at {speed}/s, {seen} issued at {speed}/s, {total} total\n"
    "\t{copied} {verb}, {share:.2f}% done{left}\n"
)
_NOT_ISSUED = "\t{seen} scanned, {seen} issued, {total} total\n\t{copied} {verb}, {share:.2f}% done\n"


def _days(seconds: int) -> str:
    """Return a time as `00:12:00`, days before it if there are any."""
    days, rest = divmod(seconds, _DAY)
    clock = f"{rest // _HOUR:02}:{rest // _MINUTE % 60:02}:{rest % 60:02}"
    return f"{days} days {clock}" if days else clock


OPENZFS = evolve(
    ILLUMOS,
    synopses=Synopses.of("zpool", "openzfs"),
    options={
        **ILLUMOS.options,
        "attach": "fo:sw", "checkpoint": ":dw", "create": ":fndR:m:o:O:t:", "export": "af", "offline": "ft",
        "iostat": "c:gLPT:vyhplqrwnH", "import": ":aCc:d:DEfFlmnNo:R:stT:VX", "remove": "npsw", "reopen": "n",
        "replace": "fo:sw", "scrub": "spw", "status": "c:igLpPsvxDtT:", "trim": "cdr:sw",
    },
    properties=OPENZFS_PROPERTIES,
    wide=19,
    features=OPENZFS_FEATURES,
    disks=DiskTexts(
        names=tuple(f"sd{letter}" for letter in "bcdefghijklm"),
        first_pool=("sdb",),
        root="/dev",
        slice="1",
        whole="/dev/{}1",
        active="{0}1 is part of active pool '{1}'\n",
        exported="{0}1 is part of exported pool '{1}'\n",
        spare="{0}1 is reserved as a hot spare for pool {1}\n",
        cache="{0}1 is part of active pool '{1}'\n",
        hidden=False,
    ),
    status=StatusTexts(
        "status: Some supported and requested features are not enabled on the pool.\n"
        "\tThe pool can still be used, but some features are unavailable.\n"
        "action: Enable all features using 'zpool upgrade'. Once this is done,\n"
        "\tthe pool may no longer be accessible by software that does not support\n"
        "\tthe features. See zpool-features(7) for details.\n",
        url="https://openzfs.github.io/openzfs-docs/msg/{}",
        idle=None,
        duration=_days,
        running=_ISSUED,
        resting=_NOT_ISSUED,
        to_go=_days,
        no_estimate=", no estimated completion time",
        class_line="\t{}\t",
        slow_title="  SLOW",
        byte="B",
        nothing_on_stderr=True,
    ),
    list=evolve(
        ILLUMOS.list,
        exact_units=False,
        numbered=True,
        class_row="{name:<{width}}      -      -      -        -         -      -      -      -  -",
        indent=2,
        depths=2,
    ),
    iostat=IostatLayout(numbered=True),
    zone=":linux",
    not_owner="permission denied",
    version="zfs-2.1.11-1\nzfs-kmod-2.1.11-1\n",
)  # fmt: skip
"""OpenZFS 2.1.11 on Linux."""

SOLARIS_11 = evolve(
    ILLUMOS,
    synopses=Synopses.of("zpool", "solaris11"),
    options={
        "add": "fn", "attach": "f", "clear": "FnX", "create": ":fnBN:R:l:m:o:O:", "destroy": "f", "detach": "",
        "export": "f", "get": ":", "history": "li", "import": ":aCc:d:DEfFmnNo:rR:T:VX", "iostat": "T:v",
        "list": ":Ho:T:", "offline": "t", "online": "e", "remove": "", "replace": "f", "scrub": "s",
        "split": ":R:no:", "status": "lvxT:", "upgrade": ":avV:",
    },
    properties=SOLARIS_11_PROPERTIES,
    wide=15,
    features=(),
    feature_usage="",
    disks=evolve(
        ILLUMOS.disks,
        active="{}s0 is part of active ZFS pool {}. Please see zpool(1M).\n",
        exported="{}s0 is part of exported or potentially active ZFS pool {}. Please see zpool(1M).\n",
        spare="{}s0 is reserved as a hot spare for ZFS pool {}.  Please see zpool(1M).\n",
        cache="{}s0 is in use as a cache device for ZFS pool {}.  Please see zpool(1M).\n",
    ),
    status=evolve(ILLUMOS.status, old_version=_OLDER, url="http://support.oracle.com/msg/{}"),
    list=evolve(
        ILLUMOS.list, columns=("name", "size", "allocated", "free", "capacity", "dedupratio", "health", "altroot")
    ),
    iostat=IostatLayout(
        ("     capacity     operations    bandwidth", "  alloc   free   read  write   read  write")
    ),
    newest_version=37,
)  # fmt: skip
"""Oracle Solaris 11.3; inferred but for the columns of `zpool list`."""

OPENSOLARIS = evolve(
    SOLARIS_11,
    synopses=Synopses.of("zpool", "opensolaris"),
    options={
        "add": "fn", "attach": "f", "clear": "", "create": ":fnR:m:o:O:", "destroy": "f", "detach": "",
        "export": "f", "get": "", "history": "li", "import": ":aCc:d:DEfFo:p:rR:VX", "iostat": "v", "list": ":Ho:",
        "offline": "t", "online": "", "remove": "", "replace": "f", "scrub": "s", "status": "vx", "upgrade": ":avV:",
    },
    properties=OPENSOLARIS_PROPERTIES,
    status=evolve(
        SOLARIS_11.status, url="http://www.sun.com/msg/{}", scan=" scrub: ", finished=_COMPLETED
    ),
    list=evolve(ILLUMOS.list, columns=("name", "size", "used", "available", "capacity", "health", "altroot")),
    iostat=IostatLayout(("     capacity     operations    bandwidth", "   used  avail   read  write   read  write")),
    newest_version=14,
)  # fmt: skip
"""OpenSolaris 2009.06; inferred from illumos of 2010 and its history."""
