"""stmfadm's sub-commands that take logical units and targets online and offline."""

from collections.abc import Callable, Mapping

from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.names import GUID_LENGTH, parse_device_id, scan_guid
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmfadm.console import Command, Run

__all__ = ["PERMISSION_STATUS", "STATE_COMMANDS"]

PERMISSION_STATUS = StmfCode.PERMISSION & 0xFF
"""The status of a refusal before the service's state is known: the low byte of the library's code."""

_NOT_FOUND: Mapping[StmfCode, str] = {StmfCode.NOT_FOUND: "{operand}: not found"}
_POLLS = 30
_POLL_SECONDS = 0.3


def _switch_unit(*, online: bool) -> Command:
    async def run(this: Run) -> int:
        (operand,) = this.parsed.operands
        refused = _refuse_online(this) if online else 0
        if refused:
            return refused
        if len(operand) != GUID_LENGTH:
            this.error(f"{operand}: must be 32 hexadecimal digits long")
            return 1
        guid = scan_guid(operand)
        try:
            units = this.stmf.units
            if online:
                units.online(guid)
            else:
                units.offline(guid)
        except StmfError as error:
            return this.refuse(error, operand, _NOT_FOUND)
        late = "Logical Unit state change request submitted. Waiting for completion timed out"
        return await _follow(this, lambda stmf: guid in stmf.units and stmf.units[guid].status, late, online=online)

    return run


def _switch_target(*, online: bool) -> Command:
    async def run(this: Run) -> int:
        (operand,) = this.parsed.operands
        refused = _refuse_online(this) if online else 0
        if refused:
            return refused
        name = parse_device_id(operand)
        if name is None:
            this.error(f"{operand}: unrecognized device id")
            return 1
        try:
            ports = this.stmf.ports
            if online:
                ports.online(name)
            else:
                ports.offline(name)
        except StmfError as error:
            return this.refuse(error, operand, _NOT_FOUND)
        late = "Target state change request submitted. Waiting for completion timed out."
        return await _follow(this, lambda stmf: name in stmf.ports and stmf.ports[name].status, late, online=online)

    return run


async def _follow(this: Run, status: Callable[[Stmf], str | bool], late: str, *, online: bool) -> int:
    """Look until the state that was asked for is reached, or the opposite one, or time is up."""
    stmf = this.stmf
    wanted = "Online" if online else "Offline"
    if await this.wait(lambda: status(stmf) in ("Online", "Offline"), _POLLS, _POLL_SECONDS):
        return int(status(stmf) != wanted)
    this.error(late)
    return 1


def _refuse_online(this: Run) -> int:
    """Return the status with which going online is refused before the operand is read, 0 if it is not."""
    try:
        status = this.stmf.status
    except StmfError as error:
        this.refuse(error)
        return PERMISSION_STATUS
    if status in ("offline", "offlining"):
        this.error("STMF service is offline")
        return 1
    return 0


STATE_COMMANDS: Mapping[str, Command] = {
    "offline-lu": _switch_unit(online=False),
    "offline-target": _switch_target(online=False),
    "online-lu": _switch_unit(online=True),
    "online-target": _switch_target(online=True),
}
