"""CLIQ: volumes, clusters, servers and CHAP of a LeftHand group."""

from sansdk.commands.cliq.access import (
    AssignVolumeChap,
    AssignVolumeToServer,
    CreateServer,
    DeleteServer,
    GetServer,
    Server,
    UnassignVolume,
    UnassignVolumeToServer,
)
from sansdk.commands.cliq.base import CliqChange, CliqCommand, NotUnderstood
from sansdk.commands.cliq.clusters import Cluster, GetClusters, GetSystem, Node
from sansdk.commands.cliq.volumes import (
    CliqSnapshot,
    CliqVolume,
    CreateVolume,
    DeleteSnapshot,
    DeleteVolume,
    GetVolume,
    GetVolumes,
    ModifyVolume,
    Permission,
    cliq_size,
)

__all__ = [
    "AssignVolumeChap",
    "AssignVolumeToServer",
    "CliqChange",
    "CliqCommand",
    "CliqSnapshot",
    "CliqVolume",
    "Cluster",
    "CreateServer",
    "CreateVolume",
    "DeleteServer",
    "DeleteSnapshot",
    "DeleteVolume",
    "GetClusters",
    "GetServer",
    "GetSystem",
    "GetVolume",
    "GetVolumes",
    "ModifyVolume",
    "Node",
    "NotUnderstood",
    "Permission",
    "Server",
    "UnassignVolume",
    "UnassignVolumeToServer",
    "cliq_size",
]
