"""stmfadm's sub-commands that make, change, delete and list logical units."""

from collections.abc import Callable, Mapping

from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_console import COMMON_TEXTS, Run, explain
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.stmf_names import GUID_LENGTH, is_guid, scan_guid
from sansim.solaris.stmf_properties import MODIFIABLE, PROPERTIES, Value, parse_size
from sansim.solaris.stmf_units import LogicalUnit, UnitProperties

__all__ = ["UNIT_COMMANDS", "delete_units", "modify_unit"]

_PROPERTY_TEXTS: Mapping[StmfCode, str] = {
    StmfCode.INVALID_PROPERTY_SIZE: "invalid length",
    StmfCode.INVALID_ARGUMENT: "bad format",
}


def _create_texts(path: str) -> Mapping[StmfCode, str]:
    """Return the words of create-lu and import-lu; what is not among the common ones is unknown."""
    return {code: COMMON_TEXTS.get(code, "unknown error").replace("{operand}", path) for code in StmfCode}


def _create(this: Run) -> int:
    (path,) = this.parsed.operands
    values: dict[str, Value] = {}
    for letter, text in this.parsed.options:
        if letter == "s":
            try:
                values["size"] = parse_size(text)
            except StmfError:
                this.error("s: size param invalid")
                return 1
            continue
        complaint = _take_property(text, values)
        if complaint is not None:
            this.error(complaint)
            return 1
    try:
        unit = this.stmf.units.create(path, UnitProperties(**values))  # type: ignore[arg-type] # fields by PROPERTIES
    except StmfError as error:
        this.error(explain(error, path, _create_texts(path)))
        return 1
    this.out(f"Logical unit created: {unit.guid}")
    return 0


def _take_property(text: str, values: dict[str, Value]) -> str | None:
    """Read `prop=val` into the values, or return the complaint; a second `=` ends the value."""
    words = [word for word in text.split("=") if word]
    if len(words) < 2:  # noqa: PLR2004 - a name and a value
        return f"{text.partition('=')[0]}: invalid property specifier - prop=val\n"
    name, value = words[:2]
    if name.lower() not in PROPERTIES:
        return f"invalid property specified: {name}"
    attribute, parse = PROPERTIES[name.lower()]
    try:
        values[attribute] = parse(value)
    except StmfError as error:
        return f"unable to set {name}: {_PROPERTY_TEXTS[error.code]}"
    return None


def _load(this: Run) -> int:
    (path,) = this.parsed.operands
    try:
        unit = this.stmf.units.load(path)
    except StmfError as error:
        this.error(explain(error, path, _create_texts(path)))
        return 1
    this.out(f"Logical unit imported: {unit.guid}")
    return 0


def _modify(this: Run) -> int:
    (operand,) = this.parsed.operands
    return modify_unit(this, operand, by_file=this.parsed.value("f") is not None)


def modify_unit(this: Run, operand: str, *, by_file: bool) -> int:
    """Change what the options name, one by one, of the unit or the file that the operand names."""
    if not by_file and len(operand) != GUID_LENGTH:
        this.error(f"{operand}: must be 32 hexadecimal digits")
        return 1
    for letter, text in this.parsed.options:
        if letter == "f":
            continue
        words = [word for word in text.split("=") if word] if letter == "p" else ["size", text]
        name = words[0] if words else ""
        if letter == "p" and name.lower() not in PROPERTIES:
            this.error(f"invalid property specified: {name}")
            return 1
        value = words[1] if len(words) > 1 else None
        if value is None and name.lower() != "mgmt-url":
            this.error(f"{name}: invalid property specifier- prop=val\n")
            return 1
        try:
            _modify_one(this.stmf, operand, name, value, by_file=by_file)
        except StmfError as error:
            texts = {
                **{code: f"could not set property: {name}: {code.value}" for code in StmfCode},
                **{code: text for code, text in COMMON_TEXTS.items() if code in _MODIFY_CODES},
                StmfCode.INVALID_PROPERTY: "invalid property for modify",
            }
            this.error(explain(error, operand, texts))
            return 1
    return 0


_MODIFY_CODES = frozenset(
    {
        StmfCode.BUSY,
        StmfCode.PERMISSION,
        StmfCode.SERVICE_NOT_FOUND,
        StmfCode.META_FILE_NAME,
        StmfCode.DATA_FILE_NAME,
        StmfCode.FILE_SIZE_INVALID,
    }
)


def _modify_one(stmf: Stmf, operand: str, name: str, value: str | None, *, by_file: bool) -> None:
    guid = scan_guid(operand)
    if not by_file and guid not in stmf.units:
        raise StmfError(StmfCode.NOT_FOUND)
    changes: dict[str, Value]
    if name == "size":
        changes = {"size": parse_size(value or "")}
    elif name.lower() not in MODIFIABLE:
        raise StmfError(StmfCode.INVALID_PROPERTY)
    else:
        attribute, parse = PROPERTIES[name.lower()]
        changes = {attribute: None if value is None else parse(value)}
    if by_file:
        stmf.units.modify_file(operand, **changes)
    else:
        stmf.units.modify(guid, **changes)


def delete_units(this: Run) -> int:
    """Delete the operands' units; the status is the number of those that failed.

    Without -k the views go as well: all of them, and also when the unit itself could not be deleted. With -k
    an unknown GUID passes silently.
    """
    keep_views = this.parsed.value("k") is not None
    failures = 0
    for operand in this.parsed.operands:
        if not is_guid(operand):
            this.error(f"{operand}: must be 32 hexadecimal digits long")
            failures += 1
            continue
        guid = operand.upper()
        refusal = None
        try:
            this.stmf.units.delete(guid)
        except StmfError as error:
            refusal = error
        if refusal is not None and refusal.code in (StmfCode.PERMISSION, StmfCode.SERVICE_NOT_FOUND):
            this.error(explain(refusal))
            failures += 1
            continue
        views = [] if keep_views else this.stmf.views.of(guid)
        for view in views:
            this.stmf.views.remove(guid, view.number)
        if refusal is None:
            continue
        if refusal.code is not StmfCode.NOT_FOUND:
            this.error(explain(refusal))
            failures += 1
        elif not views and not keep_views:
            this.error(f"{guid.lower()}: not found")
            failures += 1
    return failures


def _list(this: Run) -> int:
    stmf = this.stmf
    guids = stmf.guids()
    known = set(guids)
    verbose = this.parsed.value("v") is not None
    status = 0
    for operand in this.parsed.operands or guids:
        if not is_guid(operand):
            this.error(f"{operand}: must be 32 hexadecimal digits long")
            continue
        guid = operand.upper()
        if guid not in known:
            this.error(f"{operand}: not found")
            status = 1
            continue
        this.out(f"LU Name: {guid}")
        if verbose:
            for label, value in _describe(stmf, guid):
                this.out(f"    {label:<18}: {value}")
    return status


def _describe(stmf: Stmf, guid: str) -> list[tuple[str, str]]:
    count = ("View Entry Count", str(len(stmf.views.of(guid))))
    if guid not in stmf.units:
        return [
            ("Operational Status", "unregistered"),
            ("Provider Name", "unregistered"),
            ("Alias", "-"),
            count,
        ]
    unit = stmf.units[guid]
    return [
        ("Operational Status", unit.status),
        ("Provider Name", "sbd"),
        ("Alias", unit.alias or "-"),
        count,
        *_describe_disk(unit),
    ]


def _describe_disk(unit: LogicalUnit) -> list[tuple[str, str]]:
    return [
        ("Data File", unit.data_file),
        ("Meta File", "not set"),
        ("Size", str(unit.size)),
        ("Block Size", str(unit.block_size)),
        ("Management URL", unit.management_url or "not set"),
        ("Vendor ID", f"{unit.vendor:<8}"),
        ("Product ID", f"{unit.product:<16}"),
        ("Serial Num", unit.serial or "not set"),
        ("Write Protect", "Enabled" if unit.write_protect else "Disabled"),
        ("Writeback Cache", "Enabled" if unit.write_cache else "Disabled"),
        ("Access State", "Active"),
    ]


UNIT_COMMANDS: Mapping[str, Callable[[Run], int]] = {
    "create-lu": _create,
    "delete-lu": delete_units,
    "import-lu": _load,
    "list-lu": _list,
    "modify-lu": _modify,
}
