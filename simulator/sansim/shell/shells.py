"""The shells of a host as programs: `sh -c TEXT`, `sh -s`, `sh FILE`, or one that reads its input or a person."""

import re

from attrs import evolve

from sansim.console import Console
from sansim.shell.dialogue import run_dialogue
from sansim.shell.driving import run_input, run_text
from sansim.shell.files import absolute
from sansim.shell.interpreter import Shell
from sansim.shell.system import Executable, Process, decode

__all__ = ["PROFILE_SHELLS", "SHELLS", "talk"]

_CSH_ONLY = re.compile(r"\b(setenv|foreach|endif|set|alias|switch|@)\b|>&|\|&")
_OPTIONS = frozenset("aefuCvx")


async def _sh(process: Process) -> int:
    """A shell: `sh -c TEXT [NAME [ARG…]]`, `sh -s [ARG…]`, `sh FILE [ARG…]`, `sh`."""
    options, rest = _options(process.argv[1:])
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
    shell.options |= options & _OPTIONS
    if text is not None:
        return await run_text(shell, text)
    if process.console is not None and process.is_terminal(0):
        return await talk(shell, process.console)
    return await run_input(shell, process.stdin)


def _options(words: tuple[str, ...]) -> tuple[set[str], list[str]]:
    """Return a shell's option letters and what follows them."""
    rest, options = list(words), set[str]()
    while rest and rest[0][:1] in ("-", "+") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            break
        if word in ("-o", "+o") and rest:
            rest.pop(0)
        elif not word.startswith("--"):
            options.update(word[1:])
    return options, rest


async def talk(shell: Shell, console: Console) -> int:
    """Let somebody type at a shell; the one that they typed at before then goes on."""
    before = console.on_signal
    try:
        return await run_dialogue(shell, console)
    finally:
        console.on_signal = before


async def _profile_shell(process: Process) -> int:
    """A shell whose commands get the rights of the user's profiles."""
    return await _sh(evolve(process, profile=True))


async def _csh(process: Process) -> int:
    """`csh -c TEXT` of plain commands, which every shell reads alike; csh's own language is not simulated."""
    words = list(process.argv[1:])
    plain = len(words) == 2 and words[0] == "-c" and not _CSH_ONLY.search(words[1])  # noqa: PLR2004 - -c and a text
    if not plain:
        process.line.recording.unsupported.append("csh")
        return await process.complain("csh: its own language is not supported here\n")
    return await _sh(process)


SHELLS: dict[str, Executable] = {**dict.fromkeys(("sh", "ksh", "ksh93", "bash", "dash"), _sh), "csh": _csh}
"""The shells by name; all run what ksh93 runs, and a host has those whose dialect it knows."""
PROFILE_SHELLS: dict[str, Executable] = dict.fromkeys(("pfsh", "pfksh", "pfbash"), _profile_shell)
"""The profile shells by name."""
