"""What to read on a LeftHand group to know a scope: one command each."""

from sansdk.commands import cliq
from sansdk.hp.setting import Setting
from sansdk.inventory import EXPORTS, HEALTH, POOLS, VOLUMES, Scope
from sansdk.steps import Read


def survey(_: Setting, scope: Scope) -> tuple[Read, ...]:
    """The reads of a scope; a volume shows who may use it, its sessions and snapshots."""
    reads: list[Read] = []
    if VOLUMES in scope.parts or EXPORTS in scope.parts:
        if scope.volumes is None:
            reads.append(Read(cliq.GetVolumes()))
        else:
            reads += [Read(cliq.GetVolume(v)) for v in sorted(scope.volumes)]
    if EXPORTS in scope.parts or POOLS in scope.parts or HEALTH in scope.parts:
        reads.append(Read(cliq.GetClusters()))
    if POOLS in scope.parts:
        reads.append(Read(cliq.GetVolumes()))
    return tuple(dict.fromkeys(reads))
