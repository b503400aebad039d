"""stmfadm's sub-commands for host groups and target groups."""

from collections.abc import Callable, Mapping

from sansim.solaris.stmf.errors import StmfCode, StmfError
from sansim.solaris.stmf.groups import Groups
from sansim.solaris.stmf.names import parse_device_id
from sansim.solaris.stmf.stmf import Stmf
from sansim.solaris.stmfadm.console import Command, Run

__all__ = ["GROUP_COMMANDS"]

_Kind = Callable[[Stmf], Groups]

_NAME_LIMIT = 255


def _host_groups(stmf: Stmf) -> Groups:
    return stmf.host_groups


def _target_groups(stmf: Stmf) -> Groups:
    return stmf.target_groups


_TEXTS: Mapping[StmfCode, str] = {
    StmfCode.EXISTS: "{operand}: already exists",
    StmfCode.NOT_FOUND: "{operand}: not found",
    StmfCode.MEMBER_NOT_FOUND: "{operand}: not found",
    StmfCode.GROUP_IN_USE: "{operand}: group is in use by existing view entry",
    StmfCode.TARGET_ONLINE: "STMF target must be offline",
}


def _name(text: str) -> str:
    """Return a group's name as it is taken: cut off after 255 bytes, without a word."""
    return text.encode(errors="surrogateescape")[:_NAME_LIMIT].decode(errors="surrogateescape")


def _create(kind: _Kind) -> Command:
    async def run(this: Run) -> int:
        name = _name(this.parsed.operands[0])
        try:
            kind(this.stmf).create(name)
        except StmfError as error:
            return this.refuse(error, name, _TEXTS)
        return 0

    return run


def _delete(kind: _Kind) -> Command:
    async def run(this: Run) -> int:
        name = _name(this.parsed.operands[0])
        try:
            kind(this.stmf).delete(name)
        except StmfError as error:
            return this.refuse(error, name, _TEXTS)
        return 0

    return run


def _change_members(kind: _Kind, change: Callable[[Groups, str, str], None]) -> Command:
    """Work the operands off one by one; the status is the number of those that failed."""

    async def run(this: Run) -> int:
        group = this.parsed.value("g") or ""
        texts = {**_TEXTS, StmfCode.GROUP_NOT_FOUND: f"{group}: not found"}
        failures = 0
        for operand in this.parsed.operands:
            member = parse_device_id(operand)
            if member is None:
                this.error(f"{operand}: unrecognized device id")
                failures += 1
                continue
            try:
                change(kind(this.stmf), group, member)
            except StmfError as error:
                failures += this.refuse(error, operand, texts)
        return failures

    return run


def _list(kind: _Kind, label: str) -> Command:
    async def run(this: Run) -> int:
        groups = kind(this.stmf)
        status = 0
        for operand in this.parsed.operands or [group.name for group in groups]:
            name = _name(operand)
            if name not in groups:
                this.error(f"{operand}: not found")
                status = 1
                continue
            this.out(f"{label}: {name}")
            if this.parsed.value("v") is not None:
                members = groups[name].members
                for member in members[::-1] if this.stmf.release.newest_member_first else members:
                    this.out(f"\tMember: {member}")
        return status

    return run


GROUP_COMMANDS: Mapping[str, Command] = {
    "add-hg-member": _change_members(_host_groups, Groups.add),
    "add-tg-member": _change_members(_target_groups, Groups.add),
    "create-hg": _create(_host_groups),
    "create-tg": _create(_target_groups),
    "delete-hg": _delete(_host_groups),
    "delete-tg": _delete(_target_groups),
    "list-hg": _list(_host_groups, "Host Group"),
    "list-tg": _list(_target_groups, "Target Group"),
    "remove-hg-member": _change_members(_host_groups, Groups.remove),
    "remove-tg-member": _change_members(_target_groups, Groups.remove),
}
