"""What the service management facility says in one release of Solaris or a relative."""

from attrs import frozen

__all__ = ["ILLUMOS_SMF", "OPENSOLARIS_SMF", "SOLARIS_11_SMF", "SmfRelease"]

_EXAMPLES = """\

\tServices can be specified using an FMRI, abbreviation, or fnmatch(5)
\tpattern, as shown in these examples for svc:/network/smtp:sendmail

\tsvcadm <cmd> svc:/network/smtp:sendmail
\tsvcadm <cmd> network/smtp:sendmail
\tsvcadm <cmd> network/*mail
\tsvcadm <cmd> network/smtp
\tsvcadm <cmd> smtp:sendmail
\tsvcadm <cmd> smtp
\tsvcadm <cmd> sendmail
"""
_OLD_SVCADM = f"""\
Usage: svcadm [-v] [cmd [args ... ]]

\tsvcadm enable [-rst] <service> ...\t- enable and online service(s)
\tsvcadm disable [-st] <service> ...\t- disable and offline service(s)
\tsvcadm restart <service> ...\t\t- restart specified service(s)
\tsvcadm refresh <service> ...\t\t- re-read service configuration
\tsvcadm mark [-It] <state> <service> ...\t- set maintenance state
\tsvcadm clear <service> ...\t\t- clear maintenance state
\tsvcadm milestone [-d] <milestone>\t- advance to a service milestone
{_EXAMPLES}"""
_SVCADM = f"""\
Usage: svcadm [-S <state>] [-v] [-Z | -z zone] [cmd [args ... ]]

\tsvcadm enable [-rst] [<service> ...]\t- enable and online service(s)
\tsvcadm disable [-st] [<service> ...]\t- disable and offline service(s)
\tsvcadm restart [-d] [<service> ...]\t- restart specified service(s)
\tsvcadm refresh [<service> ...]\t\t- re-read service configuration
\tsvcadm mark [-It] <state> [<service> ...] - set maintenance state
\tsvcadm clear [<service> ...]\t\t- clear maintenance state
\tsvcadm milestone [-d] <milestone>\t- advance to a service milestone
{_EXAMPLES}"""
_SVCS = """\
Usage: svcs [-aHpv] [-o col[,col ... ]] [-R restarter] [-sS col] [-Z | -z zone ]
            [<service> ...]
       svcs -d | -D [-Hpv] [-o col[,col ... ]] [-sS col] [-Z | -z zone ]
            [<service> ...]
       svcs [-l | -L] [-Z | -z zone] <service> ...
       svcs -x [-v] [-Z | -z zone] [<service> ...]
       svcs -?
"""
_OLD_SVCS = """\
Usage: svcs [-aHpv] [-o col[,col ... ]] [-R restarter] [-sS col] [<service> ...]
       svcs -d | -D [-Hpv] [-o col[,col ... ]] [-sS col] [<service> ...]
       svcs -l <service> ...
       svcs -x [-v] [<service> ...]
       svcs -?
"""
_SVCPROP = """\
Usage: svcprop [-fqtv] [-C | -c | -s snapshot] [-z zone] [-p [name/]name]... 
         {FMRI | pattern}...
       svcprop -w [-fqtv] [-z zone] [-p [name/]name] {FMRI | pattern}
"""  # noqa: W291 - the blank is printed
_OLD_SVCPROP = """\
Usage: svcprop [-fqtv] [-C | -c | -s snapshot] [-p [name/]name]... 
         {FMRI | pattern}...
       svcprop -w [-fqtv] [-p [name/]name] {FMRI | pattern}
"""  # noqa: W291 - as above


@frozen
class SmfRelease:
    """The texts of svcs, svcadm and svcprop that differ between releases.

    Attributes:
        svcs, svcadm, svcprop: Their usages.
        messages: Where svcs -x points for an explanation; the number of the message follows.
        zones: Whether the programs know -z and -Z, svcs -L and svcadm -S and restart -d.
        unsatisfied: The exit status of `svcadm enable -s` when what the service needs is missing.
    """

    svcs: str = _SVCS
    svcadm: str = _SVCADM
    svcprop: str = _SVCPROP
    messages: str = "http://illumos.org/msg/"
    zones: bool = True
    unsatisfied: int = 3


ILLUMOS_SMF = SmfRelease()
"""illumos (source: svcs.c, svcadm.c and svcprop.c of 2015 to 2023)."""
OPENSOLARIS_SMF = SmfRelease(_OLD_SVCS, _OLD_SVCADM, _OLD_SVCPROP, "http://sun.com/msg/", zones=False)
"""2009.06 (source: the sources of 2009)."""
SOLARIS_11_SMF = SmfRelease(_OLD_SVCS, _OLD_SVCADM, _OLD_SVCPROP, "http://support.oracle.com/msg/", zones=False)
"""Oracle Solaris 11: as 2009.06 with the address of its own messages (inferred)."""
