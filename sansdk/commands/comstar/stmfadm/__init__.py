"""stmfadm: logical units, views, groups and targets."""

from sansdk.commands.comstar.stmfadm.groups import (
    AddHostGroupMember,
    AddTargetGroupMember,
    CreateHostGroup,
    CreateTargetGroup,
    DeleteHostGroup,
    DeleteTargetGroup,
    Group,
    ListHostGroups,
    ListTargetGroups,
    RemoveHostGroupMember,
    RemoveTargetGroupMember,
)
from sansdk.commands.comstar.stmfadm.targets import (
    ListState,
    ListTargets,
    Session,
    State,
    StmfTarget,
)
from sansdk.commands.comstar.stmfadm.units import (
    CreateLu,
    DeleteLu,
    ImportLu,
    ListLu,
    Lu,
    ModifyLuSize,
    OnlineLu,
    ShowLu,
)
from sansdk.commands.comstar.stmfadm.views import (
    AddView,
    ListViews,
    RemoveView,
    View,
)

__all__ = [
    "AddHostGroupMember",
    "AddTargetGroupMember",
    "AddView",
    "CreateHostGroup",
    "CreateLu",
    "CreateTargetGroup",
    "DeleteHostGroup",
    "DeleteLu",
    "DeleteTargetGroup",
    "Group",
    "ImportLu",
    "ListHostGroups",
    "ListLu",
    "ListState",
    "ListTargetGroups",
    "ListTargets",
    "ListViews",
    "Lu",
    "ModifyLuSize",
    "OnlineLu",
    "RemoveHostGroupMember",
    "RemoveTargetGroupMember",
    "RemoveView",
    "Session",
    "ShowLu",
    "State",
    "StmfTarget",
    "View",
]
