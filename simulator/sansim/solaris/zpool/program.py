"""The program `zpool`: its sub-commands by name."""

from collections.abc import Mapping
from functools import partial

from sansim.program import Answer, Call, Program
from sansim.solaris.pools.history import recorded
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.scans import settle
from sansim.solaris.zfs.command import Command, Suite, execute
from sansim.solaris.zpool.care import (
    checkpoint,
    clear_label,
    give_guid,
    initialize,
    reopen,
    resilver_pools,
    scrub_pools,
    sync,
    trim,
    version,
)
from sansim.solaris.zpool.command import PoolRun
from sansim.solaris.zpool.create import create_pool, destroy_pool, export_pools
from sansim.solaris.zpool.disks import (
    add_disks,
    attach_disk,
    clear_errors,
    detach_disk,
    offline_disks,
    online_disks,
    remove_disks,
    replace_disk,
)
from sansim.solaris.zpool.get import get, set_pool
from sansim.solaris.zpool.history import history
from sansim.solaris.zpool.importing import import_pools
from sansim.solaris.zpool.iostat import iostat
from sansim.solaris.zpool.list import list_pools
from sansim.solaris.zpool.split import split_pool
from sansim.solaris.zpool.status import status
from sansim.solaris.zpool.upgrade import upgrade
from sansim.solaris.zpool.usage import zpool_usage

__all__ = ["program"]

_COMMANDS: Mapping[str, Command[PoolRun]] = {
    "add": add_disks,
    "attach": attach_disk,
    "checkpoint": checkpoint,
    "clear": clear_errors,
    "create": create_pool,
    "destroy": destroy_pool,
    "detach": detach_disk,
    "export": export_pools,
    "get": get,
    "history": history,
    "import": import_pools,
    "iostat": iostat,
    "initialize": initialize,
    "labelclear": clear_label,
    "list": list_pools,
    "offline": offline_disks,
    "online": online_disks,
    "reguid": give_guid,
    "remove": remove_disks,
    "reopen": reopen,
    "replace": replace_disk,
    "resilver": resilver_pools,
    "scrub": scrub_pools,
    "set": set_pool,
    "split": split_pool,
    "status": status,
    "sync": sync,
    "trim": trim,
    "upgrade": upgrade,
    "version": version,
}


def program(pools: Pools) -> Program:
    """Return the program `zpool` of a host with these pools."""
    suite = Suite(_COMMANDS, pools.zpool.synopses.commands, partial(zpool_usage, pools.zpool))

    async def run(call: Call) -> Answer:
        return await execute(PoolRun(pools, call), suite)

    logged = recorded(pools.history, run)

    async def zpool(call: Call) -> Answer:
        settle(pools)
        return await logged(call)

    return zpool
