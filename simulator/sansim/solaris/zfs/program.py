"""The program `zfs`: its sub-commands by name."""

from collections.abc import Mapping
from functools import partial

from attrs import evolve

from sansim.program import Answer, Call, Program
from sansim.solaris.pools.history import recorded
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.allow import allow, unallow
from sansim.solaris.zfs.bookmark import bookmark
from sansim.solaris.zfs.command import Command, Run, Suite, execute
from sansim.solaris.zfs.create import create
from sansim.solaris.zfs.destroy import destroy
from sansim.solaris.zfs.diff import diff
from sansim.solaris.zfs.get import get
from sansim.solaris.zfs.holds import hold, holds, release
from sansim.solaris.zfs.keys import change_key, load_key, unload_key
from sansim.solaris.zfs.list import list_datasets
from sansim.solaris.zfs.mount import mount, share, unmount, unshare
from sansim.solaris.zfs.receive import receive
from sansim.solaris.zfs.rename import rename
from sansim.solaris.zfs.send import send
from sansim.solaris.zfs.set import inherit, set_properties
from sansim.solaris.zfs.snapshots import clone, promote, rollback, snapshot
from sansim.solaris.zfs.upgrade import upgrade
from sansim.solaris.zfs.usage import zfs_usage
from sansim.solaris.zfs.userspace import groupspace, userspace
from sansim.solaris.zfs.version import version

__all__ = ["program"]

_COMMANDS: Mapping[str, Command[Run]] = {
    "allow": allow,
    "bookmark": bookmark,
    "change-key": change_key,
    "clone": clone,
    "create": create,
    "destroy": destroy,
    "diff": diff,
    "get": get,
    "groupspace": groupspace,
    "hold": hold,
    "holds": holds,
    "inherit": inherit,
    "list": list_datasets,
    "load-key": load_key,
    "mount": mount,
    "promote": promote,
    "receive": receive,
    "release": release,
    "rename": rename,
    "rollback": rollback,
    "send": send,
    "set": set_properties,
    "share": share,
    "snapshot": snapshot,
    "unallow": unallow,
    "unload-key": unload_key,
    "unmount": unmount,
    "unshare": unshare,
    "upgrade": upgrade,
    "userspace": userspace,
    "version": version,
}
_ALIASES = {"snap": "snapshot", "recv": "receive", "umount": "unmount", "-V": "version", "--version": "version"}


def program(pools: Pools) -> Program:
    """Return the program `zfs` of a host with these pools."""
    known = pools.release.synopses.commands
    suite = Suite(_COMMANDS, known, partial(zfs_usage, pools.release), _ALIASES)

    async def zfs(call: Call) -> Answer:
        program, *words = call.argv
        if words and "=" in words[0]:
            # What has the form of a property in the place of a sub-command is set.
            call = evolve(call, argv=(program, "set", *words))
        return await execute(Run(pools, call), suite)

    return recorded(pools.history, zfs)
