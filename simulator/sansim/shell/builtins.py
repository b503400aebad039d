"""The commands that a shell does itself."""

import asyncio
import re
import shlex
from collections.abc import Coroutine
from typing import Any

from sansim.shell.arithmetic import ArithmeticProblem, evaluate
from sansim.shell.conditions import ConditionProblem, NoNumber, condition
from sansim.shell.dialect import no_arithmetic
from sansim.shell.expansion import ExpansionProblem
from sansim.shell.files import absolute
from sansim.shell.flow import BreakLoop, ExitShell, ReturnFunction
from sansim.shell.interpreter import Builtin, Shell
from sansim.shell.options import getopts
from sansim.shell.printf import escaped, formatted
from sansim.shell.process_tools import kill
from sansim.shell.processes import SIGNALED, SIGNALS
from sansim.shell.streams import Writer
from sansim.shell.system import decode, encode

__all__ = ["install"]

_SIGNALS = {str(number): name for name, number in SIGNALS.items()}
_KEYWORDS = frozenset((
    "!", "case", "do", "done", "elif", "else", "esac", "fi", "for", "if", "in", "then", "time", "until", "while",
    "{", "}",
))  # fmt: skip
_OPTIONS = {
    "allexport": "a", "errexit": "e", "noglob": "f", "noclobber": "C", "nounset": "u", "noexec": "n",
    "verbose": "v", "xtrace": "x", "monitor": "m", "notify": "b",
}  # fmt: skip


def _number(words: list[str], default: int) -> int:
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else default


async def _nothing(_shell: Shell, _words: list[str]) -> int:
    return 0


async def _false(_shell: Shell, _words: list[str]) -> int:
    return 1


async def _break(_shell: Shell, words: list[str]) -> int:
    raise BreakLoop(max(1, _number(words, 1)), again=words[0] == "continue")


async def _exit(shell: Shell, words: list[str]) -> int:
    raise ExitShell(_number(words, shell.status) & 0xFF)


async def _return(shell: Shell, words: list[str]) -> int:
    raise ReturnFunction(_number(words, shell.status))


async def _eval(shell: Shell, words: list[str]) -> int:
    return await shell.evaluate(" ".join(words[1:]))


async def _dot(shell: Shell, words: list[str]) -> int:
    if len(words) == 1:
        return await shell.complain(".: argument expected", 2)
    path = absolute(shell.cwd, words[1])
    if not shell.files.is_file(path):
        return await _no_source(shell, words[1])
    return await shell.evaluate(decode(shell.files.read(path)))


async def _no_source(shell: Shell, name: str) -> int:
    dialect = shell.dialect
    reason = dialect.reason("No such file or directory")
    status = await shell.complain(dialect.no_source.format(name=name, reason=reason), dialect.failed_status)
    if dialect.special_ends:
        raise ExitShell(status)
    return status


async def _exec(shell: Shell, words: list[str]) -> int:
    raise ExitShell(await shell.execute(words[1:]))


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
    by = _number(words, 1)
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


async def _trap(shell: Shell, words: list[str]) -> int:
    rest = words[2:] if words[1:2] == ["--"] else words[1:]
    if not rest:
        lines = [f"trap -- {shlex.quote(action)} {name}\n" for name, action in shell.traps.items()]
        return await shell.say("".join(lines))
    reset = rest[0] == "-" or rest[0].isdigit()
    action, signals = rest[0], rest if rest[0].isdigit() else rest[1:]
    for signal in signals:
        name = _SIGNALS.get(signal, signal.upper().removeprefix("SIG"))
        if reset:
            shell.traps.pop(name, None)
        else:
            shell.traps[name] = action
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
    if not words[1].isdigit() or set(words[1]) - set("01234567"):
        return await shell.complain(f"umask: {words[1]}: bad number")
    shell.umask = int(words[1], 8) & 0o777
    return 0


async def _ulimit(shell: Shell, words: list[str]) -> int:
    return 0 if len(words) > 2 else await shell.say("unlimited\n")  # noqa: PLR2004 - an option and a value


async def _echo(shell: Shell, words: list[str]) -> int:
    rest, newline, known = words[1:], "\n", shell.dialect.echo_options
    escaping = "e" not in known
    while rest and re.fullmatch(f"-[{known}]+", rest[0]):
        for letter in rest.pop(0)[1:]:
            newline = "" if letter == "n" else newline
            escaping = letter == "e" if letter in "eE" else escaping
    text = " ".join(rest)
    if not escaping:
        return await shell.say(text + newline)
    text, stop, _ = text.partition("\\c")
    return await shell.say(escaped(text) + ("" if stop else newline))


async def _printf(shell: Shell, words: list[str]) -> int:
    rest = words[2:] if words[1:2] == ["--"] else words[1:]
    if not rest:
        return await shell.complain("printf: usage: printf format [string ...]", 2)
    text, problem = formatted(rest[0], rest[1:])
    await shell.say(text)
    return 0 if problem is None else await shell.complain(problem)


async def _test(shell: Shell, words: list[str]) -> int:
    rest = words[1:]
    if words[0] == "[":
        if rest[-1:] != ["]"]:
            return await shell.complain(shell.dialect.no_bracket, 2)
        rest = rest[:-1]
    try:
        return int(not condition(shell.files, shell.cwd, rest))
    except NoNumber as problem:
        return await shell.complain(f"{words[0]}: {shell.dialect.no_number.format(name=problem)}", 2)
    except ConditionProblem as problem:
        return await shell.complain(f"{words[0]}: {problem}", 2)


async def _read(shell: Shell, words: list[str]) -> int:
    names = [word for word in words[1:] if not word.startswith("-")] or ["REPLY"]
    source = shell.process(()).stdin
    first = await _unless_signalled(shell, source.line())
    if first is None:
        return SIGNALED + SIGNALS[shell.pending[0]]
    line = decode(first)
    characters = _characters(line, raw="-r" in words)
    while characters is None:
        line = line[:-2] + decode(await source.line())
        characters = _characters(line, raw=False)
    ended = characters[-1:] == [("\n", False)]
    ifs = shell.get("IFS")
    values = _split(characters[:-1] if ended else characters, len(names), " \t\n" if ifs is None else ifs)
    for name, value in zip(names, values, strict=True):
        shell.put(name, value)
    return 0 if ended else 1


def _characters(line: str, *, raw: bool) -> list[tuple[str, bool]] | None:
    """Return a line's characters, each with whether it was escaped; None when the next line continues it."""
    characters: list[tuple[str, bool]] = []
    escaped = False
    for char in line:
        if escaped and char == "\n":
            return None
        if char == "\\" and not raw and not escaped:
            escaped = True
            continue
        characters.append((char, escaped))
        escaped = False
    return characters


def _split(characters: list[tuple[str, bool]], count: int, ifs: str) -> list[str]:
    """Split a line among that many variables; the last one takes the rest."""
    blank = [(char, False) for char in ifs if char in " \t\n"]
    separator = [(char, False) for char in ifs]
    rest = list(characters)
    while rest and rest[-1] in blank:
        rest.pop()
    values: list[str] = []
    while len(values) < count:
        while rest and rest[0] in blank:
            rest.pop(0)
        last = len(values) == count - 1
        end = next((at for at, char in enumerate(rest) if char in separator and not last), len(rest))
        values.append("".join(char for char, _ in rest[:end]))
        rest = rest[end:]
        while rest and rest[0] in blank:
            rest.pop(0)
        if rest and rest[0] in separator:
            rest.pop(0)
    return values


async def _unless_signalled(shell: Shell, reading: Coroutine[Any, Any, bytes]) -> bytes | None:
    """Return what a reading brings, None when a signal that a trap acts on comes before."""
    brought, coming = asyncio.ensure_future(reading), asyncio.ensure_future(_signalled(shell))
    try:
        await asyncio.wait((brought, coming), return_when=asyncio.FIRST_COMPLETED)
        return brought.result() if brought.done() else None
    finally:
        coming.cancel()
        brought.cancel()


async def _signalled(shell: Shell) -> int:
    await shell.signalled.wait()
    return 0


async def _wait(shell: Shell, words: list[str]) -> int:
    numbers = [int(word) for word in words[1:] if word.isdigit()]
    jobs = [shell.jobs[number] for number in numbers if number in shell.jobs] if numbers else [*shell.jobs.values()]
    if jobs:
        coming = asyncio.ensure_future(_signalled(shell))
        try:
            left = set(jobs)
            while left and not shell.pending:
                await asyncio.wait([*left, coming], return_when=asyncio.FIRST_COMPLETED)
                left = {job for job in left if not job.done()}
            if left:
                # A signal with a trap ends the waiting, not what is waited for.
                return SIGNALED + SIGNALS[shell.pending[0]]
        finally:
            coming.cancel()
    if not numbers:
        shell.jobs.clear()
        return 0
    return shell.jobs[numbers[-1]].result() if numbers[-1] in shell.jobs else 127


async def _kill(shell: Shell, words: list[str]) -> int:
    return await kill(shell.process(tuple(words)))


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
    return await shell.say("".join(f"{number}\t{line}\n" for number, line in enumerate(shell.history, 1)))


async def _getopts(shell: Shell, words: list[str]) -> int:
    return await getopts(shell, words)


async def _let(shell: Shell, words: list[str]) -> int:
    value = 0
    for word in words[1:]:
        try:
            value = evaluate(word, lambda name: shell.get(name) or "0", shell.put)
        except ArithmeticProblem as problem:
            return await shell.complain(f"let: {no_arithmetic(shell.dialect, problem)}")
    return int(value == 0)


async def _print(shell: Shell, words: list[str]) -> int:
    """`print [-n] [-r] [-u FD] [--] [WORD…]` (ksh93)."""
    rest, letters, number = words[1:], set[str](), 1
    while rest and rest[0].startswith("-") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            break
        letters.update(word[1:])
        if "u" in word[1:]:
            digits = word.partition("u")[2] or (rest.pop(0) if rest else "1")
            number = int(digits) if digits.isdigit() else 1
    text = " ".join(rest)
    stream = shell.fds.get(number)
    if not isinstance(stream, Writer):
        return await shell.complain(f"print: {number}: bad file unit number [Bad file descriptor]")
    await stream.write(encode((text if "r" in letters else escaped(text)) + ("" if "n" in letters else "\n")))
    return 0


async def _jobs(shell: Shell, _words: list[str]) -> int:
    for number, job in enumerate([*shell.jobs.values()], 1):
        if not job.done():
            await shell.say(f"[{number}] + Running\n")
    return 0


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


_SPECIAL: dict[str, Builtin] = {
    ":": _nothing, ".": _dot, "break": _break, "continue": _break, "eval": _eval, "exec": _exec, "exit": _exit,
    "export": _export, "readonly": _export, "return": _return, "set": _set, "shift": _shift, "trap": _trap,
    "unset": _unset,
}  # fmt: skip

_BUILTINS: dict[str, Builtin] = _SPECIAL | {
    "true": _nothing, "false": _false, "command": _command, "type": _type, "cd": _cd, "pwd": _pwd,
    "umask": _umask, "ulimit": _ulimit, "echo": _echo, "printf": _printf, "test": _test, "[": _test,
    "read": _read, "wait": _wait, "typeset": _local, "local": _local, "declare": _local, "source": _dot,
    "hash": _nothing,
    "kill": _kill, "alias": _alias, "unalias": _unalias, "history": _history, "getopts": _getopts,
    "let": _let, "print": _print, "jobs": _jobs,
}  # fmt: skip


def install() -> None:
    """Give the interpreter its commands; it cannot import them, for they drive it."""
    Shell.special = frozenset(_SPECIAL)
    Shell.builtins = _BUILTINS
