"""Built-in commands that set what a shell holds: variables, options, parameters, its place, its mask."""

import shlex

from sansim.shell.arithmetic import ArithmeticProblem, evaluate
from sansim.shell.dialect import no_arithmetic
from sansim.shell.expansion import ExpansionProblem
from sansim.shell.files import absolute
from sansim.shell.flow import ExitShell
from sansim.shell.flow_builtins import number
from sansim.shell.interpreter import Builtin, Shell
from sansim.shell.options import getopts
from sansim.shell.state import PIPEFAIL

__all__ = ["SPECIAL_VARIABLES", "VARIABLES"]

_OPTIONS = {
    "allexport": "a", "errexit": "e", "noglob": "f", "noclobber": "C", "nounset": "u", "noexec": "n",
    "verbose": "v", "xtrace": "x", "monitor": "m", "pipefail": PIPEFAIL, "notify": "b",
}  # fmt: skip


async def _export(shell: Shell, words: list[str]) -> int:
    names = [word for word in words[1:] if word != "-p"]
    if not names:
        chosen = shell.exported if words[0] == "export" else shell.readonly
        lines = [f"{name}={shlex.quote(shell.variables[name])}\n" for name in sorted(chosen & set(shell.variables))]
        return await shell.say("".join(lines))
    for word in names:
        name, given, value = word.partition("=")
        if given:
            shell.put(name, value)
        (shell.exported if words[0] == "export" else shell.readonly).add(name)
    return 0


async def _unset(shell: Shell, words: list[str]) -> int:
    for name in words[1:]:
        if name in ("-f", "-v"):
            continue
        if name in shell.readonly:
            raise ExpansionProblem(shell.dialect.read_only.format(name=name), shell.dialect.failed_status)
        if words[1] == "-f":
            shell.functions.pop(name, None)
        else:
            shell.variables.pop(name, None)
            shell.exported.discard(name)
    return 0


async def _shift(shell: Shell, words: list[str]) -> int:
    by = number(words, 1)
    if by > len(shell.positional):
        said = shell.dialect.shift_too_far
        status = await shell.complain(said.format(name=by), shell.dialect.failed_status) if said else 1
        if shell.dialect.special_ends:
            raise ExitShell(status)
        return status
    shell.positional = shell.positional[by:]
    return 0


async def _set(shell: Shell, words: list[str]) -> int:
    rest = words[1:]
    if not rest:
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in sorted(shell.variables.items())]
        return await shell.say("".join(lines))
    while rest and rest[0][:1] in ("-", "+") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            shell.positional = tuple(rest)
            return 0
        letters = word[1:]
        if letters == "o" and rest:
            letters = _OPTIONS.get(rest.pop(0), "")
        (shell.options.update if word[0] == "-" else shell.options.difference_update)(letters)
    if rest:
        shell.positional = tuple(rest)
    return 0


async def _cd(shell: Shell, words: list[str]) -> int:
    target = words[1] if len(words) > 1 else shell.get("HOME") or "/"
    if target == "-":
        target = shell.get("OLDPWD") or shell.cwd
    path = absolute(shell.cwd, target)
    if not shell.files.is_directory(path):
        reason = "Not a directory" if shell.files.exists(path) else "No such file or directory"
        return await shell.complain(shell.dialect.cd_failed.format(name=target, reason=reason), shell.dialect.cd_status)
    shell.put("OLDPWD", shell.cwd)
    shell.cwd = path
    shell.put("PWD", path)
    return 0


async def _pwd(shell: Shell, _words: list[str]) -> int:
    return await shell.say(f"{shell.cwd}\n")


async def _umask(shell: Shell, words: list[str]) -> int:
    if len(words) == 1:
        return await shell.say(f"{shell.umask:04o}\n")
    if not words[1].isdecimal() or set(words[1]) - set("01234567"):
        return await shell.complain(f"umask: {words[1]}: bad number")
    shell.umask = int(words[1], 8) & 0o777
    return 0


async def _ulimit(shell: Shell, words: list[str]) -> int:
    return 0 if len(words) > 2 else await shell.say("unlimited\n")  # noqa: PLR2004 - an option and a value


async def _local(shell: Shell, words: list[str]) -> int:
    if words[0] == "local" and not shell.locals:
        return await shell.complain(shell.dialect.no_function, shell.dialect.failed_status)
    for word in words[1:]:
        name, given, value = word.partition("=")
        if shell.locals and shell.dialect.local_declarations and name.isidentifier():
            shell.locals[-1].setdefault(name, shell.variables.pop(name, None))
        if given:
            shell.put(name, value)
    return 0


async def _let(shell: Shell, words: list[str]) -> int:
    value = 0
    for word in words[1:]:
        try:
            value = evaluate(word, lambda name: shell.get(name) or "0", shell.put)
        except ArithmeticProblem as problem:
            return await shell.complain(f"let: {no_arithmetic(shell.dialect, problem)}")
    return int(value == 0)


SPECIAL_VARIABLES: dict[str, Builtin] = {
    "export": _export, "readonly": _export, "set": _set, "shift": _shift, "unset": _unset,
}  # fmt: skip
"""The special ones by name: an assignment before them lasts."""
VARIABLES: dict[str, Builtin] = {
    "cd": _cd, "pwd": _pwd, "umask": _umask, "ulimit": _ulimit, "typeset": _local, "local": _local, "declare": _local,
    "let": _let, "getopts": getopts,
}  # fmt: skip
"""The others by name."""
