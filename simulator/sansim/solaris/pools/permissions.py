"""Who may do what to which dataset: permissions delegated to users, groups and everyone.

Source of the rules: illumos dsl_deleg.c, zfs_ioctl.c. They name accounts by number; here they go by name.
"""

from collections.abc import Iterable, Iterator

from attrs import evolve

from sansim.program import Credentials
from sansim.solaris.pools.errors import Reason, Refused
from sansim.solaris.pools.model import Dataset, Grant, dataset_of, effective, parent_of, pool_of, setting
from sansim.solaris.pools.pool import Pools

__all__ = [
    "allow",
    "check_allow",
    "check_limit",
    "check_unallow",
    "for_properties",
    "grant_to_maker",
    "may",
    "require",
    "unallow",
]

_PRIVILEGE = "sys_mount"
_NEEDING_NONE = ("volsize", "volblocksize")


def require(pools: Pools, caller: Credentials, name: str, permissions: Iterable[str]) -> None:
    """Check that a caller may do something to a dataset, or to a snapshot or bookmark of it.

    Raises:
        Refused: The pool was imported to be read only, or they may not, or it has delegation switched off.
    """
    pool = pools.pools.get(pool_of(name))
    if pool is not None and setting(pool.settings, "readonly") == "on":
        raise Refused(Reason.READ_ONLY, name)
    if caller.root or _PRIVILEGE in caller.privileges:
        return
    if pool is not None and setting(pool.settings, "delegation") == "off":
        raise Refused(Reason.NO_DELEGATION, name)
    wanted = list(permissions)
    if not wanted or not all(may(pools, caller, name, permission) for permission in wanted):
        raise Refused(Reason.PERMISSION, name)


def may(pools: Pools, caller: Credentials, name: str, permission: str) -> bool:
    """Tell whether a permission has been delegated to a caller on a dataset.

    A set counts with the definition nearest above the dataset; sets may contain sets.
    """
    sets: set[str] = set()
    defined: set[str] = set()
    scope = "local"
    for dataset in _line(pools, name):
        held = [grant for grant in dataset.grants if grant.scope == scope and _is_for(grant, caller)]
        sets.update(_sets(held))
        while unread := [grant for grant in dataset.grants if grant.kind == "set" and grant.who in sets - defined]:
            for grant in unread:
                if permission in grant.permissions:
                    return True
                defined.add(grant.who)
                sets.update(_sets([grant]))
        if any(permission in grant.permissions for grant in held):
            return True
        scope = "descendent"
    return False


def _line(pools: Pools, name: str) -> Iterator[Dataset]:
    """Yield a dataset and its ancestors; what is not there is left out."""
    at: str | None = dataset_of(name)
    while at is not None:
        if at in pools.datasets:
            yield pools.datasets[at]
        at = parent_of(at)


def _is_for(grant: Grant, caller: Credentials) -> bool:
    if grant.kind == "everyone":
        return True
    return (grant.kind == "user" and grant.who == caller.user) or (grant.kind == "group" and grant.who in caller.groups)


def _sets(grants: Iterable[Grant]) -> set[str]:
    return {name for grant in grants for name in grant.permissions if name.startswith("@")}


def check_allow(pools: Pools, caller: Credentials, name: str, grants: Iterable[Grant]) -> None:
    """Check that a caller may hand permissions on: `allow` itself never, others only if they have them too.

    Raises:
        Refused: They may not.
    """
    require(pools, caller, name, ["allow"])
    if caller.root:
        return
    for grant in grants:
        if "allow" in grant.permissions:
            raise Refused(Reason.PERMISSION, name)
        require(pools, caller, name, grant.permissions)


def check_unallow(pools: Pools, caller: Credentials, name: str, grants: Iterable[Grant]) -> None:
    """Check that a caller may take permissions back: only their own.

    Raises:
        Refused: They may not.
    """
    require(pools, caller, name, ["allow"])
    if not caller.root and any((grant.kind, grant.who) != ("user", caller.user) for grant in grants):
        raise Refused(Reason.PERMISSION, name)


def allow(pools: Pools, name: str, grants: Iterable[Grant]) -> None:
    """Add permissions to what is delegated on a dataset."""
    with pools.state.change():
        dataset = pools.dataset(name)
        held = {_key(grant): grant for grant in dataset.grants}
        for grant in grants:
            old = held.get(_key(grant))
            merged = {*grant.permissions, *(old.permissions if old else ())}
            held[_key(grant)] = evolve(grant, permissions=tuple(sorted(merged)))
        pools.datasets[name] = evolve(dataset, grants=tuple(held.values()))


def unallow(pools: Pools, name: str, grants: Iterable[Grant]) -> None:
    """Take permissions from what is delegated on a dataset; a grant without any stands for all of that holder's."""
    with pools.state.change():
        dataset = pools.dataset(name)
        held = {_key(grant): grant for grant in dataset.grants}
        for grant in grants:
            old = held.pop(_key(grant), None)
            left = tuple(item for item in old.permissions if item not in grant.permissions) if old else ()
            if old and left and grant.permissions:
                held[_key(grant)] = evolve(old, permissions=left)
        pools.datasets[name] = evolve(dataset, grants=tuple(held.values()))


def _key(grant: Grant) -> tuple[str, str, str]:
    return grant.kind, grant.who, grant.scope


def check_limit(pools: Pools, caller: Credentials, name: str, limit: str, more: int = 1) -> None:
    """Check that a dataset, and all above it, may get more filesystems or snapshots below.

    The superuser is not limited, and who may change the limit of the dataset itself is not limited by that.

    Args:
        pools: Where.
        caller: Who makes them.
        name: The dataset: of a snapshot its own, of a new dataset the one above.
        limit: `filesystem_limit` or `snapshot_limit`.
        more: How many there will be more.

    Raises:
        Refused: One has too many then.
    """
    if caller.root or _PRIVILEGE in caller.privileges:
        return
    unlimited = name if may(pools, caller, name, limit) else None
    for dataset in _line(pools, name):
        most, _ = effective(dataset, limit) or (None, False)
        if most is not None and dataset.name != unlimited and _count(pools, dataset.name, limit) + more > int(most):
            raise Refused(Reason.NO_SPACE, name)


def _count(pools: Pools, name: str, limit: str) -> int:
    below = list(pools.space.below(name))
    if limit == "filesystem_limit":
        return len(below)
    return sum(len(pools.space.snapshots(each)) for each in (name, *below))


def grant_to_maker(pools: Pools, caller: Credentials, name: str) -> None:
    """Give who made a dataset what the datasets above it delegate to makers."""
    created: set[str] = set()
    for dataset in list(_line(pools, name))[1:]:
        created.update(*(grant.permissions for grant in dataset.grants if grant.kind == "create"))
    if created:
        allow(pools, name, [Grant("user", caller.user, "local", tuple(sorted(created)))])


def for_properties(names: Iterable[str], *, new: bool = False) -> list[str]:
    """Return the permissions that setting properties takes; on a `new` volume its size takes none."""
    needed = [name for name in names if not (new and name in _NEEDING_NONE)]
    return ["userprop" if ":" in name else name for name in needed]
