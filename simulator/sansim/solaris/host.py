"""A Solaris host: the engines, their programs, the files around them, and the login on top."""

import asyncio
import posixpath
import shlex
from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from random import Random

from sansim.channel import Channel
from sansim.clock import Clock
from sansim.config import ArrayConfig
from sansim.faults import Condition, Faults, Lift, Unattended
from sansim.log import Log
from sansim.login import Logins
from sansim.portions import portions
from sansim.program import Call, Program
from sansim.shell.files import Files, Owner, absolute
from sansim.shell.shells import SHELLS
from sansim.shell.system import Executable, Process, System, styled
from sansim.shell.tools import TOOLS
from sansim.solaris.comstar import Comstar
from sansim.solaris.conditions import COMSTAR_CONDITIONS, CONDITIONS, befall
from sansim.solaris.login.etc_files import etc_files
from sansim.solaris.login.pfexec import RIGHTS_TOOLS
from sansim.solaris.login.profiles import raised
from sansim.solaris.login.sudo import sudo_tools
from sansim.solaris.login.users import accounts
from sansim.solaris.pools.first_pool import host_disks, set_up
from sansim.solaris.pools.pool import Pools
from sansim.solaris.release import RELEASES, Release
from sansim.solaris.soundness import flaws
from sansim.solaris.zfs import program as zfs
from sansim.solaris.zpool import program as zpool
from sansim.state import State

__all__ = ["SolarisHost"]

_ADMIN = ("zfs", "zpool", "stmfadm", "sbdadm", "itadm", "svcadm")
_STATIC = ("zfs", "zpool")
_DIRECTORIES = ("/dev", "/etc", "/root", "/usr/bin", "/usr/sbin")


class SolarisHost:
    """One host with one pool.

    Attributes:
        name: The array's name, which is its host name too.
        kind: `solaris`.
        state: All that it holds.
        log: What was asked.
        faults: What is to go wrong.
        clock: Its time.
        streams: Where what it invents comes from, and what is left to chance.
        most_sessions: How many channels one connection may have open (source: sshd's MaxSessions).
        lose_connections: Loses every connection; None before anybody can connect.
        pools: The engine of ZFS.
        first_pool: The name of the pool that it was made with.
        comstar: The engines of COMSTAR and SMF.
        system: Its files, executables and processes.
    """

    def __init__(self, config: ArrayConfig, state: State, clock: Clock, random: Random) -> None:
        self.name = config.name
        self.kind = config.kind
        self.state = state
        self.log = Log(clock)
        # A stream of its own: what is left to chance does not change what the host invents.
        chances = Random()  # noqa: S311 - no cryptography
        chances.setstate(random.getstate())
        self.streams: tuple[Random, ...] = (random, chances)
        self.clock = clock
        self.most_sessions: int | None = 10
        self.lose_connections: Callable[[], None] | None = None
        self._config = config
        self._release = release = RELEASES[config.flavour or "omnios"]
        conditions = (*CONDITIONS, *(COMSTAR_CONDITIONS if release.comstar else ()))
        self.faults = Faults(state=state, random=chances, befall=self._befall, conditions=conditions)
        disks = host_disks(release.zpool, config.size)
        self.pools = Pools(state, clock, random, release.zfs, zpool=release.zpool, disks=disks, host=config.name)
        set_up(self.pools, config.pool, config.size, config.layout)
        devices = release.devices(self.pools)
        self._files = files = Files(
            devices.find, devices.paths, devices.holds, clock.now, self.pools.volumes.late.next_command
        )
        self.first_pool = config.pool
        self.comstar = Comstar(
            state,
            self.pools,
            clock,
            random,
            files=files,
            stmf_release=release.stmf,
            itadm_release=release.itadm,
            smf_release=release.smf,
        )
        self.system = self._system()
        self._logins = Logins(self.system, release.login.welcome())
        self._furnish(release)

    @property
    def node(self) -> str:
        """Empty: there is one node."""
        return ""

    def flaws(self) -> Iterable[str]:
        """Return what does not fit together in what it holds, in words."""
        return flaws(self)

    def start_afresh(self) -> None:
        """Come up as for the first time: with the files of the installation, and no memory of who was there."""
        self.system = self._system()
        self._logins = Logins(self.system, self._release.login.welcome())
        self._files.clear()
        self._furnish(self._release)
        self.comstar.smf.forget()

    async def serve(self, channel: Channel) -> None:
        """Run what the client of this channel asks for."""
        await self._logins.serve(channel)

    async def carry_out(self, command: str, line: Unattended) -> None:
        """Run a command line as root, whom no client attends."""
        await self._logins.carry_out(command, self.system.accounts["root"], line)

    async def _befall(self, condition: Condition) -> Lift | None:
        return await befall(self, condition)

    def _system(self) -> System:
        release = self._release
        programs = (self.comstar.programs() if release.comstar else {}) | {
            "zfs": zfs.program(self.pools),
            "zpool": zpool.program(self.pools),
        }
        return System(
            hostname=self.name,
            accounts=accounts(self._config, release.login),
            clock=self.clock,
            files=self._files,
            executables=self._executables(programs, release),
            missing=release.login.missing,
            prompt=release.prompt,
            raised=raised,
            dialects=release.login.dialects,
        )

    def _executables(self, programs: Mapping[str, Program], release: Release) -> dict[str, Executable]:
        shells = {name: shell for name, shell in SHELLS.items() if name in release.login.dialects}
        tools = {
            **TOOLS,
            **shells,
            **sudo_tools(release.login.sudo),
            **(RIGHTS_TOOLS if release.login.profiles else {}),
        }
        found: dict[str, Executable] = {}
        for directory, names in {"/usr/bin": (*tools,), **release.login.other_tools}.items():
            style = release.login.styles[directory]
            found |= {f"{directory}/{name}": styled(tools[name], style) for name in names}
        found["/usr/bin/uname"] = release.uname
        found |= release.tools(self.pools, self.clock.now(), release.login.system).by_path()
        for name, program in programs.items():
            executable = self._executable(name, program)
            found[f"/usr/{'sbin' if name in _ADMIN else 'bin'}/{name}"] = executable
            if name in _STATIC:
                found[f"/sbin/{name}"] = executable
        # /bin is a link to /usr/bin.
        return found | {path.removeprefix("/usr"): run for path, run in found.items() if path.startswith("/usr/bin/")}

    def _executable(self, name: str, program: Program) -> Executable:
        async def run(process: Process) -> int:
            argv = (name, *process.argv[1:])
            call = Call(
                argv=argv,
                credentials=process.credentials,
                read_file=lambda path: process.system.files.read(absolute(process.cwd, path)),
                stdin=process.stdin.read,
                ask=process.ask,
                is_terminal=process.is_terminal,
                called=process.argv[0],
            )
            answer = await self.faults.run(shlex.join(argv), lambda: program(call), process.line)
            if answer.unsupported is not None:
                process.line.recording.unsupported.append(answer.unsupported)
            await _pour(answer.stdout, process)
            if answer.stderr:
                await process.complain(answer.stderr)
            return answer.status

        return run

    def _furnish(self, release: Release) -> None:
        """Put the files of a fresh boot in place; /tmp and /var/run are empty then."""
        files = self.system.files
        for directory in _DIRECTORIES:
            files.mkdir(directory)
        for user in self.system.accounts.values():
            files.mkdir(posixpath.dirname(user.home))
            files.mkdir(user.home, 0o755 if user.number else 0o700, Owner(user.name, user.groups[0].name))
        for directory in ("/tmp", "/var/run", "/var/tmp"):  # noqa: S108 - in the simulated tree
            files.mkdir(directory, 0o1777)
        files.create("/etc/motd", content=release.login.motd.encode())
        told = etc_files(self.system.accounts, self.system.hostname, release.login)
        for path, text in {**told, **release.files}.items():
            files.mkdir(path.rpartition("/")[0])
            files.create(path, content=text.encode())
        for link, target in release.login.links.items():
            files.mkdir(posixpath.dirname(link))
            files.link(link, target)
        for path in self.system.executables:
            if not files.exists(path):
                files.mkdir(posixpath.dirname(files.real(path)))
                files.create(path, 0o555)


async def _pour(stdout: str | Iterable[str] | AsyncIterable[str], process: Process) -> None:
    """Write what a program prints; pieces are asked for as long as somebody reads them.

    Raises:
        BrokenPipeError: The reader went.
    """
    if isinstance(stdout, str):
        if stdout:
            await process.say(stdout)
        return
    if isinstance(stdout, AsyncIterable):
        async for piece in stdout:
            if process.stdout.lost:
                return
            await process.say(piece)
        return
    coming = portions(stdout)
    while not process.stdout.lost and (portion := next(coming, None)) is not None:
        if portion:
            await process.say(portion)
        # Writing suspends only where the reader is behind.
        await asyncio.sleep(0)
