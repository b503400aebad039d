"""Somebody who works on a simulated array beside the SDK: an administrator, and an initiator on the network."""

import base64
from types import TracebackType
from typing import Self

from attrs import evolve
from paramiko import PKey, SSHClient
from paramiko.ssh_exception import SSHException

from sansdk.model import Export
from sansdk.secrets import Secret
from sansim import SimulatedArray
from sansim.lefthand.access import LoginRefused
from sansim.solaris.iscsit.model import IscsitError

MIB = 1 << 20
GIB = 1 << 30

__all__ = ["GIB", "MIB", "Hand"]


class Hand:
    """One login at an array, by a client that is not the SDK's, and what initiators do.

    Attributes:
        array: The array.
    """

    def __init__(self, array: SimulatedArray) -> None:
        self.array = array
        self._client = SSHClient()

    def __enter__(self) -> Self:
        kind, key = self.array.host_key.split()[:2]
        name = f"[{self.array.host}]:{self.array.port}"
        self._client.get_host_keys().add(name, kind, PKey.from_type_string(kind, base64.b64decode(key)))
        self._client.connect(
            self.array.host,
            self.array.port,
            self.array.username,
            self.array.password,
            allow_agent=False,
            look_for_keys=False,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def try_run(self, text: str, stdin: str = "") -> tuple[int, str]:
        """Run a command line; its exit status, and all that it printed."""
        try:
            given, out, err = self._client.exec_command(text)
        except SSHException as error:  # the line was cut: the array lost every login
            raise AssertionError(f"the login by hand is gone: {error}") from error
        given.write(stdin)
        given.channel.shutdown_write()
        said = out.read().decode() + err.read().decode()
        return out.channel.recv_exit_status(), said

    def run(self, text: str, stdin: str = "") -> str:
        """Run a command line that must work; what it printed.

        Raises:
            AssertionError: It did not.
        """
        status, said = self.try_run(text, stdin)
        if status != 0:
            raise AssertionError(f"{text}\nended with {status} and said:\n{said}")
        return said

    def make_volume(self, name: str, size: int = GIB) -> None:
        """Make a thin volume, whatever its name."""
        if self.array.kind == "solaris":
            self.run(f"/usr/sbin/zfs create -s -V {size} '{self.array.storage}/{name}'")
            return
        # Whether CLIQ gives such a name is not known; an array may have one all the same.
        plain = "made-by-hand"
        self.run(
            f"createVolume volumeName={plain} clusterName={self.array.storage} size={size // MIB}MB thinProvision=1"
        )
        volumes = self.array.lefthand.group.tables.volumes
        with self.array.state.change():
            made = volumes[plain]
            del volumes[plain]
            volumes[name] = evolve(made, name=name)

    def delete_volume(self, name: str) -> None:
        """Delete a volume that nothing hangs on."""
        if self.array.kind == "solaris":
            self.run(f"/usr/sbin/zfs destroy '{self.array.storage}/{name}'")
        else:
            self.run(f'deleteVolume volumeName="{name}" prompt=0')

    def resize_volume(self, name: str, size: int) -> None:
        """Give a volume another size."""
        if self.array.kind == "solaris":
            self.run(f"/usr/sbin/zfs set volsize={size} '{self.array.storage}/{name}'")
        else:
            self.run(f'modifyVolume volumeName="{name}" size={size // MIB}MB')

    def make_snapshot(self, volume: str, name: str) -> None:
        """Take a snapshot."""
        if self.array.kind == "solaris":
            self.run(f"/usr/sbin/zfs snapshot '{self.array.storage}/{volume}@{name}'")
        else:
            self.run(f'createSnapshot volumeName="{volume}" snapshotName={name} inheritAccess=0')

    def write(self, volume: str, size: int) -> None:
        """Write data to a volume, as an initiator would."""
        if self.array.kind == "solaris":
            self.array.solaris.pools.write(f"{self.array.storage}/{volume}", size)
            return
        volumes = self.array.lefthand.group.tables.volumes
        with self.array.state.change():
            volumes[volume] = evolve(volumes[volume], bytes_written=volumes[volume].bytes_written + size)

    def admits(self, export: Export, initiator: str, user: str = "", secret: Secret | None = None) -> bool:
        """Whether an initiator that logs in at an export's target sees its volume; it stays logged in if so."""
        revealed = "" if secret is None else secret.reveal()
        if self.array.kind == "hp":
            access = self.array.lefthand.group.access
            try:
                access.login(export.volume, initiator, chap_name=user, target_secret=revealed)
            except LoginRefused:
                return False
            return True
        host = self.array.solaris
        try:
            host.comstar.iscsit.login(initiator, export.target_iqn, secret=revealed or None, user=user or None)
        except IscsitError:
            return False
        guid = host.comstar.iscsit.luns(initiator, export.target_iqn).get(-1 if export.lun is None else export.lun)
        if guid is None:
            host.comstar.iscsit.logout(initiator, export.target_iqn)
            return False
        unit = host.comstar.stmf.units[guid]
        return unit.data_file.endswith(f"/{self.array.storage}/{export.volume}")

    def log_out(self, export: Export, initiator: str) -> None:
        """End every session of an initiator at an export's target."""
        if self.array.kind == "solaris":
            self.array.solaris.comstar.iscsit.logout(initiator, export.target_iqn)
            return
        group = self.array.lefthand.group
        for session in group.tables.sessions_of[export.volume]:
            if session.initiator == initiator:
                group.access.logout(session)
