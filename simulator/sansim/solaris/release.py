"""What each flavour says about itself: `uname` and `/etc/release`."""

from collections.abc import Mapping

from attrs import frozen

from sansim.shell.system import Process
from sansim.solaris.zfs_release import ILLUMOS, ZfsRelease

__all__ = ["RELEASES", "Release"]


@frozen
class Release:
    """One release of Solaris or a relative.

    Attributes:
        version: What `uname -v` prints (seen for each family).
        text: The content of `/etc/release`; leading blanks matter (seen).
        system: What `uname -s` prints.
        number: What `uname -r` prints.
        zfs: What its ZFS says and allows.
    """

    version: str
    text: str
    system: str = "SunOS"
    number: str = "5.11"
    zfs: ZfsRelease = ILLUMOS

    async def uname(self, process: Process) -> int:
        """`uname` with its usual options."""
        fields = {
            "s": self.system,
            "n": process.system.hostname,
            "r": self.number,
            "v": self.version,
            "m": "i86pc",
            "p": "i386",
            "i": "i86pc",
        }
        letters = "".join(word.removeprefix("-") for word in process.argv[1:]) or "s"
        letters = "snrvmpi" if "a" in letters else letters
        if set(letters) - set(fields):
            return await process.complain("usage: uname [-aimnprsvX]\n       uname [-S system_name]\n", 1)
        return await process.say(" ".join(fields[name] for name in "snrvmpi" if name in letters) + "\n")


_OMNIOS = """\
  OmniOS v11 r151048
  Copyright (c) 2012-2017 OmniTI Computer Consulting, Inc.
  Copyright (c) 2017-2023 OmniOS Community Edition (OmniOSce) Association.
  All rights reserved. Use is subject to licence terms.
"""
_OPENINDIANA = """\
             OpenIndiana Hipster 2020.04 (powered by illumos)
        OpenIndiana Project, part of The Illumos Foundation (C) 2010-2020
                        Use is subject to license terms.
                           Assembled 03 May 2020
"""
_SOLARIS_11 = """\
                             Oracle Solaris 11.3 X86
  Copyright (c) 1983, 2015, Oracle and/or its affiliates.  All rights reserved.
                            Assembled 06 October 2015
"""
_OPENSOLARIS = """\
                         OpenSolaris 2009.06 snv_111b X86
"""

RELEASES: Mapping[str, Release] = {
    "omnios": Release("omnios-r151048-b5be8c6fc0", _OMNIOS),
    "openindiana": Release("illumos-4b4c3f4bfb", _OPENINDIANA),
    "solaris11": Release("11.3", _SOLARIS_11),
    "opensolaris": Release("snv_111b", _OPENSOLARIS),
}
"""The releases by flavour. The hashes in the versions, and the year lines of OmniOS, are inferred."""
