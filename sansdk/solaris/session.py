"""A session on a Solaris or illumos host: hooks only."""

from collections.abc import Mapping
from typing import Final

from sansdk.capabilities import Capability
from sansdk.commands import procedures
from sansdk.commands.base import Pace
from sansdk.commands.host import Uname
from sansdk.errors import InputError
from sansdk.executor import SECONDS, Executor
from sansdk.history import History
from sansdk.script import Dialect
from sansdk.scripted import Scripted
from sansdk.session import Hooks, SanSession
from sansdk.solaris import planner
from sansdk.solaris.draft import Draft
from sansdk.solaris.inventory import SolarisInventory
from sansdk.solaris.setting import DEFAULT_PREFIX, OLD_PREFIX, Setting
from sansdk.solaris.survey import survey
from sansdk.steps import Read
from sansdk.transport.base import Transport

# How `uname -v` begins.
_FLAVOURS: Final = (
    ("omnios-", "omnios"),
    ("oi_", "openindiana"),
    ("snv_", "opensolaris"),
    ("illumos-", "illumos"),
    ("11.", "solaris11"),
)
_SUN: Final = frozenset({"opensolaris", "solaris11"})


def attach(
    transport: Transport,
    place: str,
    *,
    seconds: Mapping[Pace, float] = SECONDS,
    portals: tuple[str, ...] = (),
    target_prefix: str | None = None,
    privilege: str | None = "pfexec",
    max_lun: int = 255,
) -> tuple[Setting, Executor]:
    """Find out what the host is, with one exec.

    Args:
        transport: The way to it.
        place: `pool` or `pool/parent`: the dataset below which the session's volumes are.
        seconds: How long a step of each class may be silent.
        portals: Addresses of the default portal group; the one connected to if empty.
        target_prefix: What the names of our targets begin with; that of the release if None.
        privilege: Words before each command: `pfexec`, `sudo -n`, or None.
        max_lun: The highest LUN to give: old initiators stop at 255.
    """
    if not place.strip("/"):
        raise InputError("The URL names no pool: say solaris://user@host/pool or …/pool/parent.")
    executor = Scripted(
        transport, History(), Dialect(procedures.functions(), privilege, alone=("/usr/sbin/itadm",)), seconds
    )
    _, version = executor.read([Read(Uname())])[Uname()]
    flavour = next((name for start, name in _FLAVOURS if version.startswith(start)), "unknown")
    setting = Setting(
        array=transport.address,
        parent=place.strip("/"),
        portals=tuple(portals),
        target_prefix=target_prefix or (OLD_PREFIX if flavour in _SUN else DEFAULT_PREFIX),
        max_lun=max_lun,
        flavour=flavour,
        version=version,
    )
    return setting, executor


class SolarisSession(SanSession):
    """ZFS volumes behind COMSTAR."""

    hooks = Hooks(
        port=22,
        forbidden=planner.FORBIDDEN,
        attach=attach,
        check=planner.check,
        survey=survey,
        inventory=SolarisInventory,
        draft=Draft,
        plan=planner.plan,
        capabilities=frozenset(
            {
                Capability.CHAP,
                Capability.CHAP_WITH_MASK,
                Capability.MASK,
                Capability.ANYONE,
                Capability.HOST_GROUPS,
                Capability.CHOOSE_LUN,
                Capability.SHRINK,
                Capability.UNDO_ON_ARRAY,
            }
        ),
    )
