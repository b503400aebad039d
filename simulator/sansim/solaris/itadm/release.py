"""What itadm says, and what a target is called, in one release of Solaris or a relative."""

import os
from collections.abc import Mapping

from attrs import evolve, frozen

__all__ = ["ILLUMOS_ITADM", "OPENINDIANA_ITADM", "PRE_2014_ITADM", "STALE", "STMF_ERROR", "ItadmRelease"]

STMF_ERROR = 0x8000
"""Errors of the stmf library begin here; below are those of the system."""
STALE = STMF_ERROR + 19

_LIBRARY = {1: "resource busy", 5: "permission denied", 9: "STMF service not found"}
_SYSTEM = {1: "Not owner", 6: "No such device or address"}
"""What Solaris calls system errors that other systems call otherwise."""

_CREATE_TARGET = """\
\tcreate-target\t[-a radius|chap|none|default] [-s]
\t\t\t[-S <chap-secret-path>] [-u <chap-user-name>]
\t\t\t[-n <target-node-name>] [-l <alias>]
\t\t\t[-t <tpg-name>[,<tpg-name>]...]"""
_MODIFY_TARGET = """\
\tmodify-target\t[-a radius|chap|none|default] [-s]
\t\t\t[-S <chap-secret-path>] [-u <chap-username>]
\t\t\t[-n <new-target-node-name>] [-l <alias>]
\t\t\t[-t <tpg-name>[,<tpg-name>]...] <target-node-name>"""
_CREATE_INITIATOR = """\
\tcreate-initiator [-s] [-S <chap-secret-path>]
\t\t\t[-u <chap-username>] <initiator-node-name>"""
_MODIFY_DEFAULTS = """\
\tmodify-defaults\t[-a radius|chap|none] [-r <IP-address>[:<port>]] [-d]
\t\t\t[-D <radius-secret-path>] [-i enable|disable]
\t\t\t[-I <IP-address>[:<port>][,<IP-adddress>[:<port>]]...]"""
_USAGES = {
    "create-target": _CREATE_TARGET,
    "modify-target": _MODIFY_TARGET,
    "delete-target": "\tdelete-target\t[-f] <target-node-name>",
    "list-target": "\tlist-target\t[-pv] [<target-node-name>]",
    "create-tpg": "\tcreate-tpg\t<tpg-name> <IP-address>[:<port>]...",
    "delete-tpg": "\tdelete-tpg\t[-f] <tpg-name>",
    "list-tpg": "\tlist-tpg\t[-pv] [<tpg-name>]",
    "create-initiator": _CREATE_INITIATOR,
    "modify-initiator": _CREATE_INITIATOR.replace("create", "modify"),
    "list-initiator": "\tlist-initiator\t[-pv] [<initiator-node-name>]",
    "delete-initiator": "\tdelete-initiator <initiator-node-name>",
    "modify-defaults": _MODIFY_DEFAULTS,
    "list-defaults": "\tlist-defaults\t[-p]",
}
_OLD_SECRETS = "[-s] [-S chap-secret-path] [-u chap-username]"
_OLD_TARGET = f"[-a radius|chap|none|default] {_OLD_SECRETS}"
_OLD_GROUPS = "[-l alias] [-t tpg-name[,tpg-name,...]]"
_OLD_USAGES = {
    "create-target": f"itadm create-target {_OLD_TARGET} [-n target-node-name] {_OLD_GROUPS}",
    "modify-target": f"itadm modify-target {_OLD_TARGET} [-n new-target-node-name] {_OLD_GROUPS} target-node-name",
    "delete-target": "itadm delete-target [-f] target-node-name",
    "list-target": "itadm list-target [-v] [target-node-name]",
    "create-tpg": "itadm create-tpg tpg-name IP-address[:port] [IP-address[:port]] [...]",
    "delete-tpg": "itadm delete-tpg [-f] tpg-name",
    "list-tpg": "itadm list-tpg [-v] [tpg-name]",
    "create-initiator": f"itadm create-initiator {_OLD_SECRETS} initiator-node-name",
    "modify-initiator": f"itadm modify-initiator {_OLD_SECRETS} initiator-node-name",
    "list-initiator": "itadm list-initiator [-v] initiator-node-name",
    "delete-initiator": "itadm delete-inititator initiator-node-name",
    "modify-defaults": (
        "itadm modify-defaults [-a radius|chap|none] [-r IP-address[:port]] [-d] [-D radius-secret-path] "
        "[-i enable|disable] [-I IP-address[:port][,IP-adddress[:port]]]"
    ),
    "list-defaults": "itadm list-defaults",
}


@frozen
class ItadmRelease:
    """The texts and rules of itadm that differ between releases.

    Attributes:
        prefix: How the name of a target begins that is given none; a UUID follows.
        usages: What is printed of each sub-command, in the order in which all are listed.
        usage: What goes around the usage of one sub-command; `{}` is the usage.
        overall: What stands above the usages of all.
        indent: What stands before each of them there.
        parsable: Whether the lists know -p.
        period: What ends some complaints: a full stop before 2014.
        worded: Whether errors are put into words; before 2014 they are numbers, and some are not told at all.
        not_found: What follows the line that list-target prints about an unknown target.
        stale: What is said when the configuration changed meanwhile.
    """

    prefix: str
    usages: Mapping[str, str]
    usage: str
    overall: str
    indent: str
    parsable: bool
    period: str
    worded: bool
    not_found: str
    stale: str

    def usage_of(self, name: str) -> str:
        """Return what is printed of a sub-command."""
        return self.usage.format(self.usages[name])

    def overall_usage(self) -> str:
        """Return what is printed of all sub-commands."""
        return self.overall + "".join(f"{self.indent}{usage}\n" for usage in self.usages.values())

    def named(self, number: int) -> str:
        """Return an error as it ends a line after a colon."""
        if not self.worded:
            return str(number)
        if number & STMF_ERROR:
            return _LIBRARY.get(number - STMF_ERROR, "unknown error")
        return _SYSTEM.get(number, os.strerror(number))


ILLUMOS_ITADM = ItadmRelease(
    prefix="iqn.2010-08.org.illumos:02:",
    usages=_USAGES,
    usage="usage:\n{}\n",
    overall="usage: itadm <subcommand> <args> ...\n",
    indent="",
    parsable=True,
    period="",
    worded=True,
    not_found="",
    stale=("Configuration changed during processing. Check the configuration, then retry this command if appropriate."),
)
"""2014 and later (source: illumos itadm.c, libiscsit.c)."""
OPENINDIANA_ITADM = evolve(ILLUMOS_ITADM, prefix="iqn.2010-09.org.openindiana:02:")
"""OpenIndiana, with names of its own (seen)."""
PRE_2014_ITADM = ItadmRelease(
    prefix="iqn.1986-03.com.sun:02:",
    usages=_OLD_USAGES,
    usage="{}\n",
    overall="itadm usage:\n\n",
    indent="\t",
    parsable=False,
    period=".",
    worded=False,
    not_found="\n",
    stale=(
        "Configuration changed during processing.  Check the configuration, then retry this command if appropriate."
    ),
)
"""OpenSolaris and Nexenta 3 (source: itadm.c of 2010 to 2013); Oracle Solaris 11 (inferred)."""
