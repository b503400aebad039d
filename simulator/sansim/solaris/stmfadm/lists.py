"""stmfadm's lists: logical units, targets with their sessions, and the state of the service."""

from collections.abc import Iterator, Mapping

from sansim.solaris.stmf.errors import StmfError
from sansim.solaris.stmf.names import is_addressable, is_guid, parse_device_id
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmf.unit_model import LogicalUnit
from sansim.solaris.stmfadm.console import Command, Run
from sansim.solaris.stmfadm.release import StmfRelease
from sansim.solaris.stmfadm.states import PERMISSION_STATUS

__all__ = ["LIST_COMMANDS"]

_Row = tuple[str, str]

_UNAVAILABLE = "prop unavailable in standby"


async def _list_units(this: Run) -> int:
    """List units; the verbose form forgets, at each unit it describes, that an earlier operand was not found."""
    stmf = this.stmf
    verbose = this.parsed.value("v") is not None
    status = 0
    for operand in this.parsed.operands or stmf.guids():
        if not is_guid(operand):
            this.error(f"{operand}: must be 32 hexadecimal digits long")
            continue
        guid = operand.upper()
        if not stmf.knows(guid):
            this.error(f"{operand}: not found")
            status = 1
            continue
        this.out(f"LU Name: {guid}")
        if verbose:
            status = _describe_unit(this, stmf, guid)
    return status


def _describe_unit(this: Run, stmf: Stmf, guid: str) -> int:
    count = ("View Entry Count", str(len(stmf.views.of(guid))))
    if not is_addressable(guid):
        this.complain(f":{guid} get properties failed")
        _print(this, [count])
        this.error("get extended properties failed")
        return 1
    if guid not in stmf.units:
        unregistered = [("Operational Status", "unregistered"), ("Provider Name", "unregistered"), ("Alias", "-")]
        _print(this, [*unregistered, count])
        return 0
    unit = stmf.units[guid]
    general = [("Operational Status", unit.status), ("Provider Name", "sbd"), ("Alias", unit.alias[:255] or "-")]
    _print(this, [*general, count, *_disk(unit, stmf.release)])
    return 0


def _disk(unit: LogicalUnit, release: StmfRelease) -> Iterator[_Row]:
    """Yield what only the provider of a disk knows; on standby it does not tell the most of it."""
    cache = "Enabled" if unit.write_cache else "Disabled"
    for label, value in (
        ("Data File", unit.data_file),
        ("Meta File", unit.meta_file or "not set"),
        ("Size", str(unit.size)),
        ("Block Size", str(unit.block_size)),
        ("Management URL", unit.management_url or "not set"),
        ("Vendor ID", f"{unit.vendor:<8}"),
        ("Product ID", f"{unit.product:<16}"),
        ("Serial Num", unit.serial or "not set"),
        ("Write Protect", "Enabled" if unit.write_protect else "Disabled"),
        *((("Write Cache Mode Select", "Enabled"),) if release.write_cache_mode else ()),
        ("Writeback Cache", cache),
    ):
        yield label, value if unit.access == "Active" else _UNAVAILABLE
    yield "Access State", unit.access


async def _list_targets(this: Run) -> int:
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
    rows = [
        ("Operational Status", port.status),
        ("Provider Name", port.provider),
        ("Alias", port.alias or "-"),
        ("Protocol", port.protocol),
        ("Sessions", str(len(sessions))),
    ]
    _print(this, rows)
    for session in sessions:
        since = session.since
        this.out(f"        Initiator: {session.initiator}")
        this.out("            Alias: -")
        this.out(f"            Logged in since: {since:%a %b} {since.day:2d} {since:%H:%M:%S %Y}")


async def _list_state(this: Run) -> int:
    try:
        stmf = this.stmf
    except StmfError as error:
        this.refuse(error)
        return PERMISSION_STATUS
    rows = [("Operational Status", stmf.status), ("Config Status", "initialized")]
    if stmf.release.alua:
        rows += [
            ("ALUA Status", "enabled" if stmf.alua.enabled else "disabled"),
            ("ALUA Node", str(stmf.alua.node)),
        ]
    for label, value in rows:
        this.out(f"{label:<18}: {value}")
    return 0


def _print(this: Run, rows: list[_Row]) -> None:
    width = this.stmf.release.label_width
    for label, value in rows:
        this.out(f"    {label:<{width}}: {value}")


LIST_COMMANDS: Mapping[str, Command] = {
    "list-lu": _list_units,
    "list-state": _list_state,
    "list-target": _list_targets,
}
