"""What a login finds on each release: where homes lie, the PATH, the message of the day, how sudo asks."""

from collections.abc import Mapping

from attrs import frozen

from sansim.login import Welcome
from sansim.shell.dialect import BASH, BOURNE, DASH, KSH93, Dialect
from sansim.shell.tool_style import GNU, SUN, ToolStyle
from sansim.solaris.login.sudo import SudoTexts

__all__ = [
    "DEBIAN_LOGIN", "ILLUMOS_LOGIN", "OMNIOS_LOGIN", "OPENINDIANA_LOGIN", "OPENSOLARIS_LOGIN", "SOLARIS_11_LOGIN",
    "LoginRelease",
]  # fmt: skip


_GROUPS = {
    "root": 0, "other": 1, "bin": 2, "sys": 3, "adm": 4, "uucp": 5, "mail": 6, "tty": 7, "lp": 8, "nuucp": 9,
    "staff": 10, "daemon": 12, "sysadmin": 14, "games": 20,
}  # fmt: skip
"""Source: illumos /etc/group."""
_ROOT_GROUPS = ("root", "other", "bin", "sys", "adm", "uucp", "mail", "tty", "lp", "nuucp", "daemon")
_DEBIAN_GROUPS = {
    "root": 0, "daemon": 1, "bin": 2, "sys": 3, "adm": 4, "tty": 5, "disk": 6, "lp": 7, "mail": 8, "sudo": 27,
    "staff": 50, "games": 60, "users": 100,
}  # fmt: skip
"""Source: Debian's base-passwd, group.master."""
_ILLUMOS_TOOLS = {
    "/usr/xpg4/bin": ("awk", "cp", "date", "env", "expr", "grep", "id", "ls", "mv", "nice", "nohup", "rm", "sed", "sh",
                      "sort", "stty", "tail", "tr", "who"),
    "/usr/gnu/bin": ("awk", "cat", "chmod", "chown", "cp", "cut", "date", "dd", "echo", "env", "expr", "find", "grep",
                     "head", "ls", "mkdir", "mv", "readlink", "rm", "sed", "sort", "stat", "tail", "tee", "touch", "tr",
                     "uniq", "wc", "xargs"),
}  # fmt: skip
_ILLUMOS_LINKS = {"/bin": "./usr/bin", "/usr/sbin/zfs": "../../sbin/zfs", "/usr/sbin/zpool": "../../sbin/zpool"}
_ILLUMOS_STYLES = {"/usr/bin": SUN, "/usr/xpg4/bin": SUN, "/usr/gnu/bin": GNU}
_DEBIAN_MOTD = """\

The programs included with the Debian GNU/Linux system are free software;
the exact distribution terms for each program are described in the
individual files in /usr/share/doc/*/copyright.

Debian GNU/Linux comes with ABSOLUTELY NO WARRANTY, to the extent
permitted by applicable law.
"""
_ILLUMOS_SHELLS = {"sh": KSH93, "ksh": KSH93, "ksh93": KSH93, "bash": BASH, "csh": BOURNE}
_SOLARIS_SHELLS = {"sh": BOURNE, "ksh": BOURNE, "ksh93": BOURNE, "bash": BASH, "csh": BOURNE}
_ILLUMOS_MISSING = frozenset((
    "beadm", "cfgadm", "crontab", "devfsadm", "dladm", "dmesg", "file", "fmadm", "format", "getconf", "ifconfig",
    "iostat", "ipadm", "iscsiadm", "ksh88", "kstat", "mpathadm", "netstat", "perl", "ping", "pkg", "ppriv", "prstat",
    "prtdiag", "psrinfo", "python3", "rsync", "scp", "sharemgr", "snoop", "ssh", "svccfg", "tar", "truss", "vmstat",
    "zdb", "zoneadm", "zonecfg",
))  # fmt: skip
_LINUX_MISSING = frozenset((
    "apt", "apt-get", "arch", "blkid", "blockdev", "crontab", "dmesg", "dpkg", "file", "getconf", "getent",
    "hostnamectl", "ifconfig", "ip", "iostat", "journalctl", "last", "lsblk", "lsb_release", "lsmod", "lspci",
    "modinfo", "modprobe", "mount.zfs", "netstat", "perl", "ping", "python3", "rsync", "scp", "smartctl", "ss", "ssh",
    "sysctl", "systemctl",
    "tar", "targetcli", "timedatectl", "udevadm", "vmstat", "w", "zdb", "zed",
))  # fmt: skip
_UPSTREAM_SUDO = SudoTexts()


@frozen(kw_only=True)
class LoginRelease:
    """The login of one release.

    Attributes:
        path: The PATH of a user.
        root_path: The PATH of root.
        home: Where homes lie.
        group: The primary group of users; empty for one of each user's own name.
        motd: The message of the day.
        profiles: Whether it has rights profiles, with `pfexec` and the profile shells.
        styles: The tradition of the tools in each directory.
        other_tools: Directories of tools of another tradition, with the names that are there.
        links: Symbolic links of the system, by path.
        root_groups: The groups of root, the primary one first.
        groups: The numbers of the system's groups.
        first_user: The number of the first user.
        root_comment: What passwd calls root.
        group_password: What stands for a password in the file of groups.
        login_shell: The login shell of everybody.
        dialects: The shells that there are, by name, and how they talk.
        missing: Commands that a real host of this kind has and this one has not.
        system: The filesystem that the host runs from.
        sudo: What its sudo says and sets.
    """

    path: str = "/usr/bin:/usr/sbin:/sbin"
    root_path: str = "/usr/sbin:/usr/bin:/sbin"
    home: str = "/export/home"
    group: str = "staff"
    motd: str = ""
    profiles: bool = True
    styles: Mapping[str, ToolStyle] = _ILLUMOS_STYLES
    other_tools: Mapping[str, tuple[str, ...]] = _ILLUMOS_TOOLS
    links: Mapping[str, str] = _ILLUMOS_LINKS
    root_groups: tuple[str, ...] = _ROOT_GROUPS
    groups: Mapping[str, int] = _GROUPS
    first_user: int = 1001
    root_comment: str = "Super-User"
    group_password: str = ""
    login_shell: str = "/bin/sh"
    dialects: Mapping[str, Dialect] = _ILLUMOS_SHELLS
    missing: frozenset[str] = _ILLUMOS_MISSING
    system: str = "rpool/ROOT/omnios"
    sudo: SudoTexts = _UPSTREAM_SUDO

    def welcome(self) -> Welcome:
        """Return what a login finds."""
        return Welcome(path=self.path, root_path=self.root_path, motd=self.motd)


ILLUMOS_LOGIN = LoginRelease()
OMNIOS_LOGIN = LoginRelease(motd="OmniOS r151048  omnios-r151048-b5be8c6fc0      November 2023\n")
OPENINDIANA_LOGIN = LoginRelease(
    motd="OpenIndiana Hipster 2020.04 (powered by illumos)    illumos-4b4c3f4bfb      May 2020\n",
    system="rpool/ROOT/openindiana",
)
SOLARIS_11_LOGIN = LoginRelease(
    motd="Oracle Corporation      SunOS 5.11      11.3    September 2015\n",
    dialects=_SOLARIS_SHELLS,
    system="rpool/ROOT/solaris",
)
OPENSOLARIS_LOGIN = LoginRelease(
    motd="Sun Microsystems Inc.   SunOS 5.11      snv_111b        November 2008\n",
    dialects=_SOLARIS_SHELLS,
    system="rpool/ROOT/opensolaris",
)
"""The messages of the day: those of Sun and Oracle seen, the others inferred; so are the names of root filesystems."""
DEBIAN_LOGIN = LoginRelease(
    path="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",
    root_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    home="/home",
    group="",
    profiles=False,
    root_groups=("root",),
    groups=_DEBIAN_GROUPS,
    first_user=1000,
    root_comment="root",
    group_password="x",  # noqa: S106 - no password
    login_shell="/bin/bash",
    dialects={"sh": DASH, "dash": DASH, "bash": BASH},
    motd=_DEBIAN_MOTD,
    styles={"/usr/bin": GNU},
    other_tools={},
    missing=_LINUX_MISSING,
    system="/dev/sda1",
    links={"/bin": "usr/bin", "/sbin": "usr/sbin"},
    sudo=SudoTexts(
        prompt="[sudo] password for %p: ", path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    ),
)
