"""The services that a host has: what each is called, needs and runs.

Source: the service manifests of illumos (`stmf.xml`, `iscsi-target.xml` and those of the base system). Which
services there are beside COMSTAR's, and the numbers of contracts and processes, is a choice.
"""

from collections.abc import Mapping

from attrs import frozen

__all__ = ["CATALOGUE", "ISCSI_TARGET", "STMF", "Dependency", "Description"]

STMF = "svc:/system/stmf:default"
ISCSI_TARGET = "svc:/network/iscsi/target:default"


@frozen
class Dependency:
    """What a service needs, as a group.

    Attributes:
        name: The name of its property group.
        entities: FMRIs of instances, or of services, any instance of which will do; or of files.
        grouping: require_all, require_any or optional_all.
        restart_on: After which ends of one of them the service stops too: none, error, restart or refresh.
    """

    name: str
    entities: tuple[str, ...]
    grouping: str = "require_all"
    restart_on: str = "none"


@frozen
class Description:
    """What is known of a service instance for good.

    Attributes:
        name: Its common name.
        dependencies: What it needs, in the order of its property groups.
        manual: Title and section of its manual page.
        processes: What its contract holds; a service without any is transient.
        enabled: Whether a fresh host has it enabled.
        start, stop: Its methods; `:true` does nothing.
        authorization: Who has it may start and stop the service.
    """

    name: str
    dependencies: tuple[Dependency, ...] = ()
    manual: tuple[str, str] | None = None
    processes: tuple[str, ...] = ()
    enabled: bool = True
    start: str = ":true"
    stop: str = ":true"
    authorization: str | None = None


def _needs(name: str, *services: str, grouping: str = "require_all", restart_on: str = "none") -> Dependency:
    return Dependency(name, tuple(f"svc:/{service}" for service in services), grouping, restart_on)


_USR = _needs("usr", "system/filesystem/usr:default")
_LOCAL = _needs("filesystem_local", "system/filesystem/local:default")
_MINIMAL = _needs("filesystem", "system/filesystem/minimal:default")
_NETWORK = _needs("network", "milestone/network:default", grouping="optional_all", restart_on="error")
_SINGLE_USER = _needs("single-user", "milestone/single-user:default")
_METHODS = "/lib/svc/method"


def _method(name: str) -> tuple[str, str]:
    return f"{_METHODS}/{name} start", f"{_METHODS}/{name} stop"


_ISCSI_START, _ISCSI_STOP = _method("iscsi-target")
_STMF_START, _STMF_STOP = _method("svc-stmf")

CATALOGUE: Mapping[str, Description] = {
    f"svc:/{name}": description
    for name, description in {
        "system/svc/restarter:default": Description("master restarter", (), ("svc.startd", "8")),
        "system/filesystem/root:default": Description("root file system mount", (), None, start=f"{_METHODS}/fs-root"),
        "system/boot-archive:default": Description(
            "check boot archive content", (_needs("filesystem", "system/filesystem/root:default"),), ("bootadm", "8")
        ),
        "system/filesystem/usr:default": Description(
            "read/write root file systems mounts", (_needs("boot-archive", "system/boot-archive:default"),)
        ),
        "system/device/local:default": Description(
            "standard Solaris device configuration", (_USR,), ("devfsadm", "8"), ("devfsadmd",)
        ),
        "milestone/devices:default": Description(
            "device configuration milestone", (_needs("devices", "system/device/local:default"),)
        ),
        "system/filesystem/minimal:default": Description("minimal file system mounts", (_USR,), ("mount", "8")),
        "system/identity:node": Description("system identity (nodename)", (_MINIMAL,), ("uname", "1")),
        "system/identity:domain": Description("system identity (domainname)", (_MINIMAL,), ("domainname", "8")),
        "system/cryptosvc:default": Description("cryptographic services", (_USR,), ("cryptoadm", "8"), ("kcfd",)),
        "system/sysevent:default": Description(
            "system event notification", (_USR,), ("syseventd", "8"), ("syseventd",)
        ),
        "network/loopback:default": Description("loopback network interface", (_USR,), ("ifconfig", "8")),
        "network/datalink-management:default": Description(
            "data-link management daemon", (_USR,), ("dlmgmtd", "8"), ("dlmgmtd",)
        ),
        "network/ip-interface-management:default": Description(
            "IP interface management", (_USR,), ("ipmgmtd", "8"), ("ipmgmtd",)
        ),
        "network/physical:default": Description(
            "physical network interface configuration",
            (
                _needs("loopback", "network/loopback:default"),
                _needs("datalink-management", "network/datalink-management:default"),
                _needs("ip_interface_management", "network/ip-interface-management:default"),
            ),
            ("ifconfig", "8"),
        ),
        "milestone/network:default": Description(
            "Network milestone",
            (
                _needs("loopback", "network/loopback"),
                _needs("physical", "network/physical"),
            ),
        ),
        "network/initial:default": Description("initial network services", (_needs("net", "milestone/network"),)),
        "network/service:default": Description(
            "layered network services", (_needs("init", "network/initial:default"),)
        ),
        "system/filesystem/local:default": Description("local file system mounts", (_MINIMAL,), ("zfs", "8")),
        "milestone/single-user:default": Description(
            "single-user milestone",
            (
                _needs("fs-minimal", "system/filesystem/minimal"),
                _needs("identity", "system/identity:node"),
                _needs("milestone_devices", "milestone/devices"),
            ),
            ("init", "8"),
        ),
        "system/name-service-cache:default": Description("name service cache", (_LOCAL,), ("nscd", "8"), ("nscd",)),
        "network/dns/client:default": Description("DNS resolver", (_NETWORK,), ("resolver", "3RESOLV")),
        "milestone/name-services:default": Description(
            "name services milestone",
            (_needs("dns", "network/dns/client", grouping="optional_all", restart_on="refresh"),),
        ),
        "system/utmp:default": Description("utmpx monitoring", (_SINGLE_USER,), ("utmpd", "8"), ("utmpd",)),
        "system/cron:default": Description("clock daemon (cron)", (_LOCAL,), ("cron", "8"), ("cron",)),
        "system/system-log:default": Description("system log", (_LOCAL,), ("syslogd", "8"), ("syslogd",)),
        "system/fmd:default": Description("Fault Management daemon", (_LOCAL,), ("fmd", "8"), ("fmd",)),
        "system/pfexec:default": Description("pfexecd", (_MINIMAL,), ("pfexecd", "8"), ("pfexecd",)),
        "system/console-login:default": Description(
            "Console login", (_needs("sysidtool", "milestone/single-user"),), ("ttymon", "8"), ("ttymon",)
        ),
        "network/ssh:default": Description(
            "SSH server",
            (
                _needs("fs-local", "system/filesystem/local"),
                _needs("net-loopback", "network/loopback", grouping="optional_all"),
                _needs("net-physical", "network/physical", grouping="optional_all"),
                _needs("utmp", "system/utmp"),
            ),
            ("sshd", "8"),
            ("sshd",),
            start=f"{_METHODS}/sshd start",
            stop=":kill",
        ),
        "network/ntp:default": Description(
            "Network Time Protocol (NTP) Version 4", (_NETWORK,), ("ntpd", "1M"), ("ntpd",), enabled=False
        ),
        "network/nfs/server:default": Description("NFS server", (_NETWORK,), ("nfsd", "8"), ("nfsd",), enabled=False),
        "network/iscsi/initiator:default": Description(
            "iscsi initiator daemon", (_NETWORK,), ("iscsiadm", "8"), ("iscsid",), enabled=False
        ),
        "system/stmf:default": Description(
            "STMF",
            (_LOCAL,),
            ("stmf", "4D"),
            start=_STMF_START,
            stop=_STMF_STOP,
            authorization="solaris.smf.manage.stmf",
        ),
        "network/iscsi/target:default": Description(
            "iscsi target",
            (
                _needs("network", "milestone/network", grouping="require_any", restart_on="error"),
                _needs("stmf", "system/stmf:default"),
            ),
            ("itadm", "8"),
            start=_ISCSI_START,
            stop=_ISCSI_STOP,
        ),
        "milestone/multi-user:default": Description(
            "multi-user milestone",
            (
                _needs("milestone", "milestone/single-user", "milestone/name-services"),
                _needs("fs", "system/filesystem/local"),
            ),
            ("init", "8"),
        ),
        "milestone/multi-user-server:default": Description(
            "multi-user plus exports milestone", (_needs("multi-user", "milestone/multi-user"),), ("init", "8")
        ),
    }.items()
}
"""All services of a host, in the order in which a boot starts them."""
