"""Initiators that hold on to the volumes of a host."""

from functools import partial
from typing import TYPE_CHECKING

from sansim.faults import Lift
from sansim.solaris.iscsit.model import IscsitError, is_iscsi_name
from sansim.solaris.stmf.names import parse_device_id

if TYPE_CHECKING:
    from sansim.solaris.comstar import Comstar
    from sansim.solaris.host import SolarisHost

__all__ = ["connect"]


def connect(host: "SolarisHost", volume: str, initiator: str) -> Lift:
    """Log an initiator in at the first target that shows it a volume, and let it have a command under way there.

    Its session keeps the target in use; the command, which does not end, keeps the logical unit from going offline.
    It knows its own CHAP secret.

    Raises:
        ValueError: There is no such volume, logical unit or target, or the initiator is not let in.
    """
    stmf = host.comstar.stmf
    name = parse_device_id(initiator)
    if name is None or not is_iscsi_name(initiator):
        raise ValueError(f"{initiator!r} is no name of an initiator; write one such as iqn.1993-08.org.debian:01:host")
    guid = _unit(host, volume)
    for command in stmf.units.commands.of(guid):
        if command.initiator == name:
            return partial(_disconnect, host.comstar, name, command.target)
    if stmf.units[guid].status != "Online":
        raise ValueError(f"the logical unit of volume {volume} is not online; bring it there with stmfadm online-lu")
    targets = [port for port in stmf.ports if port.provider == "iscsit" and port.online]
    for port in targets:
        lun = next((lun for lun, seen in stmf.visible(name, port.name).items() if seen == guid), None)
        if lun is not None:
            with host.state.change():
                _log_in(host.comstar, name, port.name)
                stmf.start_command(name, port.name, lun)
            return partial(_disconnect, host.comstar, name, port.name)
    online = ", ".join(port.name for port in targets) or "none"
    raise ValueError(
        f"no target shows volume {volume} to {initiator}; online is {online}: make a view that covers both"
    )


def _unit(host: "SolarisHost", volume: str) -> str:
    """Return the GUID of the logical unit on a volume, which is named with or without the first pool."""
    found = next(
        (
            dataset
            for name in (volume, f"{host.first_pool}/{volume}")
            if (dataset := host.pools.datasets.get(name)) is not None and dataset.kind == "volume"
        ),
        None,
    )
    if found is None:
        raise ValueError(f"array {host.name} has no volume {volume!r}")
    unit = next((unit for unit in host.comstar.stmf.units if unit.volume == found.guid), None)
    if unit is None:
        raise ValueError(f"volume {volume} has no logical unit; make one with stmfadm create-lu")
    return unit.guid


def _log_in(comstar: "Comstar", initiator: str, target: str) -> None:
    if comstar.stmf.ports.is_logged_in(target, initiator):
        return
    known = comstar.iscsit.load().configuration.initiator(initiator)
    try:
        if known is None:
            comstar.iscsit.login(initiator, target)
        else:
            comstar.iscsit.login(initiator, target, known.chap_secret, known.chap_user)
    except IscsitError as error:
        raise ValueError(f"target {target} does not let {initiator} in: {error}") from error


def _disconnect(comstar: "Comstar", initiator: str, target: str) -> None:
    """Log an initiator out again, which ends its command; one that the target threw out is no error."""
    stmf = comstar.stmf
    if target in stmf.ports and stmf.ports.is_logged_in(target, initiator):
        stmf.ports.close_session(target, initiator)
