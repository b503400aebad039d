"""How svcs, svcadm and svcprop find the services that their operands name. Source: illumos `libscf`."""

from fnmatch import fnmatchcase

from sansim.solaris.smf.smf import Service, Smf

__all__ = ["is_partial", "matching"]

_PREFIX = "svc:/"
_WILD = frozenset("*?[")


def matching(smf: Smf, pattern: str) -> list[Service]:
    """Return the services that a pattern names, in the order of the repository.

    `svc:/network/iscsi/target:default` is exact, `svc:/network/iscsi/target` stands for its instances. A part
    of a name counts when it begins and ends where an element of it does; a pattern with wildcards is held
    against the whole FMRI, with `svc:/` and without.
    """
    if _WILD & {*pattern}:
        return [one for one in smf if _fits(one.fmri, pattern)]
    if pattern.startswith(_PREFIX):
        return smf.instances(pattern)
    return [one for one in smf if pattern and _part(one.fmri, pattern)]


def is_partial(pattern: str) -> bool:
    """Whether a pattern is a part of a name, which may stand for one service only."""
    return not pattern.startswith(_PREFIX) and not _WILD & {*pattern}


def _fits(fmri: str, pattern: str) -> bool:
    return fnmatchcase(fmri, pattern) or fnmatchcase(fmri.removeprefix(_PREFIX), pattern)


def _part(fmri: str, pattern: str) -> bool:
    place = fmri.find(pattern)
    if place < 0 or (place and fmri[place - 1] not in "/:"):
        return False
    return fmri[place + len(pattern) : place + len(pattern) + 1] in ("", ":")
