"""The properties of each release of ZFS.

Source: illumos and OpenZFS zfs_prop.c and fs/zfs.h; the tables of 2009 from the same files of Solaris Express.
What Oracle's releases have beyond them is inferred from its manual pages.
"""

from attrs import evolve

from sansim.solaris.zfs.properties import Catalogue, Edit, Property, Shape, index, number, size, string

__all__ = ["ILLUMOS_PROPERTIES", "OPENZFS_PROPERTIES"]

_ON_OFF = ("on", "off")
_FS = "f"
_VOL = "v"
_SNAP = "s"
_BOOK = "b"
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
_EVERY = _ALL + _BOOK
_OWN = _FS + _VOL
_FILES = _FS + _SNAP

_NAME = Property("name", Shape.STRING, Edit.READONLY, _EVERY, "", "NAME", shown=False)

_PROPERTIES = (
    string("type", Edit.READONLY, _EVERY, "filesystem | volume | snapshot | bookmark", "TYPE"),
    Property("creation", Shape.NUMBER, Edit.READONLY, _EVERY, "<date>", "CREATION"),
    size("used", _ALL, "USED"),
    size("available", _OWN, "AVAIL"),
    size("referenced", _ALL, "REFER"),
    number("compressratio", Edit.READONLY, _ALL, _RATIO, "RATIO"),
    index("mounted", _FS, ("yes", "no"), "MOUNTED", "no", edit=Edit.READONLY),
    string("origin", Edit.READONLY, _OWN, "<snapshot>", "ORIGIN"),
    number("quota", Edit.DEFAULT, _FS, "<size> | none", "QUOTA", default="0"),
    number("reservation", Edit.DEFAULT, _OWN, "<size> | none", "RESERV", default="0"),
    number("volsize", Edit.DEFAULT, _VOL, "<size>", "VOLSIZE"),
    number("volblocksize", Edit.ONETIME, _VOL, "512 to 128k, power of 2", "VOLBLOCK", default="8192"),
    number("recordsize", Edit.INHERIT, _FS, "512 to 1M, power of 2", "RECSIZE", default="131072"),
    string("mountpoint", Edit.INHERIT, _FS, "<path> | legacy | none", "MOUNTPOINT", default="/"),
    string("sharenfs", Edit.INHERIT, _FS, "on | off | share(8) options", "SHARENFS", default="off"),
    index("checksum", _OWN, _CHECKSUMS, "CHECKSUM", "on"),
    index(
        "compression",
        _OWN,
        _COMPRESSIONS,
        "COMPRESS",
        "off",
        values="on | off | lzjb | gzip | gzip-[1-9] | zle | lz4",
    ),
    index("atime", _FS, _ON_OFF, "ATIME", "on"),
    index("devices", _FILES, _ON_OFF, "DEVICES", "on"),
    index("exec", _FILES, _ON_OFF, "EXEC", "on"),
    index("setuid", _FILES, _ON_OFF, "SETUID", "on"),
    index("readonly", _OWN, _ON_OFF, "RDONLY", "off"),
    index("zoned", _FS, _ON_OFF, "ZONED", "off"),
    index("snapdir", _FS, ("hidden", "visible"), "SNAPDIR", "hidden"),
    index("aclmode", _FS, ("discard", "groupmask", "passthrough", "restricted"), "ACLMODE", "discard"),
    index(
        "aclinherit",
        _FS,
        ("discard", "noallow", "restricted", "passthrough", "passthrough-x"),
        "ACLINHERIT",
        "restricted",
    ),
    number("createtxg", Edit.READONLY, _EVERY, "<uint64>", "CREATETXG"),
    index("canmount", _FS, ("on", "off", "noauto"), "CANMOUNT", "on", edit=Edit.DEFAULT),
    index("xattr", _FILES, _ON_OFF, "XATTR", "on"),
    index("copies", _OWN, ("1", "2", "3"), "COPIES", "1"),
    index("version", _FILES, ("1", "2", "3", "4", "5", "current"), "VERSION", "5", edit=Edit.DEFAULT),
    index("utf8only", _FILES, _ON_OFF, "UTF8ONLY", "off", edit=Edit.ONETIME),
    index(
        "normalization",
        _FILES,
        ("none", "formC", "formD", "formKC", "formKD"),
        "NORMALIZATION",
        "none",
        edit=Edit.ONETIME,
    ),
    index("casesensitivity", _FILES, ("sensitive", "insensitive", "mixed"), "CASE", "sensitive", edit=Edit.ONETIME),
    index("vscan", _FS, _ON_OFF, "VSCAN", "off"),
    index("nbmand", _FILES, _ON_OFF, "NBMAND", "off"),
    string("sharesmb", Edit.INHERIT, _FS, "on | off | sharemgr(8) options", "SHARESMB", default="off"),
    number("refquota", Edit.DEFAULT, _FS, "<size> | none", "REFQUOTA", default="0"),
    number("refreservation", Edit.DEFAULT, _OWN, "<size> | none", "REFRESERV", default="0"),
    number("guid", Edit.READONLY, _EVERY, "<uint64>", "GUID"),
    index("primarycache", _ALL, ("all", "none", "metadata"), "PRIMARYCACHE", "all"),
    index("secondarycache", _ALL, ("all", "none", "metadata"), "SECONDARYCACHE", "all"),
    size("usedbysnapshots", _OWN, "USEDSNAP"),
    size("usedbydataset", _OWN, "USEDDS"),
    size("usedbychildren", _OWN, "USEDCHILD"),
    size("usedbyrefreservation", _OWN, "USEDREFRESERV"),
    index("defer_destroy", _SNAP, ("yes", "no"), "DEFER_DESTROY", "off", edit=Edit.READONLY),
    number("userrefs", Edit.READONLY, _SNAP, "<count>", "USERREFS"),
    index("logbias", _OWN, ("latency", "throughput"), "LOGBIAS", "latency"),
    index(
        "dedup",
        _OWN,
        _DEDUPS,
        "DEDUP",
        "off",
        values="on | off | verify | sha256[,verify], sha512[,verify], skein[,verify], edonr,verify",
    ),
    string("mlslabel", Edit.INHERIT, _ALL, "<sensitivity label>", "MLSLABEL", default="none"),
    index("sync", _OWN, ("standard", "always", "disabled"), "SYNC", "standard"),
    number("refcompressratio", Edit.READONLY, _ALL, _RATIO, "REFRATIO"),
    size("written", _ALL, "WRITTEN"),
    string("clones", Edit.READONLY, _SNAP, "<dataset>[,...]", "CLONES"),
    size("logicalused", _OWN, "LUSED"),
    size("logicalreferenced", _ALL, "LREFER"),
    number("filesystem_limit", Edit.DEFAULT, _FS, "<count> | none", "FSLIMIT", default=str(2**64 - 1)),
    number("snapshot_limit", Edit.DEFAULT, _OWN, "<count> | none", "SSLIMIT", default=str(2**64 - 1)),
    number("filesystem_count", Edit.READONLY, _FS, "<count>", "FSCOUNT", default=str(2**64 - 1)),
    number("snapshot_count", Edit.READONLY, _OWN, "<count>", "SSCOUNT", default=str(2**64 - 1)),
    index("redundant_metadata", _OWN, ("all", "most"), "REDUND_MD", "all"),
    string("receive_resume_token", Edit.READONLY, _OWN, "<string token>", "RESUMETOK"),
    index("encryption", _OWN, _ENCRYPTIONS, "ENCRYPTION", "off", edit=Edit.ONETIME),
    string("encryptionroot", Edit.READONLY, _OWN, "<filesystem | volume>", "ENCROOT"),
    index(
        "keystatus",
        _OWN,
        ("none", "unavailable", "available"),
        "KEYSTATUS",
        "none",
        edit=Edit.READONLY,
    ),
    string("keylocation", Edit.DEFAULT, _OWN, "prompt | <file URI>", "KEYLOCATION", default="none"),
    index("keyformat", _OWN, ("none", "raw", "hex", "passphrase"), "KEYFORMAT", "none", edit=Edit.ONETIME_DEFAULT),
    number("pbkdf2iters", Edit.ONETIME_DEFAULT, _OWN, "<iters>", "PBKDF2ITERS", default="0"),
    index("dnodesize", _FS, ("legacy", "auto", "1k", "2k", "4k", "8k", "16k"), "DNSIZE", "legacy"),
    number(
        "special_small_blocks",
        Edit.INHERIT,
        _FS,
        "zero or 512 to 128K, power of 2",
        "SPECIAL_SMALL_BLOCKS",
        default="0",
    ),
)

_ACCOUNTS = ("userused@", "groupused@", "userquota@", "groupquota@")
_LINUX_ACCOUNTS = tuple(
    f"{who}{what}{of}@" for who in ("user", "group", "project") for what in ("", "obj") for of in ("used", "quota")
)

ILLUMOS_PROPERTIES = Catalogue((*_PROPERTIES, _NAME), (*_ACCOUNTS, "written@"))

# OpenZFS 2.1 on Linux

_LINUX_COMPRESSIONS = (
    *(*_COMPRESSIONS, "zstd", "zstd-fast"),
    *(f"zstd-{level}" for level in range(1, 20)),
    *(f"zstd-fast-{level}" for level in (*range(1, 11), *range(20, 101, 10), 500, 1000)),
)
_SELINUX = ("context", "fscontext", "defcontext", "rootcontext")
_WITH_LETTER = (
    *("used", "available", "referenced", "quota", "refquota", "reservation", "refreservation"),
    *("usedbysnapshots", "usedbydataset", "usedbychildren", "usedbyrefreservation"),
)

_LINUX = evolve(ILLUMOS_PROPERTIES, accounts=(*_LINUX_ACCOUNTS, "written@", "written#"), byte="B").but(
    # Counted as wide as a pool's health, whose number it shares.
    evolve(ILLUMOS_PROPERTIES["referenced"], kinds=_EVERY, narrowest=8),
    evolve(ILLUMOS_PROPERTIES["logicalreferenced"], kinds=_EVERY),
    number("volsize", Edit.DEFAULT, _VOL + _SNAP, "<size>", "VOLSIZE"),
    string("sharenfs", Edit.INHERIT, _FS, "on | off | NFS share options", "SHARENFS", default="off"),
    string("sharesmb", Edit.INHERIT, _FS, "on | off | SMB share options", "SHARESMB", default="off"),
    index(
        "compression",
        _OWN,
        _LINUX_COMPRESSIONS,
        "COMPRESS",
        "off",
        values="on | off | lzjb | gzip | gzip-[1-9] | zle | lz4 | zstd | zstd-[1-19] | zstd-fast | "
        "zstd-fast-[1-10,20,30,40,50,60,70,80,90,100,500,1000]",
    ),
    index("xattr", _FILES, ("on", "off", "dir", "sa"), "XATTR", "on"),
    index(
        "dedup",
        _OWN,
        _DEDUPS,
        "DEDUP",
        "off",
        values="on | off | verify | sha256[,verify] | sha512[,verify] | skein[,verify] | edonr,verify",
    ),
    index("redundant_metadata", _OWN, ("all", "most", "some", "none"), "REDUND_MD", "all"),
    index("encryption", _ALL, _ENCRYPTIONS, "ENCRYPTION", "off", edit=Edit.ONETIME),
    string(
        "keylocation",
        Edit.DEFAULT,
        _OWN,
        "prompt | <file URI> | <https URL> | <http URL>",
        "KEYLOCATION",
        default="none",
    ),
    number(
        "special_small_blocks",
        Edit.INHERIT,
        _FS,
        "zero or 512 to 1M, power of 2",
        "SPECIAL_SMALL_BLOCKS",
        default="0",
    ),
    number("objsetid", Edit.READONLY, _ALL, "<uint64>", "OBJSETID"),
    index("volmode", _OWN, ("default", "full", "geom", "dev", "none"), "VOLMODE", "default"),
    index("snapdev", _OWN, ("hidden", "visible"), "SNAPDEV", "hidden"),
    index("acltype", _FILES, ("off", "nfsv4", "posix"), "ACLTYPE", "off"),
    *(string(name, Edit.DEFAULT, _ALL, f"<selinux {name}>", name.upper(), default="none") for name in _SELINUX),
    index("relatime", _FS, _ON_OFF, "RELATIME", "off"),
    index("overlay", _FS, _ON_OFF, "OVERLAY", "on"),
    string("redact_snaps", Edit.READONLY, _ALL, "<snapshot>[,...]", "RSNAPS"),
)

OPENZFS_PROPERTIES = _LINUX.but(
    *(evolve(_LINUX[name], byte="B") for name in _WITH_LETTER),
    *(evolve(_LINUX[name], bare=True) for name in ("compressratio", "refcompressratio")),
).ordered(
    """
    type creation used available referenced compressratio mounted origin quota reservation volsize volblocksize
    recordsize mountpoint sharenfs checksum compression atime devices exec setuid readonly zoned snapdir aclmode
    aclinherit createtxg canmount xattr copies version utf8only normalization casesensitivity vscan nbmand sharesmb
    refquota refreservation guid primarycache secondarycache usedbysnapshots usedbydataset usedbychildren
    usedbyrefreservation defer_destroy userrefs logbias objsetid dedup mlslabel sync dnodesize refcompressratio
    written clones logicalused logicalreferenced volmode filesystem_limit snapshot_limit filesystem_count
    snapshot_count snapdev acltype context fscontext defcontext rootcontext relatime redundant_metadata overlay
    receive_resume_token encryption keylocation keyformat pbkdf2iters encryptionroot keystatus special_small_blocks
    redact_snaps
    """
)
