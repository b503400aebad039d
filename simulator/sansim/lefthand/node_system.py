"""The system below a storage node's software, as its programs show it; all of it is inferred.

It is the node that clients reach, with the addresses that it has at this moment.
"""

from collections.abc import Mapping
from ipaddress import IPv4Interface, IPv4Network

from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.model import Node

__all__ = ["NodeSystem"]

_RELEASE = "2.6.32-358.el6.x86_64"
_LARGE_NETWORK = IPv4Network("10.0.0.0/24")
"""The network of a node in a cluster without a virtual IP, whose mask is told nowhere."""
_INTERFACE = """\
{name:<10}Link encap:Ethernet  HWaddr {hardware}
          inet addr:{address}  Bcast:{broadcast}  Mask:{mask}
          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
"""
_LOOPBACK = """\
lo        Link encap:Local Loopback
          inet addr:127.0.0.1  Mask:255.0.0.0
          UP LOOPBACK RUNNING  MTU:16436  Metric:1
"""
_ROUTES = """\
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
{network:<16}0.0.0.0         {mask:<16}U     0      0        0 eth0
"""
_FILE_SYSTEMS = """\
Filesystem           1K-blocks      Used Available Use% Mounted on
/dev/sda2              4127108   1523788   2393676  39% /
tmpfs                  2023584         0   2023584   0% /dev/shm
"""
_MEMORY = """\
             total       used       free     shared    buffers     cached
Mem:       4047168    2211840    1835328          0     121804     968420
-/+ buffers/cache:    1121616    2925552
Swap:      2097144          0    2097144
"""
_PROCESSES = """\
  PID TTY          TIME CMD
 2817 ?        00:00:00 cliq
 2823 ?        00:00:00 ps
"""


class NodeSystem:
    """What the node that answers knows of itself."""

    def __init__(self, group: ManagementGroup) -> None:
        self._group = group

    @property
    def _node(self) -> Node:
        return self._group.nodes.answering

    @property
    def _network(self) -> IPv4Network:
        vips = self._group.nodes.first.vips
        mask = vips[0].subnet_mask if vips else str(_LARGE_NETWORK.netmask)
        return IPv4Interface(f"{self._node.ip_address}/{mask}").network

    def hostname(self) -> str:
        """The node's name."""
        return f"{self._node.name}\n"

    def date(self) -> str:
        """The group's time."""
        return self._group.clock.now().strftime("%a %b %e %H:%M:%S UTC %Y\n")

    def uptime(self) -> str:
        """How long the node has been up: since the array was started."""
        now = self._group.clock.now()
        minutes = max(0, int((now - self._group.started).total_seconds())) // 60
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        up = f"{days} day{'s' if days > 1 else ''}, " if days else ""
        up += f"{hours:2}:{rest:02}" if hours else f"{rest} min"
        return f" {now:%H:%M:%S} up {up},  0 users,  load average: 0.00, 0.00, 0.00\n"

    def users(self) -> str:
        """Nobody is logged in to the system itself."""
        return ""

    def interfaces(self) -> str:
        """The node's own address, and the virtual IPs that it has."""
        addresses = [("eth0", self._node.ip_address)]
        addresses += [(f"eth0:{number}", vip.ip_address) for number, vip in enumerate(self._group.nodes.first.vips)]
        shown = [
            _INTERFACE.format(
                name=name,
                hardware=self._hardware(),
                address=address,
                broadcast=self._network.broadcast_address,
                mask=self._network.netmask,
            )
            for name, address in addresses
        ]
        return "\n".join([*shown, _LOOPBACK])

    def routes(self) -> str:
        """The way to the group's network; there is no other."""
        return _ROUTES.format(network=str(self._network.network_address), mask=str(self._network.netmask))

    def neighbours(self) -> str:
        """No other node has been heard of lately."""
        return ""

    def file_systems(self) -> str:
        """The disk of the system, not those of the cluster."""
        return _FILE_SYSTEMS

    def memory(self) -> str:
        """The memory of a virtual storage appliance."""
        return _MEMORY

    def processes(self) -> str:
        """What runs in this session."""
        return _PROCESSES

    def kernel(self) -> str:
        """The name of the system."""
        return "Linux\n"

    def kernel_in_full(self) -> str:
        """The system, the node and the release."""
        return f"Linux {self._node.name} {_RELEASE} #1 SMP x86_64 x86_64 x86_64 GNU/Linux\n"

    def files(self) -> Mapping[str, str]:
        """Return the files that can be read, by their paths."""
        hosts = ["127.0.0.1\tlocalhost"]
        hosts += [f"{node.ip_address}\t{node.name}" for _, node in self._group.managers.nodes()]
        return {
            "/etc/hosts": "".join(f"{host}\n" for host in hosts),
            "/proc/sys/kernel/hostname": self.hostname(),
            "/proc/sys/kernel/osrelease": f"{_RELEASE}\n",
            "/proc/sys/kernel/ostype": self.kernel(),
        }

    def _hardware(self) -> str:
        """A hardware address of the range that virtual machines have, which follows from the node's address."""
        return ":".join(["00", "50", "56", *(f"{part:02X}" for part in self._node_bytes()[1:])])

    def _node_bytes(self) -> bytes:
        return IPv4Interface(self._node.ip_address).packed
