"""What the tab key can make of the word before the cursor: names of commands and of files."""

import posixpath

from attrs import frozen

from sansim.shell.files import absolute
from sansim.shell.interpreter import Shell

__all__ = ["Completion", "complete"]

_COMMAND_STARTS = frozenset(("", "|", "||", "&&", ";", "&", "(", "{", "!", "then", "do", "else", "if", "while"))
_PREFIXES = frozenset(("pfexec", "sudo", "nohup", "exec", "command", "time"))


@frozen
class Completion:
    """What to add at the cursor, and, where it is not decided, what the word may become."""

    added: str = ""
    candidates: tuple[str, ...] = ()


def complete(shell: Shell, before: str) -> Completion:
    """Complete the last word of what stands before the cursor."""
    *words, word = before.replace("\t", " ").split(" ")
    words = [item for item in words if item]
    if "/" not in word and (not words or words[-1] in _COMMAND_STARTS | _PREFIXES):
        names = _commands(shell, word)
    else:
        names = _files(shell, word)
    if not names:
        return Completion()
    base = posixpath.basename(word)
    common = posixpath.commonprefix(names)
    if len(names) == 1:
        return Completion(common[len(base) :] + ("" if common.endswith("/") else " "))
    return Completion(common[len(base) :], () if len(common) > len(base) else tuple(names))


def _commands(shell: Shell, word: str) -> list[str]:
    names = {*shell.builtins, *shell.functions, *shell.aliases}
    for directory in (shell.get("PATH") or "").split(":"):
        names.update(shell.files.entries(directory))
    return sorted(name for name in names if name.startswith(word) and word)


def _files(shell: Shell, word: str) -> list[str]:
    directory, base = posixpath.split(word)
    home = (shell.get("HOME") or "/") if directory.startswith("~") else ""
    path = absolute(shell.cwd, home + directory.removeprefix("~") if home else directory or ".")
    return [
        f"{name}/" if shell.files.is_directory(absolute(path, name)) else name
        for name in shell.files.entries(path)
        if name.startswith(base) and (base.startswith(".") or not name.startswith("."))
    ]
