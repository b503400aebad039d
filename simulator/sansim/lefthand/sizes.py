"""What sizes and numbers of copies a volume can have."""

from sansim.lefthand.inferred import INVALID_VALUE
from sansim.lefthand.model import Cluster
from sansim.lefthand.results import Refusal

__all__ = ["PAGE", "check_replication", "whole_pages"]

PAGE = 262144
"""Bytes of a page: sizes are multiples of it (seen: pageSize and minVolumeSize of every sample)."""


def whole_pages(size: int) -> int:
    """Return a size that is at least so many bytes, and at least a page."""
    return max(-(-size // PAGE), 1) * PAGE


def check_replication(cluster: Cluster, copies: int) -> None:
    """Refuse more copies than a cluster has nodes."""
    if copies > len(cluster.nodes):
        raise Refusal(
            INVALID_VALUE,
            f"Parameter 'replication' exceeds the number of storage nodes of cluster '{cluster.name}', "
            f"which is {len(cluster.nodes)}.",
        )
