"""stmfadm's sub-commands that make, change and delete logical units."""

from collections.abc import Mapping

from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.names import GUID_LENGTH, is_addressable, is_guid, scan_guid
from sansim.solaris.stmf.unit_model import UnitProperties
from sansim.solaris.stmfadm.console import COMMON_TEXTS, Command, Run
from sansim.solaris.stmfadm.properties import MODIFIABLE, PROPERTIES, Value, parse_size, split_property

__all__ = ["CREATE_TEXTS", "PATH_LIMIT", "UNIT_COMMANDS", "delete_units", "modify_unit"]

PATH_LIMIT = 1024
"""A path of so many bytes or more is refused before it is looked at."""

CREATE_TEXTS: Mapping[StmfCode, str] = {code: COMMON_TEXTS.get(code, "unknown error") for code in StmfCode}
"""The words of create-lu and import-lu: what is not among the common ones is unknown, whatever the operand."""

_PROPERTY_TEXTS: Mapping[StmfCode, str] = {
    StmfCode.INVALID_PROPERTY_SIZE: "invalid length",
    StmfCode.INVALID_ARGUMENT: "bad format",
}
_OFFLINE_POLLS = 50
_OFFLINE_SECONDS = 0.1


async def _create(this: Run) -> int:
    (path,) = this.parsed.operands
    values: dict[str, Value] = {}
    for letter, text in this.parsed.options:
        complaint = _take_size(text, values) if letter == "s" else _take_property(text, values)
        if complaint is not None:
            this.error(complaint)
            return 1
    if len(path.encode(errors="surrogateescape")) >= PATH_LIMIT:
        this.error("could not set filename")
        return 1
    try:
        unit = this.stmf.create_unit(path, UnitProperties(**values))  # type: ignore[arg-type] # fields by PROPERTIES
    except StmfError as error:
        return this.refuse(error, path, CREATE_TEXTS)
    this.out(f"Logical unit created: {unit.guid}")
    return 0


def _take_size(text: str, values: dict[str, Value]) -> str | None:
    try:
        values["size"] = parse_size(text)
    except StmfError:
        return "s: size param invalid"
    return None


def _take_property(text: str, values: dict[str, Value]) -> str | None:
    """Read `prop=val` into the values, or return the complaint."""
    name, value, shown = split_property(text)
    if value is None:
        return f"{shown}: invalid property specifier - prop=val\n"
    if name.lower() not in PROPERTIES:
        return f"invalid property specified: {name}"
    attribute, parse = PROPERTIES[name.lower()]
    try:
        values[attribute] = parse(value)
    except StmfError as error:
        return f"unable to set {name}: {_PROPERTY_TEXTS[error.code]}"
    return None


async def _load(this: Run) -> int:
    (path,) = this.parsed.operands
    try:
        unit = this.stmf.import_unit(path)
    except StmfError as error:
        return this.refuse(error, path, CREATE_TEXTS)
    this.out(f"Logical unit imported: {unit.guid}")
    return 0


async def _modify(this: Run) -> int:
    (operand,) = this.parsed.operands
    texts = {StmfCode.INVALID_PROPERTY: "invalid property for modify", StmfCode.STANDBY: _STANDBY}
    return modify_unit(this, operand, texts, by_file=this.parsed.value("f") is not None)


_STANDBY = "cannot modify while in standby mode"
_MODIFY_CODES = frozenset(
    {
        StmfCode.BUSY,
        StmfCode.PERMISSION,
        StmfCode.META_FILE_NAME,
        StmfCode.DATA_FILE_NAME,
        StmfCode.META_CREATION,
        StmfCode.FILE_SIZE_INVALID,
    }
)


def modify_unit(this: Run, operand: str, texts: Mapping[StmfCode, str], *, by_file: bool) -> int:
    """Change what the options name, one by one, of the unit or the file that the operand names."""
    if not by_file and len(operand) != GUID_LENGTH:
        this.error(f"{operand}: must be 32 hexadecimal digits")
        return 1
    for letter, text in this.parsed.options:
        if letter == "f":
            continue
        name, value, shown = split_property(text) if letter == "p" else ("size", text, "size")
        if letter == "p" and name.lower() not in PROPERTIES:
            this.error(f"invalid property specified: {name}")
            return 1
        if value is None and name.lower() != "mgmt-url":
            this.error(f"{shown}: invalid property specifier- prop=val\n")
            return 1
        try:
            _modify_one(this, operand, name, value, by_file=by_file)
        except StmfError as error:
            words = {
                **{code: f"could not set property: {name}: {code.value}" for code in StmfCode},
                **{code: words for code, words in COMMON_TEXTS.items() if code in _MODIFY_CODES},
                **texts,
            }
            return this.refuse(error, operand, words)
    return 0


def _modify_one(this: Run, operand: str, name: str, value: str | None, *, by_file: bool) -> None:
    """Change one property: by GUID the unit is looked for before the value, by file after it."""
    guid = scan_guid(operand)
    if not by_file and guid not in this.stmf.units:
        raise StmfError(StmfCode.NOT_FOUND if is_addressable(guid) else StmfCode.STATUS_ERROR)
    changes: dict[str, Value]
    if name == "size":
        changes = {"size": parse_size(value or "")}
    elif name.lower() not in MODIFIABLE:
        raise StmfError(StmfCode.INVALID_PROPERTY)
    else:
        attribute, parse = PROPERTIES[name.lower()]
        changes = {attribute: None if value is None else parse(value)}
    if by_file:
        this.stmf.units.modify_file(operand, **changes)
    else:
        this.stmf.units.modify(guid, **changes)


async def delete_units(this: Run) -> int:
    """Delete the operands' units; the status is the number of complaints.

    Without -k the views go as well: all of them, and also when the unit itself could not be deleted. With -k
    an unknown GUID passes silently.
    """
    failures = 0
    for operand in this.parsed.operands:
        if is_guid(operand):
            failures += await _delete(this, operand.upper())
        else:
            this.error(f"{operand}: must be 32 hexadecimal digits long")
            failures += 1
    return failures


async def _delete(this: Run, guid: str) -> int:
    """Take a unit offline, wait for that up to five seconds, and delete it with its views.

    All of it is one change where there is nothing to wait for.
    """
    with this.change():
        error = _taken_offline(this, guid)
        if error is not None or _is_offline(this, guid):
            return _deleted(this, guid, error)
    await this.wait(lambda: _is_offline(this, guid), _OFFLINE_POLLS, _OFFLINE_SECONDS)
    with this.change():
        return _deleted(this, guid, None)


def _taken_offline(this: Run, guid: str) -> StmfError | None:
    try:
        units = this.stmf.units
        if not is_addressable(guid):
            return StmfError(StmfCode.STATUS_ERROR)
        units.offline(guid)
    except StmfError as error:
        return error
    return None


def _is_offline(this: Run, guid: str) -> bool:
    units = this.stmf.units
    return guid not in units or units[guid].status == "Offline"


def _deleted(this: Run, guid: str, error: StmfError | None) -> int:
    """Delete a unit, unless there was an error already, and its views in any case; return the complaints."""
    if error is None:
        try:
            this.stmf.units.delete(guid)
        except StmfError as raised:
            error = raised
    found = error is None or error.code is not StmfCode.NOT_FOUND
    failures = 0 if error is None or not found else this.refuse(error)
    if this.parsed.value("k") is not None:
        return failures
    try:
        stmf = this.stmf
    except StmfError:
        this.error("unable to remove view entries\n")
        return failures + 1
    views = stmf.views.of(guid)
    for view in views:
        stmf.views.remove(guid, view.number)
    if not found and not views:
        this.error(f"{guid.lower()}: not found")
        failures += 1
    return failures


UNIT_COMMANDS: Mapping[str, Command] = {
    "create-lu": _create,
    "delete-lu": delete_units,
    "import-lu": _load,
    "modify-lu": _modify,
}
