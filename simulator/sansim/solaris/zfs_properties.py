"""The properties that datasets and snapshots have.

Source: illumos zfs_prop.c and fs/zfs.h. The order is the one in which `zfs get all` lists them.
"""

from enum import Enum

from attrs import frozen

__all__ = ["LISTED", "NAME", "PROPERTIES", "SPACE_COLUMNS", "Edit", "Property", "Shape", "find"]

_ON_OFF = ("on", "off")
_FS = "f"
_VOL = "v"
_SNAP = "s"
_KINDS = {"filesystem": _FS, "volume": _VOL, "snapshot": _SNAP}


class Shape(Enum):
    """What a property's value is: `INDEX` is one of a fixed set of words."""

    NUMBER = "number"
    STRING = "string"
    INDEX = "index"


class Edit(Enum):
    """Whether a property can be set, and whether it is inherited."""

    READONLY = "readonly"
    INHERIT = "inherit"
    DEFAULT = "default"
    ONETIME = "onetime"
    ONETIME_DEFAULT = "onetime default"


@frozen
class Property:
    """A property.

    Attributes:
        kinds: Letters of what it applies to: `f`ilesystem, `v`olume, `s`napshot.
        values: What the usage text says that it may be.
        header: The title of its column.
        default: As typed; None where there is none to speak of.
        choices: The words of an index property, in the order of the usage text.
        right: Whether its column is right-aligned.
        shown: Whether `all` and the usage text contain it.
    """

    name: str
    shape: Shape
    edit: Edit
    kinds: str
    values: str
    header: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    right: bool = False
    shown: bool = True

    def applies_to(self, kind: str) -> bool:
        """Tell whether a `filesystem`, `volume` or `snapshot` has it."""
        return _KINDS[kind] in self.kinds

    @property
    def settable(self) -> bool:
        """Whether it can be set on what exists."""
        return self.edit in (Edit.INHERIT, Edit.DEFAULT)

    @property
    def inheritable(self) -> bool:
        """Whether ZFS counts it among the inherited ones (those fixed at making are)."""
        return self.edit in (Edit.INHERIT, Edit.ONETIME)


def _number(
    name: str,
    edit: Edit,
    kinds: str,
    values: str,
    header: str,
    *,
    default: str | None = None,
) -> Property:
    return Property(name, Shape.NUMBER, edit, kinds, values, header, default, right=True)


def _size(name: str, kinds: str, header: str) -> Property:
    return _number(name, Edit.READONLY, kinds, "<size>", header)


def _string(name: str, edit: Edit, kinds: str, values: str, header: str, *, default: str | None = None) -> Property:
    return Property(name, Shape.STRING, edit, kinds, values, header, default)


def _index(
    name: str,
    kinds: str,
    choices: tuple[str, ...],
    header: str,
    default: str,
    *,
    edit: Edit = Edit.INHERIT,
    values: str = "",
) -> Property:
    return Property(name, Shape.INDEX, edit, kinds, values or " | ".join(choices), header, default, choices)


_CHECKSUMS = ("on", "off", "fletcher2", "fletcher4", "sha256", "sha512", "skein", "edonr")
_COMPRESSIONS = ("on", "off", "lzjb", "gzip", *(f"gzip-{level}" for level in range(1, 10)), "zle", "lz4")
_DEDUPS = (
    *("on", "off", "verify", "sha256", "sha256,verify", "sha512", "sha512,verify"),
    *("skein", "skein,verify", "edonr,verify"),
)
_ENCRYPTIONS = (
    *("on", "off", "aes-128-ccm", "aes-192-ccm", "aes-256-ccm"),
    *("aes-128-gcm", "aes-192-gcm", "aes-256-gcm"),
)
_RATIO = "<1.00x or higher if compressed>"
_ALL = _FS + _VOL + _SNAP
_OWN = _FS + _VOL
_FILES = _FS + _SNAP

NAME = Property("name", Shape.STRING, Edit.READONLY, _ALL, "", "NAME", shown=False)

PROPERTIES = (
    _string("type", Edit.READONLY, _ALL, "filesystem | volume | snapshot | bookmark", "TYPE"),
    Property("creation", Shape.NUMBER, Edit.READONLY, _ALL, "<date>", "CREATION"),
    _size("used", _ALL, "USED"),
    _size("available", _OWN, "AVAIL"),
    _size("referenced", _ALL, "REFER"),
    _number("compressratio", Edit.READONLY, _ALL, _RATIO, "RATIO"),
    _index("mounted", _FS, ("yes", "no"), "MOUNTED", "no", edit=Edit.READONLY),
    _string("origin", Edit.READONLY, _OWN, "<snapshot>", "ORIGIN"),
    _number("quota", Edit.DEFAULT, _FS, "<size> | none", "QUOTA", default="0"),
    _number("reservation", Edit.DEFAULT, _OWN, "<size> | none", "RESERV", default="0"),
    _number("volsize", Edit.DEFAULT, _VOL, "<size>", "VOLSIZE"),
    _number("volblocksize", Edit.ONETIME, _VOL, "512 to 128k, power of 2", "VOLBLOCK", default="8192"),
    _number("recordsize", Edit.INHERIT, _FS, "512 to 1M, power of 2", "RECSIZE", default="131072"),
    _string("mountpoint", Edit.INHERIT, _FS, "<path> | legacy | none", "MOUNTPOINT", default="/"),
    _string("sharenfs", Edit.INHERIT, _FS, "on | off | share(8) options", "SHARENFS", default="off"),
    _index("checksum", _OWN, _CHECKSUMS, "CHECKSUM", "on"),
    _index(
        "compression",
        _OWN,
        _COMPRESSIONS,
        "COMPRESS",
        "off",
        values="on | off | lzjb | gzip | gzip-[1-9] | zle | lz4",
    ),
    _index("atime", _FS, _ON_OFF, "ATIME", "on"),
    _index("devices", _FILES, _ON_OFF, "DEVICES", "on"),
    _index("exec", _FILES, _ON_OFF, "EXEC", "on"),
    _index("setuid", _FILES, _ON_OFF, "SETUID", "on"),
    _index("readonly", _OWN, _ON_OFF, "RDONLY", "off"),
    _index("zoned", _FS, _ON_OFF, "ZONED", "off"),
    _index("snapdir", _FS, ("hidden", "visible"), "SNAPDIR", "hidden"),
    _index("aclmode", _FS, ("discard", "groupmask", "passthrough", "restricted"), "ACLMODE", "discard"),
    _index(
        "aclinherit",
        _FS,
        ("discard", "noallow", "restricted", "passthrough", "passthrough-x"),
        "ACLINHERIT",
        "restricted",
    ),
    _number("createtxg", Edit.READONLY, _ALL, "<uint64>", "CREATETXG"),
    _index("canmount", _FS, ("on", "off", "noauto"), "CANMOUNT", "on", edit=Edit.DEFAULT),
    _index("xattr", _FILES, _ON_OFF, "XATTR", "on"),
    _index("copies", _OWN, ("1", "2", "3"), "COPIES", "1"),
    _index("version", _FILES, ("1", "2", "3", "4", "5", "current"), "VERSION", "5", edit=Edit.DEFAULT),
    _index("utf8only", _FILES, _ON_OFF, "UTF8ONLY", "off", edit=Edit.ONETIME),
    _index(
        "normalization",
        _FILES,
        ("none", "formC", "formD", "formKC", "formKD"),
        "NORMALIZATION",
        "none",
        edit=Edit.ONETIME,
    ),
    _index("casesensitivity", _FILES, ("sensitive", "insensitive", "mixed"), "CASE", "sensitive", edit=Edit.ONETIME),
    _index("vscan", _FS, _ON_OFF, "VSCAN", "off"),
    _index("nbmand", _FILES, _ON_OFF, "NBMAND", "off"),
    _string("sharesmb", Edit.INHERIT, _FS, "on | off | sharemgr(8) options", "SHARESMB", default="off"),
    _number("refquota", Edit.DEFAULT, _FS, "<size> | none", "REFQUOTA", default="0"),
    _number("refreservation", Edit.DEFAULT, _OWN, "<size> | none", "REFRESERV", default="0"),
    _number("guid", Edit.READONLY, _ALL, "<uint64>", "GUID"),
    _index("primarycache", _ALL, ("all", "none", "metadata"), "PRIMARYCACHE", "all"),
    _index("secondarycache", _ALL, ("all", "none", "metadata"), "SECONDARYCACHE", "all"),
    _size("usedbysnapshots", _OWN, "USEDSNAP"),
    _size("usedbydataset", _OWN, "USEDDS"),
    _size("usedbychildren", _OWN, "USEDCHILD"),
    _size("usedbyrefreservation", _OWN, "USEDREFRESERV"),
    _index("defer_destroy", _SNAP, ("yes", "no"), "DEFER_DESTROY", "off", edit=Edit.READONLY),
    _number("userrefs", Edit.READONLY, _SNAP, "<count>", "USERREFS"),
    _index("logbias", _OWN, ("latency", "throughput"), "LOGBIAS", "latency"),
    _index(
        "dedup",
        _OWN,
        _DEDUPS,
        "DEDUP",
        "off",
        values="on | off | verify | sha256[,verify], sha512[,verify], skein[,verify], edonr,verify",
    ),
    _string("mlslabel", Edit.INHERIT, _ALL, "<sensitivity label>", "MLSLABEL", default="none"),
    _index("sync", _OWN, ("standard", "always", "disabled"), "SYNC", "standard"),
    _number("refcompressratio", Edit.READONLY, _ALL, _RATIO, "REFRATIO"),
    _size("written", _ALL, "WRITTEN"),
    _string("clones", Edit.READONLY, _SNAP, "<dataset>[,...]", "CLONES"),
    _size("logicalused", _OWN, "LUSED"),
    _size("logicalreferenced", _ALL, "LREFER"),
    _number("filesystem_limit", Edit.DEFAULT, _FS, "<count> | none", "FSLIMIT", default=str(2**64 - 1)),
    _number("snapshot_limit", Edit.DEFAULT, _OWN, "<count> | none", "SSLIMIT", default=str(2**64 - 1)),
    _number("filesystem_count", Edit.READONLY, _FS, "<count>", "FSCOUNT", default=str(2**64 - 1)),
    _number("snapshot_count", Edit.READONLY, _OWN, "<count>", "SSCOUNT", default=str(2**64 - 1)),
    _index("redundant_metadata", _OWN, ("all", "most"), "REDUND_MD", "all"),
    _string("receive_resume_token", Edit.READONLY, _OWN, "<string token>", "RESUMETOK"),
    _index("encryption", _OWN, _ENCRYPTIONS, "ENCRYPTION", "off", edit=Edit.ONETIME),
    _string("encryptionroot", Edit.READONLY, _OWN, "<filesystem | volume>", "ENCROOT"),
    _index(
        "keystatus",
        _OWN,
        ("none", "unavailable", "available"),
        "KEYSTATUS",
        "none",
        edit=Edit.READONLY,
    ),
    _string("keylocation", Edit.DEFAULT, _OWN, "prompt | <file URI>", "KEYLOCATION", default="none"),
    _index("keyformat", _OWN, ("none", "raw", "hex", "passphrase"), "KEYFORMAT", "none", edit=Edit.ONETIME_DEFAULT),
    _number("pbkdf2iters", Edit.ONETIME_DEFAULT, _OWN, "<iters>", "PBKDF2ITERS", default="0"),
    _index("dnodesize", _FS, ("legacy", "auto", "1k", "2k", "4k", "8k", "16k"), "DNSIZE", "legacy"),
    _number(
        "special_small_blocks",
        Edit.INHERIT,
        _FS,
        "zero or 512 to 128K, power of 2",
        "SPECIAL_SMALL_BLOCKS",
        default="0",
    ),
)

LISTED = ("name", "used", "available", "referenced", "mountpoint")
SPACE_COLUMNS = (
    *("name", "available", "used", "usedbysnapshots"),
    *("usedbydataset", "usedbyrefreservation", "usedbychildren"),
)

_BY_NAME = {item.name: item for item in (NAME, *PROPERTIES)}
_BY_HEADER = {item.header.lower(): item for item in (NAME, *PROPERTIES)}


def find(name: str) -> Property | None:
    """Return the property of a name; a column's title in lower case is one too (`avail`)."""
    return _BY_NAME.get(name) or _BY_HEADER.get(name)
