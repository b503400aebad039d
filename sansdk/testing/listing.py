"""All that a simulated array shows to its clients, to compare before and after."""

from collections.abc import Mapping

from attrs import asdict

from sansim import SimulatedArray

__all__ = ["listing"]

_HINTS = ("sansdk:next-lun",)


def listing(array: SimulatedArray) -> Mapping[str, object]:
    """Every object of an array by kind and name, without counters and what is only kept for later.

    Left out are transaction numbers, the hint which LUN comes next, the metadata that a deleted logical unit leaves
    on its volume, and sessions.
    """
    with array.state.lock:
        return _solaris(array) if array.kind == "solaris" else _lefthand(array)


def _solaris(array: SimulatedArray) -> Mapping[str, object]:
    pools, comstar = array.solaris.pools, array.solaris.comstar
    stmf, iscsit = comstar.stmf, comstar.iscsit
    datasets = {
        f"dataset {d.name}": (
            d.kind,
            d.guid,
            d.volsize,
            d.refreservation,
            {s.name: s.value for s in d.settings if s.name not in _HINTS},
        )
        for d in pools.datasets.values()
    }
    snapshots = {f"snapshot {s.name}": s.guid for s in pools.snapshots.values()}
    units = {f"logical unit {u.guid}": (u.data_file, u.size, u.status) for u in stmf.units}
    views = {
        f"view {v.guid} {v.host_group} {v.target_group}": v.lun
        for guid in stmf.views.guids()
        for v in stmf.views.of(guid)
    }
    groups = {
        f"{kind} {g.name}": sorted(g.members)
        for kind, found in (("host group", stmf.host_groups), ("target group", stmf.target_groups))
        for g in found
    }
    targets = {f"target {t.name}": asdict(t) for t in iscsit.targets}
    records = {f"record {i.name}": asdict(i) for i in iscsit.initiators}
    return {**datasets, **snapshots, **units, **views, **groups, **targets, **records}


def _lefthand(array: SimulatedArray) -> Mapping[str, object]:
    tables = array.lefthand.group.tables
    volumes = {
        f"volume {v.name}": (
            v.id,
            v.size,
            v.thin,
            v.description,
            sorted((p.auth_group if p.server else "", p.iqn, p.chap_name, p.target_secret) for p in v.permissions),
        )
        for v in tables.volumes.values()
    }
    snapshots = {f"snapshot {s.name}": s.volume for s in tables.snapshots.values()}
    servers = {f"server {s.name}": s.initiators for s in tables.servers.values()}
    return {**volumes, **snapshots, **servers}
