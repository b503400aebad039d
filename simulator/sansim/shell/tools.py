"""The usual tools of a host by name, the shells among them."""

from sansim.shell.builtins import install
from sansim.shell.byte_tools import BYTE_TOOLS
from sansim.shell.file_tools import FILE_TOOLS
from sansim.shell.find_tool import find
from sansim.shell.identity_tools import IDENTITY_TOOLS
from sansim.shell.interpreter import Shell
from sansim.shell.process_tools import PROCESS_TOOLS, run_words
from sansim.shell.system import Executable, Process, decode
from sansim.shell.terminal_tools import TERMINAL_TOOLS
from sansim.shell.text_tools import TEXT_TOOLS

__all__ = ["TOOLS"]

install()


async def _hostname(process: Process) -> int:
    return await process.say(f"{process.system.hostname}\n")


async def _date(process: Process) -> int:
    now = process.system.clock.now()
    words = [word for word in process.argv[1:] if word != "-u"]
    if not words:
        return await process.say(now.strftime("%a %b %e %H:%M:%S UTC %Y\n"))
    if not words[0].startswith("+"):
        return await process.refuse("date", words[0])
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
    return await run_words(process, rest, env)


async def _xargs(process: Process) -> int:
    """`xargs [-n N] [-I REPLACED] [-0] [-r] [COMMAND…]`."""
    rest, most, replaced, nul, when_empty = list(process.argv[1:]), 1 << 16, "", False, True
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word[1] in "nLI" and len(word) == 2:  # noqa: PLR2004 - a letter with its value in the next word
            word += rest.pop(0) if rest else ""
        if word[1] in "nL":
            count = word[2:] or "1"
            if not count.isdecimal() or not int(count):
                return await process.refuse("xargs", count)
            most = int(count)
        elif word[1] == "I":
            replaced = word[2:]
        nul = nul or "0" in word[1:2]
        when_empty = when_empty and "r" not in word[1:2]
    text = decode(await process.stdin.all())
    words = text.split("\0")[:-1] if nul else text.splitlines() if replaced else _words(text)
    if not words and not when_empty:
        return 0
    command = rest or ["echo"]
    status = 0
    if replaced:
        for item in words:
            status = max(
                status, await run_words(process, [part.replace(replaced, item) for part in command], process.env)
            )
        return status
    for start in range(0, max(1, len(words)), most):
        status = max(status, await run_words(process, [*command, *words[start : start + most]], process.env))
    return status


def _words(text: str) -> list[str]:
    """Split as `xargs` does: blanks part words, quotes and backslashes hold them together."""
    words: list[str] = []
    word, quote, escaped, open_word = "", "", False, False
    for char in text:
        if escaped or (quote and char != quote):
            word, escaped, open_word = word + char, False, True
        elif quote:
            quote = ""
        elif char in "'\"":
            quote, open_word = char, True
        elif char == "\\":
            escaped = True
        elif not char.isspace():
            word, open_word = word + char, True
        elif open_word:
            words.append(word)
            word, open_word = "", False
    return [*words, word] if open_word else words


async def _which(process: Process) -> int:
    shell = Shell(process)
    status = 0
    for name in process.argv[1:]:
        path = shell.find(name)
        if path is None:
            looked = process.env.get("PATH", "").replace(":", " ")
            status = await process.say(process.style.which.format(name=name, path=looked), 1)
        else:
            await process.say(f"{path}\n")
    return status


async def _builtin(process: Process) -> int:
    """A command that shells do themselves, called as a program."""
    return await Shell(process).builtins[process.argv[0].rpartition("/")[2]](Shell(process), list(process.argv))


TOOLS: dict[str, Executable] = {
    **TEXT_TOOLS,
    **dict.fromkeys(("echo", "false", "printf", "pwd", "test", "true", "["), _builtin),
    **BYTE_TOOLS,
    **FILE_TOOLS,
    **PROCESS_TOOLS,
    **IDENTITY_TOOLS,
    **TERMINAL_TOOLS,
    "hostname": _hostname, "date": _date, "env": _env, "xargs": _xargs, "which": _which,
    "find": find,
}  # fmt: skip
"""What lies in `/usr/bin`, by name."""
