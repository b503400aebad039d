"""The program `zpool`: finds the sub-command, runs it, and turns how it ended into an answer."""

from collections.abc import AsyncIterator, Mapping

from sansim.program import Answer, Call, Program
from sansim.solaris.pools.history import recorded
from sansim.solaris.pools.pool import Pools
from sansim.solaris.pools.scans import settle
from sansim.solaris.zfs.command import Failure, UsageError
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
from sansim.solaris.zpool.command import Command, PoolRun
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
from sansim.solaris.zpool.repeat import again
from sansim.solaris.zpool.split import split_pool
from sansim.solaris.zpool.status import status
from sansim.solaris.zpool.upgrade import upgrade
from sansim.solaris.zpool.usage import zpool_usage

__all__ = ["program"]

_COMMANDS: Mapping[str, Command] = {
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
_HELP = ("-?", "--help")


def program(pools: Pools) -> Program:
    """Return the program `zpool` of a host with these pools."""
    known = pools.zpool.synopses.commands

    async def run(call: Call) -> Answer:
        return _execute(call, pools, known)

    logged = recorded(pools.history, run)

    async def zpool(call: Call) -> Answer:
        settle(pools)
        return await logged(call)

    return zpool


def _execute(call: Call, pools: Pools, known: frozenset[str]) -> Answer:
    """Run the sub-command that a call names.

    A sub-command of the real program that is not simulated is refused with its usage, and says so.
    """
    words = call.argv[1:]
    if not words:
        return Answer(stderr="missing command\n" + zpool_usage(pools.zpool, None), status=2)
    name = words[0]
    if name in _HELP:
        return Answer(stdout=zpool_usage(pools.zpool, None))
    if name not in known:
        return Answer(stderr=f"unrecognized command '{name}'\n" + zpool_usage(pools.zpool, None), status=2)
    if name not in _COMMANDS:
        text = f"'{name}' is not simulated\n" + zpool_usage(pools.zpool, name)
        return Answer(stderr=text, status=2, unsupported=f"zpool {name}")
    run = PoolRun(pools, call.credentials, call=call)
    code = 0
    try:
        _COMMANDS[name](run, words[1:])
    except UsageError as error:
        run.err += [f"{error.complaint}\n" if error.complaint else "", zpool_usage(pools.zpool, name)]
        code = 2
    except Failure as failure:
        run.err += [f"{failure.text}\n"] if failure.text else []
        code = failure.status
    printed = "".join(run.out)
    return Answer(printed if code else _all(run, printed), "".join(run.err), code, run.unsupported)


def _all(run: PoolRun, printed: str) -> str | AsyncIterator[str]:
    """Return what was printed, and what will be as long as a report is given again."""
    if run.repeated is None:
        return printed
    repeat, report = run.repeated
    return again(run.pools, printed, repeat, report)
