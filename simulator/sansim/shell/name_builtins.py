"""Built-in commands about the names of commands: command, type, alias, and what was typed."""

import shlex

from sansim.shell.interpreter import Builtin, Shell

__all__ = ["NAMES"]

_KEYWORDS = frozenset((
    "!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "time", "until", "while",
    "{", "}",
))  # fmt: skip


async def _command(shell: Shell, words: list[str]) -> int:
    match words[1:]:
        case []:
            return 0
        case ["-v" | "-V", *names]:
            status = 0
            for name in names:
                status = max(status, await _where(shell, name, "command" if words[1] == "-V" else ""))
            return status
        case ["-p", *rest]:
            return await _command(shell, [words[0], *rest])
    if words[1] in shell.builtins:
        return await shell.builtins[words[1]](shell, words[1:])
    return await shell.execute(words[1:])


async def _type(shell: Shell, words: list[str]) -> int:
    status = 0
    for name in words[1:]:
        status = max(status, await _where(shell, name, "type"))
    return status


async def _where(shell: Shell, name: str, verbose: str) -> int:
    """Tell what a command's name stands for; in words for who asks verbosely, by its own name or path for others."""
    if name in shell.functions:
        return await shell.say(f"{name} is a function\n" if verbose else f"{name}\n")
    if name in shell.builtins and name not in shell.dialect.without:
        return await shell.say(f"{name} is a shell builtin\n" if verbose else f"{name}\n")
    if name in shell.aliases:
        return await shell.say(f"{name} is an alias for {shell.aliases[name]}\n" if verbose else f"{name}\n")
    if name in _KEYWORDS:
        return await shell.say(f"{name} is a {shell.dialect.keyword}\n" if verbose else f"{name}\n")
    path = shell.find(name)
    if path is None:
        return await _unknown(shell, verbose, name) if verbose else shell.dialect.type_status
    return await shell.say(f"{name} is {path}\n" if verbose else f"{path}\n")


async def _unknown(shell: Shell, command: str, name: str) -> int:
    dialect = shell.dialect
    said = dialect.type_unknown.format(command=command, name=name)
    if dialect.type_to_stdout:
        return await shell.say(f"{said}\n", dialect.type_status)
    return await shell.complain(said, dialect.type_status)


async def _alias(shell: Shell, words: list[str]) -> int:
    status = 0
    for word in words[1:] or [*shell.aliases]:
        name, given, value = word.partition("=")
        if given:
            shell.aliases[name] = value
        elif name in shell.aliases:
            await shell.say(f"{name}={shlex.quote(shell.aliases[name])}\n")
        else:
            status = await shell.complain(shell.dialect.no_alias.format(command="alias", name=name))
    return status


async def _unalias(shell: Shell, words: list[str]) -> int:
    if words[1:] == ["-a"]:
        shell.aliases.clear()
        return 0
    status = 0
    for name in words[1:]:
        if shell.aliases.pop(name, None) is None:
            status = await shell.complain(shell.dialect.no_alias.format(command="unalias", name=name))
    return status


async def _history(shell: Shell, _words: list[str]) -> int:
    layout = shell.dialect.history
    return await shell.say("".join(layout.format(number=n, line=line) for n, line in enumerate(shell.history, 1)))


NAMES: dict[str, Builtin] = {
    "command": _command, "type": _type, "alias": _alias, "unalias": _unalias, "history": _history,
}  # fmt: skip
"""These commands by name."""
