"""The properties and features that pools have in each release.

Source: zpool_prop.c and zfeature_common.c of illumos and of OpenZFS 2.1.11; zpool_prop.c of Solaris Express of
2009; Solaris 11 is inferred from illumos of 2012.
"""

from attrs import evolve, frozen

from sansim.solaris.zfs.properties import Catalogue, Edit, Property, index, number, string

__all__ = [
    "ILLUMOS_FEATURES",
    "ILLUMOS_PROPERTIES",
    "OPENSOLARIS_PROPERTIES",
    "OPENZFS_FEATURES",
    "OPENZFS_PROPERTIES",
    "SOLARIS_11_PROPERTIES",
    "Feature",
]

_KIND = ""
"""Pools have no kinds to which a property applies or not."""
_SWITCH = ("on", "off")


@frozen
class Feature:
    """A feature of the on-disk format.

    Attributes:
        description: As `zpool upgrade -v` words it.
        readable: Whether a pool that uses it can be read without it.
        active: Whether a pool uses it from the moment it is enabled.
    """

    name: str
    description: str
    readable: bool = False
    active: bool = False


def _size(name: str, header: str, values: str = "<size>") -> Property:
    return number(name, Edit.READONLY, _KIND, values, header)


def _set(name: str, values: str, header: str) -> Property:
    return string(name, Edit.DEFAULT, _KIND, values, header)


def _switch(name: str, header: str, default: str, choices: tuple[str, ...] = _SWITCH) -> Property:
    return index(name, _KIND, choices, header, default, edit=Edit.DEFAULT)


_NAME = evolve(string("name", Edit.READONLY, _KIND, "", "NAME"), shown=False)
_ASHIFT = number("ashift", Edit.DEFAULT, _KIND, "<ashift, 9-16, or 0=default>", "ASHIFT", default="0")
_MULTIHOST = _switch("multihost", "MULTIHOST", "off")
_AUTOTRIM = _switch("autotrim", "AUTOTRIM", "off")
_DEDUPDITTO = number("dedupditto", Edit.DEFAULT, _KIND, "<threshold (min 100)>", "DEDUPDITTO", default="0")

ILLUMOS_PROPERTIES = Catalogue((
    _size("size", "SIZE"),
    _size("capacity", "CAP"),
    _set("altroot", "<path>", "ALTROOT"),
    evolve(_size("health", "HEALTH", "<state>"), narrowest=len("HEALTH")),
    _size("guid", "GUID", "<guid>"),
    number("version", Edit.DEFAULT, _KIND, "<version>", "VERSION"),
    _set("bootfs", "<filesystem>", "BOOTFS"),
    _switch("delegation", "DELEGATION", "on"),
    _switch("autoreplace", "REPLACE", "off"),
    _set("cachefile", "<file> | none", "CACHEFILE"),
    _switch("failmode", "FAILMODE", "wait", ("wait", "continue", "panic")),
    _switch("listsnapshots", "LISTSNAPS", "off"),
    _switch("autoexpand", "EXPAND", "off"),
    _DEDUPDITTO,
    _size("dedupratio", "DEDUP", "<1.00x or higher if deduped>"),
    _size("free", "FREE"),
    _size("allocated", "ALLOC"),
    _switch("readonly", "RDONLY", "off"),
    _set("comment", "<comment-string>", "COMMENT"),
    _size("expandsize", "EXPANDSZ"),
    _size("freeing", "FREEING"),
    _size("fragmentation", "FRAG", "<percent>"),
    _size("leaked", "LEAKED"),
    number("bootsize", Edit.ONETIME, _KIND, "<size>", "BOOTSIZE"),
    _size("checkpoint", "CKPOINT"),
    _NAME,
    *(evolve(item, shown=False) for item in (_MULTIHOST, _ASHIFT, _AUTOTRIM)),
))  # fmt: skip
"""illumos. Its newest releases have the three of the last line too; where `all` lists them is not known, so
that they answer to their names only.
"""

OPENZFS_PROPERTIES = ILLUMOS_PROPERTIES.but(
    evolve(ILLUMOS_PROPERTIES["health"], narrowest=8),
    evolve(_DEDUPDITTO, shown=False),
    _size("load_guid", "LOAD_GUID", "<load_guid>"),
    evolve(_set("compatibility", "<file[,file...]> | off | legacy", "COMPATIBILITY"), default="off"),
    *(_MULTIHOST, _ASHIFT, _AUTOTRIM),
).ordered(
    "size capacity altroot health guid version bootfs delegation autoreplace cachefile failmode listsnapshots "
    "autoexpand dedupratio free allocated readonly ashift comment expandsize freeing fragmentation leaked "
    "multihost checkpoint load_guid autotrim compatibility"
)

_EARLY = (
    "size",
    "capacity",
    "altroot",
    "health",
    "guid",
    "version",
    "bootfs",
    "delegation",
    "autoreplace",
    "cachefile",
)
_HIDDEN = (_NAME,)

SOLARIS_11_PROPERTIES = Catalogue((
    *(ILLUMOS_PROPERTIES[name] for name in (*_EARLY, "failmode", "listsnapshots", "autoexpand", "dedupditto")),
    *(ILLUMOS_PROPERTIES[name] for name in ("dedupratio", "free", "allocated", "readonly")),
    *_HIDDEN,
))  # fmt: skip

OPENSOLARIS_PROPERTIES = Catalogue((
    ILLUMOS_PROPERTIES["size"],
    _size("used", "USED"),
    _size("available", "AVAIL"),
    *(ILLUMOS_PROPERTIES[name] for name in (*_EARLY[1:], "failmode", "listsnapshots")),
    *_HIDDEN,
))  # fmt: skip

_READABLE = True
_ACTIVE = True

ILLUMOS_FEATURES = (
    Feature("async_destroy", "Destroy filesystems asynchronously.", _READABLE),
    Feature("empty_bpobj", "Snapshots use less space.", _READABLE),
    Feature("lz4_compress", "LZ4 compression algorithm support.", active=_ACTIVE),
    Feature("multi_vdev_crash_dump", "Crash dumps to multiple vdev pools."),
    Feature("spacemap_histogram", "Spacemaps maintain space histograms.", _READABLE, _ACTIVE),
    Feature("enabled_txg", "Record txg at which a feature is enabled", _READABLE, _ACTIVE),
    Feature("hole_birth", "Retain hole birth txg for more precise zfs send", active=_ACTIVE),
    Feature("extensible_dataset", "Enhanced dataset functionality, used by other features.", active=_ACTIVE),
    Feature("embedded_data", "Blocks which compress very well use even less space.", active=_ACTIVE),
    Feature("bookmarks", '"zfs bookmark" command', _READABLE),
    Feature("filesystem_limits", "Filesystem and snapshot limits.", _READABLE),
    Feature("large_blocks", "Support for blocks larger than 128KB."),
    Feature("large_dnode", "Variable on-disk size of dnodes."),
    Feature("sha512", "SHA-512/256 hash algorithm."),
    Feature("skein", "Skein hash algorithm."),
    Feature("edonr", "Edon-R hash algorithm."),
    Feature("device_removal", "Top-level vdevs can be removed, reducing logical pool size."),
    Feature(
        "obsolete_counts", "Reduce memory used by removed devices when their blocks are freed or remapped.", _READABLE
    ),
    Feature("zpool_checkpoint", "Pool state can be checkpointed, allowing rewind later.", _READABLE),
    Feature("spacemap_v2", "Space maps representing large segments are more efficient.", _READABLE, _ACTIVE),
    Feature("allocation_classes", "Support for separate allocation classes.", _READABLE),
    Feature("resilver_defer", "Support for deferring new resilvers when one is already running.", _READABLE),
    Feature("encryption", "Support for dataset level encryption"),
    Feature("bookmark_v2", "Support for larger bookmarks"),
    Feature("userobj_accounting", "User/Group object accounting.", _READABLE, _ACTIVE),
    Feature("project_quota", "space/object accounting based on project ID.", _READABLE, _ACTIVE),
    Feature(
        "log_spacemap",
        "Log metaslab changes on a single spacemap and flush them periodically.",
        _READABLE,
        _ACTIVE,
    ),
)
"""illumos of 2023; their order, and which are active at once, is inferred."""

_BY_NAME = {feature.name: feature for feature in ILLUMOS_FEATURES}

OPENZFS_FEATURES = (
    *ILLUMOS_FEATURES[:16],
    *(_BY_NAME[name] for name in ("userobj_accounting", "encryption", "project_quota", "device_removal")),
    *(_BY_NAME[name] for name in ("obsolete_counts", "zpool_checkpoint", "spacemap_v2", "allocation_classes")),
    *(_BY_NAME[name] for name in ("resilver_defer", "bookmark_v2")),
    Feature("redaction_bookmarks", "Support for bookmarks which store redaction lists for zfs redacted send/recv."),
    Feature("redacted_datasets", "Support for redacted datasets, produced by receiving a redacted zfs send stream."),
    Feature(
        "bookmark_written",
        "Additional accounting, enabling the written#<bookmark> property"
        "(space written since a bookmark), and estimates of send stream sizes for incrementals from bookmarks.",
    ),
    _BY_NAME["log_spacemap"],
    Feature("livelist", "Improved clone deletion performance.", _READABLE),
    Feature("device_rebuild", "Support for sequential mirror/dRAID device rebuilds", _READABLE),
    Feature("zstd_compress", "zstd compression algorithm support."),
    Feature("draid", "Support for distributed spare RAID"),
)
