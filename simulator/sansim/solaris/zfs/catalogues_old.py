"""The properties of older releases of ZFS, and of Oracle's.

Source: zfs_prop.c and fs/zfs.h of Solaris Express of early 2009 (build 108). What Solaris 11.3 has is inferred from its
manual page and from illumos of 2010, its last common ancestor.
"""

from attrs import evolve

from sansim.solaris.zfs.catalogues import ILLUMOS_PROPERTIES
from sansim.solaris.zfs.properties import Edit, index, number, string

__all__ = ["OPENSOLARIS_PROPERTIES", "SOLARIS_11_PROPERTIES"]

_CHECKSUMS = ("on", "off", "fletcher2", "fletcher4", "sha256")
_COMPRESSIONS = ("on", "off", "lzjb", "gzip", *(f"gzip-{level}" for level in range(1, 10)))
_DEDUPS = ("on", "off", "verify", "sha256", "sha256,verify")
_KEY_SOURCES = "none | raw | hex | passphrase, prompt | file | pkcs11 | https"
_HIDDEN = tuple(evolve(ILLUMOS_PROPERTIES[name], shown=False) for name in ("createtxg", "guid"))

_WITHOUT_ACCOUNTS = evolve(ILLUMOS_PROPERTIES, accounts=())
_WITH_USERS = evolve(
    ILLUMOS_PROPERTIES, accounts=tuple(name for name in ILLUMOS_PROPERTIES.accounts if name != "written@")
)

OPENSOLARIS_PROPERTIES = _WITHOUT_ACCOUNTS.but(
    *_HIDDEN,
    string("type", Edit.READONLY, "fvs", "filesystem | volume | snapshot", "TYPE"),
    number("recordsize", Edit.INHERIT, "f", "512 to 128k, power of 2", "RECSIZE", default="131072"),
    string("sharenfs", Edit.INHERIT, "f", "on | off | share(1M) options", "SHARENFS", default="off"),
    string("sharesmb", Edit.INHERIT, "f", "on | off | sharemgr(1M) options", "SHARESMB", default="off"),
    string("shareiscsi", Edit.INHERIT, "fvs", "on | off | type=<type>", "SHAREISCSI", default="off"),
    index("checksum", "fv", _CHECKSUMS, "CHECKSUM", "on"),
    index("compression", "fv", _COMPRESSIONS, "COMPRESS", "off", values="on | off | lzjb | gzip | gzip-[1-9]"),
    index("aclmode", "f", ("discard", "groupmask", "passthrough"), "ACLMODE", "groupmask"),
    index("version", "fs", ("1", "2", "3", "current"), "VERSION", "3", edit=Edit.DEFAULT),
).ordered(
    """
    type creation used available referenced compressratio mounted origin quota reservation volsize volblocksize
    recordsize mountpoint sharenfs checksum compression atime devices exec setuid readonly zoned snapdir aclmode
    aclinherit canmount shareiscsi xattr copies version utf8only normalization casesensitivity vscan nbmand sharesmb
    refquota refreservation primarycache secondarycache usedbysnapshots usedbydataset usedbychildren
    usedbyrefreservation
    """
)

SOLARIS_11_PROPERTIES = _WITH_USERS.but(
    *_HIDDEN,
    string("type", Edit.READONLY, "fvs", "filesystem | volume | snapshot", "TYPE"),
    string("sharenfs", Edit.INHERIT, "f", "on | off | share(1M) options", "SHARENFS", default="off"),
    string("sharesmb", Edit.INHERIT, "f", "on | off | sharemgr(1M) options", "SHARESMB", default="off"),
    index("version", "fs", ("1", "2", "3", "4", "5", "6", "current"), "VERSION", "6", edit=Edit.DEFAULT),
    index("checksum", "fv", (*_CHECKSUMS, "sha256+mac"), "CHECKSUM", "on"),
    index("dedup", "fv", _DEDUPS, "DEDUP", "off", values="on | off | verify | sha256[,verify]"),
    string("keysource", Edit.INHERIT, "fv", _KEY_SOURCES, "KEYSOURCE", default="none"),
    string("rekeydate", Edit.READONLY, "fv", "<date>", "REKEYDATE"),
).ordered(
    """
    type creation used available referenced compressratio mounted origin quota reservation volsize volblocksize
    recordsize mountpoint sharenfs checksum compression atime devices exec setuid readonly zoned snapdir aclmode
    aclinherit canmount xattr copies version utf8only normalization casesensitivity vscan nbmand sharesmb refquota
    refreservation primarycache secondarycache usedbysnapshots usedbydataset usedbychildren usedbyrefreservation
    defer_destroy userrefs logbias dedup mlslabel sync encryption keysource keystatus rekeydate
    """
)
