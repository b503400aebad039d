"""A session on a LeftHand group: hooks only."""

from collections.abc import Mapping

from sansdk.capabilities import Capability
from sansdk.commands import cliq
from sansdk.commands.base import Pace
from sansdk.errors import ArrayError, InputError, Unsupported
from sansdk.executor import SECONDS, Executor
from sansdk.history import History
from sansdk.hp import planner
from sansdk.hp.draft import Draft
from sansdk.hp.inventory import HpInventory
from sansdk.hp.setting import Setting
from sansdk.hp.survey import survey
from sansdk.session import Hooks, SanSession
from sansdk.steps import Read
from sansdk.stepwise import Stepwise
from sansdk.transport.base import Transport


def attach(
    transport: Transport,
    place: str,
    *,
    seconds: Mapping[Pace, float] = SECONDS,
    portals: tuple[str, ...] = (),
) -> tuple[Setting, Executor]:
    """Find out which version answers, with one exec.

    Args:
        transport: The way to a node or virtual IP.
        place: The cluster.
        seconds: How long a command of each class may take.
        portals: Must be empty: the cluster's virtual IPs are the portals.
    """
    if not place.strip("/"):
        raise InputError("The URL names no cluster: say hp://user@host/cluster.")
    if portals:
        raise Unsupported(
            "The portals of a LeftHand volume are the cluster's virtual IPs.",
            capability=Capability.PORTALS,
            mend="Leave portals= out.",
        )
    executor = Stepwise(transport, History(), seconds)
    try:
        version = executor.read([Read(cliq.GetSystem())])[cliq.GetSystem()]
    except ArrayError:
        version = None  # not every version knows the command; nothing depends on it
    return Setting(transport.address, place.strip("/"), version or ""), executor


class HpSession(SanSession):
    """Volumes of a LeftHand, P4000 or StoreVirtual cluster behind CLIQ."""

    hooks = Hooks(
        port=16022,
        forbidden=planner.FORBIDDEN,
        attach=attach,
        check=planner.check,
        survey=survey,
        inventory=HpInventory,
        draft=Draft,
        plan=planner.plan,
        capabilities=frozenset(
            {Capability.CHAP, Capability.CHAP_READABLE, Capability.CHAP_PER_VOLUME, Capability.MASK, Capability.SHRINK}
        ),
    )
