"""What keeps a Solaris host from its work, and what to do about it."""

from collections.abc import Iterator

from sansdk.commands.comstar import svcs
from sansdk.commands.zfs import Space, ZfsPool
from sansdk.model import Problem
from sansdk.solaris.setting import Setting

_OLD = "every logical unit, view and target that the host remembers comes back online with it"


def found(
    setting: Setting,
    *,
    stmf: str | None,
    iscsi: str | None,
    pools: tuple[ZfsPool, ...] | None,
    parent: Space | None,
) -> list[Problem]:
    """The problems, gravest first; each reading is None where the host knows no such thing."""
    return [
        *stmf_service(stmf),
        *_service(svcs.ISCSI_TARGET, "iscsi-target", iscsi, "-rs"),
        *_pool(setting, pools),
        *_parent(setting, pools, parent),
    ]


def stmf_service(state: str | None) -> Iterator[Problem]:
    """What is wrong with the service without which logical units and targets stay offline."""
    yield from _service(svcs.STMF, "stmf", state, "-s")


def _service(fmri: str, code: str, state: str | None, options: str) -> Iterator[Problem]:
    if state is None:
        yield Problem(f"{code}-missing", f"The host has no service {fmri}.", "Install its package: pkg install storage")
    elif state == "disabled":
        mend = f"svcadm enable {options} {fmri} ({_OLD})"
        yield Problem(f"{code}-disabled", f"The service {fmri} is disabled.", mend)
    elif state != "online":
        yield Problem(f"{code}-{state.rstrip('*')}", f"The service {fmri} is {state}.", f"See why: svcs -x {fmri}")


def _pool(setting: Setting, pools: tuple[ZfsPool, ...] | None) -> Iterator[Problem]:
    if not pools:
        mend = f"Look for it with 'zpool import', then: zpool import {setting.pool}"
        yield Problem("pool-missing", f"The host has no pool {setting.pool}.", mend)
    for pool in pools or ():
        if pool.health != "ONLINE":
            yield Problem(
                "pool-health", f"The pool {pool.name} is {pool.health}.", f"See why: zpool status {pool.name}"
            )


def _parent(setting: Setting, pools: tuple[ZfsPool, ...] | None, parent: Space | None) -> Iterator[Problem]:
    if pools and parent is None:
        mend = f"zfs create -o mountpoint=none {setting.parent}"
        yield Problem("parent-missing", f"There is no dataset {setting.parent}.", mend)
