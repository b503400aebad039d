"""Initiators that play their part on either kind of array: who is logged in, and logins as iSCSI would do them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from sansim.control.protocol import ControlError
from sansim.lefthand.access import LoginRefused
from sansim.lefthand.array import LeftHandArray
from sansim.lefthand.model import Snapshot, Volume
from sansim.simulator import SimulatedArray
from sansim.solaris.host import SolarisHost
from sansim.solaris.iscsit.model import IscsitError
from sansim.solaris.stmf.errors import StmfError

__all__ = ["connect", "disconnect", "sessions"]


def sessions(array: SimulatedArray) -> list[dict[str, Any]]:
    """Return the sessions of initiators: `initiator`, `target`, `since`, and the `volumes` that it sees there."""
    if isinstance(array.array, SolarisHost):
        return list(_at_targets(array.array))
    return list(_at_volumes(array.lefthand))


def connect(
    array: SimulatedArray, initiator: str, target: str, *, user: str | None = None, secret: str | None = None
) -> None:
    """Log an initiator in, as it would over iSCSI.

    Args:
        array: Where.
        initiator: Its iSCSI name.
        target: The target's name; on a LeftHand the volume's or snapshot's name, or that of its target.
        user: The CHAP user that it offers.
        secret: Its CHAP secret.

    Raises:
        ControlError: The array does not admit it.
    """
    try:
        if isinstance(array.array, SolarisHost):
            array.array.comstar.iscsit.login(initiator, target, secret, user)
        else:
            group = array.lefthand.group
            group.access.login(
                _volume(array.lefthand, target), initiator, chap_name=user or "", target_secret=secret or ""
            )
    except (IscsitError, StmfError, LoginRefused) as refused:
        raise ControlError(f"array {array.name} does not admit {initiator} to {target}: {refused}") from refused


def disconnect(array: SimulatedArray, initiator: str, target: str) -> None:
    """End the sessions of an initiator at a target, named as for `connect`.

    Raises:
        ControlError: It is not logged in there.
    """
    ends = _ends(array, initiator, target)
    if not ends:
        raise ControlError(f"{initiator} is not logged in at {target} on array {array.name}")
    for end in ends:
        end()


def _ends(array: SimulatedArray, initiator: str, target: str) -> list[Callable[[], None]]:
    """Return what ends each session of an initiator at a target."""
    if isinstance(array.array, SolarisHost):
        ports = array.array.comstar.stmf.ports
        return [
            partial(ports.close_session, session.target, session.initiator)
            for port in ports
            for session in ports.sessions(port.name)
            if (session.target, session.initiator) == (target, initiator)
        ]
    group = array.lefthand.group
    volume = _volume(array.lefthand, target)
    return [
        partial(group.access.logout, session)
        for session in group.tables.sessions_of[volume]
        if session.initiator.lower() == initiator.lower()
    ]


def _at_targets(host: SolarisHost) -> Iterator[dict[str, Any]]:
    stmf = host.comstar.stmf
    for port in stmf.ports:
        for session in stmf.ports.sessions(port.name):
            guids = stmf.visible(session.initiator, session.target).values()
            yield {
                "initiator": session.initiator,
                "target": session.target,
                "since": session.since.isoformat(timespec="seconds"),
                "volumes": [stmf.units[guid].data_file for guid in guids],
            }


def _at_volumes(array: LeftHandArray) -> Iterator[dict[str, Any]]:
    group = array.group
    for session in tuple(group.tables.sessions.values()):
        item = group.tables.volumes.get(session.volume) or group.tables.snapshots[session.volume]
        yield {
            "initiator": session.initiator,
            "target": group.iqn(item),
            "since": session.since.isoformat(timespec="seconds"),
            "volumes": [session.volume],
        }


def _volume(array: LeftHandArray, target: str) -> str:
    """Return the name of the volume or snapshot that a target stands for; other names are taken as they are."""
    tables = array.group.tables
    items: list[Volume | Snapshot] = [*tables.volumes.values(), *tables.snapshots.values()]
    return next((item.name for item in items if array.group.iqn(item) == target), target)
