"""The counters of a cluster, which follow from who is logged in and from the clock.

The array samples every six seconds (seen); a counter says how many operations there were in the interval asked
for, and never less than one sample (inferred). Nobody reads or writes data here, so each session stands for a
steady load that varies from sample to sample, the same on every run under the same clock.
"""

from collections.abc import Mapping
from zlib import crc32

from sansim.lefthand.group import ManagementGroup
from sansim.lefthand.inferred import READS_PER_SESSION, SAMPLE_SECONDS, WRITES_PER_SESSION
from sansim.lefthand.model import Cluster, Session, Snapshot, Volume

__all__ = ["counters"]


def counters(group: ManagementGroup, cluster: Cluster, interval: int) -> Mapping[str, int]:
    """Return the operations of a cluster in an interval, in milliseconds, by the counter's name."""
    seconds = max(interval / 1000, SAMPLE_SECONDS)
    sample = int(group.clock.now().timestamp()) // SAMPLE_SECONDS
    reads = writes = 0.0
    for session in group.tables.sessions.values():
        target = group.tables.volumes.get(session.volume) or group.tables.snapshots[session.volume]
        if target.cluster == cluster.name:
            load = _load(session, sample) * seconds
            access = _access(target, session)
            reads += load * READS_PER_SESSION if "r" in access else 0
            writes += load * WRITES_PER_SESSION if "w" in access else 0
    return {
        "ClusterIoReads": int(reads),
        "ClusterIoTotal": int(reads) + int(writes),
        "ClusterIoWrites": int(writes),
    }


def _load(session: Session, sample: int) -> float:
    """Return how much of the average a session does in a sample: a half to one and a half."""
    return 0.5 + crc32(f"{session.id}:{sample}".encode()) / 0xFFFFFFFF


def _access(target: Volume | Snapshot, session: Session) -> str:
    return next(row.access for row in target.permissions if row.id == session.permission)
