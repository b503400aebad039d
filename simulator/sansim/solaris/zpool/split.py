"""`zpool split` (source: illumos zpool_main.c, libzfs_pool.c)."""

from collections.abc import Sequence

from sansim.solaris.pools.claims import short_name
from sansim.solaris.pools.disk_errors import PoolRefused
from sansim.solaris.pools.model import Setting
from sansim.solaris.pools.moves import import_pool, split, split_disks
from sansim.solaris.zfs.command import UsageError
from sansim.solaris.zpool.command import PoolRun, open_pool, options, refused
from sansim.solaris.zpool.create import check_new_name, enter_property
from sansim.solaris.zpool.names import Naming
from sansim.solaris.zpool.settings import When, check

__all__ = ["split_pool"]


def split_pool(run: PoolRun, arguments: Sequence[str]) -> None:
    """Make a new pool of one disk of each mirror; with -R it is imported too."""
    read = options(run, "split", arguments)
    values: dict[str, str] = {}
    letters: set[str] = set()
    mount_options = False
    for letter, text in read:
        letters.add(letter)
        if letter == "R":
            enter_property(run, values, "altroot", text)
        elif letter == "o" and "=" in text:
            enter_property(run, values, *text.split("=", 1))
        mount_options |= letter == "o" and "=" not in text
    if "R" not in letters and mount_options:
        raise UsageError("setting mntopts is only valid when importing the pool")
    if "R" not in letters and "l" in letters:
        raise UsageError("loading keys is only valid when importing the pool")
    if not read.operands:
        raise UsageError("Missing pool name")
    if len(read.operands) == 1:
        raise UsageError("Missing new pool name")
    name, new_name, *disks = read.operands
    _split(run, letters, values, name, (new_name, *disks))


def _split(run: PoolRun, letters: set[str], values: dict[str, str], name: str, new: Sequence[str]) -> None:
    new_name, *disks = new
    pool = open_pool(run, name)
    chosen = [short_name(run.pools, disk) for disk in disks]
    with refused(f"Unable to split {name}"):
        if reason := check_new_name(new_name):
            raise PoolRefused(reason)
        settings = [Setting(item, check(run, pool, item, text, When.IMPORT)) for item, text in values.items()]
        taken = split_disks(pool, chosen)
        naming = Naming("g" in letters, "P" in letters)
        if "n" in letters:
            run.say(f"would create '{new_name}' with the following layout:\n\n\t{new_name}")
            run.out += (f"\t  {naming.disk(run.pools, disk)}\n" for disk in taken)
            return
        run.permit_pool()
        label = split(run.pools, name, new_name, chosen)
        if "R" in letters:
            import_pool(run.pools, label, new_name, settings)
