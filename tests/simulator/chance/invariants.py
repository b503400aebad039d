"""What holds on a Solaris host after every command: in the engines, and between them and the lists."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from sansim.solaris.host import SolarisHost
from sansim.solaris.pools.model import dataset_of, parent_of, pool_of
from sansim.solaris.pools.space import Space
from sansim.solaris.stmf.groups import Groups
from tests.simulator.chance.client import Outcome

__all__ = ["check_lists", "check_state"]

MOST_TARGETS = 255


def check_state(host: SolarisHost) -> None:
    """Check the engines' public state."""
    with host.state.lock:
        _check_tree(host)
        _check_space(host)
        _check_views(host)
        _check_groups(host)
        _check_units(host)
        _check_targets(host)


def _check_tree(host: SolarisHost) -> None:
    pools = host.pools
    for name, dataset in pools.datasets.items():
        assert name == dataset.name
        parent = parent_of(name)
        assert name in pools.pools if parent is None else pools.datasets[parent].kind == "filesystem", name
        if dataset.origin is not None:
            assert dataset.origin in pools.snapshots, name
            assert pool_of(dataset.origin) == pool_of(name)
        assert (dataset.kind == "volume") == (dataset.volsize > 0), name
    for name in pools.snapshots:
        assert dataset_of(name) in pools.datasets, name
    guids = [dataset.guid for dataset in pools.datasets.values()]
    guids += [snapshot.guid for snapshot in pools.snapshots.values()]
    assert _unique(guids)


def _check_space(host: SolarisHost) -> None:
    pools = host.pools
    afresh = Space(pools.pools, pools.datasets, pools.snapshots, pools.bookmarks)
    for name in pools.datasets:
        assert pools.space.usage(name) == afresh.usage(name), name
        assert pools.space.used(name) == afresh.used(name), name
        assert pools.space.used_by_children(name) == afresh.used_by_children(name), name
        assert pools.space.used(name) >= 0
        assert pools.space.available(name) >= 0
    for pool in pools.pools:
        assert pools.space.used(pool) + pools.space.free(pool) <= pools.space.usable(pool), pool
        assert pools.space.allocated(pool) <= pools.space.used(pool), pool


def _check_views(host: SolarisHost) -> None:
    stmf = host.comstar.stmf
    views = [view for guid in stmf.views.guids() for view in stmf.views.of(guid)]
    for view in views:
        assert view.host_group is None or view.host_group in stmf.host_groups
        assert view.target_group is None or view.target_group in stmf.target_groups
        for other in views:
            if other is view or not _overlap(view.host_group, other.host_group):
                continue
            if _overlap(view.target_group, other.target_group):
                assert view.lun != other.lun, (view, other)
                assert view.guid != other.guid, (view, other)
    assert _unique((view.guid, view.number) for view in views)


def _overlap(one: str | None, other: str | None) -> bool:
    return one == other or one is None or other is None


def _check_groups(host: SolarisHost) -> None:
    stmf = host.comstar.stmf
    for groups in (stmf.host_groups, stmf.target_groups):
        assert _unique(member for group in groups for member in group.members)


def _check_units(host: SolarisHost) -> None:
    """Every unit holds a volume that is there, open for it and nobody else."""
    units = list(host.comstar.stmf.units)
    assert _unique(unit.data_file for unit in units)
    assert all(unit.status in {"Online", "Offline", "Onlining", "Offlining"} for unit in units)
    assert all(len(unit.guid) == 32 and unit.guid.startswith("6") for unit in units)


def _check_targets(host: SolarisHost) -> None:
    comstar = host.comstar
    targets = list(comstar.iscsit.targets)
    assert len(targets) <= MOST_TARGETS
    assert _unique(target.name.lower() for target in targets)
    groups = {group.name: group for group in comstar.iscsit.portal_groups}
    assert _unique(portal for group in groups.values() for portal in group.portals)
    for target in targets:
        assert {tag.group for tag in target.tags} <= set(groups)
        assert _unique(tag.number for tag in target.tags)
    if comstar.iscsit.running:
        assert {port.name for port in comstar.stmf.ports if port.provider == "iscsit"} == {
            target.name for target in targets
        }
    for port in comstar.stmf.ports:
        assert port.online or not comstar.stmf.ports.sessions(port.name)


def _unique(items: Iterable[object]) -> bool:
    counts = Counter(items)
    return not counts or max(counts.values()) == 1


def check_lists(host: SolarisHost, run: Callable[[str], Outcome], *, comstar: bool) -> None:
    """Check that the lists that the programs print agree with the state; one line of shell prints them all."""
    checks: dict[str, _Check] = {_ZFS: _check_zfs}
    if comstar and host.comstar.stmf.running:
        checks |= _STMF_CHECKS
    if comstar and host.comstar.iscsit.running:
        checks |= _ISCSIT_CHECKS
    texts = run(f"; echo {_BETWEEN}; ".join(checks)).stdout.split(f"{_BETWEEN}\n")
    for check, text in zip(checks.values(), texts, strict=True):
        check(host, text.split("\n")[:-1])


_BETWEEN: Final = "=-=-="
_ZFS: Final = "zfs get -Hp -r -o name,property,value type,used,volsize"


def _check_zfs(host: SolarisHost, lines: list[str]) -> None:
    pools = host.pools
    found: dict[str, dict[str, str]] = {}
    for name, prop, value in (line.split("\t") for line in lines):
        found.setdefault(name, {})[prop] = value
    assert {name for name in found if "#" not in name} == {*pools.datasets, *pools.snapshots}
    for name, dataset in pools.datasets.items():
        assert found[name] == {
            "type": dataset.kind,
            "used": str(pools.space.used(name)),
            "volsize": str(dataset.volsize) if dataset.kind == "volume" else "-",
        }
    for name in pools.snapshots:
        assert found[name]["type"] == "snapshot"


def _check_list_lu(host: SolarisHost, lines: list[str]) -> None:
    stmf = host.comstar.stmf
    guids = {*(unit.guid for unit in stmf.units), *stmf.views.guids()}
    assert [line.removeprefix("LU Name: ") for line in lines] == sorted(guids)


def _check_sbdadm(host: SolarisHost, lines: list[str]) -> None:
    guids = sorted(unit.guid for unit in host.comstar.stmf.units)
    assert [line.split()[0].upper() for line in lines[5:]] == guids


def _check_ports(host: SolarisHost, lines: list[str]) -> None:
    names = [port.name for port in host.comstar.stmf.ports]
    assert sorted(line.removeprefix("Target: ") for line in lines) == sorted(names)


def _check_host_groups(host: SolarisHost, lines: list[str]) -> None:
    _check_members(host.comstar.stmf.host_groups, lines)


def _check_target_groups(host: SolarisHost, lines: list[str]) -> None:
    _check_members(host.comstar.stmf.target_groups, lines)


def _check_members(groups: Groups, lines: list[str]) -> None:
    found = sorted(line.partition(": ")[2] for line in lines)
    assert found == sorted(text for group in groups for text in (group.name, *group.members))


def _check_targets_list(host: SolarisHost, lines: list[str]) -> None:
    """The newest target comes first, below a header."""
    names = [target.name for target in host.comstar.iscsit.targets]
    assert [line.split()[0] for line in lines[1:]] == names[::-1]


def _check_portal_groups(host: SolarisHost, lines: list[str]) -> None:
    assert len(lines[1:]) == len(list(host.comstar.iscsit.portal_groups))


def _check_initiators(host: SolarisHost, lines: list[str]) -> None:
    names = [initiator.name for initiator in host.comstar.iscsit.initiators]
    assert sorted(line.split()[0] for line in lines[1:]) == sorted(names)


_Check = Callable[[SolarisHost, list[str]], None]

_STMF_CHECKS: Final[Mapping[str, _Check]] = {
    "stmfadm list-lu": _check_list_lu,
    "sbdadm list-lu": _check_sbdadm,
    "stmfadm list-target": _check_ports,
    "stmfadm list-hg -v": _check_host_groups,
    "stmfadm list-tg -v": _check_target_groups,
}
_ISCSIT_CHECKS: Final[Mapping[str, _Check]] = {
    "itadm list-target": _check_targets_list,
    "itadm list-tpg": _check_portal_groups,
    "itadm list-initiator": _check_initiators,
}
