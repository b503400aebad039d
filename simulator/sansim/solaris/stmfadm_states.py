"""stmfadm's sub-commands for the state of the service, of targets and of logical units."""

from collections.abc import Callable, Mapping

from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_console import Run, explain
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.stmf_names import GUID_LENGTH, parse_device_id, scan_guid

__all__ = ["STATE_COMMANDS"]

_NOT_FOUND: Mapping[StmfCode, str] = {StmfCode.NOT_FOUND: "{operand}: not found"}
_PERMISSION_STATUS = StmfCode.PERMISSION & 0xFF


def _list_state(this: Run) -> int:
    try:
        stmf = this.stmf_in_any_state
    except StmfError as error:
        this.error(explain(error))
        return _PERMISSION_STATUS
    this.out(f"{'Operational Status':<18}: {'online' if stmf.running else 'offline'}")
    this.out(f"{'Config Status':<18}: initialized")
    this.out(f"{'ALUA Status':<18}: disabled")
    this.out(f"{'ALUA Node':<18}: 0")
    return 0


def _list_target(this: Run) -> int:
    stmf = this.stmf
    status = 0
    for operand in this.parsed.operands or [port.name for port in stmf.ports][::-1]:
        name = parse_device_id(operand)
        if name is None or name not in stmf.ports:
            this.error(f"{operand}: not found")
            status = 1
            continue
        this.out(f"Target: {name}")
        if this.parsed.value("v") is not None:
            _describe_target(this, stmf, name)
    return status


def _describe_target(this: Run, stmf: Stmf, name: str) -> None:
    port = stmf.ports[name]
    sessions = stmf.ports.sessions(name)
    for label, value in (
        ("Operational Status", "Online" if port.online else "Offline"),
        ("Provider Name", port.provider),
        ("Alias", "-"),
        ("Protocol", port.protocol),
        ("Sessions", str(len(sessions))),
    ):
        this.out(f"    {label:<18}: {value}")
    for session in sessions:
        since = session.since
        this.out(f"        Initiator: {session.initiator}")
        this.out("            Alias: -")
        this.out(f"            Logged in since: {since:%a %b} {since.day:2d} {since:%H:%M:%S %Y}")


def _switch_unit(*, online: bool) -> Callable[[Run], int]:
    def run(this: Run) -> int:
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
            this.error(explain(error, operand, _NOT_FOUND))
            return 1
        if units[guid].status not in ("Online", "Offline"):
            this.error("Logical Unit state change request submitted. Waiting for completion timed out")
            return 1
        return 0

    return run


def _switch_target(*, online: bool) -> Callable[[Run], int]:
    def run(this: Run) -> int:
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
            this.error(explain(error, operand, _NOT_FOUND))
            return 1
        return 0

    return run


def _refuse_online(this: Run) -> int:
    """Return the status with which going online is refused before the operand is read, 0 if it is not."""
    try:
        running = this.stmf_in_any_state.running
    except StmfError as error:
        this.error(explain(error))
        return _PERMISSION_STATUS
    if running:
        return 0
    this.error("STMF service is offline")
    return 1


STATE_COMMANDS: Mapping[str, Callable[[Run], int]] = {
    "list-state": _list_state,
    "list-target": _list_target,
    "offline-lu": _switch_unit(online=False),
    "offline-target": _switch_target(online=False),
    "online-lu": _switch_unit(online=True),
    "online-target": _switch_target(online=True),
}
