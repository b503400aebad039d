"""Tools that tell about an illumos host: df, mount, uptime, prtconf and their like, answered from its state.

The layouts are those of illumos df.c, mount.c, prtconf.c, isainfo.c and w.c; the machine's memory and its system
disk are made up.
"""

from collections.abc import Iterable
from datetime import datetime

from attrs import define

from sansim.shell.system import Executable, Process
from sansim.solaris.login.mounted import Mounted, pool_filesystems
from sansim.solaris.pools.pool import Pools
from sansim.solaris.zfs.numbers import human

__all__ = ["HostTools"]

_MEMORY_MIB = 16384
_SYSTEM_SIZE = 32 << 30
_SYSTEM_USED = 3 << 30


@define
class HostTools:
    """The tools of one host: of its pools, since when it runs, and from which filesystem."""

    _pools: Pools
    _booted: datetime
    _system: str

    def by_path(self) -> dict[str, Executable]:
        """Return the tools by path."""
        return {
            "/usr/sbin/df": self._df, "/usr/bin/df": self._df, "/usr/sbin/mount": self._mount,
            "/usr/bin/uptime": self._uptime, "/usr/sbin/prtconf": _prtconf, "/usr/bin/isainfo": _isainfo,
            "/usr/bin/zonename": _zonename,
        }  # fmt: skip

    def _mounted(self) -> Iterable[Mounted]:
        yield Mounted(self._system, "/", _SYSTEM_SIZE, _SYSTEM_USED)
        yield Mounted("swap", "/tmp", 4 << 30, 0)  # noqa: S108 - in the simulated tree
        yield from pool_filesystems(self._pools)

    async def _df(self, process: Process) -> int:
        letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
        names = [word for word in process.argv[1:] if not word.startswith("-")]
        known = list(self._mounted())
        shown = known
        status = 0
        if names:
            shown = []
            for name in names:
                found = [item for item in known if name in (item.special, item.directory)]
                shown += found
                if not found:
                    status = await process.complain(f"df: ({name}) not a block device, directory or mounted resource\n")
        if not letters & {"h", "k"}:
            return await process.say("".join(_counted(item) for item in shown), status)
        as_human = "h" in letters
        cells = [
            [item.special, *(_size(n, as_human) for n in (item.size, item.used, item.size - item.used)),
             f"{item.capacity}%", item.directory]
            for item in shown
        ]  # fmt: skip
        heading = (
            "Filesystem             Size   Used  Available Capacity  Mounted on\n"
            if as_human
            else ("Filesystem           1024-blocks        Used   Available Capacity  Mounted on\n")
        )
        widths = (22, 5, 6, 10, 8) if as_human else (20, 11, 11, 11, 8)
        rows = "".join(
            f"{row[0]:<{widths[0]}} {row[1]:>{widths[1]}} {row[2]:>{widths[2]}} {row[3]:>{widths[3]}} "
            f"{row[4]:>{widths[4]}}    {row[5]}\n"
            for row in cells
        )
        return await process.say(heading + rows, status)

    async def _uptime(self, process: Process) -> int:
        now = process.system.clock.now()
        # A clock that was set back knows no time before the boot.
        minutes = max(0, int((now - self._booted).total_seconds())) // 60
        days, minutes = divmod(minutes, 24 * 60)
        up = (f"{days} day(s),  " if days else "") + f"{minutes // 60}:{minutes % 60:02d}"
        users = len({item.terminal for item in process.system.processes if item.terminal != "?"})
        clock = now.strftime("%I:%M%p").lower().lstrip("0")
        return await process.say(f"{clock:>8}  up {up},  {users} user(s),  load average: 0.00, 0.00, 0.00\n")

    async def _mount(self, process: Process) -> int:
        if process.argv[1:] not in ((), ("-p",), ("-v",)):
            process.line.recording.unsupported.append("mount of something")
            return await process.complain("mount: insufficient privileges\n")
        since = process.system.clock.now().strftime("%a %b %e %H:%M:%S %Y")
        return await process.say("".join(
            f"{item.directory} on {item.special} read/write/setuid/devices/nonbmand/exec/xattr/atime/dev=4310002 "
            f"on {since}\n"
            for item in self._mounted()
        ))  # fmt: skip


def _size(number: int, as_human: bool) -> str:  # noqa: FBT001 - which of two texts
    return human(number) if as_human else str(number // 1024)


def _counted(item: Mounted) -> str:
    """Return the line of a bare `df`: free blocks of 512 bytes, and files."""
    free = (item.size - item.used) // 512
    return f"{item.directory:<19}({item.special:<18}):{free:>11} blocks {free:>9} files\n"


async def _prtconf(process: Process) -> int:
    if process.argv[1:] not in ((), ("-m",)):
        process.line.recording.unsupported.append("prtconf")
        return await process.complain("Usage: prtconf [-V | -F | -m | -x]\n")
    if process.argv[1:]:
        return await process.say(f"{_MEMORY_MIB}\n")
    return await process.say(
        "System Configuration:  Oracle Corporation  i86pc\n"
        f"Memory size: {_MEMORY_MIB} Megabytes\nSystem Peripherals (Software Nodes):\n\ni86pc\n"
    )


async def _isainfo(process: Process) -> int:
    texts = {(): "amd64 i386\n", ("-b",): "64\n", ("-k",): "amd64\n", ("-n",): "amd64\n"}
    text = texts.get(process.argv[1:])
    if text is None:
        return await process.complain("usage: isainfo [ [-v] [ -b | -n | -k | -x ] ]\n")
    return await process.say(text)


async def _zonename(process: Process) -> int:
    return await process.say("global\n")
