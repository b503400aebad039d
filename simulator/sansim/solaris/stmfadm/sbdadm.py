"""sbdadm: the older way to logical units. Source: illumos `sbdadm.c`."""

from collections.abc import Mapping

from sansim.program import Program
from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.names import is_addressable
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmf.unit_model import LogicalUnit, UnitProperties
from sansim.solaris.stmfadm.console import Command, Run, runner
from sansim.solaris.stmfadm.options import Grammar, Operands, Option, Subcommand
from sansim.solaris.stmfadm.properties import parse_size
from sansim.solaris.stmfadm.units import CREATE_TEXTS, PATH_LIMIT, delete_units, modify_unit

__all__ = ["program"]

_GRAMMAR = Grammar(
    options=(
        Option("s", "disk-size", "Size with <none>/k/m/g/t/p/e modifier"),
        Option("k", "keep-views"),
    ),
    subcommands=(
        Subcommand("create-lu", "s", "", Operands.ONE, "Full path of the file to initialize"),
        Subcommand("delete-lu", "k", "", Operands.ONE, "GUID of the LU to deregister"),
        Subcommand("import-lu", "", "", Operands.ONE, "filename of the LU to import"),
        Subcommand("list-lu", "", "", Operands.NONE),
        Subcommand("modify-lu", "s", "s", Operands.ONE, "Full path of the LU or GUID of a registered LU"),
    ),
)
_TEXTS: Mapping[StmfCode, str] = {**CREATE_TEXTS, StmfCode.FILE_SIZE_INVALID: "unknown error"}


async def _create(this: Run) -> int:
    (path,) = this.parsed.operands
    text = this.parsed.value("s")
    try:
        size = None if text is None else parse_size(text)
    except StmfError:
        this.error("s: size param invalid")
        return 1
    if len(path.encode(errors="surrogateescape")) >= PATH_LIMIT:
        this.error("could not set filename")
        return 1
    try:
        unit = this.stmf.create_unit(path, UnitProperties(size=size))
    except StmfError as error:
        return _fail(this, error, path)
    this.out("Created the following LU:")
    _list_units(this, [unit])
    return 0


async def _load(this: Run) -> int:
    (path,) = this.parsed.operands
    try:
        unit = this.stmf.import_unit(path)
    except StmfError as error:
        return _fail(this, error, path)
    this.out("Imported the following LU:")
    _list_units(this, [unit])
    return 0


def _fail(this: Run, error: StmfError, path: str) -> int:
    """Complain; the status is the low byte of the library's code, plus one."""
    this.refuse(error, path, _TEXTS)
    return (error.code + 1) & 0xFF


async def _list(this: Run) -> int:
    stmf = this.stmf
    guids = stmf.guids()
    if any(not is_addressable(guid) for guid in guids):
        this.error("list failed")
        return 1
    units = [stmf.units[guid] for guid in guids if guid in stmf.units]
    if units:
        this.out(f"\nFound {len(units)} LU(s)")
        _list_units(this, units)
    return 0


def _list_units(this: Run, units: list[LogicalUnit]) -> None:
    this.out("\n\t      GUID                    DATA SIZE           SOURCE")
    this.out("--------------------------------  -------------------  ----------------")
    for unit in units:
        if unit.access == "Active":
            this.out(f"{unit.guid.lower()}  {unit.size:<19d}  {unit.data_file}")
        else:
            this.out(f"{unit.guid.lower()}<error retrieving property>\n<error retrieving property>")


async def _modify(this: Run) -> int:
    (operand,) = this.parsed.operands
    return modify_unit(this, operand, {}, by_file=operand.startswith("/"))


_COMMANDS: Mapping[str, Command] = {
    "create-lu": _create,
    "delete-lu": delete_units,
    "import-lu": _load,
    "list-lu": _list,
    "modify-lu": _modify,
}


def program(stmf: Stmf) -> Program:
    """Return sbdadm over an stmf service."""
    return runner(stmf, _GRAMMAR, _COMMANDS)
