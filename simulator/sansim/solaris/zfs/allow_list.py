"""How `zfs allow` lists what is delegated (source: illumos zfs_main.c, print_fs_perms)."""

from collections.abc import Iterator, Mapping, Sequence

from sansim.solaris.pools.model import Dataset, Grant, parent_of
from sansim.solaris.pools.pool import Pools

__all__ = ["permission_lines"]

_WIDTH = 70
_KINDS = ("user", "group", "everyone")
_SCOPES = (
    ("Local permissions:", frozenset({"local"})),
    ("Descendent permissions:", frozenset({"descendent"})),
    ("Local+Descendent permissions:", frozenset({"local", "descendent"})),
)

Numbers = Mapping[tuple[str, str], str]
"""The numbers of users and groups, by kind and name."""


def permission_lines(pools: Pools, name: str, numbers: Numbers) -> Iterator[str]:
    """Yield what is delegated on a dataset, then on each above it."""
    at: str | None = name
    while at is not None:
        dataset = pools.dataset(at)
        if dataset.grants:
            yield f"---- Permissions on {at} ".ljust(_WIDTH, "-")
            yield from _of_sets(dataset.grants)
            for title, scopes in _SCOPES:
                yield from _of_accounts(dataset, title, scopes, numbers)
        at = parent_of(at)


def _of_sets(grants: Sequence[Grant]) -> Iterator[str]:
    sets = sorted((grant for grant in grants if grant.kind == "set"), key=lambda grant: grant.who)
    if sets:
        yield "Permission sets:"
    for grant in sets:
        yield f"\t{grant.who} {','.join(grant.permissions)}"
    for grant in grants:
        if grant.kind == "create":
            yield "Create time permissions:"
            yield f"\t{','.join(grant.permissions)}"


def _of_accounts(dataset: Dataset, title: str, scopes: frozenset[str], numbers: Numbers) -> Iterator[str]:
    """Yield the accounts that have permissions of exactly these scopes: users, groups, everyone, each by number."""
    holders = {(grant.kind, grant.who) for grant in dataset.grants if grant.kind in _KINDS}
    titled = False
    for kind, who in sorted(holders, key=lambda holder: (_KINDS.index(holder[0]), numbers.get(holder, holder[1]))):
        where: dict[str, set[str]] = {}
        for grant in dataset.grants:
            for permission in grant.permissions if (grant.kind, grant.who) == (kind, who) else ():
                where.setdefault(permission, set()).add(grant.scope)
        held = sorted(permission for permission, found in where.items() if found == scopes)
        if not held:
            continue
        if not titled:
            yield title
            titled = True
        yield f"\t{kind} {who} {','.join(held)}" if who else f"\t{kind} {','.join(held)}"
