"""What to read on a Solaris host to know a scope: one program, one exec."""

from sansdk.commands import procedures, zfs
from sansdk.commands.comstar import itadm, stmfadm, svcs
from sansdk.inventory import EXPORTS, HEALTH, POOLS, VOLUMES, Scope
from sansdk.solaris.setting import MARK, NEXT_LUN, Setting
from sansdk.steps import Read


def survey(setting: Setting, scope: Scope) -> tuple[Read, ...]:
    """The reads of a scope."""
    reads: list[Read] = []
    if VOLUMES in scope.parts:
        reads += volumes(setting, scope)
    if EXPORTS in scope.parts:
        reads += exports(setting, scope)
    if POOLS in scope.parts:
        reads += pools(setting)
    if HEALTH in scope.parts:
        reads += health(setting)
    return tuple(dict.fromkeys(reads))


def volumes(setting: Setting, scope: Scope) -> list[Read]:
    """Datasets, and the logical units on them."""
    reads = [Read(parent(setting))]
    if scope.volumes is None:
        reads.append(Read(zfs.ListVolumes(setting.parent)))
    else:
        reads += [Read(zfs.VolumeDetails(setting.dataset(v))) for v in sorted(scope.volumes)]
    reads.append(Read(stmfadm.ListLu()))
    return reads


def exports(setting: Setting, scope: Scope) -> list[Read]:
    """Views, groups, targets, records: a view is read of the logical units in scope."""
    named = tuple(setting.dataset(v) for v in sorted(scope.named if scope.volumes is None else scope.volumes))
    snapshots = [Read(zfs.ListSnapshots(name)) for name in named]
    return [
        Read(svcs.ServiceState(svcs.STMF)),
        Read(zfs.PoolGuid(setting.pool)),
        *snapshots,
        Read(procedures.ListViewsOf(() if scope.volumes is None else named), each=stmfadm.ListViews),
        Read(stmfadm.ListTargetGroups()),
        Read(stmfadm.ListHostGroups()),
        Read(stmfadm.ListTargets()),
        Read(itadm.ListTargets()),
        Read(itadm.ListTpgs()),
        Read(itadm.ListInitiators()),
        Read(itadm.ListDefaults()),
    ]


def pools(setting: Setting) -> list[Read]:
    """The pool, what is left of it, and what was promised."""
    return [
        Read(zfs.ListPools(setting.pool)),
        Read(zfs.ListAvailable(setting.parent)),
        Read(zfs.ListVolumes(setting.parent)),
    ]


def health(setting: Setting) -> list[Read]:
    """Services, pool and parent."""
    return [
        Read(svcs.ServiceState(svcs.STMF)),
        Read(svcs.ServiceState(svcs.ISCSI_TARGET)),
        Read(zfs.ListPools(setting.pool)),
        Read(zfs.ListAvailable(setting.parent)),
    ]


def parent(setting: Setting) -> zfs.GetProperties:
    """Our marks on the parent; also the proof that it is there."""
    return zfs.GetProperties(setting.parent, (NEXT_LUN, MARK))
