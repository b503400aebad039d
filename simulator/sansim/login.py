"""The login of a host with a shell: commands by exec, sessions with and without a terminal."""

from sansim.channel import Channel
from sansim.shell.driving import run_dialogue, run_input, run_text
from sansim.shell.interpreter import Shell
from sansim.shell.streams import Reader, Sink, Source, Writer
from sansim.shell.system import Process, System
from sansim.terminal import Terminal

__all__ = ["serve"]

_UMASK = 0o022


async def serve(system: System, channel: Channel, path: str) -> None:
    """Run the command of an exec, or a session, and set the channel's exit status.

    Args:
        system: Where it runs.
        channel: Who asks.
        path: The PATH that a login has.
    """
    home = "/root" if channel.user == "root" else f"/export/home/{channel.user}"
    env = {
        "HOME": home,
        "LOGNAME": channel.user,
        "PATH": path,
        "SHELL": "/bin/sh",
        "TZ": "UTC",
        "USER": channel.user,
    }
    keyboard: Reader = Source(channel.read)
    out: Writer = Sink(channel.write, lambda: channel.lost)
    err: Writer = Sink(lambda data: channel.write(data, stderr=True), lambda: channel.lost)
    if channel.term is not None:
        env["TERM"] = channel.term
        keyboard = _Keyboard(channel)
        out = err = Sink(lambda data: channel.write(Terminal.written(data)), lambda: channel.lost)
    process = Process(system, channel, ("sh",), env, home, _UMASK, {0: keyboard, 1: out, 2: err})
    shell = Shell(process)
    # A shell that runs one command is replaced by it: only sessions are processes of their own.
    if channel.command is not None:
        channel.exit(await run_text(shell, channel.command))
        return
    system.processes[shell.number] = "-sh"
    try:
        if channel.term is None:
            channel.exit(await run_input(shell, keyboard))
        else:
            mark = "#" if channel.user == "root" else "$"
            channel.exit(await run_dialogue(shell, keyboard, f"{channel.user}@{system.hostname}:~{mark} "))
    finally:
        del system.processes[shell.number]


class _Keyboard(Reader):
    """What is typed at a terminal, line by line, with its echo."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel
        self._terminal = Terminal()
        self._ended = False

    async def more(self) -> bytes:
        """Return complete lines; nothing at ^D on an empty line, or when the client is gone."""
        if self._ended:
            self._ended = False
            return b""
        while typed := await self._channel.read():
            cooked = self._terminal.typed(typed)
            await self._channel.write(cooked.echo)
            if cooked.lines:
                self._ended = cooked.end
            if cooked.lines or cooked.end:
                return cooked.lines
        return b""
