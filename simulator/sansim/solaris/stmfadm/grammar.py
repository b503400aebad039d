"""The tables of stmfadm: sub-commands in the order of the usage, options, help texts.

Source: illumos `stmfadm.c`; blanks at line ends are printed.
"""

from attrs import evolve

from sansim.solaris.stmfadm.options import Grammar, Operands, Option, Subcommand
from sansim.solaris.stmfadm.release import StmfRelease

__all__ = ["grammar"]

_ADD_VIEW_HELP = """
Description: Add a view entry to a logical unit.\x20
A view entry is comprised of three elements; the\x20
logical unit number, the target group name and the
host group name. These three elements combine together
to form a view for a given COMSTAR logical unit.
This view is realized by a client, a SCSI initiator,
via a REPORT LUNS command.\x20
"""

_CREATE_HELP = """
Description: Create a logical unit.\x20
Valid properties for -p, --lu-prop are:\x20
     alias    - alias for logical unit (up to 255 chars)
     blk      - block size in bytes in 2^n
     guid     - 32 ascii hex characters in NAA format\x20
     host-id  - host identifier to be used for GUID generation\x20
                8 ascii hex characters
     meta     - separate meta data file name
     mgmt-url - Management URL address
     oui      - organizational unique identifier
                6 ascii hex characters of valid format
     pid      - product identifier (up to 16 chars)
     serial   - serial number (up to 252 chars)
     vid      - vendor identifier (up to 8 chars)
     wcd      - write cache disabled (true, false)
     wp       - write protect (true, false)
"""

_MODIFY_HELP = """
Description: Modify properties of a logical unit.\x20
Valid properties for -p, --lu-prop are:\x20
     alias    - alias for logical unit (up to 255 chars)
     mgmt-url - Management URL address
     wcd      - write cache disabled (true, false)
     wp       - write protect (true, false)

-f alters the meaning of the operand to be a file name
rather than a LU name. This allows for modification
of a logical unit that is not yet imported into stmf
"""

_ONE = Operands.ONE
_SOME = Operands.SOME
_ANY = Operands.ANY

_ILLUMOS = Grammar(
    options=(
        Option("a", "all"),
        Option("g", "group-name", "group-name"),
        Option("k", "keep-views"),
        Option("l", "lu-name", "LU-Name"),
        Option("n", "lun", "logical-unit-number"),
        Option("p", "lu-prop", "logical-unit-property=value"),
        Option("f", "file"),
        Option("s", "size", "size K/M/G/T/P"),
        Option("t", "target-group", "group-name"),
        Option("h", "host-group", "group-name"),
        Option("v", "verbose"),
    ),
    subcommands=(
        Subcommand("add-hg-member", "g", "g", _SOME, "group-member"),
        Subcommand("add-tg-member", "g", "g", _SOME, "group-member"),
        Subcommand("add-view", "nth", "", _ONE, "LU-name", _ADD_VIEW_HELP),
        Subcommand("create-hg", "", "", _ONE, "group-name"),
        Subcommand("create-tg", "", "", _ONE, "group-name"),
        Subcommand("create-lu", "ps", "", _ONE, "lu file", _CREATE_HELP),
        Subcommand("delete-hg", "", "", _ONE, "group-name"),
        Subcommand("modify-lu", "psf", "", _ONE, "LU-name", _MODIFY_HELP),
        Subcommand("delete-lu", "k", "", _SOME, "LU-name"),
        Subcommand("delete-tg", "", "", _ONE, "group-name"),
        Subcommand("import-lu", "", "", _ONE, "file name"),
        Subcommand("list-hg", "v", "", _ANY, "group-name"),
        Subcommand("list-lu", "v", "", _ANY, "LU-name"),
        Subcommand("list-state", "", "", Operands.NONE),
        Subcommand("list-target", "v", "", _ANY, "target-name"),
        Subcommand("list-tg", "v", "", _ANY, "group-name"),
        Subcommand("list-view", "l", "l", _ANY, "ve-number"),
        Subcommand("online-lu", "", "", _ONE, "LU-name"),
        Subcommand("offline-lu", "", "", _ONE, "LU-name"),
        Subcommand("online-target", "", "", _ONE, "target-name"),
        Subcommand("offline-target", "", "", _ONE, "target-name"),
        Subcommand("remove-hg-member", "g", "g", _SOME, "group-member"),
        Subcommand("remove-tg-member", "g", "g", _SOME, "group-member"),
        Subcommand("remove-view", "la", "l", _ANY, "ve-number"),
    ),
)
_VERBOSE_VIEWS = Subcommand("list-view", "lv", "l", _ANY, "ve-number")


def grammar(release: StmfRelease) -> Grammar:
    """Return the tables of a release."""
    if not release.view_sessions:
        return _ILLUMOS
    rows = tuple(_VERBOSE_VIEWS if row.name == _VERBOSE_VIEWS.name else row for row in _ILLUMOS.subcommands)
    return evolve(_ILLUMOS, subcommands=rows)
