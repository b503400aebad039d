"""stmfadm's sub-commands for host groups and target groups."""

from collections.abc import Callable, Mapping

from sansim.solaris.stmf import Stmf
from sansim.solaris.stmf_console import Run, explain
from sansim.solaris.stmf_errors import StmfCode, StmfError
from sansim.solaris.stmf_groups import Groups
from sansim.solaris.stmf_names import parse_device_id

__all__ = ["GROUP_COMMANDS"]

_Kind = Callable[[Stmf], Groups]


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


def _create(kind: _Kind) -> Callable[[Run], int]:
    def run(this: Run) -> int:
        (name,) = this.parsed.operands
        try:
            kind(this.stmf).create(name)
        except StmfError as error:
            this.error(explain(error, name, _TEXTS))
            return 1
        return 0

    return run


def _delete(kind: _Kind) -> Callable[[Run], int]:
    def run(this: Run) -> int:
        (name,) = this.parsed.operands
        try:
            kind(this.stmf).delete(name)
        except StmfError as error:
            this.error(explain(error, name, _TEXTS))
            return 1
        return 0

    return run


def _change_members(kind: _Kind, change: Callable[[Groups, str, str], None]) -> Callable[[Run], int]:
    """Work the operands off one by one; the status is the number of those that failed."""

    def run(this: Run) -> int:
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
                this.error(explain(error, operand, texts))
                failures += 1
        return failures

    return run


def _list(kind: _Kind, label: str) -> Callable[[Run], int]:
    def run(this: Run) -> int:
        groups = kind(this.stmf)
        status = 0
        for name in this.parsed.operands or [group.name for group in groups]:
            if name not in groups:
                this.error(f"{name}: not found")
                status = 1
                continue
            this.out(f"{label}: {name}")
            if this.parsed.value("v") is not None:
                for member in groups[name].members:
                    this.out(f"\tMember: {member}")
        return status

    return run


GROUP_COMMANDS: Mapping[str, Callable[[Run], int]] = {
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
