"""What each flavour of host is: its identity, what it runs, and what its programs say and allow."""

from collections.abc import Callable, Mapping
from datetime import datetime

from attrs import frozen

from sansim.solaris.itadm.release import ILLUMOS_ITADM, OPENINDIANA_ITADM, PRE_2014_ITADM, ItadmRelease
from sansim.solaris.login.devices import Devices
from sansim.solaris.login.host_tools import HostTools
from sansim.solaris.login.linux_devices import LinuxDevices
from sansim.solaris.login.linux_tools import LinuxTools
from sansim.solaris.login.release import (
    DEBIAN_LOGIN,
    ILLUMOS_LOGIN,
    OMNIOS_LOGIN,
    OPENINDIANA_LOGIN,
    OPENSOLARIS_LOGIN,
    SOLARIS_11_LOGIN,
    LoginRelease,
)
from sansim.solaris.login.sun_devices import SunDevices
from sansim.solaris.login.uname import Uname, debian, sunos
from sansim.solaris.pools.pool import Pools
from sansim.solaris.smf.release import ILLUMOS_SMF, OPENSOLARIS_SMF, SOLARIS_11_SMF, SmfRelease
from sansim.solaris.stmfadm.release import ILLUMOS_STMF, OPENSOLARIS_STMF, ORACLE_STMF, StmfRelease
from sansim.solaris.zfs.release import ILLUMOS, ZfsRelease
from sansim.solaris.zfs.releases import OPENSOLARIS, OPENZFS, SOLARIS_11
from sansim.solaris.zpool import release as zpool_release
from sansim.solaris.zpool import releases as zpool_releases
from sansim.solaris.zpool.release import ZpoolRelease

__all__ = ["RELEASES", "Release"]


@frozen(eq=False)
class Release:
    r"""One release of Solaris, or of a relative.

    Attributes:
        uname: What `uname` knows.
        files: The files by which a client tells the system, by path; leading blanks matter.
        comstar: Whether the host has COMSTAR and SMF, with all their programs.
        devices: What makes the special files of its volumes and disks.
        tools: What makes the tools that tell about the host: of its pools, since when it runs, from which filesystem.
        login: What a login finds there.
        prompt: What an interactive shell prompts with, as bash writes it (`\h` is the host's name).
        zfs: What its ZFS says and allows.
        zpool: The same of its zpool.
        stmf: What its stmfadm and sbdadm print.
        itadm: What its itadm prints.
        smf: What its svcs, svcadm and svcprop print.
    """

    uname: Uname
    files: Mapping[str, str]
    comstar: bool = True
    devices: Callable[[Pools], Devices] = SunDevices
    tools: Callable[[Pools, datetime, str], HostTools | LinuxTools] = HostTools
    login: LoginRelease = ILLUMOS_LOGIN
    prompt: str = r"\u@\h:\w\$ "
    zfs: ZfsRelease = ILLUMOS
    zpool: ZpoolRelease = zpool_release.ILLUMOS
    stmf: StmfRelease = ILLUMOS_STMF
    itadm: ItadmRelease = ILLUMOS_ITADM
    smf: SmfRelease = ILLUMOS_SMF


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
_DEBIAN = """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
"""

RELEASES: Mapping[str, Release] = {
    "omnios": Release(sunos("omnios-r151048-b5be8c6fc0"), {"/etc/release": _OMNIOS}, login=OMNIOS_LOGIN),
    "openindiana": Release(
        sunos("illumos-4b4c3f4bfb"), {"/etc/release": _OPENINDIANA}, itadm=OPENINDIANA_ITADM, login=OPENINDIANA_LOGIN
    ),
    "solaris11": Release(
        sunos("11.3"),
        {"/etc/release": _SOLARIS_11},
        zfs=SOLARIS_11,
        zpool=zpool_releases.SOLARIS_11,
        login=SOLARIS_11_LOGIN,
        stmf=ORACLE_STMF,
        itadm=PRE_2014_ITADM,
        smf=SOLARIS_11_SMF,
    ),
    "opensolaris": Release(
        sunos("snv_111b"),
        {"/etc/release": _OPENSOLARIS},
        zfs=OPENSOLARIS,
        zpool=zpool_releases.OPENSOLARIS,
        login=OPENSOLARIS_LOGIN,
        stmf=OPENSOLARIS_STMF,
        itadm=PRE_2014_ITADM,
        smf=OPENSOLARIS_SMF,
    ),
    "openzfs": Release(
        debian("6.1.0-10-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.37-1 (2023-07-03)"),
        {"/etc/os-release": _DEBIAN, "/usr/lib/os-release": _DEBIAN, "/etc/debian_version": "12.1\n"},
        comstar=False,
        devices=LinuxDevices,
        tools=LinuxTools,
        login=DEBIAN_LOGIN,
        zfs=OPENZFS,
        zpool=zpool_releases.OPENZFS,
    ),
}
"""The releases by flavour. The hashes in the versions, and the year lines of OmniOS, are inferred."""
