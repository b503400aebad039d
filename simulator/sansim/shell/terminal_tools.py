"""Tools that look at the terminal or set it: stty, clear, tput."""

from sansim.console import Console
from sansim.shell.system import Executable, Process
from sansim.terminal import Terminal

__all__ = ["TERMINAL_TOOLS"]

_MODES = {"echo": "echo", "icanon": "canonical", "isig": "signals", "opost": "output"}
_CLEAR = "\x1b[H\x1b[2J"


async def _stty(process: Process) -> int:
    """`stty`, `stty -a`, `stty -g`, `stty size`, and the modes that matter here."""
    console, words = process.console, list(process.argv[1:])
    if console is None or not process.is_terminal(0):
        return await process.complain("stty: tcgetattr: Inappropriate ioctl for device\n", 2)
    if words in ([], ["-a"]):
        return await process.say(_shown(console, everything=bool(words)))
    while words:
        word = words.pop(0)
        if word == "size":
            await process.say(f"{console.rows} {console.columns}\n")
        elif word == "-g":
            await process.say("".join(str(int(getattr(console.terminal, mode))) for mode in _MODES.values()) + "\n")
        elif word in ("rows", "columns", "cols") and words and words[0].isdecimal():
            size = int(words.pop(0))
            console.resize(*((console.columns, size) if word == "rows" else (size, console.rows)))
        elif not _set(console.terminal, word) and word.removeprefix("-") not in _IGNORED:
            return await process.complain(f"unknown mode: {word}\n", 2)
    return 0


def _set(terminal: Terminal, word: str) -> bool:
    """Set what a word of `stty` says; tell whether it says anything."""
    name = word.removeprefix("-")
    if name in _MODES:
        values = {_MODES[name]: name == word}
    elif word in ("sane", "cooked", "raw", "-raw"):
        values = {mode: word != "raw" or mode == "echo" for mode in _MODES.values()}
    elif len(word) == len(_MODES) and not set(word) - set("01"):
        values = {mode: value == "1" for mode, value in zip(_MODES.values(), word, strict=True)}
    else:
        return False
    for mode, value in values.items():
        setattr(terminal, mode, value)
    return True


_IGNORED = frozenset((
    "echoe", "echok", "echonl", "icrnl", "ixon", "ixany", "iexten", "onlcr", "istrip", "parenb", "cs8", "brkint",
    "ignbrk", "inlcr", "igncr", "hupcl", "tostop", "min", "time", "1", "0",
))  # fmt: skip
"""Modes that are accepted and change nothing here."""


def _shown(console: Console, *, everything: bool) -> str:
    terminal = console.terminal
    modes = " ".join(name if getattr(terminal, mode) else f"-{name}" for name, mode in _MODES.items())
    if not everything:
        return f"speed 38400 baud; \nrows = {console.rows}; columns = {console.columns};\n{modes}\n"
    keys = "intr = ^c; quit = ^\\; erase = ^?; kill = ^u; eof = ^d; susp = ^z; werase = ^w; lnext = ^v;"
    return f"speed 38400 baud; \nrows = {console.rows}; columns = {console.columns};\n{keys}\n{modes}\n"


async def _clear(process: Process) -> int:
    return await process.say(_CLEAR)


async def _tput(process: Process) -> int:
    """`tput cols`, `lines`, `clear`; other capabilities print nothing, as on a terminal without them."""
    console = process.console
    columns, rows = (80, 24) if console is None else (console.columns, console.rows)
    texts = {"cols": f"{columns}\n", "lines": f"{rows}\n", "clear": _CLEAR, "reset": "\x1bc"}
    return await process.say(texts.get(process.argv[1], "") if len(process.argv) > 1 else "")


TERMINAL_TOOLS: dict[str, Executable] = {"stty": _stty, "clear": _clear, "tput": _tput}
"""What works on the terminal, by name."""
