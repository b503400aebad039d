"""The system below a storage node's software, as its programs show it; inferred, but for the file with the version.

It is the node that clients reach, with the addresses that it has at this moment.
"""

from collections.abc import Mapping
from ipaddress import IPv4Interface, IPv4Network

from sansim.lefthand.flavours import Flavour
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
_PROCESSES = """\
  PID TTY          TIME CMD
 2817 ?        00:00:00 cliq
 2823 ?        00:00:00 ps
"""


class NodeSystem:
    """What the node that answers knows of itself."""

    def __init__(self, group: ManagementGroup, flavour: Flavour) -> None:
        self._group = group
        self._flavour = flavour

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

    def processes(self) -> str:
        """What runs in this session."""
        return _PROCESSES

    def kernel(self) -> str:
        """The name of the system."""
        return "Linux\n"

    def files(self) -> Mapping[str, str]:
        """Return the files that can be read, by their paths."""
        hosts = ["127.0.0.1\tlocalhost"]
        hosts += [f"{node.ip_address}\t{node.name}" for _, node in self._group.managers.nodes()]
        return {
            "/etc/hosts": "".join(f"{host}\n" for host in hosts),
            # Seen on 13.5, where it was that of the banner but for the last digit.
            "/etc/lefthand/.version": f"{self._flavour.version}\n",
            "/proc/sys/kernel/hostname": self.hostname(),
            "/proc/sys/kernel/osrelease": f"{_RELEASE}\n",
            "/proc/sys/kernel/ostype": self.kernel(),
        }

    def _hardware(self) -> str:
        """A hardware address of the range that virtual machines have, which follows from the node's address."""
        return ":".join(["00", "50", "56", *(f"{part:02X}" for part in self._node_bytes()[1:])])

    def _node_bytes(self) -> bytes:
        return IPv4Interface(self._node.ip_address).packed
