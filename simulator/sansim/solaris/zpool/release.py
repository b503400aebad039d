"""What a release of zpool says and allows, where releases differ: texts, tables and rules, as data."""

from collections.abc import Callable, Mapping

from attrs import frozen

from sansim.solaris.synopses import Synopses
from sansim.solaris.zfs.properties import Catalogue
from sansim.solaris.zpool.catalogues import ILLUMOS_FEATURES, ILLUMOS_PROPERTIES, Feature

__all__ = [
    "ILLUMOS",
    "DiskTexts",
    "IostatLayout",
    "ListLayout",
    "StatusTexts",
    "ZpoolRelease",
]

_MINUTE = 60
_HOUR = 60 * _MINUTE


def _hours(seconds: int) -> str:
    """Return a time as `0h12m`."""
    return f"{seconds // _HOUR}h{seconds // _MINUTE % 60}m"


_FINISHED = {
    "scrub": "scrub repaired {repaired} in {time} with 0 errors on {date}",
    "resilver": "resilvered {repaired} in {time} with 0 errors on {date}",
}
_LEGACY = (
    "status: The pool is formatted using a legacy on-disk format.  The pool can\n"
    "\tstill be used, but some features are unavailable.\n"
    "action: Upgrade the pool using 'zpool upgrade'.  Once this is done, the\n"
    "\tpool will no longer be accessible on software that does not support feature\n"
    "\tflags.\n"
)
_OUT_OF = "    {seen} scanned out of {total} at {speed}/s{left}\n    {copied} {verb}, {share:.2f}% done\n"
_RESTING = "    {seen} scanned out of {total}\n    {copied} {verb}, {share:.2f}% done\n"


@frozen
class DiskTexts:
    """How disks are named and what is said when they are in use.

    Attributes:
        names: The disks of a host, as they are typed.
        first_pool: How the pool that a fresh host has was made of them.
        root: The directory of the devices.
        slice: What the name of the part that holds the data ends in.
        whole: What -P calls a disk, `{}` standing for its name; illumos takes the directory off all the same.
        active: What is said of a disk of a pool that is imported, `{}` standing for its path and the pool.
        exported: The same of a pool that is not.
        spare: The same of a hot spare.
        cache: The same of a cache.
        hidden: Whether who may not open a whole disk is told that there is none.
    """

    names: tuple[str, ...]
    first_pool: tuple[str, ...]
    root: str
    slice: str
    whole: str
    active: str
    exported: str
    spare: str
    cache: str
    hidden: bool = True


@frozen
class StatusTexts:
    """What `zpool status` says.

    Attributes:
        features: About a pool that has not all features.
        old_version: About a pool of an older version.
        url: Where a message is explained, `{}` standing for its number.
        scan: The word before the line about scrubs.
        idle: What stands there when there never was a scrub; None leaves the line out.
        finished: The words about a scrub and a resilver that are over.
        duration: How long one took.
        running: The lines about a scan that is running.
        resting: The lines about a scrub that rests.
        to_go: How long a scan will take.
        no_estimate: What is said when it will take too long.
        class_line: The heading of log devices and the like.
        slow_title: What -s adds to the line of titles.
        byte: The letter behind a number of bytes below 1024.
        nothing_on_stderr: Whether it goes to stderr that there are no pools.
    """

    features: str
    old_version: str = _LEGACY
    url: str = "http://illumos.org/msg/{}"
    scan: str = "  scan: "
    idle: str | None = "none requested"
    finished: Mapping[str, str] = _FINISHED
    duration: Callable[[int], str] = _hours
    running: str = _OUT_OF
    resting: str = _RESTING
    to_go: Callable[[int], str] = _hours
    no_estimate: str = ", (scan is slow, no estimated time)"
    class_line: str = "\t{}"
    slow_title: str = "\n  SLOW"
    byte: str = ""
    nothing_on_stderr: bool = False


@frozen
class ListLayout:
    """How `zpool list` and `zpool get` lay out.

    Attributes:
        columns: What is listed unless something is asked for.
        exact_units: Whether ratios and fragmentation keep their sign in exact numbers.
        numbered: Whether groups of disks are told by number: `mirror-0`.
        class_row: The row of -v above log devices and the like, `{name}` padded to `{width}`.
        indent: Blanks before a group of disks in -v.
        depths: Blanks before each further level.
    """

    columns: tuple[str, ...]
    exact_units: bool = True
    numbered: bool = False
    class_row: str = " {name:<{width}}     -      -      -        -         -      -      -      -         -"
    indent: int = 1
    depths: int = 1


@frozen
class IostatLayout:
    """How `zpool iostat` lays out.

    Attributes:
        titles: The two lines of titles behind the name of old releases; later ones are laid out by width.
        numbered: Whether groups of disks are told by number: `mirror-0`.
    """

    titles: tuple[str, str] | None = None
    numbered: bool = False


@frozen(eq=False, kw_only=True)
class ZpoolRelease:
    """One release of zpool.

    Attributes:
        synopses: Which sub-commands there are, and how they are used.
        options: The letters that each sub-command takes as getopt(3C) has them: with a colon behind those that
            take an argument, and one at the head where a missing argument is told apart from a wrong letter.
        properties: Which properties pools have.
        wide: Characters of the first column of the table of properties in usage texts.
        features: Which features pools may have; none in releases that count versions.
        feature_usage: What stands below the table of properties.
        disks: How disks are named.
        status: What `zpool status` says.
        list: How `zpool list` lays out.
        iostat: How `zpool iostat` lays out.
        zone: What stands behind the host's name in a long history.
        not_owner: What a user is told who may not unmount.
        newest_version: The newest version that counts as one.
        version: What `zpool version` prints.
    """

    synopses: Synopses
    options: Mapping[str, str]
    properties: Catalogue
    wide: int
    features: tuple[Feature, ...]
    feature_usage: str
    disks: DiskTexts
    status: StatusTexts
    list: ListLayout
    iostat: IostatLayout = IostatLayout()
    zone: str = ":global"
    not_owner: str = "Not owner"
    newest_version: int = 28
    version: str = ""

    def feature(self, name: str) -> Feature | None:
        """Return the feature of a name."""
        return next((feature for feature in self.features if feature.name == name), None)


_FEATURE_USAGE = f"""\
\t{"feature@...":<19}   YES   disabled | enabled | active

The feature@ properties must be appended with a feature name.
See zpool-features(7).
"""

_IN_USE = " Please see zpool(8).\n"

ILLUMOS = ZpoolRelease(
    synopses=Synopses.of("zpool", "illumos"),
    options={
        "add": "fgLnPo:", "attach": "fo:", "checkpoint": ":d", "clear": "FnX", "create": ":fndBR:m:o:O:t:",
        "destroy": "f", "detach": "", "export": "fF", "get": ":Hpo:", "history": "li",
        "initialize": "cs",
        "import": ":aCc:d:DEfFlmnNo:rR:tT:VX", "iostat": "gLPT:vyhplqrwnH", "labelclear": "f",
        "list": ":gHLo:pPT:v", "offline": "t", "online": "e", "reguid": "", "remove": "nps", "reopen": "",
        "replace": "fo:", "resilver": "", "scrub": "sp", "split": ":gLR:lno:P", "status": "igLpPsvxDtT:",
        "sync": "f", "trim": "cdr:s", "upgrade": ":avV:",
    },
    properties=ILLUMOS_PROPERTIES,
    wide=19,
    features=ILLUMOS_FEATURES,
    feature_usage=_FEATURE_USAGE,
    disks=DiskTexts(
        names=tuple(f"c0t{number}d0" for number in range(1, 13)),
        first_pool=("mirror", "c0t1d0", "c0t2d0"),
        root="/dev/dsk",
        slice="s0",
        whole="{}s0",
        active="{}s0 is part of active ZFS pool {}." + _IN_USE,
        exported="{}s0 is part of exported or potentially active ZFS pool {}." + _IN_USE,
        spare="{}s0 is reserved as a hot spare for ZFS pool {}. " + _IN_USE,
        cache="{}s0 is in use as a cache device for ZFS pool {}. " + _IN_USE,
    ),
    status=StatusTexts(
        "status: Some supported features are not enabled on the pool. The pool can\n"
        "\tstill be used, but some features are unavailable.\n"
        "action: Enable all features using 'zpool upgrade'. Once this is done,\n"
        "\tthe pool may no longer be accessible by software that does not support\n"
        "\tthe features. See zpool-features(7) for details.\n"
    ),
    list=ListLayout(
        (
            *("name", "size", "allocated", "free", "checkpoint", "expandsize"),
            *("fragmentation", "capacity", "dedupratio", "health", "altroot"),
        )
    ),
)  # fmt: skip
"""illumos as OmniOS r151048 ships it (source); that the texts about disks in use name section 8 is inferred."""
