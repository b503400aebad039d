"""`zpool upgrade` (source: illumos zpool_main.c)."""

from collections.abc import Sequence

from attrs import evolve

from sansim.solaris.pools.model import Pool
from sansim.solaris.zfs.command import Failure, UsageError
from sansim.solaris.zpool.command import ERROR, PoolRun, open_pools, options, refused

__all__ = ["upgrade"]

_VERSIONS = """\
 1   Initial ZFS version
 2   Ditto blocks (replicated metadata)
 3   Hot spares and double parity RAID-Z
 4   zpool history
 5   Compression using the gzip algorithm
 6   bootfs pool property
 7   Separate intent log devices
 8   Delegated administration
 9   refquota and refreservation properties
 10  Cache devices
 11  Improved scrub performance
 12  Snapshot properties
 13  snapused property
 14  passthrough-x aclinherit
 15  user/group space accounting
 16  stmf property support
 17  Triple-parity RAID-Z
 18  Snapshot user holds
 19  Log device removal
 20  Compression using zle (zero-length encoding)
 21  Deduplication
 22  Received properties
 23  Slim ZIL
 24  System attributes
 25  Improved scrub stats
 26  Improved snapshot deletion performance
 27  Improved snapshot creation performance
 28  Multiple vdev replacements
"""
_FEATURED = "This system supports ZFS pool feature flags.\n"
_SOME_DISABLED = """
Some supported features are not enabled on the following pools. Once a
feature is enabled the pool may become incompatible with software
that does not support the feature. See zpool-features(7) for details.

POOL  FEATURE
---------------"""
_OLD_POOLS = """\
The following pools are formatted with legacy version numbers and can
be upgraded to use feature flags.  After being upgraded, these pools
will no longer be accessible by software that does not support feature
flags.

VER  POOL
---  ------------"""


def upgrade(run: PoolRun, arguments: Sequence[str]) -> None:
    """List what pools could be upgraded to, or upgrade them."""
    read = options(run, "upgrade", arguments)
    found = dict(read)
    names = read.operands
    version = _read_version(run, found.get("V"))
    if version is not None and "a" not in found and not names:
        raise UsageError("-V option is incompatible with other arguments")
    if "v" in found and ("a" in found or names):
        raise UsageError("-v option is incompatible with other arguments")
    if "a" in found and names:
        raise UsageError("-a option should not be used along with a pool name")
    if not run.zpool.features:
        _by_number(run, found, names, version)
        return
    run.say(_FEATURED)
    if "v" in found:
        _list_features(run)
    elif "a" in found:
        _upgrade_all(run, version)
    elif names:
        _upgrade_named(run, names, version)
    else:
        _list_pools(run)


def _read_version(run: PoolRun, text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or not 1 <= int(text) <= run.zpool.newest_version:
        raise UsageError(f"invalid version '{text}'")
    return int(text)


def _list_features(run: PoolRun) -> None:
    run.say("The following features are supported:\n")
    run.say("FEAT DESCRIPTION")
    run.say("-" * 61)
    for feature in run.zpool.features:
        run.say(f"{feature.name:<37}{' (read-only compatible)' if feature.readable else ''}")
        run.say(f"     {feature.description}")
    run.say("\nThe following legacy versions are also supported:\n")
    run.say("VER  DESCRIPTION")
    run.say("---  --------------------------------------------------------")
    run.out.append(_VERSIONS)
    run.say("\nFor more information on a particular version, including supported releases,")
    run.say("see the ZFS Administration Guide.\n")


def _list_pools(run: PoolRun) -> None:
    pools = [run.pools.pools[name] for name in sorted(run.pools.pools)]
    old = [pool for pool in pools if pool.version is not None]
    if old:
        run.say(_OLD_POOLS)
        for pool in old:
            run.say(f"{pool.version:>2}   {pool.name}")
        run.say("\nUse 'zpool upgrade -v' for a list of available legacy versions.")
    else:
        run.say("All pools are formatted using feature flags.\n")
    lacking = [pool for pool in pools if pool.version is None and pool.disabled]
    if not lacking:
        run.say("Every feature flags pool has all supported features enabled.")
        return
    run.say(_SOME_DISABLED)
    for pool in lacking:
        run.say(pool.name)
        for feature in run.zpool.features:
            if feature.name in pool.disabled:
                run.say(f"      {feature.name}")
    run.say("")


def _upgrade_all(run: PoolRun, version: int | None) -> None:
    changed = False
    for name in sorted(run.pools.pools):
        pool = run.pools.pools[name]
        if _is_older(pool, version) or (version is None and pool.disabled):
            _raise(run, pool, version)
            run.say("")
            changed = True
    if changed:
        return
    if version is None:
        run.say("All pools are already formatted using feature flags.\n")
        run.say("Every feature flags pool already has all supported features enabled.")
    else:
        run.say(f"All pools are already formatted with version {version} or higher.")


def _is_older(pool: Pool, version: int | None) -> bool:
    return pool.version is not None and (version is None or pool.version < version)


def _upgrade_named(run: PoolRun, names: Sequence[str], version: int | None) -> None:
    pools, complete = open_pools(run, names)
    for pool in pools:
        if version is not None and (pool.version is None or pool.version > version):
            current = 5000 if pool.version is None else pool.version
            run.say(f"Pool '{pool.name}' is already formatted using more current version '{current}'.\n")
        elif version is not None and pool.version == version:
            run.say(f"Pool '{pool.name}' is already formatted using version {version}.\n")
        elif pool.version is None and not pool.disabled:
            run.say(f"Pool '{pool.name}' already has all supported features enabled.")
        else:
            _raise(run, pool, version)
            run.say("")
    if not complete:
        raise Failure("")


def _raise(run: PoolRun, pool: Pool, version: int | None) -> None:
    """Upgrade a pool to a version, or to all features, which are properties of it."""
    action = "cannot set property for" if pool.version is None else "cannot upgrade"
    with refused(f"{action} '{pool.name}'", ERROR):
        run.permit_pool()
    features = [feature.name for feature in run.zpool.features]
    lacking = features if pool.version is not None else [name for name in features if name in pool.disabled]
    new = evolve(pool, version=version, txg=pool.txg + 1)
    if pool.version is not None:
        target = "to feature flags" if version is None else f"to version {version}"
        run.say(f"Successfully upgraded '{pool.name}' from version {pool.version} {target}.")
    if version is None:
        run.say(f"Enabled the following features on '{pool.name}':")
        run.out += (f"  {name}\n" for name in lacking)
        new = evolve(new, disabled=())
    with run.pools.state.change():
        run.pools.pools[pool.name] = new


def _by_number(run: PoolRun, found: dict[str, str], names: Sequence[str], version: int | None) -> None:
    """Do the same in a release that counts versions (inferred from illumos of 2010)."""
    newest = run.zpool.newest_version
    run.say(f"This system is currently running ZFS pool version {newest}.\n")
    if "v" in found:
        run.say("The following versions are supported:\n")
        run.say("VER  DESCRIPTION")
        run.say("---  --------------------------------------------------------")
        run.out += _VERSIONS.splitlines(keepends=True)[:newest]
        run.say("\nFor more information on a particular version, including supported releases,")
        run.say("see the ZFS Administration Guide.\n")
        return
    target = version or newest
    pools, complete = open_pools(run, names)
    old = [pool for pool in pools if (pool.version or newest) < target]
    if not names and not old:
        run.say(
            "All pools are formatted using this version."
            if "a" not in found
            else "All pools are already formatted using this version."
        )
    elif not names and "a" not in found:
        run.say("The following pools are out of date, and can be upgraded.  After being")
        run.say("upgraded, these pools will no longer be accessible by older software versions.\n")
        run.say("VER  POOL\n---  ------------")
        for pool in old:
            run.say(f"{pool.version:>2}   {pool.name}")
        run.say("\nUse 'zpool upgrade -v' for a list of available versions and their associated\nfeatures.")
    else:
        for pool in pools:
            _number_up(run, pool, target, newest)
    if not complete:
        raise Failure("")


def _number_up(run: PoolRun, pool: Pool, target: int, newest: int) -> None:
    current = pool.version or newest
    if current >= target:
        run.say(f"Pool '{pool.name}' is already formatted using {'more current ' if current > target else ''}version "
                f"{max(target, current)}.")  # fmt: skip
        return
    with refused(f"cannot upgrade '{pool.name}'"):
        run.permit_pool()
    with run.pools.state.change():
        run.pools.pools[pool.name] = evolve(pool, version=target, txg=pool.txg + 1)
    run.say(f"Successfully upgraded '{pool.name}' from version {current} to version {target}\n")
