"""The login of a host with a shell: commands by exec, sessions with and without a terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import count

from attrs import Factory, define, field, frozen

from sansim.channel import Channel
from sansim.console import Console
from sansim.faults import Line, Unattended
from sansim.shell.accounts import User
from sansim.shell.driving import run_input, run_text
from sansim.shell.interpreter import Shell
from sansim.shell.processes import SIGNALED, SIGNALS, Running
from sansim.shell.shells import talk
from sansim.shell.streams import Sink, Source, Stream
from sansim.shell.system import Process, System

__all__ = ["Logins", "Welcome"]

_UMASK = 0o022
_REGARD = 0.05
"""How often it is looked after whether the background still holds a channel, in seconds."""
_ACCEPTED = ("LANG", "LC_")


@frozen(kw_only=True)
class Welcome:
    """What a login finds that differs by release.

    Attributes:
        path: The PATH.
        root_path: The PATH of who holds every right.
        motd: The message of the day.
    """

    path: str
    root_path: str
    motd: str = ""


@define
class Logins:
    """Everybody who logs in on one host.

    Attributes:
        system: Where they log in.
        welcome: What they find.
    """

    system: System
    welcome: Welcome
    _last: dict[str, tuple[datetime, str]] = Factory(dict)
    _terminals: "count[int]" = field(factory=lambda: count(1))

    async def serve(self, channel: Channel) -> None:
        """Run the command of an exec, or a session, and set the channel's exit status.

        What is left in the background keeps the channel open while it may still write there, as sshd has it.
        """
        user = self.system.accounts[channel.user]
        console = self._console(channel)
        attending = None if console is None else asyncio.ensure_future(console.attend())
        process = self._process(channel, user, console)
        text = f"-{process.argv[0]}" if channel.command is None else f"{process.argv[0]} -c {channel.command}"
        running = Running(
            number=process.number,
            parent=1,
            user=user.name,
            text=text,
            started=self.system.clock.now(),
            terminal="?" if console is None else console.name,
            session=channel,
        )
        channel.on_signal = lambda name: self._signal(channel, name)
        try:
            with self.system.processes.entered(running):
                body = asyncio.ensure_future(self._shell(channel, process, console)())
                _end(channel, await running.run(body))
            await self._background(channel)
        finally:
            if attending is not None:
                attending.cancel()
            await self._halt(channel)

    async def carry_out(self, command: str, user: User, line: Unattended) -> None:
        """Run a command line in a login shell of a user whom no client attends, and what it leaves in the background.

        The status, and all that is written, is noted on the line.
        """
        fds: dict[int, Stream] = {
            0: Source(_nothing),
            1: Sink(line.write, lambda: False),
            2: Sink(line.write_error, lambda: False),
        }
        process = self._login_shell(line, user, self._environment(user), fds)
        running = Running(
            number=process.number,
            parent=1,
            user=user.name,
            text=f"{process.argv[0]} -c {command}",
            started=self.system.clock.now(),
            session=line,
        )
        try:
            with self.system.processes.entered(running):
                body = asyncio.ensure_future(run_text(Shell(process, process.argv[0]), command))
                line.recording.status = await running.run(body) & 0xFF
            while left := [other.task for other in self.system.processes if other.session is line and other.task]:
                await asyncio.wait(left)
        finally:
            await self._halt(line)

    def _console(self, channel: Channel) -> Console | None:
        if channel.term is None:
            return None
        console = Console(channel, f"pts/{next(self._terminals)}", channel.size)
        channel.on_resize = console.resize
        return console

    def _process(self, channel: Channel, user: User, console: Console | None) -> Process:
        env = self._environment(user)
        env |= {name: value for name, value in channel.environment.items() if name.startswith(_ACCEPTED)}
        fds: dict[int, Stream]
        if console is None:
            fds = {
                0: Source(channel.read),
                1: Sink(channel.write, lambda: channel.lost),
                2: Sink(lambda data: channel.write(data, stderr=True), lambda: channel.lost),
            }
        else:
            env["TERM"] = channel.term or ""
            fds = {0: console.input, 1: console.output, 2: console.output}
        return self._login_shell(channel, user, env, fds, console)

    def _login_shell(
        self, line: Line, user: User, env: dict[str, str], fds: dict[int, Stream], console: Console | None = None
    ) -> Process:
        home = user.home if self.system.files.is_directory(user.home) else "/"
        return Process(
            self.system,
            line,
            (user.login_shell.rpartition("/")[2],),
            env,
            home,
            _UMASK,
            fds,
            user.credentials,
            self.system.processes.next_number(),
            user.name,
            console=console,
        )

    def _environment(self, user: User) -> dict[str, str]:
        return {
            "HOME": user.home,
            "LOGNAME": user.name,
            "PATH": self.welcome.root_path if user.credentials.root else self.welcome.path,
            "SHELL": user.login_shell,
            "TZ": "UTC",
            "USER": user.name,
        }

    def _shell(self, channel: Channel, process: Process, console: Console | None) -> Callable[[], Awaitable[int]]:
        """Return what runs the login shell."""
        command = channel.command
        # A login shell's own name begins with a hyphen.
        shell = Shell(process, process.argv[0] if command is not None else f"-{process.argv[0]}")
        if console is None:
            return lambda: run_input(shell, process.stdin) if command is None else run_text(shell, command)
        if command is not None:
            console.on_signal = lambda name: self._signal(channel, name)
            return lambda: run_text(shell, command)

        async def greet_and_talk() -> int:
            await console.output.write(self._greeting(channel).encode())
            return await talk(shell, console)

        return greet_and_talk

    def _greeting(self, channel: Channel) -> str:
        """Return what sshd and the system profile print: the last login, the message of the day."""
        now, before = self.system.clock.now(), self._last.get(channel.user)
        self._last[channel.user] = now, channel.address
        last = "" if before is None else f"Last login: {before[0]:%a %b %e %H:%M:%S %Y} from {before[1]}\n"
        return last + self.welcome.motd

    def _signal(self, channel: Channel, name: str) -> None:
        """Send a signal to all that runs in a session."""
        for running in self.system.processes:
            if running.session is channel:
                running.signal(SIGNALS[name])

    async def _halt(self, channel: Channel | Unattended) -> None:
        """End what still runs in a session: there is something only when the whole host stops."""
        while left := [running for running in self.system.processes if running.session is channel]:
            for running in left:
                if running.task is not None:
                    running.task.cancel()
            await asyncio.sleep(0)

    async def _background(self, channel: Channel) -> None:
        """Wait for what is left in the background, and tell the client the end when it cannot write to it any more."""
        while left := [running for running in self.system.processes if running.session is channel]:
            # What has just begun has not done its redirections yet.
            await asyncio.sleep(0)
            if not any(running.attached() for running in left):
                channel.close()
            tasks = [running.task for running in left if running.task is not None]
            await asyncio.wait(tasks, timeout=_REGARD, return_when=asyncio.FIRST_COMPLETED)


async def _nothing() -> bytes:
    return b""


def _end(channel: Channel, status: int) -> None:
    """Tell how the shell ended; what a signal ended has no status."""
    signal = next((name for name, number in SIGNALS.items() if number == status - SIGNALED), None)
    if signal is None:
        channel.exit(status & 0xFF)
    else:
        channel.killed(signal)
