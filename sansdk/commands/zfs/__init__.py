"""zfs and zpool."""

from sansdk.commands.zfs.datasets import (
    CreateVolume,
    Destroy,
    GetProperties,
    Guid,
    InheritProperty,
    ListAvailable,
    ListSnapshots,
    ListVolumes,
    Property,
    SetProperties,
    Space,
    VolumeDetails,
    ZfsSnapshot,
    ZfsVolume,
)
from sansdk.commands.zfs.pools import ListPools, PoolGuid, ZfsPool

__all__ = [
    "CreateVolume",
    "Destroy",
    "GetProperties",
    "Guid",
    "InheritProperty",
    "ListAvailable",
    "ListPools",
    "ListSnapshots",
    "ListVolumes",
    "PoolGuid",
    "Property",
    "SetProperties",
    "Space",
    "VolumeDetails",
    "ZfsPool",
    "ZfsSnapshot",
    "ZfsVolume",
]
