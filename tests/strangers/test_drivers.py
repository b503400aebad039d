"""What drivers and storage plugins of other people type on a COMSTAR host, and what they read out of it.

The commands, and the patterns by which the programs find their values, are those of OpenStack Nova's Solaris
driver of 2011 (nova/volume/san.py) and of Proxmox VE's ZFS-over-iSCSI plugin (PVE/Storage/LunCmd/Comstar.pm,
PVE/Storage/ZFSPlugin.pm). Neither knows of the other, or of this project.
"""

import re
from collections.abc import Iterator
from typing import Protocol

import paramiko
import pytest

from sansim import ArrayConfig, Simulator


class Type(Protocol):
    """Types a command and returns both its streams; unless told otherwise it must end well."""

    def __call__(self, command: str, *, checked: bool = True) -> tuple[str, str]: ...


@pytest.fixture
def host() -> Iterator[Simulator]:
    with Simulator(arrays=[ArrayConfig(name="solaris", kind="solaris", pool="rpool")], seed=1) as simulator:
        yield simulator


@pytest.fixture
def typed(host: Simulator) -> Type:
    """Types a command on a connection of its own, to a host that is trusted without a look, and expects status 0."""

    def typed(command: str, *, checked: bool = True) -> tuple[str, str]:
        array = host["solaris"]
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - as the driver does
        client.connect(array.host, array.port, username=array.username, password=array.password, look_for_keys=False)
        try:
            stdin, stdout, stderr = client.exec_command(command)
            stdin.close()
            out, err, status = stdout.read().decode(), stderr.read().decode(), stdout.channel.recv_exit_status()
        finally:
            client.close()
        assert status == 0 or not checked, err
        return out, err

    return typed


IQN = "iqn.2010-10.org.openstack:volume-00000001"


def luid(typed: Type) -> str:
    return typed("pfexec /usr/sbin/sbdadm list-lu | grep -w rpool/volume-00000001 | awk '{print $1}'")[0].strip()


def targets(typed: Type) -> list[str]:
    return typed("pfexec /usr/sbin/itadm list-target | awk '{print $1}' | grep -v ^TARGET", checked=False)[0].split()


def test_nova_exports_a_volume_and_takes_it_back(typed: Type) -> None:
    typed("pfexec /usr/sbin/zfs create -s -V 1G rpool/volume-00000001")
    assert luid(typed) == ""
    typed("pfexec /usr/sbin/sbdadm create-lu /dev/zvol/rdsk/rpool/volume-00000001")
    unit = luid(typed)
    assert re.fullmatch(r"600144f0[0-9a-f]{24}", unit)
    typed("pfexec /usr/sbin/stmfadm create-tg tg-volume-00000001")
    assert "tg-volume-00000001" in typed("pfexec /usr/sbin/stmfadm list-tg")[0]
    typed(f"pfexec /usr/sbin/stmfadm add-tg-member -g tg-volume-00000001 {IQN}")
    assert f"Member: {IQN}" in typed("pfexec /usr/sbin/stmfadm list-tg -v tg-volume-00000001")[0]
    assert targets(typed) == []
    typed(f"pfexec /usr/sbin/itadm create-target -n {IQN}")
    assert targets(typed) == [IQN]
    assert "no views found" in typed(f"pfexec /usr/sbin/stmfadm list-view -l {unit}", checked=False)[1]
    typed(f"pfexec /usr/sbin/stmfadm add-view -t tg-volume-00000001 {unit}")
    assert "View Entry:" in typed(f"pfexec /usr/sbin/stmfadm list-view -l {unit}")[0]

    typed(f"pfexec /usr/sbin/stmfadm remove-view -l {unit} -a")
    typed(f"pfexec /usr/sbin/stmfadm offline-target {IQN}")
    typed(f"pfexec /usr/sbin/itadm delete-target {IQN}")
    typed("pfexec /usr/sbin/stmfadm delete-tg tg-volume-00000001")
    typed(f"pfexec /usr/sbin/sbdadm delete-lu {unit}")
    typed("pfexec /usr/sbin/zfs destroy rpool/volume-00000001")
    assert typed("zfs list -H -o name")[0] == "rpool\n"


def test_proxmox_makes_resizes_and_frees_a_disk(typed: Type) -> None:
    guid, device = "600144f9e107d9d372bb6826bd81d354", "/dev/zvol/rdsk/rpool/vm-100-disk-0"
    assert re.fullmatch(r"\d+\t\d+\n", typed("zfs get -o value -Hp available,used rpool")[0].replace("\n", "\t", 1))
    typed("zfs create -b 8k -V 4194304k rpool/vm-100-disk-0")
    typed(f"/usr/sbin/stmfadm create-lu -p wcd=false -p guid={guid} {device}")
    typed(f"/usr/sbin/stmfadm add-view {guid}")
    assert unit_of(typed, device) == guid
    assert re.findall(r"^\s*LUN\s*:\s*(\d+)$", typed(f"/usr/sbin/stmfadm list-view -l {guid}")[0], re.MULTILINE) == [
        "0"
    ]
    listed = typed("zfs list -o name,volsize,origin,type,refquota -t volume,filesystem -d1 -Hp rpool")[0]
    assert f"rpool/vm-100-disk-0\t{4 << 30}\t-\tvolume\t-" in listed.splitlines()

    typed("zfs set volsize=8388608k rpool/vm-100-disk-0")
    typed(f"/usr/sbin/stmfadm modify-lu -s 8388608K {guid}")
    assert re.search(rf"{guid}\s+{8 << 30}\s+{device}", typed("/usr/sbin/sbdadm list-lu")[0])
    typed("zfs snapshot rpool/vm-100-disk-0@before")
    assert typed("zfs list -H -r -t snapshot -o name -S creation rpool/vm-100-disk-0")[0] == (
        "rpool/vm-100-disk-0@before\n"
    )

    typed(f"/usr/sbin/stmfadm delete-lu {guid}")
    typed("zfs rollback rpool/vm-100-disk-0@before")
    typed(f"/usr/sbin/stmfadm import-lu {device}")
    typed(f"/usr/sbin/stmfadm add-view {guid}")
    typed(f"/usr/sbin/stmfadm delete-lu {guid}")
    typed("zfs destroy -r rpool/vm-100-disk-0")
    assert typed("/usr/sbin/sbdadm list-lu") == ("", "")


def unit_of(typed: Type, device: str) -> str:
    found = re.search(rf"(\w+)\s+\d+\s+{device}$", typed("/usr/sbin/sbdadm list-lu")[0], re.MULTILINE)
    assert found
    return found[1]
