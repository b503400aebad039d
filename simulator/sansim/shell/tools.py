"""The usual tools of a host, and the shell itself as one of them."""

import asyncio
import shlex

from sansim.shell.builtins import install
from sansim.shell.driving import run_input, run_text
from sansim.shell.file_tools import FILE_TOOLS
from sansim.shell.files import absolute
from sansim.shell.interpreter import Shell
from sansim.shell.system import Executable, Process, decode
from sansim.shell.text_tools import TEXT_TOOLS

__all__ = ["TOOLS"]

install()


async def _sleep(process: Process) -> int:
    """Wait in real time, for a short while at most; the array's clock moves by the rest."""
    try:
        seconds = float(process.argv[1])
    except (IndexError, ValueError):
        return await process.complain("usage: sleep time\n", 2)
    real = min(seconds, 0.05)
    await asyncio.sleep(real)
    process.system.clock.advance(seconds - real)
    return 0


async def _hostname(process: Process) -> int:
    return await process.say(f"{process.system.hostname}\n")


async def _id(process: Process) -> int:
    user = process.system.user
    number, group = (0, "0(root)") if user == "root" else (1001, "10(staff)")
    match process.argv[1:]:
        case ["-u"]:
            return await process.say(f"{number}\n")
        case ["-un" | "-nu"] | ["-u", "-n"]:
            return await process.say(f"{user}\n")
    return await process.say(f"uid={number}({user}) gid={group}\n")


async def _whoami(process: Process) -> int:
    return await process.say(f"{process.system.user}\n")


async def _date(process: Process) -> int:
    now = process.system.clock.now()
    words = [word for word in process.argv[1:] if word != "-u"]
    if not words:
        return await process.say(now.strftime("%a %b %e %H:%M:%S UTC %Y\n"))
    if not words[0].startswith("+"):
        return await process.complain("date: bad conversion\n")
    return await process.say(now.strftime(words[0][1:]) + "\n")


async def _env(process: Process) -> int:
    rest = list(process.argv[1:])
    env = {} if rest[:1] in (["-i"], ["-"]) else dict(process.env)
    rest = rest[1:] if rest[:1] in (["-i"], ["-"]) else rest
    while rest and "=" in rest[0]:
        name, _, value = rest.pop(0).partition("=")
        env[name] = value
    if not rest:
        return await process.say("".join(f"{name}={value}\n" for name, value in env.items()))
    return await _run(process, rest, env)


async def _xargs(process: Process) -> int:
    rest, most = list(process.argv[1:]), 1 << 16
    if rest[:1] == ["-n"]:
        most, rest = int(rest[1]), rest[2:]
    words = decode(await process.stdin.all()).split()
    status = 0
    for start in range(0, max(1, len(words)), most):
        status = max(status, await _run(process, [*(rest or ["echo"]), *words[start : start + most]], process.env))
    return status


async def _run(process: Process, words: list[str], env: dict[str, str]) -> int:
    return await Shell(process, process.argv[0].rpartition("/")[2]).execute(words, env)


async def _pgrep(process: Process) -> int:
    patterns = [word for word in process.argv[1:] if not word.startswith("-")]
    found = [
        number for number, text in process.system.processes.items() if any(pattern in text for pattern in patterns)
    ]
    await process.say("".join(f"{number}\n" for number in found))
    return 0 if found else 1


async def _ps(process: Process) -> int:
    lines = [f"{number:5d} {text}\n" for number, text in process.system.processes.items()]
    return await process.say("  PID COMMAND\n" + "".join(lines))


async def _pfexec(process: Process) -> int:
    rest = list(process.argv[1:])
    if not rest:
        return await process.complain("pfexec [-P privset] cmd [arg ..]\n")
    shell = Shell(process, "pfexec")
    if shell.find(rest[0]) is None:
        return await process.complain(f"pfexec: unable to execute {rest[0]}: No such file or directory\n")
    return await shell.execute(rest)


async def _sudo(process: Process) -> int:
    rest = list(process.argv[1:])
    while rest and rest[0].startswith("-"):
        rest.pop(0)
    if not rest:
        return await process.complain("usage: sudo [-n] command [arg ...]\n")
    if not process.system.root:
        return await process.complain("sudo: a password is required\n")
    if Shell(process).find(rest[0]) is None:
        return await process.complain(f"sudo: {rest[0]}: command not found\n")
    return await _run(process, rest, process.env)


async def _sh(process: Process) -> int:
    """A shell: `sh -c TEXT [NAME [ARG…]]`, `sh -s [ARG…]`, `sh FILE [ARG…]`, `sh`."""
    rest, options = list(process.argv[1:]), set[str]()
    while rest and rest[0][:1] == "-" and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            break
        options.update(word[1:])
    name = process.argv[0].rpartition("/")[2]
    text, positional = None, rest
    if "c" in options:
        if not rest:
            return await process.complain(f"{name}: -c requires argument\n", 2)
        text, name, positional = rest[0], (rest[1] if len(rest) > 1 else name), rest[2:]
    elif "s" not in options and rest:
        path = absolute(process.cwd, rest[0])
        if not process.system.files.is_file(path):
            return await process.complain(f"{name}: {rest[0]}: cannot open [No such file or directory]\n", 127)
        text, name, positional = decode(process.system.files.read(path)), rest[0], rest[1:]
    shell = Shell(process, name, tuple(positional))
    shell.options |= options & set("aefuCx")
    process.system.processes[shell.number] = shlex.join(process.argv)
    try:
        if text is None:
            return await run_input(shell, process.stdin)
        return await run_text(shell, text)
    finally:
        del process.system.processes[shell.number]


async def _builtin(process: Process) -> int:
    """A command that shells do themselves, called as a program."""
    return await Shell(process).builtins[process.argv[0].rpartition("/")[2]](Shell(process), list(process.argv))


TOOLS: dict[str, Executable] = {
    **TEXT_TOOLS,
    **dict.fromkeys(("echo", "false", "printf", "pwd", "test", "true", "["), _builtin),
    **FILE_TOOLS,
    "sleep": _sleep, "hostname": _hostname, "id": _id, "whoami": _whoami,
    "date": _date, "env": _env, "xargs": _xargs, "pgrep": _pgrep, "ps": _ps, "pfexec": _pfexec, "sudo": _sudo,
    **dict.fromkeys(("sh", "ksh", "ksh93", "bash"), _sh),
}  # fmt: skip
"""What lies in `/usr/bin`, by name."""
