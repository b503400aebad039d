"""Rights profiles as illumos ships them: what each authorizes, and which commands it runs with more rights.

Source: illumos libsecdb prof_attr and exec_attr, cut to what this host has programs for. That File System
Management covers stmfadm and sbdadm, and the ZFS profiles their commands, comes from the packages' own entries.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from sansim.program import Credentials

__all__ = ["DEFAULT_AUTHORIZATIONS", "DEFAULT_PROFILES", "PROFILES", "Profile", "Running", "expanded", "raised"]


@frozen
class Running:
    """With which rights a profile runs a command: `uid`, `euid` of the superuser, or privileges."""

    uid: str = ""
    euid: str = ""
    gid: str = ""
    privs: tuple[str, ...] = ()

    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Return what exec_attr holds, as names and values."""
        privs = ",".join(self.privs)
        found = (("uid", self.uid), ("euid", self.euid), ("gid", self.gid), ("privs", privs))
        return tuple((name, value) for name, value in found if value)


@frozen
class Profile:
    """One rights profile.

    Attributes:
        authorizations: What its holder is authorized to, without `pfexec` too.
        profiles: The profiles that it includes.
        commands: The commands that `pfexec` runs with more rights; `*` is any.
    """

    authorizations: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    commands: Mapping[str, Running] = {}


_EUID = Running(euid="0")
_UID = Running(uid="0")

PROFILES: Mapping[str, Profile] = {
    "All": Profile(commands={"*": Running()}),
    "Basic Solaris User": Profile(
        ("solaris.profmgr.read", "solaris.jobs.user", "solaris.mail.mailq", "solaris.device.mount.removable"),
        ("All",),
    ),
    "Primary Administrator": Profile(("solaris.*", "solaris.grant"), (), {"*": Running(uid="0", gid="0")}),
    "File System Management": Profile(
        ("solaris.smf.manage.autofs", "solaris.smf.manage.shares.*", "solaris.smf.value.shares.*"),
        ("SMB Management", "VSCAN Management", "SMBFS Management"),
        {
            "/usr/sbin/stmfadm": Running(privs=("sys_devices",)),
            "/usr/sbin/sbdadm": Running(privs=("sys_devices",)),
            "/usr/sbin/mount": _UID,
            "/usr/sbin/format": _EUID,
            "/usr/bin/mkdir": _EUID,
            "/usr/bin/rmdir": _EUID,
        },
    ),
    "SMB Management": Profile(("solaris.smf.manage.smb", "solaris.smf.value.smb", "solaris.smf.read.smb")),
    "VSCAN Management": Profile((
        "solaris.smf.manage.vscan", "solaris.smf.value.vscan", "solaris.smf.modify.application",
    )),
    "SMBFS Management": Profile((
        "solaris.smf.manage.smbfs", "solaris.smf.value", "solaris.smf.modify.application",
    )),
    "ZFS File System Management": Profile(commands={"/sbin/zfs": _EUID}),
    "ZFS Storage Management": Profile(commands={"/sbin/zpool": _UID}),
    "Service Management": Profile(("solaris.smf.manage", "solaris.smf.modify")),
    "Service Operator": Profile(("solaris.smf.manage", "solaris.smf.modify.framework")),
    "ISCSI Target Administration": Profile((
        "solaris.smf.modify.iscsitgt", "solaris.smf.read.iscsitgt", "solaris.smf.value.iscsitgt",
    )),
    "ISCSI Target Management": Profile(("solaris.smf.manage.iscsitgt",)),
    "Maintenance and Repair": Profile(
        ("solaris.smf.manage.system-log", "solaris.label.range"),
        (),
        {"/usr/bin/date": _EUID, "/usr/sbin/prtconf": _EUID},
    ),
    "Media Backup": Profile(("solaris.smf.manage.ndmp", "solaris.smf.value.ndmp", "solaris.smf.read.ndmp")),
    "Network Management": Profile(
        ("solaris.smf.manage.name-service-cache", "solaris.smf.value.routing", "solaris.smf.manage.routing"),
        (),
        {"/usr/sbin/ifconfig": _UID},
    ),
    "Object Access Management": Profile(commands={
        "/usr/bin/chgrp": Running(privs=("file_chown",)),
        "/usr/bin/chmod": Running(privs=("file_owner",)),
        "/usr/bin/chown": Running(privs=("file_chown",)),
    }),
    "Process Management": Profile(
        ("solaris.smf.manage.cron", "solaris.smf.manage.power"),
        (),
        {"/usr/bin/kill": Running(privs=("proc_owner",)), "/usr/bin/ps": _EUID},
    ),
}  # fmt: skip

DEFAULT_PROFILES = ("Basic Solaris User",)
"""What every user has (source: policy.conf)."""
DEFAULT_AUTHORIZATIONS = ("solaris.device.cdrw",)
"""What every user is authorized to (source: policy.conf)."""


def expanded(names: Iterable[str]) -> list[str]:
    """Return profiles with those that they include, each once, in the order in which they are searched."""
    found: list[str] = []

    def enter(name: str) -> None:
        if name not in found:
            found.append(name)
            for included in PROFILES[name].profiles:
                enter(included)

    for name in names:
        enter(name)
    return found


def raised(credentials: Credentials, profiles: Iterable[str], path: str) -> Credentials:
    """Return the rights that an executable gets through `pfexec`: those of the first profile that knows it."""
    running = next(_matches(profiles, path), None)
    if running is None:
        return credentials
    if running.uid == "0":
        return Credentials("root", ("root",), root=True)
    return evolve(
        credentials, root=credentials.root or running.euid == "0", privileges=credentials.privileges | {*running.privs}
    )


def _matches(profiles: Iterable[str], path: str) -> Iterator[Running]:
    for name in expanded(profiles):
        commands = PROFILES[name].commands
        running = commands.get(path, commands.get("*"))
        if running is not None:
            yield running
