"""Tools that tell about a Linux host: df, mount, uptime, free, nproc, answered from its state.

The layouts are those of GNU coreutils 9.1, procps 4.0 and util-linux 2.38; the machine's memory, processors and
system disk are made up.
"""

from collections.abc import Iterator
from datetime import datetime

from attrs import define

from sansim.shell.files import absolute
from sansim.shell.system import Executable, Process
from sansim.solaris.login.mounted import Mounted, pool_filesystems
from sansim.solaris.pools.pool import Pools

__all__ = ["LinuxTools"]

_KIB = 1024
_MEMORY = 16 << 20
_USED_MEMORY = 1 << 20
_UNITS = "KMGTPE"
_TENTHS = 10
_LEAST_WIDTHS = {"Filesystem": 14, "Type": 4, "Use%": 4}
_LEAST_WIDTH = 5


@define
class LinuxTools:
    """The tools of one host: of its pools, since when it runs, and from which filesystem."""

    _pools: Pools
    _booted: datetime
    _system: str

    def by_path(self) -> dict[str, Executable]:
        """Return the tools by path."""
        return {
            "/usr/bin/df": self._df, "/usr/bin/mount": self._mount, "/usr/bin/uptime": self._uptime,
            "/usr/bin/free": _free, "/usr/bin/nproc": _nproc,
        }  # fmt: skip

    def _mounted(self) -> Iterator[Mounted]:
        yield Mounted("udev", "/dev", 8 << 30, 0, "devtmpfs", "rw,nosuid,relatime,mode=755,inode64")
        yield Mounted("tmpfs", "/run", 2 << 30, 1 << 20, "tmpfs", "rw,nosuid,nodev,noexec,relatime,mode=755,inode64")
        yield Mounted(self._system, "/", 32 << 30, 3 << 30, "ext4", "rw,relatime,errors=remount-ro")
        yield from pool_filesystems(self._pools)

    async def _df(self, process: Process) -> int:
        """`df [-hkTP] [FILE…]`."""
        letters = {letter for word in process.argv[1:] if word.startswith("-") for letter in word[1:]}
        names = [word for word in process.argv[1:] if not word.startswith("-")]
        unknown = sorted(letters - set("ahklTP"))
        if unknown:
            process.line.recording.unsupported.append(f"df -{unknown[0]}")
            return await process.complain(
                f"df: invalid option -- '{unknown[0]}'\nTry 'df --help' for more information.\n"
            )
        known, shown, status = list(self._mounted()), list[Mounted](), 0
        for name in names:
            found = _holding(known, process, name)
            if found is None:
                status = await process.complain(f"df: {name}: No such file or directory\n")
            else:
                shown.append(found)
        if names and not shown:
            return status
        return await process.say(_table(shown if names else known, letters), status)

    async def _mount(self, process: Process) -> int:
        if process.argv[1:] not in ((), ("-l",)):
            process.line.recording.unsupported.append("mount of something")
            return await process.complain(f"mount: {process.argv[-1]}: can't find in /etc/fstab.\n")
        rows = (f"{item.special} on {item.directory} type {item.kind} ({item.options})\n" for item in self._mounted())
        return await process.say("".join(rows))

    async def _uptime(self, process: Process) -> int:
        now = process.system.clock.now()
        # A clock that was set back knows no time before the boot.
        minutes = max(0, int((now - self._booted).total_seconds())) // 60
        days, minutes = divmod(minutes, 24 * 60)
        up = f"{minutes} min" if minutes < 60 and not days else f"{minutes // 60:2d}:{minutes % 60:02d}"  # noqa: PLR2004 - an hour
        up = (f"{days} day{'s' if days > 1 else ''}, " if days else "") + up
        users = len({item.terminal for item in process.system.processes if item.terminal != "?"})
        told = f"{users:2d} user{'s' if users > 1 else ''}"
        return await process.say(f" {now:%H:%M:%S} up {up}, {told},  load average: 0.00, 0.00, 0.00\n")


def _holding(known: list[Mounted], process: Process, name: str) -> Mounted | None:
    """Return the filesystem that is called so, or holds a file; None where there is no such file."""
    named = next((item for item in known if item.special == name), None)
    path = absolute(process.cwd, name)
    if named is not None or not (process.system.files.exists(path) or any(path == item.directory for item in known)):
        return named
    inside = [item for item in known if f"{path}/".startswith(f"{item.directory.rstrip('/')}/")]
    return max(inside, key=lambda item: len(item.directory))


def _table(shown: list[Mounted], letters: set[str]) -> str:
    human = "h" in letters
    heads = ["Filesystem", "Size", "Used", "Avail", "Use%", "Mounted on"]
    if not human:
        heads[1:5] = ["1024-blocks" if "P" in letters else "1K-blocks", "Used", "Available", "Use%"]
    if "P" in letters:
        heads[4] = "Capacity"
    rows = [
        [item.special, *(_size(n, human=human) for n in (item.size, item.used, item.size - item.used)),
         f"{item.capacity}%", item.directory]
        for item in shown
    ]  # fmt: skip
    if "T" in letters:
        heads.insert(1, "Type")
        for row, item in zip(rows, shown, strict=True):
            row.insert(1, item.kind)
    left = 2 if "T" in letters else 1
    widths = [
        max(_LEAST_WIDTHS.get(head, _LEAST_WIDTH), len(head), *(len(row[at]) for row in rows))
        for at, head in enumerate(heads[:-1])
    ]
    lines = []
    for row in (heads, *rows):
        cells = [f"{cell:{'<' if at < left else '>'}{widths[at]}}" for at, cell in enumerate(row[:-1])]
        lines.append(f"{' '.join(cells)} {row[-1]}\n")
    return "".join(lines)


def _size(number: int, *, human: bool) -> str:
    """Return KiB, or a number with its unit, rounded up as GNU does: `9.7T`, `32G`."""
    if not human:
        return str(-(-number // _KIB))
    power = 1
    while -(-number // _KIB**power) >= _KIB and power < len(_UNITS):
        power += 1
    tenths = -(-number * _TENTHS // _KIB**power)
    if not number:
        return "0"
    whole = -(-number // _KIB**power)
    return (f"{tenths // 10}.{tenths % 10}" if tenths < _TENTHS**2 else str(whole)) + _UNITS[power - 1]


async def _free(process: Process) -> int:
    """`free [-hbkmg]`."""
    letters = {letter for word in process.argv[1:] for letter in word[1:]}
    shift = {"b": -10, "m": 10, "g": 20}.get(next(iter(letters), ""), 0)
    cells = (_MEMORY, _USED_MEMORY, _MEMORY - 2 * _USED_MEMORY, 1024, _USED_MEMORY, _MEMORY - _USED_MEMORY)
    human = "h" in letters
    shown = [
        f"{_size(cell * _KIB, human=True)}i" if human else str(cell >> shift if shift >= 0 else cell << -shift)
        for cell in cells
    ]
    zero = "0B" if human else "0"
    return await process.say(
        "               total        used        free      shared  buff/cache   available\n"
        f"Mem:    {shown[0]:>12}" + "".join(f"{cell:>12}" for cell in shown[1:]) + "\n"
        f"Swap:   {zero:>12}{zero:>12}{zero:>12}\n"
    )


async def _nproc(process: Process) -> int:
    return await process.say("4\n")
