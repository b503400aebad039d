"""Properties that came with a stream: they count where nothing is set, until `inherit` puts them aside.

Source: illumos dsl_prop.c, zfs_ioctl.c.
"""

from collections.abc import Iterable, Sequence

from attrs import asdict, evolve

from sansim.solaris.pools.errors import Refused
from sansim.solaris.pools.model import Dataset, Setting, setting, without_setting
from sansim.solaris.pools.pool import Pools

__all__ = ["SIZES", "put_received", "revert"]

SIZES = ("quota", "refquota", "reservation", "refreservation")
"""The properties that are kept in fields of a dataset, since the pool accounts for them."""

_QUOTAS = ("quota", "refquota")


def put_received(pools: Pools, name: str, properties: Iterable[Setting]) -> Sequence[Refused]:
    """Let these properties be what was received last for a dataset or snapshot.

    A size that does not fit stays as it was.

    Returns:
        A refusal for each of those, its `subject` the property.
    """
    refusals: list[Refused] = []
    with pools.state.change():
        before = pools.holder(name)
        received = tuple(properties)
        pools.replace(evolve(before, received=received))
        if not isinstance(before, Dataset):
            return refusals
        for size in SIZES:
            if getattr(before, size) is not None and size not in before.received_sizes:
                continue
            try:
                _let_count(pools, name, size, setting(received, size))
            except Refused as refused:
                refusals.append(Refused(refused.reason, size))
    return refusals


def revert(pools: Pools, name: str, item: str) -> None:
    """Unset a property, so that the value that was received for it counts again, if one was.

    Raises:
        Refused: It is a size that does not fit.
    """
    with pools.state.change():
        old = pools.holder(name)
        if item in SIZES:
            _let_count(pools, name, item, setting(old.received, item))
            return
        declined = tuple(other for other in old.declined if other != item)
        pools.replace(evolve(old, settings=without_setting(old.settings, item), declined=declined))


def _let_count(pools: Pools, name: str, size: str, value: str | None) -> None:
    """Give a dataset the size that was received, none if there is none."""
    if value is None:
        old = pools.dataset(name)
        others = tuple(other for other in old.received_sizes if other != size)
        pools.datasets[name] = Dataset(**{**asdict(old, recurse=False), size: None, "received_sizes": others})
        return
    if size in _QUOTAS:
        pools.limit(name, size, int(value))
    else:
        pools.reserve(name, size, int(value))
    dataset = pools.dataset(name)
    pools.datasets[name] = evolve(dataset, received_sizes=(*dataset.received_sizes, size))
