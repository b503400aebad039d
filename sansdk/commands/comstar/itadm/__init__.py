"""itadm: iSCSI targets, portal groups, initiators' CHAP records, defaults."""

from sansdk.commands.comstar.itadm.initiators import (
    CreateInitiator,
    DeleteInitiator,
    InitiatorRecord,
    ListInitiators,
    ModifyInitiator,
)
from sansdk.commands.comstar.itadm.targets import (
    CreateTarget,
    Defaults,
    DeleteTarget,
    ItTarget,
    ListDefaults,
    ListTargets,
    ListTpgs,
    Tag,
    Tpg,
)

__all__ = [
    "CreateInitiator",
    "CreateTarget",
    "Defaults",
    "DeleteInitiator",
    "DeleteTarget",
    "InitiatorRecord",
    "ItTarget",
    "ListDefaults",
    "ListInitiators",
    "ListTargets",
    "ListTpgs",
    "ModifyInitiator",
    "Tag",
    "Tpg",
]
