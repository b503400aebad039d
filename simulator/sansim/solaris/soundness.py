"""Whether the objects of a host fit together, for those that came from outside: a text that people edit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sansim.solaris.pools.model import dataset_of, parent_of, pool_of
from sansim.solaris.smf.services import CATALOGUE

if TYPE_CHECKING:
    from sansim.solaris.host import SolarisHost

__all__ = ["flaws"]


def flaws(host: "SolarisHost") -> Iterator[str]:
    """Yield what does not fit together in a host, each with the place of the object that refers to nothing."""
    yield from _datasets(host)
    yield from _views(host)
    for service in host.comstar.smf:
        if service.fmri not in CATALOGUE:
            yield f'smf.services."{service.fmri}": a host has no such service'


def _datasets(host: "SolarisHost") -> Iterator[str]:
    pools = host.pools
    for name in pools.pools:
        if name not in pools.datasets:
            yield f'zfs.pools."{name}": there is no dataset {name}, its root'
    for name, dataset in pools.datasets.items():
        parent = parent_of(name)
        if pool_of(name) not in pools.pools:
            yield f'zfs.datasets."{name}": there is no pool {pool_of(name)}'
        elif parent is not None and parent not in pools.datasets:
            yield f'zfs.datasets."{name}": there is no dataset {parent} above it'
        if dataset.origin is not None and dataset.origin not in pools.snapshots:
            yield f'zfs.datasets."{name}": there is no snapshot {dataset.origin}, its origin'
    for table, names in (("snapshots", pools.snapshots), ("bookmarks", pools.bookmarks)):
        for name in names:
            if dataset_of(name) not in pools.datasets:
                yield f'zfs.{table}."{name}": there is no dataset {dataset_of(name)}'


def _views(host: "SolarisHost") -> Iterator[str]:
    stmf = host.comstar.stmf
    for guid in stmf.views.guids():
        for view in stmf.views.of(guid):
            place = f'stmf.views."{guid}/{view.number}"'
            if view.host_group is not None and view.host_group not in stmf.host_groups:
                yield f"{place}: there is no host group {view.host_group}"
            if view.target_group is not None and view.target_group not in stmf.target_groups:
                yield f"{place}: there is no target group {view.target_group}"
