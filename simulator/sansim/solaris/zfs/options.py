"""Which options the sub-commands of zfs take in each release, as they give them to getopt.

Source: zfs_main.c of illumos, of OpenZFS 2.1.11, of Solaris Express of early 2009 (build 108) and of illumos of 2011,
whose common root with Oracle's releases lies a year back.
"""

from collections.abc import Mapping

from attrs import frozen

__all__ = ["ILLUMOS_OPTIONS", "OLDEST_OPTIONS", "OLD_OPTIONS", "OPENZFS_OPTIONS", "Letters", "OptionTable"]


@frozen
class Letters:
    """The options of one sub-command.

    Attributes:
        flags: Letters without argument.
        valued: Letters with one.
    """

    flags: str = ""
    valued: str = ""


OptionTable = Mapping[str, Letters]
"""The options by sub-command."""

ILLUMOS_OPTIONS: OptionTable = {
    "create": Letters("sp", "Vbo"),
    "destroy": Letters("vpndfrR"),
    "snapshot": Letters("r", "o"),
    "rollback": Letters("rRf"),
    "clone": Letters("p", "o"),
    "promote": Letters(),
    "rename": Letters("fpr"),
    "list": Letters("Hpr", "Sdost"),
    "get": Letters("rHp", "dost"),
    "inherit": Letters("rS"),
    "hold": Letters("r"),
    "holds": Letters("rH"),
    "release": Letters("r"),
    "send": Letters("RDpvnPLehcwb", "iIt"),
    "receive": Letters("dehnuvFsA", "ox"),
    "bookmark": Letters(),
    "allow": Letters("ldugecsh"),
    "unallow": Letters("ldugecsrh"),
    "mount": Letters("alvO", "o"),
    "unmount": Letters("af"),
    "share": Letters("al"),
    "unshare": Letters("a"),
    "diff": Letters("FHt"),
    "upgrade": Letters("rva", "V"),
    "userspace": Letters("niHp", "ostS"),
    "groupspace": Letters("niHp", "ostS"),
    "load-key": Letters("anr", "L"),
    "unload-key": Letters("ar"),
    "change-key": Letters("li", "o"),
}

OPENZFS_OPTIONS: OptionTable = {
    **ILLUMOS_OPTIONS,
    "create": Letters("Pnpsuv", "Vbo"),
    "rename": Letters("fpru"),
    "send": Letters("RsDpVvnPLehcwbS", "iItd"),
    "receive": Letters("dehMnuvFsA", "ox"),
    "mount": Letters("alvOf", "o"),
    "unmount": Letters("afu"),
    "diff": Letters("FHth"),
}

OLD_OPTIONS: OptionTable = {
    **ILLUMOS_OPTIONS,
    "destroy": Letters("dfrR"),
    "rename": Letters("pr"),
    "get": Letters("rHp", "dos"),
    "send": Letters("RDpv", "iI"),
    "receive": Letters("denuvF"),
}

OLDEST_OPTIONS: OptionTable = {
    **OLD_OPTIONS,
    "destroy": Letters("frR"),
    "list": Letters("Hr", "Sost"),
    "get": Letters("rHp", "os"),
    "inherit": Letters("r"),
    "send": Letters("Rv", "iI"),
    "receive": Letters("dnuvF"),
}
